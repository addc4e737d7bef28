// Package happenings is the log that datafeeds read: what has happened in streams and between
// users, in its order. A happening is a place that names a message or a fact, once for all who are
// told. Rows are removed after a day. docs/decisions/0035-feeds.md says why the facts alone are not
// this log.
//
// Not inside: who is told what, which package feeds decides.
package happenings

import (
	"podium/internal/db"
	"podium/internal/follow"
	"podium/internal/wire"
)

// Kind is what has happened.
type Kind int64

// The kinds. The numbers are stored.
const (
	Sent             Kind = 1 // a message, or a new version of one
	Suppressed       Kind = 2
	FormSubmitted    Kind = 3
	IMCreated        Kind = 10
	RoomCreated      Kind = 11
	RoomUpdated      Kind = 12
	RoomDeactivated  Kind = 13
	RoomReactivated  Kind = 14
	Joined           Kind = 15
	Left             Kind = 16
	Promoted         Kind = 17
	Demoted          Kind = 18
	ConnectionAsked  Kind = 19
	ConnectionAgreed Kind = 20
	JoinedWithList   Kind = 22 // several users, through a distribution list
	LeftWithList     Kind = 23
)

// Happening is a row of the log.
type Happening struct {
	follow.Cursor
	Stream  int64 // its number; 0: of no stream
	Kind    Kind
	Message int64 // the number of the message or submission; 0: it is a fact
	At      wire.Time
	Size    int64          // bytes of an event, roughly
	Company wire.CompanyID // that may know the fact; 0: all companies in the stream
	Fact    follow.Cursor  // its place in the journal
	About   wire.UserID    // the only user who is told; 0: the members of the stream
}

// Topic is what followers of the log listen to.
const Topic = "happenings"

// Log writes happenings. The zero Log wakes no follower.
type Log struct {
	Wake func() // called after a commit with happenings; may be nil
}

// Record writes happenings about things that the transaction has locked: streams, messages,
// connections. It sets their places.
func (l *Log) Record(tx *db.Tx, list ...Happening) error {
	if len(list) == 0 {
		return nil
	}
	position, seqs, err := tx.LockedPlaces("happenings", len(list))
	if err != nil {
		return err
	}
	rows := make([][]any, len(list))
	for i := range list {
		h := &list[i]
		h.Position, h.Seq = position, seqs[i]
		rows[i] = []any{h.Position, h.Seq, h.Stream, h.Kind, h.Message, h.At, h.Size, h.Company, h.Fact.Position, h.Fact.Seq, h.About}
	}
	if l != nil && l.Wake != nil {
		tx.OnCommit(l.Wake)
	}
	return tx.QueueAll(`
		INSERT INTO happenings (position, seq, stream, kind, message, at, size, company, fact_position, fact_seq, about)
		VALUES`, rows, "", nil)
}

// Columns lists the columns that Scan reads, of happenings h.
const Columns = `h.position, h.seq, h.stream, h.kind, h.message, h.at, h.size, h.company, h.fact_position, h.fact_seq, h.about`

// Scan reads a happening.
func Scan(row db.Row) (h Happening, err error) {
	return h, row.Scan(&h.Position, &h.Seq, &h.Stream, &h.Kind, &h.Message, &h.At, &h.Size, &h.Company, &h.Fact.Position, &h.Fact.Seq, &h.About)
}

// All is the whole log.
var All = follow.NewTable(follow.Rows[Happening]{
	Columns: Columns, Table: "happenings h", Scan: Scan,
	Place: func(h Happening) follow.Cursor { return h.Cursor },
}, 0)
