package presence_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/db/dbtest"
	"podium/internal/db/lock"
	"podium/internal/notify"
	"podium/internal/pod/accounts"
	"podium/internal/pod/presence"
	"podium/internal/wire"
	"podium/podtest"
)

// TestFeedReadBySeveralWhileManyWrite checks that, with several readers and many writers, every
// last status arrives, none twice, and none of another company.
func TestFeedReadBySeveralWhileManyWrite(t *testing.T) {
	if testing.Short() {
		t.Skip("slow: make test runs it")
	}
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		p.Inner.Presence.Hold = 5 * time.Millisecond
		reader, stranger := p.User("carol"), p.Stranger("dave")
		people := []*podtest.User{p.User("alice"), p.User("bob"), p.Bot("acme-bot"), p.User("adam"), p.Bot("a-bot"), p.Bot("b-bot")}
		categories := presence.Available.Enum()[:10]
		rapid.Check(t, func(t *rapid.T) {
			p.Write(t, func(tx *db.Tx) error { return tx.Exec(`DELETE FROM presence_feeds`) })
			feed := newFeed(reader)
			writers := people[:rapid.IntRange(1, len(people)).Draw(t, "writers")]
			steps := rapid.IntRange(1, 12).Draw(t, "changes of each")
			readers := rapid.IntRange(1, 4).Draw(t, "readers")
			start := rapid.IntRange(0, 9).Draw(t, "first category")

			last := make([]presence.Presence, len(writers))
			var done atomic.Bool
			var writing, reading sync.WaitGroup
			for i, u := range writers {
				writing.Go(func() {
					for step := range steps {
						last[i] = set(u, presence.Category(categories[(start+i+step)%10]), false)
						set(stranger, presence.Category(categories[(i+step)%10]), false)
					}
				})
			}
			pages := make([][]presence.Presence, readers)
			for i := range readers {
				reading.Go(func() {
					for !done.Load() {
						pages[i] = append(pages[i], read(reader, feed)...)
					}
				})
			}
			writing.Wait()
			p.Settle(t)
			done.Store(true)
			reading.Wait()
			all := untilEmpty(t, p, reader, feed)
			for _, page := range pages {
				all = append(page, all...)
			}
			wanted := make(map[wire.UserID]presence.Presence)
			for i, u := range writers {
				wanted[wire.UserID(u.ID)] = last[i]
			}
			newest := make(map[wire.UserID]presence.Presence)
			seen := make(map[presence.Presence]bool)
			for _, one := range all {
				if seen[one] {
					t.Fatalf("%v came twice in %v", one, all)
				}
				seen[one] = true
				// If two changes in one millisecond went to different readers, the order of the two
				// is unknown.
				known := newest[one.UserID]
				if one.Timestamp > known.Timestamp || one.Timestamp == known.Timestamp && known != wanted[one.UserID] {
					newest[one.UserID] = one
				}
			}
			for _, u := range writers {
				id := wire.UserID(u.ID)
				got, wanted := newest[id], wanted[id]
				delete(newest, id)
				if steps == 1 && got == (presence.Presence{}) {
					continue // that was the state before
				}
				if got.Category != wanted.Category {
					t.Fatalf("of %s the last to arrive was %v, not %v", u.Username, got, wanted)
				}
			}
			if len(newest) > 0 {
				t.Fatalf("strangers arrived: %v", newest)
			}
		})
	})
}

// TestFeedHasPages checks more changes than fit a page: each comes once, the first page is full,
// and the order is that of the changes.
func TestFeedHasPages(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, p *podtest.Pod, clock *podtest.Clock) {
		reader := p.User("carol")
		feed := newFeed(reader)
		crowd(t, p, 1203)
		p.Settle(t)
		sizes, seen, before := []int{}, map[wire.UserID]bool{}, wire.Time(0)
		for {
			page := read(reader, feed)
			sizes = append(sizes, len(page))
			if len(page) == 0 {
				break
			}
			for _, one := range page {
				if seen[one.UserID] || one.Timestamp < before {
					t.Fatalf("%v came twice, or too late", one)
				}
				seen[one.UserID], before = true, one.Timestamp
			}
		}
		if fmt.Sprint(sizes) != "[500 500 203 0]" {
			t.Errorf("pages of %v", sizes)
		}
	})
}

