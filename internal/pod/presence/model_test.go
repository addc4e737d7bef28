package presence_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"podium/internal/db"
	"podium/internal/pod/presence"
	"podium/internal/wire"
	"podium/podtest"
)

// person is the model of a user: the published rules, applied once a second.
type person struct {
	desired   presence.Category
	hard      bool
	connected bool
	seen      int64 // in seconds, like the others
	active    int64
	category  presence.Category
	at        int64
	changes   int // since the feed was last read
	ever      bool
}

func tires(c presence.Category) bool {
	return c == "" || c == presence.Available || c == presence.Busy
}

// look applies the rules at a second.
func (p *person) look(now int64) {
	if p.connected && now >= p.seen+60 {
		p.connected, p.hard = false, false
	}
	category := p.desired
	switch {
	case p.hard:
	case !p.connected:
		category = presence.Offline
	case now >= p.active+300 && tires(p.desired):
		category = presence.Away
	case p.desired == "":
		category = presence.Available
	}
	if category != p.category {
		p.category, p.at = category, now
		p.changes++
	}
}

// TestPresenceByTheRules changes presence at random while the clock runs. Reads of one user, of all
// and of a feed follow the published rules, however rarely they happen.
func TestPresenceByTheRules(t *testing.T) {
	if testing.Short() {
		t.Skip("slow: make test runs it")
	}
	t.Parallel()
	each(t, func(t *testing.T, p *podtest.Pod, clock *podtest.Clock) {
		admin, reader := p.Bot("acme-admin"), p.User("carol")
		users := []*podtest.User{p.User("alice"), p.User("bob")}
		rapid.Check(t, func(t *rapid.T) {
			p.Write(t, func(tx *db.Tx) error { return tx.Exec(`DELETE FROM presence`) })
			settle(t, p)
			for _, u := range append(users, admin, reader) {
				u.Client.Token = ""
				u.Login() // weeks may have passed
			}
			p.Write(t, func(tx *db.Tx) error { return tx.Exec(`DELETE FROM presence_feeds`) })
			believed := []*person{{category: presence.Offline}, {category: presence.Offline}}
			feed := newFeed(reader)
			now := func() int64 { return clock.Now().Unix() }
			t.Repeat(map[string]func(*rapid.T){
				"set": func(t *rapid.T) {
					i := rapid.IntRange(0, 1).Draw(t, "user")
					category := presence.Category(rapid.SampledFrom(presence.Available.Enum()[:10]).Draw(t, "category"))
					soft, byAdmin := rapid.Bool().Draw(t, "soft"), rapid.Bool().Draw(t, "by the administrator")
					b := believed[i]
					b.desired, b.hard, b.ever = category, !soft, true
					b.look(now())
					if b.category == category {
						b.at = now()
					}
					var answer presence.Presence
					if byAdmin {
						body := map[string]any{"category": category, "userId": users[i].ID}
						path := map[bool]string{true: "/pod/v3/user/presence?soft=true", false: "/pod/v3/user/presence"}[soft]
						admin.Post(path, body).Want(200).Into(&answer)
					} else {
						answer = set(users[i], category, soft)
					}
					want(t, "the answer", answer, users[i], b, now())
				},
				"connect": func(t *rapid.T) {
					i := rapid.IntRange(0, 1).Draw(t, "user")
					p.Inner.Presence.Seen(wire.UserID(users[i].ID))
					if err := p.Inner.Presence.Note(t.Context()); err != nil {
						t.Fatal(err)
					}
					b := believed[i]
					if !b.connected {
						b.active = now()
					}
					b.connected, b.seen, b.ever = true, now(), true
					b.look(now())
				},
				"act": func(t *rapid.T) {
					i := rapid.IntRange(0, 1).Draw(t, "user")
					users[i].Get("/pod/v2/sessioninfo").Want(200)
					if rapid.Bool().Draw(t, "written at once") {
						if err := p.Inner.Presence.Note(t.Context()); err != nil {
							t.Fatal(err)
						}
					} else {
						settle(t, p)
					}
					if b := believed[i]; b.connected {
						b.active = now()
						b.look(now())
					}
				},
				"wait": func(t *rapid.T) {
					seconds := rapid.OneOf(rapid.IntRange(1, 59), rapid.IntRange(60, 400)).Draw(t, "seconds")
					keeps := []bool{rapid.Bool().Draw(t, "Alice stays connected"), rapid.Bool().Draw(t, "Bob stays connected")}
					for range seconds {
						clock.Advance(time.Second)
						for i, b := range believed {
							b.look(now())
							if b.connected && keeps[i] && now()%30 == 0 {
								p.Inner.Presence.Seen(wire.UserID(users[i].ID))
								if err := p.Inner.Presence.Note(t.Context()); err != nil {
									t.Fatal(err)
								}
								b.seen = now()
							}
						}
					}
					p.Write(t, func(tx *db.Tx) error { // the feed must not expire here
						return tx.Exec(`UPDATE presence_feeds SET used = $1`, tx.Now())
					})
					if rapid.Bool().Draw(t, "settled") {
						settle(t, p)
					}
				},
				"look": func(t *rapid.T) {
					i := rapid.IntRange(0, 1).Draw(t, "user")
					want(t, "one alone", of(reader, users[i].ID), users[i], believed[i], now())
					want(t, "oneself", own(users[i]), users[i], believed[i], now())
				},
				"list": func(t *rapid.T) {
					var list []presence.Presence
					admin.Get("/pod/v2/users/presence").Want(200).Into(&list)
					listed(t, "the list", list, users, believed, func(b *person) bool { return b.ever })
				},
				"read": func(t *rapid.T) {
					settle(t, p)
					list := untilEmpty(t, p, reader, feed)
					listed(t, "the feed", list, users, believed, func(b *person) bool { return b.changes > 0 })
					for _, b := range believed {
						b.changes = 0
					}
				},
			})
		})
	})
}

// want fails the test unless a presence that is read alone matches the model.
func want(t *rapid.T, what string, got presence.Presence, u *podtest.User, b *person, now int64) {
	t.Helper()
	at := b.at
	if b.category == presence.Offline {
		at = now
	}
	wanted := presence.Presence{Category: b.category, UserID: wire.UserID(u.ID), Timestamp: wire.Time(at * 1000)}
	if got != wanted {
		t.Fatalf("%s says %v of %s, not %v", what, got, u.Username, wanted)
	}
}

// listed fails the test unless a list has exactly the expected users, and they match the model.
func listed(t *rapid.T, what string, list []presence.Presence, users []*podtest.User, believed []*person, should func(*person) bool) {
	t.Helper()
	got := make(map[int64]presence.Presence)
	for _, one := range list {
		if _, twice := got[int64(one.UserID)]; twice {
			t.Fatalf("%s has %d twice: %v", what, one.UserID, list)
		}
		got[int64(one.UserID)] = one
	}
	for i, u := range users {
		one, ok := got[u.ID]
		if ok != should(believed[i]) {
			t.Fatalf("%s has %v, of %s it believes %+v", what, list, u.Username, *believed[i])
		}
		if ok && (one.Category != believed[i].category || int64(one.Timestamp) != believed[i].at*1000) {
			t.Fatalf("%s says %v of %s, who is believed to be %+v", what, one, u.Username, *believed[i])
		}
		delete(got, u.ID)
	}
	if len(got) > 0 {
		t.Fatalf("%s has strangers: %v", what, got)
	}
}
