package barriers_test

import (
	"context"
	"fmt"
	"slices"
	"time"

	"pgregory.net/rapid"

	"podium/internal/db"
	"podium/podtest"
)

// check checks that streams are active exactly if no members are separated, that they have the
// expected members, and that one account finds all the others.
func (m *model) check(t *rapid.T) {
	t.Helper()
	m.find(t)
	for _, r := range m.inRooms {
		m.checkRoom(t, r)
	}
	for _, one := range m.chats {
		able := enabled(one.set)
		if len(able) == 0 {
			continue // no member can look
		}
		var info struct {
			System struct {
				Active bool `json:"active"`
			} `json:"IMSystemInfo"`
		}
		answer := able[0].Get("/pod/v1/im/" + one.id + "/info")
		want(t, answer, 200)
		answer.Into(&info)
		if info.System.Active != (!m.divided(one.set) && len(able) == len(one.set)) {
			t.Fatalf("the IM of %v is active: %v", names(one.set), info.System.Active)
		}
	}
	m.checkLists(t)
}

func (m *model) checkRoom(t *rapid.T, r *room) {
	t.Helper()
	var info struct {
		System struct {
			Active bool `json:"active"`
		} `json:"roomSystemInfo"`
	}
	answer := m.adminOf(r).Get("/pod/v3/room/" + r.id + "/info")
	want(t, answer, 200)
	answer.Into(&info)
	if info.System.Active != m.isActive(r) {
		t.Fatalf("the room of %v is active: %v; not deactivated by a call: %v", names(r.people()), info.System.Active, r.open)
	}
	var members []struct {
		ID    int64 `json:"id"`
		Owner bool  `json:"owner"`
	}
	answer = m.adminOf(r).Get("/pod/v2/room/" + r.id + "/membership/list")
	want(t, answer, 200)
	answer.Into(&members)
	same := len(members) == len(r.members)
	for i := 0; same && i < len(members); i++ {
		same = members[i].ID == r.members[i].ID && members[i].Owner == r.members[i].owner
	}
	if !same {
		t.Fatalf("%v instead of %v, who are owned by %v", members, names(r.people()), names(r.owners()))
	}
}

func names(list []*person) (names []string) {
	for _, p := range list {
		names = append(names, fmt.Sprint(p.ID, p.Username, p.groups, p.enabled))
	}
	return names
}

// people checks whether one account is connected with the accounts of this run.
func (m *model) people(t *rapid.T) {
	a := m.anyone(t, "who")
	for _, p := range m.persons {
		if p == a {
			continue
		}
		status := 200
		if m.apart(a, p) {
			status = 404
		}
		want(t, a.Get(fmt.Sprintf("/pod/v1/connection/user/%d/info", p.ID)), status)
	}
}

// somewhere draws a node for an account, and so one of the two ways in which searches apply
// barriers.
func (m *model) somewhere(t *rapid.T, a *person) *podtest.User {
	node := rapid.SampledFrom([]*podtest.Pod{m.p, m.other}).Draw(t, "node")
	node.Inner.Barriers.Worth = rapid.SampledFrom([]int64{0, 1, 1_000}).Draw(t, "how many marks are made for")
	return node.As(a.User)
}

// find checks which accounts of this run one account finds.
func (m *model) find(t *rapid.T) {
	t.Helper()
	a := m.anyone(t, "who")
	var found struct {
		Count int `json:"count"`
		Users []struct {
			ID int64 `json:"id"`
		} `json:"users"`
	}
	answer := m.somewhere(t, a).Post("/pod/v1/user/search", map[string]string{"query": m.word})
	want(t, answer, 200)
	answer.Into(&found)
	var got, expected []int64
	for _, u := range found.Users {
		got = append(got, u.ID)
	}
	for _, p := range m.persons {
		if p.enabled && !m.apart(a, p) {
			expected = append(expected, p.ID)
		}
	}
	slices.Sort(got)
	if !slices.Equal(got, expected) || found.Count != len(expected) {
		t.Fatalf("%s finds %v (%d), not %v", a.Username, got, found.Count, expected)
	}
}