// crowd creates users of Acme, who all become present in one transaction.
func crowd(t *testing.T, p *podtest.Pod, n int) {
	t.Helper()
	ids := make([]wire.UserID, n)
	p.Write(t, func(tx *db.Tx) error {
		var names []lock.Key
		for i := range n {
			names = append(names, lock.Name(190, fmt.Sprintf("crowd-%d", i)))
		}
		if err := tx.Lock(names...); err != nil {
			return err
		}
		for i := range n {
			u, err := p.Inner.Accounts.Create(tx, auth.Caller{Company: 190}, accounts.New{Attributes: accounts.Attributes{
				AccountType: auth.System, Username: fmt.Sprintf("crowd-%d", i), Email: fmt.Sprintf("crowd-%d@acme.example", i), DisplayName: "Crowd",
			}, Bootstrap: true})
			if err != nil {
				return err
			}
			ids[i] = u.ID
		}
		return nil
	})
	p.Write(t, func(tx *db.Tx) error {
		var keys []lock.Key
		for _, id := range ids {
			keys = append(keys, lock.Presence(id))
		}
		if err := tx.Lock(keys...); err != nil {
			return err
		}
		for _, id := range ids {
			if err := presence.Set(p.Inner.Presence, tx, id, presence.Available); err != nil {
				return err
			}
		}
		return nil
	})
}

// TestFeedOfAServerThatDied checks that nothing is lost if a server dies between reading a feed and
// answering. During the lease other reads find nothing; after it they find what was not answered.
func TestFeedOfAServerThatDied(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, p *podtest.Pod, clock *podtest.Clock) {
		reader, alice, bob := p.User("carol"), p.User("alice"), p.User("bob")
		feed := newFeed(reader)
		set(alice, presence.Busy, false)
		p.Settle(t)
		caller := auth.Caller{Company: 190, User: wire.UserID(reader.ID)}
		taken, err := db.Write(context.Background(), p.Inner.DB, func(tx *db.Tx) (int, error) { return presence.Take(tx, caller, feed) })
		if err != nil || taken != 1 {
			t.Fatalf("%d statuses were taken: %v", taken, err)
		}
		set(bob, presence.Busy, false)
		p.Settle(t)
		if page := read(reader, feed); len(page) != 0 {
			t.Errorf("read beside a read that answers: %v", page)
		}
		clock.Advance(10 * time.Second)
		if page := read(reader, feed); len(page) != 2 || int64(page[0].UserID) != alice.ID || int64(page[1].UserID) != bob.ID {
			t.Errorf("read after the server has died: %v", page)
		}
		if page := read(reader, feed); len(page) != 0 {
			t.Errorf("and again: %v", page)
		}
	})
}

// TestFeedReadWaits checks that a read that finds nothing waits until there is a change, and
// answers an empty list if the feed is deleted or the node ends.
func TestFeedReadWaits(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		g := gate{notify.NewLocal(), make(chan string)}
		p := podtest.StartOn(t, kind, podtest.WithNotifier(g))
		s := p.Inner.Presence
		draining := make(chan struct{})
		s.Hold, s.Draining = time.Minute, draining
		reader, alice := p.User("carol"), p.User("alice")
		feed := newFeed(reader)
		reading := func() <-chan []presence.Presence {
			answer := make(chan []presence.Presence)
			go func() { answer <- read(reader, feed) }()
			return answer
		}
		answer := reading()
		g.woken <- "" // taken by a read that waits
		set(alice, presence.Busy, false)
		if page := g.answer(answer); len(page) != 1 || int64(page[0].UserID) != alice.ID {
			t.Errorf("the read that waited: %v", page)
		}
		answer = reading()
		g.woken <- ""
		reader.Post("/pod/v1/presence/feed/"+feed+"/delete", nil).Want(200)
		if page := g.answer(answer); page == nil || len(page) != 0 {
			t.Errorf("the read of a deleted feed: %v", page)
		}
		feed = newFeed(reader)
		answer = reading()
		g.woken <- ""
		close(draining)
		if page := <-answer; page == nil || len(page) != 0 {
			t.Errorf("the read at the end of the node: %v", page)
		}
	})
}

// gate is a notifier that the test wakes by hand. A send to its channel blocks until a listener
// receives.
type gate struct {
	notify.Notifier
	woken chan string
}

func (g gate) Listen(string) (<-chan string, func()) { return g.woken, func() {} }

// answer wakes a waiting read until it answers, and returns the answer.
func (g gate) answer(answer <-chan []presence.Presence) []presence.Presence {
	for {
		select {
		case page := <-answer:
			return page
		case g.woken <- "":
		}
	}
}

