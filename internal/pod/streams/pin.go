package streams

import (
	"podium/internal/apierr"
	"podium/internal/db"
	"podium/internal/wire"
)

// Pinnable returns the message to pin: one of the stream, or none for an empty text.
func Pinnable(tx *db.Tx, s Stream, text string) (wire.MessageID, error) {
	if text == "" {
		return "", nil
	}
	var id wire.MessageID
	if err := id.UnmarshalText([]byte(text)); err != nil {
		return "", err
	}
	there, err := hasMessage(tx, s, id)
	if err == nil && !there {
		err = apierr.Invalid("Invalid message id")
	}
	return id, err
}

// hasMessage reports whether a message is of a stream.
func hasMessage(tx *db.Tx, s Stream, id wire.MessageID) (bool, error) {
	n, err := db.Value[int64](tx, `SELECT COUNT(*) FROM stream_messages WHERE id = $1 AND stream = $2`, id, s.Number)
	return n > 0, err
}
