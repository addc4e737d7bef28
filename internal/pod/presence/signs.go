package presence

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"podium/internal/db"
	"podium/internal/wire"
)

// Signs of activity come with nearly every request, so they are gathered in memory. A user's first
// sign is written at once, and so is the first one of a real-time channel: it makes the user
// present. Later ones are written every 15 seconds. A node that dies loses that much.

// signs holds the signs that are not yet written.
type signs struct {
	mu      sync.Mutex
	waiting map[wire.UserID]sign
	written map[wire.UserID]sign // what was last written of a user, if that was recently
	wake    chan struct{}
}

// sign is when a user was last active, and when the user's real-time channel last gave a sign; 0:
// never.
type sign struct{ active, seen wire.Time }

func newSigns() *signs {
	return &signs{
		waiting: make(map[wire.UserID]sign), written: make(map[wire.UserID]sign), wake: make(chan struct{}, 1),
	}
}

// Active records a call by a user.
func (s *Service) Active(user wire.UserID) { s.note(user, sign{active: s.DB.Now()}) }

// Seen records a sign of a user's real-time channel: that it was opened, or is still open. A user
// without a sign for a minute is offline.
func (s *Service) Seen(user wire.UserID) { s.note(user, sign{seen: s.DB.Now()}) }

// Heard records a read of a user's datafeed: it is activity, and a sign of a real-time channel.
func (s *Service) Heard(user wire.UserID) {
	now := s.DB.Now()
	s.note(user, sign{active: now, seen: now})
}

func (s *Service) note(user wire.UserID, new sign) {
	s.signs.mu.Lock()
	defer s.signs.mu.Unlock()
	w := s.signs.waiting[user]
	s.signs.waiting[user] = sign{active: max(w.active, new.active), seen: max(w.seen, new.seen)}
	if s.signs.due(user) {
		select {
		case s.signs.wake <- struct{}{}:
		default:
		}
	}
}

// due reports whether a user's waiting signs are to be written now. mu is held.
func (s *signs) due(user wire.UserID) bool {
	last, recent := s.written[user]
	return !recent || last.seen == 0 && s.waiting[user].seen != 0
}

// noteSigns writes signs until ctx ends.
func (s *Service) noteSigns(ctx context.Context) {
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	for {
		select {
		case <-s.signs.wake:
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
		if err := s.writeSigns(ctx, s.takeSigns(s.DB.Now().Add(-signEvery))); err != nil && ctx.Err() == nil {
			s.Log.Warn("signs of users are lost", "error", err)
		}
	}
}

// Note writes all waiting signs.
func (s *Service) Note(ctx context.Context) error { return s.writeSigns(ctx, s.takeSigns(1<<62)) }

// takeSigns removes and returns the waiting signs of users whose signs were not written after
// since.
func (s *Service) takeSigns(since wire.Time) map[wire.UserID]sign {
	s.signs.mu.Lock()
	defer s.signs.mu.Unlock()
	for user, w := range s.signs.written {
		if max(w.active, w.seen) <= since {
			delete(s.signs.written, user)
		}
	}
	taken := make(map[wire.UserID]sign)
	for user, w := range s.signs.waiting {
		if s.signs.due(user) {
			taken[user] = w
			delete(s.signs.waiting, user)
			s.signs.written[user] = w
		}
	}
	return taken
}

func (s *Service) writeSigns(ctx context.Context, taken map[wire.UserID]sign) error {
	for ids := range slices.Chunk(slices.Sorted(maps.Keys(taken)), settleMost) {
		ids, err := db.Read(ctx, s.DB, func(tx *db.Tx) ([]wire.UserID, error) { return concerned(tx, ids, taken) })
		if err != nil {
			return err
		}
		if err := s.change(ctx, ids, func(state *state, now wire.Time) { state.hear(taken[state.user], now) }); err != nil {
			return err
		}
	}
	return nil
}

// concerned returns the users whose state a sign changes: those who are connected, or now become
// so. Activity means nothing for others, who are most of the callers.
func concerned(tx *db.Tx, ids []wire.UserID, taken map[wire.UserID]sign) ([]wire.UserID, error) {
	connected, err := db.All(tx, db.ScanValue[wire.UserID], `SELECT user_id FROM presence WHERE user_id IN ($1) AND seen > 0`, ids)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		if taken[id].seen > 0 {
			connected = append(connected, id)
		}
	}
	slices.Sort(connected)
	return slices.Compact(connected), nil
}

// hear applies a sign to the state, each part at its own time.
func (s *state) hear(new sign, now wire.Time) {
	connect := func() {
		if s.advance(new.seen); new.seen > s.seen && s.enabled {
			s.connect(new.seen)
		}
	}
	act := func() {
		if s.advance(new.active); s.seen > 0 {
			s.act(new.active)
		}
	}
	if new.seen <= new.active {
		connect()
		act()
	} else {
		act()
		connect()
	}
	s.advance(now)
}
