package presence_test

import (
	"context"
	"fmt"
	"testing"

	"podium/internal/db/dbtest"
	"podium/internal/pod/presence"
	"podium/podtest"
)

// each runs a test on each kind of database, with a pod whose clock the test moves and whose feeds
// answer at once.
func each(t *testing.T, test func(t *testing.T, p *podtest.Pod, clock *podtest.Clock)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		// its own clock, because the other database's test runs at the same time
		clock := podtest.NewClock()
		p := podtest.StartOn(t, kind, podtest.WithClock(clock))
		p.Inner.Presence.Hold = 0
		test(t, p, clock)
	})
}

// fataler is a test, or one run of a property.
type fataler interface {
	Helper()
	Fatal(...any)
	Fatalf(string, ...any)
}

// settle writes all waiting signs, and then the changes by the clock.
func settle(t fataler, p *podtest.Pod) {
	t.Helper()
	ctx := context.Background()
	if err := p.Inner.Presence.Note(ctx); err != nil {
		t.Fatal(err)
	}
	if err := p.Inner.Presence.Settle(ctx); err != nil {
		t.Fatal(err)
	}
}

// set sets a user's own presence.
func set(u *podtest.User, category presence.Category, soft bool) presence.Presence {
	var p presence.Presence
	u.Post(fmt.Sprintf("/pod/v2/user/presence?soft=%v", soft), map[string]any{"category": category}).Want(200).Into(&p)
	return p
}

func own(u *podtest.User) presence.Presence {
	var p presence.Presence
	u.Get("/pod/v2/user/presence").Want(200).Into(&p)
	return p
}

func of(reader *podtest.User, id int64) presence.Presence {
	var p presence.Presence
	reader.Get(fmt.Sprintf("/pod/v3/user/%d/presence", id)).Want(200).Into(&p)
	return p
}

func newFeed(u *podtest.User) string {
	var f presence.Feed
	u.Post("/pod/v1/presence/feed/create", nil).Want(200).Into(&f)
	return f.ID
}

// read reads a feed once.
func read(u *podtest.User, feed string) []presence.Presence {
	var list []presence.Presence
	u.Get("/pod/v1/presence/feed/" + feed + "/read").Want(200).Into(&list)
	return list
}

// untilEmpty reads a feed until nothing is left in it, nor above the horizon.
func untilEmpty(t fataler, p *podtest.Pod, u *podtest.User, feed string) []presence.Presence {
	t.Helper()
	var all []presence.Presence
	for {
		page := read(u, feed)
		all = append(all, page...)
		if len(page) == 0 && !p.Held(t) {
			// a change may have passed the horizon between the two
			if page = read(u, feed); len(page) == 0 {
				return all
			}
			all = append(all, page...)
		}
	}
}
