package streams

import (
	"errors"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/wire"
)

// message is something that was shared in a stream.
type message struct {
	id      MessageID
	stream  int64
	author  wire.UserID
	app     string // that shared it on the author's behalf
	at      wire.Time
	content string // JSON
}

const selectMessages = `
	SELECT id, stream, author, app, at, content
	FROM stream_messages`

func scanMessage(row db.Row) (m message, err error) {
	return m, row.Scan(&m.id, &m.stream, &m.author, &m.app, &m.at, &m.content)
}

// hasMessage tells whether a message is of a stream.
func hasMessage(tx *db.Tx, s Stream, id MessageID) (bool, error) {
	m, err := db.One(tx, scanMessage, selectMessages+` WHERE id = $1`, id)
	if errors.Is(err, db.ErrNoRow) {
		return false, nil
	}
	return m.stream == s.Number, err
}

// seeMessage is a message with its stream, which the caller's company may know of.
func seeMessage(tx *db.Tx, caller auth.Caller, id MessageID) (message, seen, error) {
	missing := apierr.NotFound("Message not found")
	m, err := db.One(tx, scanMessage, selectMessages+` WHERE id = $1`, id)
	if errors.Is(err, db.ErrNoRow) {
		return m, seen{}, missing
	}
	if err != nil {
		return m, seen{}, err
	}
	stream, err := db.Value[ID](tx, `SELECT id FROM streams WHERE number = $1`, m.stream)
	if err != nil {
		return m, seen{}, err
	}
	s, err := see(tx, caller, stream)
	var refused *apierr.Error
	if errors.As(err, &refused) {
		err = missing
	}
	return m, s, err
}
