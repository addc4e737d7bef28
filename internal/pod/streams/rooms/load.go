package rooms

import (
	"podium/internal/db"
	"podium/internal/pod/streams"
	"podium/internal/pod/streams/roomindex"
	"podium/internal/wire"
)

// Loaded is a room of one company to insert with all its members.
type Loaded struct {
	Name         string
	Discoverable bool
	Members      []wire.UserID // without duplicates; the first is the owner
}

// Load inserts many rooms at once, for data that does not come from clients: it checks and records
// nothing.
func Load(tx *db.Tx, company wire.CompanyID, rooms []Loaded) error {
	numbers, err := tx.NextMany("streams", len(rooms))
	if err != nil {
		return err
	}
	var rows, members [][]any
	made := make([]streams.Stream, len(rooms))
	for i, l := range rooms {
		s := streams.Stream{
			Number: numbers[i], ID: wire.NewStreamID(tx.Now()), Company: company, Type: streams.Room, Creator: l.Members[0], Created: tx.Now(),
			Modified: tx.Now(), Active: true, Members: int64(len(l.Members)), Owners: 1,
			Attributes: streams.Attributes{Name: l.Name, Discoverable: l.Discoverable},
		}
		rows = append(rows, streams.StreamRow(s, "", streams.NameKey(s.Name)))
		for j, user := range l.Members {
			members = append(members, streams.MemberRow(s, streams.Member{User: user, Owner: j == 0, Joined: tx.Now()}))
		}
		made[i] = s
	}
	if err := streams.InsertStreams(tx, rows); err != nil {
		return err
	}
	if err := streams.InsertMemberships(tx, members); err != nil {
		return err
	}
	return roomindex.Load(tx, company, made)
}
