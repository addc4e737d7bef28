package presence

import (
	"time"

	"podium/internal/journal"
	"podium/internal/wire"
)

// Times after which the clock changes a state. The first is published ("Presence" of the developer
// documentation), the second is our choice.
const (
	idleAfter    = 5 * time.Minute  // an available or busy user without activity becomes AWAY
	connectedFor = time.Minute      // after the last sign of a real-time channel
	signEvery    = connectedFor / 4 // how often the pod's own channels give a sign
)

// state is a user's presence as stored.
type state struct {
	user     wire.UserID
	enabled  bool
	desired  Category // last chosen; empty: none yet
	chosen   wire.Time
	hard     bool      // it stays whatever the user does
	seen     wire.Time // the last sign of a real-time channel; 0: not connected
	active   wire.Time // the last activity
	category Category  // valid since at
	at       wire.Time
	number   journal.Cursor // of the category's last change

	moved bool // the category changed and has no number yet
}

// unknown returns the state of a user who was never present.
func unknown(user wire.UserID) state {
	return state{user: user, enabled: true, category: Offline}
}

// effective returns the category after advance.
func (s *state) effective() Category {
	switch {
	case !s.enabled:
		return Offline
	case s.hard:
		return s.desired
	case s.seen == 0:
		return Offline
	case s.desired == "":
		return Available
	}
	return s.desired
}

// due returns when the clock next changes the state; 0: never. A connected user becomes idle or
// disconnects.
func (s *state) due() wire.Time {
	if s.seen == 0 {
		return 0
	}
	gone := s.seen.Add(connectedFor)
	if idle := s.active.Add(idleAfter); idle < gone && !s.hard && s.desired.tires() && s.category != Away {
		return idle
	}
	return gone
}

// advance applies the changes by the clock until now, each at its own time. So the state does not
// depend on when it is read.
func (s *state) advance(now wire.Time) {
	for due := s.due(); due != 0 && due <= now; due = s.due() {
		if due == s.seen.Add(connectedFor) {
			s.seen, s.hard = 0, false // a hard choice ends with the connection
			s.become(s.effective(), due)
		} else {
			s.become(Away, due)
		}
	}
}

// become changes the category and the time of the change, if the category is a different one.
func (s *state) become(c Category, at wire.Time) {
	if c != s.category {
		s.category, s.at, s.moved = c, max(at, s.at), true
	}
}

// idle reports whether the user has been inactive for idleAfter.
func (s *state) idle(now wire.Time) bool {
	return s.seen != 0 && !s.hard && s.desired.tires() && s.active.Add(idleAfter) <= now
}

// settle computes the category after another field has changed.
func (s *state) settle(now wire.Time) {
	if s.idle(now) && s.enabled {
		s.become(Away, now)
	} else {
		s.become(s.effective(), now)
	}
}

// choose sets the category. A hard choice stays; a soft one depends on the connection and activity.
func (s *state) choose(c Category, soft bool, now wire.Time) {
	s.desired, s.chosen, s.hard = c, now, !soft
	s.settle(now)
	if s.category == c {
		s.at = now // also if the category was the same
	}
}

// act records activity of the user.
func (s *state) act(now wire.Time) {
	if now > s.active {
		s.active = now
		s.settle(now)
	}
}

// connect records a sign of a real-time channel. Opening one is activity; keeping it open is not.
func (s *state) connect(now wire.Time) {
	if s.seen == 0 {
		s.active = max(s.active, now)
	}
	s.seen = max(s.seen, now)
	s.settle(now)
}

// able disables or enables the account. A disabled account stays offline.
func (s *state) able(enabled bool, now wire.Time) {
	s.enabled, s.hard, s.seen = enabled, false, 0
	s.settle(now)
}

// view returns the state as lists and feeds show it.
func (s *state) view() Presence {
	return Presence{Category: s.category, UserID: s.user, Timestamp: s.at}
}

// alone returns a presence as it is shown when one user is read: an offline user has the current
// time.
func alone(p Presence, now wire.Time) Presence {
	if p.Category == Offline {
		p.Timestamp = now
	}
	return p
}
