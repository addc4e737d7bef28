// Package roomindex keeps the words that rooms are found by, company by company.
package roomindex

import (
	"log/slog"
	"slices"

	"podium/internal/db"
	"podium/internal/pod/streams"
	"podium/internal/wire"
)

// Index is by what rooms are found: the words of their names, the tags of their descriptions and
// their keywords.
type Index struct {
	db    *db.DB
	log   *slog.Logger
	named chan struct{} // holds a token when there may be new words
}

// New makes the index of a pod's rooms.
func New(d *db.DB, log *slog.Logger) *Index {
	return &Index{db: d, log: log, named: make(chan struct{}, 1)}
}

// Add has a room found in a company.
func (x *Index) Add(tx *db.Tx, room streams.Stream, company wire.CompanyID) error {
	tx.OnCommit(x.newWords)
	return addTerms(tx, room, company, termsOf(room.Attributes))
}

// Replace has a room found by what it now says of itself, and no longer by what it said before.
func (x *Index) Replace(tx *db.Tx, before, after streams.Stream) error {
	tx.OnCommit(x.newWords)
	return replaceTerms(tx, before, after)
}

// Remove has a room found no longer in a company.
func (x *Index) Remove(tx *db.Tx, room streams.Stream, company wire.CompanyID) error {
	return deleteTerms(tx, room, company, withEndings(termsOf(room.Attributes)))
}

// Load has many rooms of a company found, which nobody finds yet.
func Load(tx *db.Tx, company wire.CompanyID, rooms []streams.Stream) error {
	var terms, words [][]any
	for _, s := range rooms {
		found := termsOf(s.Attributes)
		terms = append(terms, termRows(s, company, found)...)
		words = append(words, wordRows(company, found)...)
	}
	slices.SortFunc(terms, byFirst)
	if err := insertTermRows(tx, terms); err != nil {
		return err
	}
	slices.SortFunc(words, byFirst)
	if err := insertWords(tx, words); err != nil {
		return err
	}
	return settleAll(tx)
}
