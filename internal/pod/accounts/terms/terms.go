// Package terms holds the terms by which searches find an account: the words of its first, last and
// display name and of its user name, and its whole e-mail address. It makes them of an account, and
// stores them in the transaction that changes the account. Package directory searches them.
package terms

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

const (
	// characters of a term, and of the name by which results are sorted; the rest is ignored
	maxTerm  = 64
	maxTerms = 40 // terms of an account; further ones are ignored
)

// Account holds what an account is found by.
type Account struct {
	Type                                              auth.AccountType
	Username, DisplayName, FirstName, LastName, Email string
}

// Words returns the words of a text as searches compare them.
func Words(text string) []string {
	list := strings.Fields(wording.SearchFold(text))
	for i := range list {
		list[i] = clip(list[i], maxTerm)
	}
	return list
}

// kinds maps account types to their numbers in user_terms.
var kinds = map[auth.AccountType]int64{auth.Normal: 0, auth.System: 1, auth.SDL: 2}

// Kind returns the number of an account type in the column kind of user_terms.
func Kind(t auth.AccountType) (number int64, ok bool) {
	number, ok = kinds[t]
	return number, ok
}

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

// public returns an account's terms that all users may know, sorted and without duplicates: all but
// the address.
func (a Account) public() []string {
	list := slices.Concat(Words(a.Username), nameWords(a.DisplayName), nameWords(a.FirstName), nameWords(a.LastName))
	list = list[:min(len(list), maxTerms)]
	slices.Sort(list)
	return slices.Compact(list)
}

// terms holds the terms of an account.
type terms struct {
	kind    int64
	name    string // by which results are sorted, before the id
	public  []string
	address string // empty if it is one of the public terms
}

func (a Account) terms() terms {
	t := terms{kind: kinds[a.Type], name: clip(wording.SearchFold(a.DisplayName), maxTerm), public: a.public()}
	for _, address := range Words(a.Email) { // one: an address has no spaces
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

// parse parses what text wrote.
func parse(text string) []string {
	text, address, addressed := strings.Cut(text, "\t")
	list := strings.Split(text, "\n")[1:] // after the kind and the name
	if addressed {
		list = append(list, address)
	}
	return list
}

// Terms holds terms as they are stored: the account's own text, and its rows of user_terms. The
// zero value is that of an account that no search finds.
type Terms struct {
	text string
	rows []row // without the account's id
}

// Of returns what is stored for an account of a company, as far as it does not depend on the id.
//
// Of the public terms that begin with the same prefix, only the lowest shares less than that prefix
// with the one before it; and the address shares less only where no public term begins so. A
// range of terms therefore counts each account once by shared < length of the prefix, without
// sorting or remembering any, and without the addresses it does so still.
func Of(company wire.CompanyID, a Account) Terms {
	t := a.terms()
	all := Terms{text: t.text(), rows: make([]row, 0, len(t.public)+1)}
	add := func(term string, shared, mail int64) {
		all.rows = append(all.rows, row{term: term, values: []any{company, term, nil, t.name, shared, t.kind, mail}})
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
	return all
}

// Text returns the value of the column users.terms.
func (t Terms) Text() string { return t.text }

// of returns the rows of an account.
func (t Terms) of(id wire.UserID) []row {
	for i := range t.rows {
		t.rows[i].user, t.rows[i].values[account] = id, id
	}
	return t.rows
}

// row is a row of user_terms with its sort key.
type row struct {
	term   string
	user   wire.UserID
	values []any // in the order of insert
}

// account is the index of the account among the values.
const account = 2

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

// Insert stores the rows of new accounts. The caller writes their text into the column users.terms.
func Insert(tx *db.Tx, ids []wire.UserID, all []Terms) error {
	var rows []row
	for i, t := range all {
		rows = append(rows, t.of(ids[i])...)
	}
	return insert(tx, rows)
}

// Update replaces the stored terms of an account.
func Update(tx *db.Tx, company wire.CompanyID, id wire.UserID, now Terms) error {
	old, err := db.Value[string](tx, `SELECT terms FROM users WHERE id = $1`, id)
	if err != nil {
		return err
	}
	if now.text == old {
		return nil
	}
	if old != "" {
		err := tx.Exec(`
			DELETE FROM user_terms
			WHERE company = $1 AND term IN ($2) AND user_id = $3`, company, parse(old), id)
		if err != nil {
			return err
		}
	}
	if err := tx.Change(`UPDATE users SET terms = $2 WHERE id = $1`, id, now.text); err != nil {
		return err
	}
	return insert(tx, now.of(id))
}

// insert inserts rows in the order of the key, so that the index grows page by page.
func insert(tx *db.Tx, rows []row) error {
	slices.SortFunc(rows, func(a, b row) int {
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
