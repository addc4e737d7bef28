package roomindex

import (
	"slices"
	"strings"

	"podium/internal/db"
	"podium/internal/pod/streams"
	"podium/internal/wire"
	"podium/internal/wording"
)

// The fields whose terms find rooms.
const (
	NameField  = "n"
	TagField   = "t"
	KeyField   = "k"
	ValueField = "v"
)

// Term is a search term of a room: any beginning of it finds the room.
type Term struct{ Text, Field string }

// termsOf returns all search terms of a room, in order and without duplicates. words.go handles the
// middle of words.
func termsOf(a streams.Attributes) []Term {
	var terms []Term
	for _, word := range Words(a.Name) {
		terms = append(terms, Term{word, NameField})
	}
	for _, tag := range Tags(a.Description) {
		terms = append(terms, Term{tag, TagField})
	}
	for _, k := range a.Keywords {
		for _, word := range Words(k.Key) {
			terms = append(terms, Term{word, KeyField})
		}
		for _, word := range Words(k.Value) {
			terms = append(terms, Term{word, ValueField})
		}
	}
	slices.SortFunc(terms, func(a, b Term) int {
		if c := strings.Compare(a.Text, b.Text); c != 0 {
			return c
		}
		return strings.Compare(a.Field, b.Field)
	})
	return slices.Compact(terms)
}

// Words returns a text's words, folded.
func Words(text string) []string { return strings.Fields(wording.SearchFold(text)) }

// Tags returns the hashtags and cashtags of a text, folded, without their signs.
func Tags(text string) []string {
	var found []string
	for _, word := range Words(text) {
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

// clip returns the first most characters of a text.
func clip(text string, most int) string {
	for i := range text {
		if most--; most < 0 {
			return text[:i]
		}
	}
	return text
}

func addTerms(tx *db.Tx, s streams.Stream, company wire.CompanyID, terms []Term) error {
	if err := insertTermRows(tx, termRows(s, company, terms)); err != nil {
		return err
	}
	return insertWords(tx, wordRows(company, terms))
}

// Stored returns a term as the table has it.
func (t Term) Stored(company wire.CompanyID) string { return company.String() + t.Field + ":" + t.Text }

func termRows(s streams.Stream, company wire.CompanyID, terms []Term) [][]any {
	rows := make([][]any, len(terms))
	for i, t := range terms {
		rows[i] = []any{t.Stored(company), s.Number}
	}
	return rows
}

func insertTermRows(tx *db.Tx, rows [][]any) error {
	return tx.QueueAll(`INSERT INTO room_terms (term, stream) VALUES`, rows, "", nil)
}

// deleteTerms deletes some of a room's search terms for a company.
func deleteTerms(tx *db.Tx, s streams.Stream, company wire.CompanyID, terms []Term) error {
	if len(terms) == 0 {
		return nil
	}
	stored := make([]string, len(terms))
	for i, t := range terms {
		stored[i] = t.Stored(company)
	}
	return tx.Queue(`DELETE FROM room_terms WHERE stream = $1 AND term IN ($2)`, s.Number, stored)
}

// replaceTerms updates a room's search terms to its new attributes.
func replaceTerms(tx *db.Tx, before, after streams.Stream) error {
	had, has := termsOf(before.Attributes), termsOf(after.Attributes)
	companies, err := streams.CompaniesOf(tx, after)
	if err != nil {
		return err
	}
	// its own company knows of it even without members there
	if !slices.Contains(companies, after.Company) {
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

// without returns the terms of a list that another list does not have.
func without(list, other []Term) []Term {
	var rest []Term
	for _, t := range list {
		if !slices.Contains(other, t) {
			rest = append(rest, t)
		}
	}
	return rest
}
