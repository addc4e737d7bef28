package streams

import (
	"slices"
	"strings"

	"podium/internal/db"
	"podium/internal/pod/users"
	"podium/internal/wire"
)

// The fields by whose terms rooms are found.
const (
	nameField  = "n"
	tagField   = "t"
	keyField   = "k"
	valueField = "v"
)

// term is something that a room is found by: by whatever the term begins with.
type term struct{ text, field string }

// termsOf is all that a room is found by, in order and each once; by the middle of a word of its name or of a
// tag it is found as well, which is words.go's business.
func termsOf(a Attributes) []term {
	var terms []term
	for _, word := range words(a.Name) {
		terms = append(terms, term{word, nameField})
	}
	for _, tag := range tags(a.Description) {
		terms = append(terms, term{tag, tagField})
	}
	for _, k := range a.Keywords {
		for _, word := range words(k.Key) {
			terms = append(terms, term{word, keyField})
		}
		for _, word := range words(k.Value) {
			terms = append(terms, term{word, valueField})
		}
	}
	slices.SortFunc(terms, func(a, b term) int {
		if c := strings.Compare(a.text, b.text); c != 0 {
			return c
		}
		return strings.Compare(a.field, b.field)
	})
	return slices.Compact(terms)
}

// words is a text's words, folded.
func words(text string) []string { return strings.Fields(users.SearchFold(text)) }

// tags is the hashtags and cashtags of a text, folded, without their signs.
func tags(text string) []string {
	var found []string
	for _, word := range words(text) {
		for len(word) > 1 && (word[0] == '#' || word[0] == '$') {
			tag := word[1:]
			end := strings.IndexAny(tag, "#$,;!?()\"'")
			if end < 0 {
				end = len(tag)
			}
			if name := clip(strings.TrimRight(tag[:end], ".:"), maxTag); name != "" {
				found = append(found, name)
			}
			word = tag[end:]
		}
	}
	return found
}

// maxTag is how many characters of a tag count.
const maxTag = 64

// clip is the first most characters of a text.
func clip(text string, most int) string {
	for i := range text {
		if most--; most < 0 {
			return text[:i]
		}
	}
	return text
}

func addTerms(tx *db.Tx, s Stream, company wire.CompanyID, terms []term) error {
	if err := insertTermRows(tx, termRows(s, company, terms)); err != nil {
		return err
	}
	return insertWords(tx, wordRows(company, terms))
}

// stored is a term as the table has it.
func (t term) stored(company wire.CompanyID) string { return company.String() + t.field + ":" + t.text }

func termRows(s Stream, company wire.CompanyID, terms []term) [][]any {
	rows := make([][]any, len(terms))
	for i, t := range terms {
		rows[i] = []any{t.stored(company), s.Number}
	}
	return rows
}

func insertTermRows(tx *db.Tx, rows [][]any) error {
	return tx.QueueAll(`INSERT INTO room_terms (term, stream) VALUES`, rows, "", nil)
}

// deleteTerms has a room found no longer in a company, by some terms.
func deleteTerms(tx *db.Tx, s Stream, company wire.CompanyID, terms []term) error {
	if len(terms) == 0 {
		return nil
	}
	stored := make([]string, len(terms))
	for i, t := range terms {
		stored[i] = t.stored(company)
	}
	return tx.Queue(`DELETE FROM room_terms WHERE stream = $1 AND term IN ($2)`, s.Number, stored)
}

// replaceTerms has a room found by what it now says of itself.
func replaceTerms(tx *db.Tx, before, after Stream) error {
	had, has := termsOf(before.Attributes), termsOf(after.Attributes)
	companies, err := companiesOf(tx, after)
	if err != nil {
		return err
	}
	if !slices.Contains(companies, after.Company) { // its own company knows of it even without members there
		companies = append(companies, after.Company)
	}
	for _, company := range companies {
		if err := deleteTerms(tx, after, company, without(withEndings(had), withEndings(has))); err != nil {
			return err
		}
		if err := addTerms(tx, after, company, without(has, had)); err != nil {
			return err
		}
	}
	return nil
}

// without is the terms of a list that another does not have.
func without(list, other []term) []term {
	var rest []term
	for _, t := range list {
		if !slices.Contains(other, t) {
			rest = append(rest, t)
		}
	}
	return rest
}
