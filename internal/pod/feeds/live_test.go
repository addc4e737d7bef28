package feeds_test

import (
	"context"
	"encoding/json"
	"slices"
	"testing"

	"podium/internal/client"
	"podium/internal/db/dbtest"
	"podium/internal/notify"
	"podium/internal/pod"
	"podium/internal/pod/happenings"
	"podium/podtest"
)

// stream is an open stream of events.
type stream struct {
	t     *testing.T
	heard chan client.Event
	stop  func()
}

func follow(t *testing.T, u *podtest.User, after string) *stream {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	s := &stream{t: t, heard: make(chan client.Event, 1000), stop: cancel}
	go func() {
		_, err := u.Client.Follow(ctx, "/podium/v1/events", after, func(e client.Event) error {
			s.heard <- e
			return nil
		})
		if ctx.Err() == nil {
			t.Errorf("the stream has ended: %v", err)
		}
	}()
	return s
}

// next returns the text of the next event, and its id.
func (s *stream) next() (text, id string) {
	s.t.Helper()
	e := <-s.heard
	var told event
	if err := json.Unmarshal([]byte(e.Data), &told); err != nil || e.Name != told.Type {
		s.t.Fatalf("%v: %v", e, err)
	}
	return told.text(), e.ID
}

// TestStreamOfEvents checks that a stream tells what happens in the user's streams and nothing
// else, and continues after an event.
func TestStreamOfEvents(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		alice, bob := p.User("alice"), p.User("bob")
		own, ours := room(alice, "own"), room(alice, "ours")
		add(alice, ours, bob)
		all := follow(t, bob, "0-0")
		if text, _ := all.next(); text != "USERJOINEDROOM" {
			t.Errorf("the first event is %s", text)
		}
		say(alice, own, "to myself")
		say(alice, ours, "one")
		text, id := all.next()
		if text != said("one") {
			t.Errorf("heard %q", text)
		}
		say(alice, ours, "two")
		later := follow(t, bob, id)
		for _, s := range []*stream{all, later} {
			if text, _ := s.next(); text != said("two") {
				t.Errorf("heard %q", text)
			}
		}
	})
}

// TestANodeHearsTheOthers checks that a read that waits on one node is answered after a message on
// another one, though nothing connects the two but the database, and that two readers on two nodes
// get different events.
func TestANodeHearsTheOthers(t *testing.T) {
	t.Parallel()
	dbtest.NeedPostgres(t)
	url := dbtest.URL(t, dbtest.Postgres)
	one := podtest.StartOn(t, dbtest.Postgres, podtest.FreshAt(url), podtest.WithNotifier(notify.NewLocal()))
	two := podtest.StartOn(t, dbtest.Postgres, podtest.OnDatabase(url), podtest.WithNotifier(notify.NewLocal()), podtest.WithFeedHold(longest))
	alice, bob := one.User("alice"), one.User("bob")
	deals := room(alice, "deals")
	add(alice, deals, bob)
	here := listen(t, one, bob)
	there := &listener{User: two.As(bob), t: t, p: two, feed: here.feed}
	heard := make(chan []string)
	go func() { heard <- there.hear() }()
	say(alice, deals, "one")
	want(t, <-heard, "!one")
	say(alice, deals, "two")
	one.Settle(t)
	want(t, here.hear(), "!two")
	say(alice, deals, "three")
	if got := there.hear(); !slices.Equal(got, []string{said("three")}) {
		t.Errorf("heard %q", got)
	}
}

// TestAnEndedSessionHearsNothing checks that a read that waits while its session ends answers 401,
// and that another session of the user then gets the events.
func TestAnEndedSessionHearsNothing(t *testing.T) {
	t.Parallel()
	waits := make(chan struct{}, 1)
	p := podtest.Start(t, podtest.WithConfig(func(c *pod.Config) {
		c.FeedHold = longest
		c.Notify = listened{c.Notify, waits}
	}))
	alice, bob := p.User("alice"), p.User("bob")
	deals := room(alice, "deals")
	add(alice, deals, bob)
	b := listen(t, p, bob)
	revoked := p.As(bob)
	bob.Login()
	answered := make(chan podtest.Answer)
	go func() { answered <- revoked.Post("/agent/v5/datafeeds/"+b.feed+"/read", nil) }()
	<-waits
	revoked.Post("/sessionauth/v1/logout", nil).Want(200)
	say(alice, deals, "secret")
	(<-answered).Want(401)
	want(t, b.hear(), "!secret")
}

// listened tells when the log of happenings is listened to: a read has passed its session's check.
type listened struct {
	notify.Notifier
	waits chan struct{}
}

func (l listened) Listen(topic string) (<-chan string, func()) {
	if topic == happenings.Topic {
		select {
		case l.waits <- struct{}{}:
		default:
		}
	}
	return l.Notifier.Listen(topic)
}
