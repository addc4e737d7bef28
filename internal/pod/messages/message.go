package messages

import (
	"errors"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/pod/streams"
	"podium/internal/wire"
)

// message is a message shared in a stream.
type message struct {
	id         wire.MessageID
	stream     int64
	author     wire.UserID
	app        string // that shared it on the author's behalf
	at         wire.Time
	content    string    // JSON
	suppressed wire.Time // when the content was hidden; 0: it is visible
}

const selectMessages = `
	SELECT id, stream, author, app, at, content, suppressed
	FROM stream_messages`

func scanMessage(row db.Row) (m message, err error) {
	return m, row.Scan(&m.id, &m.stream, &m.author, &m.app, &m.at, &m.content, &m.suppressed)
}

// errNoMessage returns the refusal of a message that does not exist, or that the caller's company
// may not know of.
func errNoMessage() error { return apierr.NotFound("Message not found") }

// seeMessage returns a message with its stream, if the caller's company may know of the stream.
func seeMessage(tx *db.Tx, caller auth.Caller, id wire.MessageID) (message, streams.Seen, error) {
	m, err := db.One(tx, scanMessage, selectMessages+` WHERE id = $1`, id)
	if errors.Is(err, db.ErrNoRow) {
		return m, streams.Seen{}, errNoMessage()
	}
	if err != nil {
		return m, streams.Seen{}, err
	}
	s, err := seeStreamOf(tx, caller, m)
	return m, s, err
}

// seeStreamOf returns a message's stream, if the caller's company may know of it.
func seeStreamOf(tx *db.Tx, caller auth.Caller, m message) (streams.Seen, error) {
	stream, err := db.Value[wire.StreamID](tx, `SELECT id FROM streams WHERE number = $1`, m.stream)
	if err != nil {
		return streams.Seen{}, err
	}
	s, err := streams.See(tx, caller, stream)
	var refused *apierr.Error
	if errors.As(err, &refused) {
		err = errNoMessage()
	}
	return s, err
}

// seeMessages returns several messages in the order of their ids, with their streams. It reads each
// stream once.
func seeMessages(tx *db.Tx, caller auth.Caller, ids []wire.MessageID) ([]message, map[int64]streams.Seen, error) {
	found, err := db.All(tx, scanMessage, selectMessages+` WHERE id IN ($1)`, ids)
	if err != nil {
		return nil, nil, err
	}
	byID := make(map[wire.MessageID]message, len(found))
	conversations := make(map[int64]streams.Seen)
	for _, m := range found {
		byID[m.id] = m
		if _, ok := conversations[m.stream]; ok {
			continue
		}
		if conversations[m.stream], err = seeStreamOf(tx, caller, m); err != nil {
			return nil, nil, err
		}
	}
	list := make([]message, len(ids))
	for i, id := range ids {
		m, ok := byID[id]
		if !ok {
			return nil, nil, errNoMessage()
		}
		list[i] = m
	}
	return list, conversations, nil
}

// readableBy reports whether a user could read a message when it was sent, and still can. That
// applies to members who joined before it or whose room shows its history, and to former members of
// such a room at that time.
func (m message) readableBy(tx *db.Tx, caller auth.Caller, to streams.Seen) (bool, error) {
	if to.In {
		return to.ViewHistory || to.Type != streams.Room || to.Self.Joined <= m.at, nil
	}
	if !to.ViewHistory {
		return false, nil
	}
	n, err := db.Value[int64](tx, `
		SELECT COUNT(*)
		FROM stream_leavers
		WHERE stream = $1 AND user_id = $2 AND joined <= $3 AND left_at >= $3`, m.stream, caller.User, m.at)
	return n > 0, err
}