// TestFeedsEnd checks that a user has at most ten feeds. A feed that is not read for an hour ends
// and makes room, and a disabled user's feeds end.
func TestFeedsEnd(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, p *podtest.Pod, clock *podtest.Clock) {
		bot := p.Bot("a-bot")
		feeds := make([]string, 10)
		for i := range feeds {
			feeds[i] = newFeed(bot)
		}
		bot.Post("/pod/v1/presence/feed/create", nil).Want(400)
		newFeed(p.User("bob")) // the limit is for each user
		clock.Advance(30 * time.Minute)
		read(bot, feeds[0])
		clock.Advance(30 * time.Minute)
		bot.Get("/pod/v1/presence/feed/" + feeds[1] + "/read").Want(400)
		read(bot, feeds[0])
		newFeed(bot)
		if err := presence.Clear(p.Inner.Presence, context.Background()); err != nil {
			t.Fatal(err)
		}
		if n := p.Number(t, `SELECT COUNT(*) FROM presence_feeds`); n != 2 {
			t.Errorf("%d feeds are left, not 2", n)
		}
		set(bot, presence.Busy, false)
		disable(t, p, bot, accounts.Disabled)
		if n := p.Number(t, `SELECT COUNT(*) FROM presence_feeds`); n != 0 {
			t.Errorf("%d feeds of a disabled user are left", n)
		}
		if got := of(p.User("bob"), bot.ID); got.Category != presence.Offline {
			t.Errorf("a disabled user is %v", got)
		}
		admin := p.Bot("acme-admin")
		admin.Post("/pod/v3/user/presence", map[string]any{"category": "BUSY", "userId": bot.ID}).Want(400)
		var list []presence.Presence
		admin.Get("/pod/v2/users/presence").Want(200).Into(&list)
		if len(list) != 0 {
			t.Errorf("the list has a disabled user: %v", list)
		}
		disable(t, p, bot, accounts.Enabled)
		admin.Get("/pod/v2/users/presence").Want(200).Into(&list)
		if len(list) != 1 || list[0].Category != presence.Offline {
			t.Errorf("enabled again: %v", list)
		}
	})
}

// TestFeedsOutliveAJumpOfTheClock checks that feeds survive a jump of the clock in both directions:
// a feed ends after a real hour without a read.
func TestFeedsOutliveAJumpOfTheClock(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		clock, passed := podtest.NewClock(), podtest.NewClock()
		p := podtest.StartOn(t, kind, podtest.WithClock(clock), podtest.WithTimePassing(passed))
		p.Inner.Presence.Hold = 0
		bot := p.Bot("a-bot")
		feed, idle := newFeed(bot), newFeed(bot)
		clear := func() {
			t.Helper()
			if err := presence.Clear(p.Inner.Presence, context.Background()); err != nil {
				t.Fatal(err)
			}
		}
		clock.Advance(3 * time.Hour)
		clear()
		read(bot, feed)
		p.Write(t, func(tx *db.Tx) error { // a lease given by the wrong clock
			return tx.Change(`UPDATE presence_feeds SET lease = 'x', lease_until = $2 WHERE id = $1`, feed, tx.Now().Add(time.Second))
		})
		clock.Advance(-3 * time.Hour)
		set(bot, presence.Busy, false)
		p.Settle(t)
		if page := read(bot, feed); len(page) != 1 {
			t.Errorf("after the clock was set back, the feed answers %v", page)
		}

		for range 3 {
			clock.Advance(25 * time.Minute)
			passed.Advance(25 * time.Minute)
			bot.Get("/pod/v1/presence/feed/" + feed + "/read")
		}
		clear()
		bot.Get("/pod/v1/presence/feed/" + idle + "/read").Want(400)
	})
}

func disable(t *testing.T, p *podtest.Pod, u *podtest.User, status accounts.Status) {
	t.Helper()
	p.Write(t, func(tx *db.Tx) error {
		return p.Inner.Accounts.SetStatus(tx, auth.Caller{Company: 190}, wire.UserID(u.ID), status)
	})
}

// TestManyNodesNoticeOnce checks that several nodes write a change by the clock once, and that a
// feed delivers it on each node.
func TestManyNodesNoticeOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		clock, url := podtest.NewClock(), dbtest.URL(t, kind)
		here := podtest.StartOn(t, kind, podtest.WithClock(clock), podtest.FreshAt(url))
		there := podtest.StartOn(t, kind, podtest.WithClock(clock), podtest.OnDatabase(url))
		here.Inner.Presence.Hold, there.Inner.Presence.Hold = 0, 0
		reader := here.User("carol")
		for _, u := range []*podtest.User{here.User("alice"), here.User("bob"), here.Bot("acme-bot")} {
			set(u, presence.Available, true)
			here.Inner.Presence.Seen(wire.UserID(u.ID))
		}
		settle(t, here)
		feed, other := newFeed(reader), newFeed(reader)
		clock.Advance(time.Minute) // all are disconnected
		var nodes sync.WaitGroup
		for range 3 {
			nodes.Go(func() { settle(t, here) })
			nodes.Go(func() { settle(t, there) })
		}
		nodes.Wait()
		if list := untilEmpty(t, here, reader, feed); len(list) != 3 {
			t.Errorf("of three who went, the feed has %v", list)
		}
		if list := untilEmpty(t, there, there.As(reader), other); len(list) != 3 {
			t.Errorf("of three who went, the other node's feed has %v", list)
		}
	})
}
