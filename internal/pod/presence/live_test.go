package presence_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"podium/internal/client"
	"podium/internal/pod/presence"
	"podium/internal/wire"
	"podium/podtest"
)

// stream is an event stream that a test reads.
type stream struct {
	t      *testing.T
	events chan client.Event
	ended  chan error
	stop   func()
	last   string
}

const eventsPath = "/podium/v1/presence/events"

func watch(t *testing.T, u *podtest.User, after string) *stream {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	s := &stream{t: t, events: make(chan client.Event, 1000), ended: make(chan error, 1), stop: cancel}
	go func() {
		_, err := u.Client.Follow(ctx, eventsPath, after, func(e client.Event) error {
			s.events <- e
			return nil
		})
		s.ended <- err
	}()
	return s
}

// until reads events until one has this category of a user, and returns the events before it.
func (s *stream) until(u *podtest.User, category presence.Category) []presence.Presence {
	s.t.Helper()
	var others []presence.Presence
	for {
		select {
		case e := <-s.events:
			var p presence.Presence
			if err := json.Unmarshal([]byte(e.Data), &p); err != nil || e.Name != "presence" {
				s.t.Fatalf("%v: %v", e, err)
			}
			s.last = e.ID
			if int64(p.UserID) == u.ID && p.Category == category {
				return others
			}
			others = append(others, p)
		case err := <-s.ended:
			s.t.Fatalf("the stream ended before %s was %s: %v", u.Username, category, err)
		}
	}
}

// TestStream checks that a stream delivers every change of its company and no other, and continues
// after the client's last event.
func TestStream(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		go p.Inner.Presence.Run(t.Context())
		reader, alice, bob, dave := p.User("carol"), p.User("alice"), p.User("bob"), p.Stranger("dave")
		set(alice, presence.Busy, false)
		s := watch(t, reader, "0-0")
		s.until(alice, presence.Busy)
		s.until(reader, presence.Available) // an open stream connects its user
		set(dave, presence.Busy, false)
		set(alice, presence.Away, false)
		if others := s.until(alice, presence.Away); len(others) > 0 {
			t.Errorf("beside Alice the stream had %v", others)
		}
		s.stop()
		<-s.ended
		set(bob, presence.Busy, false)
		set(alice, presence.OnThePhone, false)
		set(bob, presence.InAMeeting, false)
		s = watch(t, reader, s.last)
		others := s.until(bob, presence.InAMeeting)
		if len(others) == 0 || int64(others[len(others)-1].UserID) != alice.ID {
			t.Errorf("what came in between begins with %v", others)
		}
	})
}

// TestStreamFromTheBeginning checks that a stream from the beginning delivers each user once,
// although the hub keeps fewer events.
func TestStreamFromTheBeginning(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		reader, alice := p.User("carol"), p.User("alice")
		first := watch(t, reader, "0-0") // starts the hub
		set(alice, presence.Busy, false)
		first.until(alice, presence.Busy)
		crowd(t, p, 2500)
		set(alice, presence.Away, false)
		seen := make(map[wire.UserID]bool)
		s := watch(t, reader, "0-0")
		for _, one := range s.until(alice, presence.Away) {
			if seen[one.UserID] {
				t.Fatalf("%v came twice", one)
			}
			seen[one.UserID] = true
		}
		delete(seen, wire.UserID(alice.ID)) // the hub may deliver an earlier event of hers
		if len(seen) != 2500 {
			t.Errorf("of 2500 users %d came", len(seen))
		}
	})
}

// TestStreamEnds checks that a stream ends with its session, at the next event after a second, and
// with the node.
func TestStreamEnds(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		draining := make(chan struct{})
		p.Inner.Presence.Draining = draining
		reader, alice := p.User("carol"), p.User("alice")
		s := watch(t, reader, "0-0")
		set(alice, presence.Busy, false)
		s.until(alice, presence.Busy)
		reader.Post("/sessionauth/v1/logout", nil).Want(200)
		deadline := time.After(30 * time.Second)
		for ended := false; !ended; {
			set(alice, presence.Away, false)
			set(alice, presence.Busy, false)
			select {
			case <-s.ended:
				ended = true
			case <-s.events:
			case <-deadline:
				t.Fatal("a stream goes on without its session")
			}
		}
		reader.Login()
		s = watch(t, reader, "0-0")
		s.until(alice, presence.Busy)
		close(draining)
		if err := <-s.ended; err != nil {
			t.Errorf("a stream at the end of the node: %v", err)
		}
	})
}
