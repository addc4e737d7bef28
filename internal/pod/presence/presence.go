// Package presence is whether users are there, and how: what they choose, what the clock makes of
// it, who may see it, and the feeds and streams by which others follow it. Which real-time
// channels there are, beside the stream of this chapter, is not said here: they report by Seen.
//
// One row for each user holds the state; docs/decisions/0013-presence.md tells how feeds are made of it.
package presence

import (
	"log/slog"
	"time"

	"podium/internal/db"
	"podium/internal/journal"
	"podium/internal/notify"
	"podium/internal/op"
	"podium/internal/pod/connections"
	"podium/internal/pod/users"
	"podium/internal/wire"
)

// Service is this chapter, filled in by package pod; begin with New.
type Service struct {
	DB      *db.DB
	Log     *slog.Logger
	Journal *journal.Log
	Notify  notify.Notifier

	// Hold is how long a read of a feed waits for something to answer with. Zero: not at all.
	Hold time.Duration

	// Draining, if set, is closed when the node ends: those who wait then answer.
	Draining <-chan struct{}

	signs *signs
	hubs  *hubs
}

// DefaultHold is how long a read of a feed waits, if nobody says otherwise.
const DefaultHold = time.Second

// New readies the service: it hears of accounts that are disabled and enabled, and of connections
// that end.
func New(s Service, people *users.Service, links *connections.Service) *Service {
	s.signs, s.hubs = newSigns(), newHubs()
	people.Disabled = append(people.Disabled, s.disabled)
	people.Enabled = append(people.Enabled, s.enabled)
	links.Removed = append(links.Removed, forgetInterests)
	return &s
}

// Operations returns what this package answers.
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
	Timestamp wire.Time   `json:"timestamp" doc:"Since when; of somebody OFFLINE who is looked at alone, the moment of the look."`
}
