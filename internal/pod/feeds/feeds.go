// Package feeds is how bots hear: datafeeds, which tell a user what happens in the user's streams,
// and datahoses, which tell what happens in all streams of a company. A feed is a place in the log
// of happenings and the ranges of it that were handed out; nothing is written for each recipient.
// docs/decisions/0035-feeds.md explains places, ranges and acknowledgements.
//
// Not inside: what happened (package happenings), and how events look (package event).
package feeds

import (
	"log/slog"
	"time"

	"podium/internal/db"
	"podium/internal/notify"
	"podium/internal/op"
	"podium/internal/pod/feeds/event"
	"podium/internal/wire"
)

// DefaultHold is how long a read waits by default. The SDKs call a feed dead when no read ends for
// 22 seconds.
const DefaultHold = 18 * time.Second

// Service is the chapter feeds. Package pod sets its fields; New completes it.
type Service struct {
	DB     *db.DB
	Log    *slog.Logger
	Notify notify.Notifier
	Events *event.Builder

	// Active records that a user's real-time channel is in use.
	Active func(wire.UserID)
	// Seen records that a user's real-time channel is open.
	Seen func(wire.UserID)

	// Hold is how long a read waits for an event. Zero: not at all.
	Hold time.Duration

	// Draining, if set, is closed when the node ends: waiting reads then answer.
	Draining <-chan struct{}

	// Retired, if set, has the operations of older feeds answer 410, as the vendor's do.
	Retired bool

	ears   *ears
	gather *gatherer
}

// New returns the chapter.
func New(s Service) *Service {
	s.ears = newEars(s.DB, s.Notify, s.Log)
	s.gather = &gatherer{db: s.DB, events: s.Events}
	return &s
}

// Operations returns the operations of this package.
func (s *Service) Operations() []op.Bound {
	return op.Bind(s,
		listFeeds, createFeed, readFeed, deleteFeed, readEvents, watchEvents,
		createOldFeed, createOldFeedV1, readOldFeed, readOldFeedV1, readOldFeedV2,
	)
}
