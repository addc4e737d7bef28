// Package connections is who may talk to whom across companies: requests to connect, their
// acceptance, refusal and end. Within a company everybody is connected with everybody whom no information barrier
// keeps apart from him, and no row says so. What being connected allows is decided where it is done: presence, streams, look-ups ask
// Connected.
package connections

import (
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/journal"
	"podium/internal/op"
	"podium/internal/wire"
)

// Service is this chapter, filled in by package pod.
type Service struct {
	Journal *journal.Log

	// Accepted and Removed are called, in the same transaction, when two users of different
	// companies became connected, or are connected no longer.
	Accepted, Removed []func(tx *db.Tx, a, b wire.UserID) error
}

// Operations returns what this package answers.
func (s *Service) Operations() []op.Bound {
	return op.Bind(s, listConnections, connectionInfo, createConnection, acceptConnection, rejectConnection, removeConnection)
}

// status is where the record of a pair stands.
type status string

const (
	none     status = "" // there is no record
	pending  status = "PENDING"
	accepted status = "ACCEPTED"
	rejected status = "REJECTED"
)

// Status is a connection as one of the two sees it.
type Status string

// The published statuses.
const (
	PendingIncoming Status = "PENDING_INCOMING" // the other asked
	PendingOutgoing Status = "PENDING_OUTGOING" // oneself asked
	Accepted        Status = "ACCEPTED"
	Rejected        Status = "REJECTED"
)

// Enum lists the published values.
func (Status) Enum() []string {
	return []string{string(PendingIncoming), string(PendingOutgoing), string(Accepted), string(Rejected)}
}

// Connection is a connection as one of the two sees it: the published UserConnection. Within a
// company it has no times and no counter.
type Connection struct {
	UserID           wire.UserID `json:"userId" doc:"The other user."`
	Status           Status      `json:"status" doc:"As the caller sees it."`
	FirstRequestedAt wire.Time   `json:"firstRequestedAt,omitempty" doc:"When one first asked the other."`
	UpdatedAt        wire.Time   `json:"updatedAt,omitempty" doc:"When the status last changed."`
	RequestCounter   int64       `json:"requestCounter,omitempty" doc:"How many requests there were."`
}

// implicit returns the connection with somebody of the own company.
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

// local reports whether a user is of the caller's company.
func local(caller auth.Caller, id wire.UserID) bool { return id.Company() == caller.Company }
