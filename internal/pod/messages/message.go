package messages

import (
	"errors"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/pod/streams"
	"podium/internal/wire"
)

// message is a row of stream_messages: a message, or an article that was shared.
type message struct {
	id         wire.MessageID
	number     int64 // it grows with sending
	stream     int64
	author     wire.UserID
	app        string // that sent it on the author's behalf
	at         wire.Time
	content    string    // of a shared article, JSON; otherwise empty
	suppressed wire.Time // when the content was hidden; 0: it is visible

	body       string // PresentationML; empty for a shared article
	data       string // EntityJSON
	words      string // the folded text
	agent      string // the program that it was sent with
	session    string // the author's session, as readers see it
	initial    wire.MessageID
	replacing  wire.MessageID
	replacedBy wire.MessageID
	parent     wire.MessageID
	parentKind string
	silent     bool
	forms      bool
	files      int64
	imported   bool
}

// columns lists the columns that scanMessage reads.
const columns = `m.id, m.number, m.stream, m.author, m.app, m.at, m.content, m.suppressed, m.body, m.data, m.agent, m.session,
	m.initial, m.replacing, m.replaced_by, m.parent, m.parent_kind, m.silent, m.forms, m.files, m.imported`

const selectMessages = `
	SELECT ` + columns + `
	FROM stream_messages m`

func scanMessage(row db.Row) (m message, err error) {
	return m, row.Scan(&m.id, &m.number, &m.stream, &m.author, &m.app, &m.at, &m.content, &m.suppressed, &m.body, &m.data, &m.agent, &m.session,
		&m.initial, &m.replacing, &m.replacedBy, &m.parent, &m.parentKind, &m.silent, &m.forms, &m.files, &m.imported)
}

// row returns the message's row, in the order of insertMessages.
func (m message) row() []any {
	return []any{
		m.id, m.number, m.stream, m.author, m.app, m.at, m.content, m.body, m.data, m.words, m.agent, m.session,
		m.initial, m.replacing, m.parent, m.parentKind, m.silent, m.forms, m.files, m.imported,
	}
}

const insertMessages = `
	INSERT INTO stream_messages (id, number, stream, author, app, at, content, body, data, words, agent, session,
		initial, replacing, parent, parent_kind, silent, forms, files, imported)
	VALUES`

// article reports whether the message is a shared article.
func (m message) article() bool { return m.body == "" }

// first returns the id of the first version of the message.
func (m message) first() wire.MessageID {
	if m.initial != "" {
		return m.initial
	}
	return m.id
}

// errNoMessage returns the refusal of a message that does not exist, or that the caller's company
// may not know of.
func errNoMessage() error { return apierr.NotFound("Message not found") }

// seeMessage returns a message with its stream, if the caller's company may know of the stream.
func seeMessage(tx *db.Tx, caller auth.Caller, id wire.MessageID) (message, streams.Seen, error) {
	m, err := findMessage(tx, id)
	if err != nil {
		return m, streams.Seen{}, err
	}
	s, err := seeStreamOf(tx, caller, m)
	return m, s, err
}

// findMessage returns the message with an id, of any company. It fails with NotFound.
func findMessage(tx *db.Tx, id wire.MessageID) (message, error) {
	m, err := db.One(tx, scanMessage, selectMessages+` WHERE m.id = $1`, id)
	if errors.Is(err, db.ErrNoRow) {
		err = errNoMessage()
	}
	return m, err
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
	found, err := db.All(tx, scanMessage, selectMessages+` WHERE m.id IN ($1)`, ids)
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

// readableSince returns the time from which the caller may read the messages of a stream, 0 for all
// of them; ok is false if the caller may read none. Members read what was sent since they joined
// or, where the history is shown and in IMs, everything. All users of the company read its public
// rooms.
func readableSince(caller auth.Caller, to streams.Seen) (since wire.Time, ok bool) {
	switch {
	case to.In && (to.ViewHistory || to.Type != streams.Room):
		return 0, true
	case to.In:
		return to.Self.Joined, true
	}
	return 0, to.Public && to.Company == caller.Company
}

// readableBy reports whether a user could read a message when it was sent, and still can. Beside
// those of readableSince, that applies to former members of a room that shows its history.
func (m message) readableBy(tx *db.Tx, caller auth.Caller, to streams.Seen) (bool, error) {
	if since, ok := readableSince(caller, to); ok {
		return since <= m.at, nil
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
