package presence_test

import (
	"fmt"
	"testing"

	"podium/internal/pod/presence"
	"podium/podtest"
)

// TestBarriers checks that streams, feeds and lists hide separated users exactly while a barrier
// separates them.
func TestBarriers(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		go p.Inner.Presence.Run(t.Context())
		p.Inner.Presence.Hold = 0
		alice, bob, carol := p.User("alice"), p.User("bob"), p.User("carol")
		admin := p.User("ann", "USER_PROVISIONING")
		set(bob, presence.Busy, false)
		set(carol, presence.Busy, false)
		s := watch(t, alice, "0-0") // before any account is in a group
		s.until(alice, presence.Available)
		p.Settle(t)
		feed, theirs := newFeed(alice), newFeed(carol)

		b := p.Barrier("barrier")
		b.KeepApart([]*podtest.User{alice, admin}, []*podtest.User{bob})
		set(bob, presence.Away, false)
		set(carol, presence.Away, false)
		for _, e := range s.until(carol, presence.Away) {
			if int64(e.UserID) == bob.ID && e.Category == presence.Away {
				t.Error("the stream has an event of Bob")
			}
		}
		has := func(list []presence.Presence, u *podtest.User) bool {
			for _, one := range list {
				if int64(one.UserID) == u.ID {
					return true
				}
			}
			return false
		}
		if list := untilEmpty(t, p, alice, feed); has(list, bob) || !has(list, carol) {
			t.Errorf("Alice's feed has %v", list)
		}
		if list := untilEmpty(t, p, carol, theirs); !has(list, bob) {
			t.Errorf("Carol's feed has %v", list)
		}
		again := watch(t, alice, "0-0") // a new stream has no more
		set(carol, presence.Busy, false)
		if others := again.until(carol, presence.Busy); has(others, bob) {
			t.Errorf("a new stream has %v", others)
		}
		alice.Get(fmt.Sprintf("/pod/v3/user/%d/presence", bob.ID)).Want(403)
		lists := func() (list []presence.Presence) {
			admin.Get("/pod/v2/users/presence").Want(200).Into(&list)
			return list
		}
		if list := lists(); has(list, bob) || !has(list, carol) || !has(list, alice) {
			t.Errorf("the administrator's list has %v", list)
		}

		b.SetActive(false)
		set(bob, presence.OnThePhone, false)
		s.until(bob, presence.OnThePhone)
		again.until(bob, presence.OnThePhone)
		if list := untilEmpty(t, p, alice, feed); !has(list, bob) {
			t.Errorf("Alice's feed has %v", list)
		}
		if !has(lists(), bob) {
			t.Error("the administrator's list is without Bob")
		}
		b.SetActive(true)
		set(bob, presence.Busy, false)
		set(carol, presence.Available, false)
		if others := s.until(carol, presence.Available); has(others, bob) {
			t.Errorf("the stream has %v", others)
		}
	})
}
