package users

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/wire"
)

// People are searched by their terms: the words of their first, last and display name and of their
// user name, and their whole e-mail address, all folded. A row of user_terms for each, which
// is written in the transaction that changes the account; disabled accounts have none.

const (
	maxTerm  = 64 // characters of a term, and of the name that results are sorted by; the rest does not count
	maxTerms = 40 // terms of an account; the rest does not count
)

// searchFold is a text as searches compare it: without regard to case, width and accents, to
// signs that cannot be seen, and to how much space there is.
func searchFold(text string) string {
	folded := fold(text)
	if !isASCII(folded) {
		folded = norm.NFC.String(strings.Map(plain, norm.NFD.String(folded)))
		folded = letters.Replace(folded)
	}
	if strings.IndexFunc(folded, unicode.IsControl) >= 0 {
		folded = strings.Map(func(r rune) rune {
			if unicode.IsControl(r) {
				return ' '
			}
			return r
		}, folded)
	}
	return strings.Join(strings.Fields(folded), " ")
}

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// plain drops accents of Latin, Greek and Cyrillic, the vowel signs that Arabic and Hebrew may be
// written without, and what cannot be seen. Marks of other scripts are part of the word.
func plain(r rune) rune {
	switch {
	case r >= 0x300 && r <= 0x36f, r >= 0x591 && r <= 0x5c7, r >= 0x64b && r <= 0x65f, r == 0x670, r == utf8.MaxRune, unicode.Is(unicode.Cf, r):
		return -1
	}
	return r
}

// letters is the letters that Unicode does not take apart, as those who lack them type them.
var letters = strings.NewReplacer("ø", "o", "ł", "l", "đ", "d", "ħ", "h", "ı", "i", "æ", "ae", "œ", "oe", "þ", "th", "ð", "d")

// clip is the first max characters of a text.
func clip(text string, max int) string {
	if len(text) <= max {
		return text
	}
	for i := range text {
		if max--; max < 0 {
			return text[:i]
		}
	}
	return text
}

// words is the words of a text as searches compare them.
func words(text string) []string {
	list := strings.Fields(searchFold(text))
	for i := range list {
		list[i] = clip(list[i], maxTerm)
	}
	return list
}

// nameWords is the words of a name and, for each that has something else than letters and digits in
// it, what stands behind that: Jean-Luc is found by luc, (Tokyo) by tokyo.
func nameWords(text string) []string {
	var list []string
	for word := range strings.FieldsSeq(searchFold(text)) {
		inside := false // of a run of letters and digits
		for i, r := range word {
			letter := unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)
			if i == 0 || letter && !inside {
				list = append(list, clip(word[i:], maxTerm))
			}
			inside = letter
		}
	}
	return list
}

// publicTerms is an account's terms that everybody may know, sorted, each once: all but the address.
func publicTerms(a Attributes) []string {
	list := slices.Concat(words(a.Username), nameWords(a.DisplayName), nameWords(a.FirstName), nameWords(a.LastName))
	list = list[:min(len(list), maxTerms)]
	slices.Sort(list)
	return slices.Compact(list)
}

// sortName is what an account is sorted by among what is found, before its id.
func sortName(a Attributes) string { return clip(searchFold(a.DisplayName), maxTerm) }

// kinds is how account types stand in user_terms.
var kinds = map[auth.AccountType]int64{auth.Normal: 0, auth.System: 1, auth.SDL: 2}

// term is a row of user_terms.
type term struct {
	user    wire.UserID
	text    string
	company wire.CompanyID
	name    string
	shared  int64
	kind    int64
	mail    int64
}

func scanTerm(row db.Row) (t term, err error) {
	return t, row.Scan(&t.user, &t.text, &t.company, &t.name, &t.shared, &t.kind, &t.mail)
}

// termRows is the rows by which an account can be found; none while it is disabled.
//
// Of the public terms that begin with the same prefix, only the lowest shares less than that prefix
// with the one before it; and the address shares less only where no public term begins so. A
// range of terms therefore counts each account once by shared < length of the prefix, without
// sorting or remembering any, and without the addresses it does so still.
func termRows(u User) []term {
	if u.Status != Enabled {
		return nil
	}
	public := publicTerms(u.Attributes)
	rows := make([]term, 0, len(public)+1)
	row := term{user: u.ID, company: u.Company, name: sortName(u.Attributes), kind: kinds[u.AccountType]}
	for i, text := range public {
		row.text, row.shared = text, -1
		if i > 0 {
			row.shared = sharedPrefix(public[i-1], text)
		}
		rows = append(rows, row)
	}
	for _, address := range words(u.Email) { // one: an address has no spaces
		if slices.Contains(public, address) {
			continue
		}
		row.text, row.shared, row.mail = address, -1, 1
		for _, text := range public {
			row.shared = max(row.shared, sharedPrefix(text, address))
		}
		rows = append(rows, row)
	}
	return rows
}

// sharedPrefix is how many characters two texts begin with in common.
func sharedPrefix(a, b string) (n int64) {
	for a != "" && b != "" {
		r, size := utf8.DecodeRuneInString(a)
		other, otherSize := utf8.DecodeRuneInString(b)
		if r != other {
			break
		}
		a, b = a[size:], b[otherSize:]
		n++
	}
	return n
}

// afterPrefix is the lowest text above all those that begin with a prefix.
func afterPrefix(prefix string) string {
	last, size := utf8.DecodeLastRuneInString(prefix)
	next := last + 1 // a folded text never has the highest character
	if next == 0xd800 {
		next = 0xe000 // what lies between are no characters
	}
	return prefix[:len(prefix)-size] + string(next)
}

// updateTerms brings the terms of an account that there is into line with its attributes and its
// status.
func updateTerms(tx *db.Tx, u User) error {
	old, err := db.All(tx, scanTerm, `
		SELECT user_id, term, company, name, shared, kind, mail
		FROM user_terms
		WHERE user_id = $1
		ORDER BY mail, term`, u.ID)
	if err != nil || slices.Equal(old, termRows(u)) {
		return err
	}
	if len(old) > 0 {
		if err := tx.Exec(`DELETE FROM user_terms WHERE user_id = $1`, u.ID); err != nil {
			return err
		}
	}
	return insertTerms(tx, u)
}

// insertTerms adds the terms of accounts that have none yet. Those of many go in the order of the index,
// which then grows page by page instead of everywhere.
func insertTerms(tx *db.Tx, list ...User) error {
	var rows []term
	for _, u := range list {
		rows = append(rows, termRows(u)...)
	}
	if len(list) > 1 {
		slices.SortFunc(rows, func(a, b term) int { return cmp.Or(strings.Compare(a.text, b.text), strings.Compare(a.name, b.name)) })
	}
	values := make([][]any, len(rows))
	for i, t := range rows {
		values[i] = []any{t.user, t.text, t.company, t.name, t.shared, t.kind, t.mail}
	}
	return tx.InsertAll(`
		INSERT INTO user_terms (user_id, term, company, name, shared, kind, mail)
		VALUES`, values, "")
}