// search checks which rooms of this run one account finds.
func (m *model) search(t *rapid.T) {
	a := m.anyone(t, "who")
	var found struct {
		Rooms []struct {
			Attributes struct {
				Name string `json:"name"`
			} `json:"roomAttributes"`
		} `json:"rooms"`
	}
	answer := m.somewhere(t, a).Post("/pod/v3/room/search", map[string]string{"query": m.word})
	want(t, answer, 200)
	answer.Into(&found)
	var got, expected []string
	for _, r := range found.Rooms {
		got = append(got, r.Attributes.Name)
	}
	for _, r := range m.inRooms {
		barred := slices.ContainsFunc(r.people(), func(p *person) bool { return m.apart(a, p) })
		if r.find(a) != nil || r.company == a.company && m.isActive(r) && (r.public || r.discoverable && !barred) {
			expected = append(expected, r.name)
		}
	}
	slices.Sort(got)
	if !slices.Equal(got, expected) {
		t.Fatalf("%s finds %v, not %v", a.Username, got, expected)
	}
}

// presence checks what one account sees of another's change, by a look-up and in a feed.
func (m *model) presence(t *rapid.T) {
	a, b := m.anyone(t, "who"), m.anyone(t, "whom")
	category := rapid.SampledFrom([]string{"BUSY", "AVAILABLE", "ON_THE_PHONE"}).Draw(t, "category")
	var before, after struct {
		Category string `json:"category"`
	}
	b.Get("/pod/v2/user/presence").Into(&before)
	b.Post("/pod/v2/user/presence?soft=false", map[string]string{"category": category}).Into(&after)
	if before.Category != after.Category {
		for _, p := range m.persons {
			if !slices.Contains(m.waiting[p], b) {
				m.waiting[p] = append(m.waiting[p], b)
			}
		}
	}
	status := 200
	if m.apart(a, b) {
		status = 403
	}
	want(t, a.Get(fmt.Sprintf("/pod/v3/user/%d/presence", b.ID)), status)
	expected := map[int64]bool{}
	for _, p := range m.waiting[a] {
		if !m.apart(a, p) {
			expected[p.ID] = true
		}
	}
	settle(t, m.p)
	for range 3 { // a page that barriers hide completely is skipped
		var list []struct {
			UserID int64 `json:"userId"`
		}
		answer := a.Get("/pod/v1/presence/feed/" + a.feed + "/read")
		want(t, answer, 200)
		answer.Into(&list)
		for _, p := range list {
			if !expected[p.UserID] && !m.stirred(a, p.UserID) {
				t.Fatalf("%s is told of %d; %v changed", a.Username, p.UserID, names(m.waiting[a]))
			}
			delete(expected, p.UserID)
		}
	}
	if len(expected) > 0 {
		t.Fatalf("%s is not told of %v", a.Username, expected)
	}
	delete(m.waiting, a)
}

// stirred reports whether an account's presence may be delivered because the account was disabled
// or enabled.
func (m *model) stirred(a *person, id int64) bool {
	return slices.ContainsFunc(m.persons, func(p *person) bool { return p.ID == id && p.stirred && !m.apart(a, p) })
}

// settle waits until feeds deliver every change: a transaction of another test on the same server
// may delay them.
func settle(t *rapid.T, p *podtest.Pod) {
	for {
		hidden, err := db.Read(context.Background(), p.Inner.DB, func(tx *db.Tx) (int64, error) {
			horizon, err := tx.Horizon()
			if err != nil {
				return 0, err
			}
			return db.Value[int64](tx, `SELECT COUNT(*) FROM presence WHERE position >= $1`, horizon)
		})
		if err != nil {
			t.Fatal(err)
		}
		if hidden == 0 {
			return
		}
		time.Sleep(time.Millisecond) // no notification tells of another test's transaction
	}
}
