package streams

import (
	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/db/lock"
	"podium/internal/op"
	"podium/internal/pod/users"
	"podium/internal/wire"
)

var suppressMessage = op.Operation[Service]{
	ID:      "suppressMessage",
	Route:   "POST /pod/v1/admin/messagesuppression/{id}/suppress",
	Tag:     "MessageSuppression",
	Summary: "Hide a message's content for good.",
	About: "For the author, who needs the feature canSuppressMessage. Holders of " +
		"SUPPRESS_MESSAGE may hide messages by users of their own company, and all " +
		"messages in streams that it made.",
	Needs:  auth.AnyUser,
	Opens:  []auth.Permission{auth.SuppressMessages},
	Handle: op.Write((*Service).suppressMessage),
}

type suppressInput struct {
	ID MessageID `path:"id"`
}

// Suppression is a message that is suppressed.
type Suppression struct {
	MessageID  MessageID `json:"messageId"`
	Suppressed bool      `json:"suppressed"`
	Date       wire.Time `json:"suppressionDate" doc:"0 if it was suppressed before."`
}

// MessageSuppressed is recorded when a message's content was hidden.
type MessageSuppressed struct {
	Stream          Place       `json:"stream"`
	Message         MessageID   `json:"message"`
	Author          wire.UserID `json:"author"`
	ByAdministrator bool        `json:"byAdministrator"` // by a right, not as the author
}

// Kind is the name of this fact in the log.
func (MessageSuppressed) Kind() string { return "stream.messageSuppressed" }

func (s *Service) suppressMessage(tx *db.Tx, caller auth.Caller, in suppressInput) (Suppression, error) {
	if err := tx.Lock(lock.Message(in.ID)); err != nil {
		return Suppression{}, err
	}
	m, to, err := seeMessage(tx, caller, in.ID)
	if err != nil {
		return Suppression{}, err
	}
	own, err := m.suppressibleAsOwn(tx, caller)
	if err != nil {
		return Suppression{}, err
	}
	if !own {
		if !caller.May(auth.SuppressMessage) || m.author.Company() != caller.Company && to.Company != caller.Company {
			return Suppression{}, apierr.Forbidden("only its author and administrators with %s may suppress message %s", auth.SuppressMessage, m.id)
		}
		caller = by(caller, auth.SuppressMessage)
	}
	out := Suppression{MessageID: m.id, Suppressed: true}
	if m.suppressed != 0 {
		return out, nil
	}
	out.Date = tx.Now()
	if err := tx.Change(`UPDATE stream_messages SET suppressed = $2 WHERE id = $1`, m.id, out.Date); err != nil {
		return out, err
	}
	place, err := to.place(tx)
	if err != nil {
		return out, err
	}
	fact := MessageSuppressed{Stream: place, Message: m.id, Author: m.author, ByAdministrator: byRight(caller)}
	return out, s.Journal.Record(tx, caller, to.Subject(), fact)
}

// suppressibleAsOwn tells whether the caller may suppress a message as its author.
func (m message) suppressibleAsOwn(tx *db.Tx, caller auth.Caller) (bool, error) {
	if m.author != caller.User {
		return false, nil
	}
	return users.Has(tx, caller.User, users.CanSuppressMessage)
}
