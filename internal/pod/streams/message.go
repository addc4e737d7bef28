package streams

import (
	"errors"

	"podium/internal/db"
	"podium/internal/wire"
)

// message is something that was shared in a stream.
type message struct {
	id      MessageID
	stream  int64
	author  wire.UserID
	app     string
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
