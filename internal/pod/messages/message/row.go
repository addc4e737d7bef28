// Package message is what a message is: its row, who may read it, and how answers show it. How a
// message is sent, searched and reported on is in the packages beside and above.
package message

import (
	"errors"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/pod/streams"
	"podium/internal/wire"
)

// Row is a row of stream_messages: a message, or an article that was shared.
type Row struct {
	ID         wire.MessageID
	Number     int64 // it grows with sending
	Stream     int64
	Author     wire.UserID
	App        string // that sent it on the author's behalf
	At         wire.Time
	Content    string    // of a shared article, JSON; otherwise empty
	Suppressed wire.Time // when the content was hidden; 0: it is visible

	Body       string // PresentationML; empty for a shared article
	Data       string // EntityJSON
	Words      string // the folded text
	Agent      string // the program that it was sent with
	Session    string // the author's session, as readers see it
	Initial    wire.MessageID
	Replacing  wire.MessageID
	ReplacedBy wire.MessageID
	Parent     wire.MessageID
	ParentKind string
	Silent     bool
	Forms      bool
	Files      int64
	Imported   bool
}

// columns lists the columns that Scan reads.
const columns = `m.id, m.number, m.stream, m.author, m.app, m.at, m.content, m.suppressed, m.body, m.data, m.agent, m.session,
	m.initial, m.replacing, m.replaced_by, m.parent, m.parent_kind, m.silent, m.forms, m.files, m.imported`

const Select = `
	SELECT ` + columns + `
	FROM stream_messages m`

func Scan(row db.Row) (m Row, err error) {
	return m, row.Scan(&m.ID, &m.Number, &m.Stream, &m.Author, &m.App, &m.At, &m.Content, &m.Suppressed, &m.Body, &m.Data, &m.Agent, &m.Session,
		&m.Initial, &m.Replacing, &m.ReplacedBy, &m.Parent, &m.ParentKind, &m.Silent, &m.Forms, &m.Files, &m.Imported)
}

// How a message may be related to its parent: the published words.
const (
	Reply   = "REPLY"
	Forward = "FORWARD"
)

// Values returns the row's values, in the order of Insert.
func (m Row) Values() []any {
	return []any{
		m.ID, m.Number, m.Stream, m.Author, m.App, m.At, m.Content, m.Body, m.Data, m.Words, m.Agent, m.Session,
		m.Initial, m.Replacing, m.Parent, m.ParentKind, m.Silent, m.Forms, m.Files, m.Imported,
	}
}

const Insert = `
	INSERT INTO stream_messages (id, number, stream, author, app, at, content, body, data, words, agent, session,
		initial, replacing, parent, parent_kind, silent, forms, files, imported)
	VALUES`

// IsArticle reports whether the message is a shared article.
func (m Row) IsArticle() bool { return m.Body == "" }

// First returns the id of the first version of the message.
func (m Row) First() wire.MessageID {
	if m.Initial != "" {
		return m.Initial
	}
	return m.ID
}

// ErrNone returns the refusal of a message that does not exist, or that the caller's company
// may not know of.
func ErrNone() error { return apierr.NotFound("Message not found") }

// See returns a message with its stream, if the caller's company may know of the stream.
func See(tx *db.Tx, caller auth.Caller, id wire.MessageID) (Row, streams.Seen, error) {
	m, err := Find(tx, id)
	if err != nil {
		return m, streams.Seen{}, err
	}
	s, err := seeStream(tx, caller, m)
	return m, s, err
}

// Find returns the message with an id, of any company. It fails with NotFound.
func Find(tx *db.Tx, id wire.MessageID) (Row, error) {
	m, err := db.One(tx, Scan, Select+` WHERE m.id = $1`, id)
	if errors.Is(err, db.ErrNoRow) {
		err = ErrNone()
	}
	return m, err
}

// seeStream returns a message's stream, if the caller's company may know of it.
func seeStream(tx *db.Tx, caller auth.Caller, m Row) (streams.Seen, error) {
	stream, err := db.Value[wire.StreamID](tx, `SELECT id FROM streams WHERE number = $1`, m.Stream)
	if err != nil {
		return streams.Seen{}, err
	}
	s, err := streams.See(tx, caller, stream)
	var refused *apierr.Error
	if errors.As(err, &refused) {
		err = ErrNone()
	}
	return s, err
}

// SeeAll returns several messages in the order of their ids, with their streams. It reads each
// stream once.
func SeeAll(tx *db.Tx, caller auth.Caller, ids []wire.MessageID) ([]Row, map[int64]streams.Seen, error) {
	found, err := db.All(tx, Scan, Select+` WHERE m.id IN ($1)`, ids)
	if err != nil {
		return nil, nil, err
	}
	byID := make(map[wire.MessageID]Row, len(found))
	conversations := make(map[int64]streams.Seen)
	for _, m := range found {
		byID[m.ID] = m
		if _, ok := conversations[m.Stream]; ok {
			continue
		}
		if conversations[m.Stream], err = seeStream(tx, caller, m); err != nil {
			return nil, nil, err
		}
	}
	list := make([]Row, len(ids))
	for i, id := range ids {
		m, ok := byID[id]
		if !ok {
			return nil, nil, ErrNone()
		}
		list[i] = m
	}
	return list, conversations, nil
}
