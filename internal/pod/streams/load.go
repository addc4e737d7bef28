package streams

import (
	"slices"
	"strings"

	"podium/internal/db"
	"podium/internal/wire"
)

// Loaded is a room of one company that is put in with all its members.
type Loaded struct {
	Name         string
	Discoverable bool
	Members      []wire.UserID // each once; the first owns it
}

// Load puts in many rooms at once, for data that does not come from clients: it asks nothing and
// records nothing.
func Load(tx *db.Tx, company wire.CompanyID, rooms []Loaded) error {
	numbers, err := tx.NextMany("streams", len(rooms))
	if err != nil {
		return err
	}
	var streams, members, terms, words [][]any
	for i, l := range rooms {
		s := Stream{
			Number: numbers[i], ID: wire.NewStreamID(tx.Now()), Company: company, Type: Room, Creator: l.Members[0], Created: tx.Now(),
			Modified: tx.Now(), Active: true, Members: int64(len(l.Members)), Owners: 1,
			Attributes: Attributes{Name: l.Name, Discoverable: l.Discoverable},
		}
		streams = append(streams, streamRow(s, "", nameKey(s.Name)))
		for j, user := range l.Members {
			members = append(members, memberRow(s, Member{User: user, Owner: j == 0, Joined: tx.Now()}))
		}
		found := termsOf(s.Attributes)
		terms = append(terms, termRows(s, company, found)...)
		words = append(words, wordRows(company, found)...)
	}
	if err := insertStreams(tx, streams); err != nil {
		return err
	}
	if err := insertMemberships(tx, members); err != nil {
		return err
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

// byFirst puts rows into the order of their first column, a text, in which an index takes them best.
func byFirst(a, b []any) int { return strings.Compare(a[0].(string), b[0].(string)) }
