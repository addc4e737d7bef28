package messages

import (
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/db/lock"
	"podium/internal/journal"
	"podium/internal/op"
	"podium/internal/pod/accounts/features"
	"podium/internal/pod/messages/message"
	"podium/internal/pod/streams"
	"podium/internal/pod/streams/facts"
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
	ID wire.MessageID `path:"id"`
}

// Suppression is a suppressed message.
type Suppression struct {
	MessageID  wire.MessageID `json:"messageId"`
	Suppressed bool           `json:"suppressed"`
	Date       wire.Time      `json:"suppressionDate" doc:"0 if it was suppressed before."`
}

// MessageSuppressed is recorded when a message's content is hidden.
type MessageSuppressed struct {
	Stream          facts.Place `json:"stream"`
	Message         string      `json:"message"` // its id
	Author          wire.UserID `json:"author"`
	ByAdministrator bool        `json:"byAdministrator"` // by a right, not as the author
}

// Kind is the name of this fact in the log.
func (MessageSuppressed) Kind() string { return "stream.messageSuppressed" }

// Audience returns the companies in the stream.
func (f MessageSuppressed) Audience() journal.Audience {
	return f.Stream.Audience(facts.ActorOf(f.ByAdministrator), func(wire.CompanyID) journal.Fact { return f })
}

// AuditLine names the conversation.
func (f MessageSuppressed) AuditLine(of journal.Entry) journal.Line {
	return f.Stream.Line(of, "suppressedMessage", "Suppressed Message")
}

func (s *Service) suppressMessage(tx *db.Tx, caller auth.Caller, in suppressInput) (Suppression, error) {
	if err := tx.Lock(lock.Message(in.ID)); err != nil {
		return Suppression{}, err
	}
	m, to, err := message.See(tx, caller, in.ID)
	if err != nil {
		return Suppression{}, err
	}
	grant, err := suppressible(tx, m, caller, to)
	if err != nil {
		return Suppression{}, err
	}
	out := Suppression{MessageID: m.ID, Suppressed: true}
	if m.Suppressed != 0 {
		return out, nil
	}
	out.Date = tx.Now()
	if err := tx.Change(`UPDATE stream_messages SET suppressed = $2 WHERE id = $1`, m.ID, out.Date); err != nil {
		return out, err
	}
	place, err := facts.PlaceOf(tx, to.Stream)
	if err != nil {
		return out, err
	}
	fact := MessageSuppressed{Stream: place, Message: string(m.ID), Author: m.Author, ByAdministrator: grant.UsesRight()}
	return out, s.Journal.Record(tx, grant, to.Subject(), fact)
}

// suppressible returns the grant by which the caller may suppress a message: as its author with the
// feature; by the right, messages by users of the own company, and all messages in streams that the
// company has made. It fails with Forbidden.
func suppressible(tx *db.Tx, m message.Row, caller auth.Caller, to streams.Seen) (auth.Grant, error) {
	return streams.Allow(tx, caller, to, streams.Action{
		Right:    auth.SuppressMessage,
		Anywhere: m.Author.Company() == caller.Company || to.Company == caller.Company,
		Own: func(tx *db.Tx, caller auth.Caller, _ streams.Seen) (bool, error) {
			if m.Author != caller.User {
				return false, nil
			}
			return features.Has(tx, caller.User, features.CanSuppressMessage)
		},
		Refusal: "only its author and administrators with " + string(auth.SuppressMessage) + " may suppress message " + string(m.ID) + " in stream %s",
	})
}
