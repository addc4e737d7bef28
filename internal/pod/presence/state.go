package presence

import (
	"time"

	"podium/internal/journal"
	"podium/internal/wire"
)

// What the clock does ("Presence" of the developer documentation for the first; the second is our
// choice).
const (
	idleAfter    = 5 * time.Minute  // without activity somebody available or busy is away
	connectedFor = time.Minute      // after the last sign of a real-time channel
	signEvery    = connectedFor / 4 // how often a channel of ours gives a sign
)

// state is what is known of a user's presence.
type state struct {
	user     wire.UserID
	enabled  bool
	desired  Category // chosen last; empty: none yet
	chosen   wire.Time
	hard     bool      // it holds whatever the user does
	seen     wire.Time // the last sign of a real-time channel; 0: not connected
	active   wire.Time // the last activity
	category Category  // as it is since at
	at       wire.Time
	number   journal.Cursor // of the category's last change

	moved bool // the category changed and has no number yet
}

// unknown returns the state of somebody who has never been there.
func unknown(user wire.UserID) state {
	return state{user: user, enabled: true, category: Offline}
}

// effective returns the category at a moment at which the clock has done its part.
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

// due returns when the clock next changes the state; 0: never. Somebody connected either grows idle or
// is gone.
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

// advance has the clock do what it does until now, each change at its own moment: so the state is
// the same whether somebody looked meanwhile or not.
func (s *state) advance(now wire.Time) {
	for due := s.due(); due != 0 && due <= now; due = s.due() {
		if due == s.seen.Add(connectedFor) {
			s.seen, s.hard = 0, false // what was chosen for good ends with the connection
			s.become(s.effective(), due)
		} else {
			s.become(Away, due)
		}
	}
}

// become changes the category, if it is another.
func (s *state) become(c Category, at wire.Time) {
	if c != s.category {
		s.category, s.at, s.moved = c, max(at, s.at), true
	}
}

// idle reports whether the user has been without activity for long.
func (s *state) idle(now wire.Time) bool {
	return s.seen != 0 && !s.hard && s.desired.tires() && s.active.Add(idleAfter) <= now
}

// settle finds the category after a change of anything else.
func (s *state) settle(now wire.Time) {
	if s.idle(now) && s.enabled {
		s.become(Away, now)
	} else {
		s.become(s.effective(), now)
	}
}

// choose sets what the user is to be: for good, or softly, as far as the connection and activity
// allow.
func (s *state) choose(c Category, soft bool, now wire.Time) {
	s.desired, s.chosen, s.hard = c, now, !soft
	s.settle(now)
	if s.category == c {
		s.at = now // also when it was so before
	}
}

// act notes activity of the user.
func (s *state) act(now wire.Time) {
	if now > s.active {
		s.active = now
		s.settle(now)
	}
}

// connect notes a sign of a real-time channel. To open one is activity; to keep it open is not.
func (s *state) connect(now wire.Time) {
	if s.seen == 0 {
		s.active = max(s.active, now)
	}
	s.seen = max(s.seen, now)
	s.settle(now)
}

// able disables or enables the account. A disabled one is offline for good.
func (s *state) able(enabled bool, now wire.Time) {
	s.enabled, s.hard, s.seen = enabled, false, 0
	s.settle(now)
}

// view returns the state as it is shown in lists and feeds.
func (s *state) view() Presence {
	return Presence{Category: s.category, UserID: s.user, Timestamp: s.at}
}

// alone returns a presence as it is shown when one user is looked at: somebody offline is so now.
func alone(p Presence, now wire.Time) Presence {
	if p.Category == Offline {
		p.Timestamp = now
	}
	return p
}
