// Package presence handles the presence of users: what they choose, how the clock changes it, who
// may see it, and the feeds and streams that deliver it. Real-time channels of other chapters
// report activity by Seen.
//
// One row for each user holds the state; docs/decisions/0013-presence.md explains how feeds are
// made from it.
package presence

import (
	"log/slog"
	"time"

	"podium/internal/db"
	"podium/internal/journal"
	"podium/internal/notify"
	"podium/internal/op"
	"podium/internal/wire"
)

// Service is the chapter presence. Package pod sets its fields; New completes it.
type Service struct {
	DB      *db.DB
	Log     *slog.Logger
	Journal *journal.Log
	Notify  notify.Notifier

	// Hold is how long a read of a feed waits for a change. Zero: not at all.
	Hold time.Duration

	// Draining, if set, is closed when the node ends: waiting reads then answer.
	Draining <-chan struct{}

	signs *signs
	hubs  *hubs
}

// DefaultHold is how long a read of a feed waits by default.
const DefaultHold = time.Second

// New returns the service.
func New(s Service) *Service {
	s.signs, s.hubs = newSigns(), newHubs()
	return &s
}

// Operations returns the operations of this chapter.
func (s *Service) Operations() []op.Bound {
	return op.Bind(s,
		ownPresence, setOwnPresence, userPresence, listPresence, registerInterest, setUserPresence,
		createFeed, readFeed, deleteFeed, watchPresence,
		ownPresenceV1, setOwnPresenceV1, userPresenceV1, setUserPresenceV1, userPresenceV2)
}

// Presence is a user's presence as clients see it: the published V2Presence.
type Presence struct {
	Category  Category    `json:"category"`
	UserID    wire.UserID `json:"userId"`
	Timestamp wire.Time   `json:"timestamp" doc:"Since when. For one OFFLINE user, the time of the request."`
}
