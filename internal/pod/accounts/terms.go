package accounts

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/wire"
	"podium/internal/wording"
)

// People are searched by their terms: the words of their first, last and display name and of their
// user name, and their whole e-mail address, all folded. The transaction that changes an account
// writes a row of user_terms for each term, and all terms into the account's own row. Disabled
// accounts have none.

const (
	// characters of a term, and of the name by which results are sorted; the rest is ignored
	maxTerm  = 64
	maxTerms = 40 // terms of an account; further ones are ignored
)

// clip returns the first max characters of a text.
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

// words returns the words of a text as searches compare them.
func words(text string) []string {
	list := strings.Fields(wording.SearchFold(text))
	for i := range list {
		list[i] = clip(list[i], maxTerm)
	}
	return list
}

// nameWords returns the words of a name and, for each word with other characters than letters and
// digits, the parts after these: luc finds Jean-Luc, tokyo finds (Tokyo).
func nameWords(text string) []string {
	var list []string
	for word := range strings.FieldsSeq(wording.SearchFold(text)) {
		inside := false // in a run of letters and digits
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

// publicTerms returns an account's terms that all users may know, sorted and without duplicates:
// all but the address.
func publicTerms(a Attributes) []string {
	list := slices.Concat(words(a.Username), nameWords(a.DisplayName), nameWords(a.FirstName), nameWords(a.LastName))
	list = list[:min(len(list), maxTerms)]
	slices.Sort(list)
	return slices.Compact(list)
}

// kinds maps account types to their numbers in user_terms.
var kinds = map[auth.AccountType]int64{auth.Normal: 0, auth.System: 1, auth.SDL: 2}

// terms holds the search terms of an account. The zero value is that of an account that no search
// finds.
type terms struct {
	kind    int64
	name    string // by which results are sorted, before the id
	public  []string
	address string // empty if it is one of the public terms
}

// termsOf returns the search terms of an account; none while it is disabled.
func termsOf(a Attributes, status Status) terms {
	if status != Enabled {
		return terms{}
	}
	t := terms{kind: kinds[a.AccountType], name: clip(wording.SearchFold(a.DisplayName), maxTerm), public: publicTerms(a)}
	for _, address := range words(a.Email) { // one: an address has no spaces
		if !slices.Contains(t.public, address) {
			t.address = address
		}
	}
	return t
}

// text returns the terms in the form of the column users.terms, which conditions can search: the
// kind and the name, a line feed before each public term, a tab before the address. No term
// contains these characters.
func (t terms) text() string {
	if len(t.public) == 0 && t.address == "" {
		return ""
	}
	text := strconv.FormatInt(t.kind, 10) + " " + t.name + "\n" + strings.Join(t.public, "\n")
	if t.address != "" {
		text += "\t" + t.address
	}
	return text
}

// stored parses what text wrote.
func stored(text string) []string {
	text, address, addressed := strings.Cut(text, "\t")
	list := strings.Split(text, "\n")[1:] // after the kind and the name
	if addressed {
		list = append(list, address)
	}
	return list
}

// entries holds terms as they are stored: the account's own text, and its rows of user_terms.
type entries struct {
	text string
	rows []termRow // without the account's id
}

// entries returns what is stored for an account of a company, as far as it does not depend on the
// id.
//
// Of the public terms that begin with the same prefix, only the lowest shares less than that prefix
// with the one before it; and the address shares less only where no public term begins so. A
// range of terms therefore counts each account once by shared < length of the prefix, without
// sorting or remembering any, and without the addresses it does so still.
func (t terms) entries(company wire.CompanyID) entries {
	e := entries{text: t.text(), rows: make([]termRow, 0, len(t.public)+1)}
	add := func(term string, shared, mail int64) {
		e.rows = append(e.rows, termRow{term: term, values: []any{company, term, nil, t.name, shared, t.kind, mail}})
	}
	for i, text := range t.public {
		shared := int64(-1)
		if i > 0 {
			shared = sharedPrefix(t.public[i-1], text)
		}
		add(text, shared, 0)
	}
	if t.address != "" {
		shared := int64(-1)
		for _, text := range t.public {
			shared = max(shared, sharedPrefix(text, t.address))
		}
		add(t.address, shared, 1)
	}
	return e
}

// of returns the rows of an account.
func (e entries) of(id wire.UserID) []termRow {
	for i := range e.rows {
		e.rows[i].user, e.rows[i].values[termAccount] = id, id
	}
	return e.rows
}

// termRow is a row of user_terms with its sort key.
type termRow struct {
	term   string
	user   wire.UserID
	values []any // in the order of insertTerms
}

// termAccount is the index of the account among the values.
const termAccount = 2

// sharedPrefix returns how many characters two texts have in common at their beginning.
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

// updateTerms updates the stored terms of an account to its attributes and status.
func updateTerms(tx *db.Tx, u User) error {
	old, err := db.Value[string](tx, `SELECT terms FROM users WHERE id = $1`, u.ID)
	if err != nil {
		return err
	}
	now := termsOf(u.Attributes, u.Status).entries(u.Company)
	if now.text == old {
		return nil
	}
	if old != "" {
		err := tx.Exec(`
			DELETE FROM user_terms
			WHERE company = $1 AND term IN ($2) AND user_id = $3`, u.Company, stored(old), u.ID)
		if err != nil {
			return err
		}
	}
	if err := tx.Change(`UPDATE users SET terms = $2 WHERE id = $1`, u.ID, now.text); err != nil {
		return err
	}
	return insertTerms(tx, now.of(u.ID))
}

// insertTerms inserts new terms. Those of many accounts go in the order of the key, so that the
// index grows page by page.
func insertTerms(tx *db.Tx, rows []termRow) error {
	slices.SortFunc(rows, func(a, b termRow) int {
		return cmp.Or(strings.Compare(a.term, b.term), cmp.Compare(a.user, b.user))
	})
	values := make([][]any, len(rows))
	for i, row := range rows {
		values[i] = row.values
	}
	return tx.QueueAll(`
		INSERT INTO user_terms (company, term, user_id, name, shared, kind, mail)
		VALUES`, values, "", nil)
}
