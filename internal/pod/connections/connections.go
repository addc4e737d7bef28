// Package connections handles connections between users of different companies: requests,
// acceptance, refusal and end. Users of one company are always connected unless an information
// barrier separates them; no row stores that. Presence, streams and look-ups call Connected and
// decide what a connection allows.
package connections

import (
	"podium/internal/auth"
	"podium/internal/journal"
	"podium/internal/op"
	"podium/internal/wire"
)

// Service is the chapter connections. Package pod sets its fields.
type Service struct {
	Journal *journal.Log
}

// Ended is told when two users of different companies stop being connected.
type Ended struct{ A, B wire.UserID }

// News returns when it is told.
func (Ended) News() string { return "Two users of different companies stop being connected." }

// Operations returns the operations of this chapter.
func (s *Service) Operations() []op.Bound {
	return op.Bind(s, listConnections, connectionInfo, createConnection, acceptConnection, rejectConnection, removeConnection)
}

// status is the state of the record of two users.
type status string

const (
	none     status = "" // there is no record
	pending  status = "PENDING"
	accepted status = "ACCEPTED"
	rejected status = "REJECTED"
)

// Status is the state of a connection as one of the two users sees it.
type Status string

// The published statuses.
const (
	PendingIncoming Status = "PENDING_INCOMING" // the other user asked
	PendingOutgoing Status = "PENDING_OUTGOING" // the user asked
	Accepted        Status = "ACCEPTED"
	Rejected        Status = "REJECTED"
)

// Enum returns the published values.
func (Status) Enum() []string {
	return []string{string(PendingIncoming), string(PendingOutgoing), string(Accepted), string(Rejected)}
}

// Connection is a connection as one of the two users sees it: the published UserConnection. Within
// a company it has no times and no counter.
type Connection struct {
	UserID           wire.UserID `json:"userId" doc:"The other user."`
	Status           Status      `json:"status" doc:"As the caller sees it."`
	FirstRequestedAt wire.Time   `json:"firstRequestedAt,omitempty" doc:"When the first request was made."`
	UpdatedAt        wire.Time   `json:"updatedAt,omitempty" doc:"When the status last changed."`
	RequestCounter   int64       `json:"requestCounter,omitempty" doc:"The number of requests."`
}

// implicit returns the connection with a user of the same company.
func implicit(with wire.UserID) Connection { return Connection{UserID: with, Status: Accepted} }

// seenBy returns the record as one of its two users sees it.
func (r record) seenBy(user wire.UserID) Connection {
	c := Connection{
		UserID: r.low, Status: Status(r.status), FirstRequestedAt: r.requested, UpdatedAt: r.updated, RequestCounter: r.requests,
	}
	if r.low == user {
		c.UserID = r.high
	}
	switch {
	case r.status == pending && r.requester == user:
		c.Status = PendingOutgoing
	case r.status == pending:
		c.Status = PendingIncoming
	}
	return c
}

// local reports whether a user belongs to the caller's company.
func local(caller auth.Caller, id wire.UserID) bool { return id.Company() == caller.Company }
