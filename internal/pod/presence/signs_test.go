package presence_test

import (
	"testing"

	"podium/internal/pod/presence"
	"podium/internal/wire"
	"podium/podtest"
)

// Who opens a channel is present at once, although a call of theirs has just been written.
func TestTheFirstSignOfAChannelIsWrittenAtOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, p *podtest.Pod, clock *podtest.Clock) {
		const user wire.UserID = 1 << 40
		s := p.Inner.Presence
		steps := []struct {
			name string
			sign func(wire.UserID)
			want bool
		}{
			{"the first call", s.Active, true},
			{"another call", s.Active, false},
			{"the channel opens", s.Seen, true},
			{"the channel is open", s.Seen, false},
			{"a call while it is open", s.Active, false},
		}
		for _, step := range steps {
			step.sign(user)
			if got := presence.Taken(s, user); got != step.want {
				t.Errorf("%s: taken %v", step.name, got)
			}
		}
	})
}
