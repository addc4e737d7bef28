package barriers_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/pod/barriers"
	"podium/podtest"
)

// Whatever happens to groups, policies, rooms, IMs and presence: nobody shares an active stream with, sees the presence of, finds or is connected with
// whom an active policy keeps apart from him, and nobody else is hindered.
func TestNoBarredPairMeets(t *testing.T) {
	t.Parallel()
	clock := podtest.NewClock()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		p.Inner.Presence.Hold = 0
		m := &model{p: p, clock: clock, admin: p.Bot("acme-admin")}
		rapid.Check(t, func(t *rapid.T) {
			m.begin(t)
			for range 30 {
				clock.Advance(time.Millisecond)
				steps[rapid.SampledFrom(kinds).Draw(t, "operation")](m, t)
				m.check(t)
			}
		})
	}, podtest.WithClock(clock))
}

var kinds = []string{"join", "join", "join", "leave", "policy", "policy", "room", "add", "add", "add", "remove", "active", "im", "im", "people", "rooms", "presence"}

var steps = map[string]func(*model, *rapid.T){
	"join": (*model).join, "leave": (*model).leave, "policy": (*model).policy, "room": (*model).newRoom, "add": (*model).add,
	"remove": (*model).remove, "active": (*model).active, "im": (*model).im, "people": (*model).people, "rooms": (*model).search,
	"presence": (*model).presence,
}

type person struct {
	*podtest.User
	groups map[int]bool
	feed   string
}

// policy keeps apart whoever is in different ones of some groups.
type policy struct {
	id     string
	groups []int
	active bool
}

type room struct {
	id, name             string
	public, discoverable bool
	open                 bool // nobody has deactivated it
	members              []*person
}

type im struct {
	id  string
	set []*person
}

type model struct {
	p        *podtest.Pod
	clock    *podtest.Clock
	admin    *podtest.User
	runs     int
	word     string // that names of this run begin with
	persons  []*person
	groups   []string
	policies []*policy
	chats    map[string]*im
	inRooms  []*room
	waiting  map[*person][]*person // who has changed since a feed was read
}

func write(t *rapid.T, p *podtest.Pod, fn func(tx *db.Tx, caller auth.Caller) error) {
	t.Helper()
	_, err := db.Write(context.Background(), p.Inner.DB, func(tx *db.Tx) (struct{}, error) {
		return struct{}{}, fn(tx, auth.Caller{Company: 190})
	})
	if err != nil {
		t.Fatal(err)
	}
}

func want(t *rapid.T, a podtest.Answer, status int) {
	t.Helper()
	if a.Status != status {
		t.Fatalf("%d instead of %d: %s", a.Status, status, a.Body)
	}
}

func (m *model) begin(t *rapid.T) {
	m.runs++
	m.word = fmt.Sprintf("run%dx", m.runs)
	m.persons, m.groups, m.policies, m.inRooms, m.chats, m.waiting = nil, nil, nil, nil, map[string]*im{}, map[*person][]*person{}
	for i := range 4 {
		m.persons = append(m.persons, &person{User: m.p.User(fmt.Sprintf("%s%d", m.word, i)), groups: map[int]bool{}})
	}
	write(t, m.p, func(tx *db.Tx, caller auth.Caller) error {
		m.groups, m.policies = nil, nil
		for i := range 3 {
			g, err := m.p.Inner.Barriers.CreateGroup(tx, caller, fmt.Sprint(m.word, i))
			if err != nil {
				return err
			}
			m.groups = append(m.groups, g.ID)
		}
		for _, between := range [][]int{{0, 1}, {1, 2}, {0, 1, 2}} {
			p := barriers.Policy{Type: barriers.Block}
			for _, g := range between {
				p.Groups = append(p.Groups, m.groups[g])
			}
			made, err := m.p.Inner.Barriers.CreatePolicy(tx, caller, p)
			if err != nil {
				return err
			}
			m.policies = append(m.policies, &policy{made.ID, between, false})
		}
		return nil
	})
	for _, p := range m.persons {
		var made struct {
			ID string `json:"id"`
		}
		p.Post("/pod/v1/presence/feed/create", nil).Into(&made)
		p.feed = made.ID
	}
	m.newRoom(t)
}

// apart is what all of this is about.
func (m *model) apart(a, b *person) bool {
	if a == b {
		return false
	}
	for _, p := range m.policies {
		for _, g := range p.groups {
			for _, h := range p.groups {
				if p.active && g != h && a.groups[g] && b.groups[h] {
					return true
				}
			}
		}
	}
	return false
}

func (m *model) divided(list []*person) bool {
	for i, a := range list {
		for _, b := range list[:i] {
			if m.apart(a, b) {
				return true
			}
		}
	}
	return false
}

func (m *model) somebody(t *rapid.T, who string) *person {
	return rapid.SampledFrom(m.persons).Draw(t, who)
}

func (m *model) join(t *rapid.T)  { m.move(t, "add", true, "User already in group") }
func (m *model) leave(t *rapid.T) { m.move(t, "remove", false, "User not in group") }

// move changes who is in a group, of some at once.
func (m *model) move(t *rapid.T, how string, in bool, reason string) {
	g := rapid.IntRange(0, len(m.groups)-1).Draw(t, "group")
	list := rapid.SliceOfN(rapid.SampledFrom(m.persons), 1, 3).Draw(t, "whom")
	var ids []int64
	expected := barriers.Result{Overall: barriers.Success}
	for _, p := range list {
		ids = append(ids, p.ID)
		result := ""
		if p.groups[g] == in {
			result, expected.Overall = reason, barriers.Fail
		}
		expected.Results = append(expected.Results, result)
		p.groups[g] = in
	}
	answer := m.admin.Post("/pod/v1/admin/group/"+m.groups[g]+"/membership/"+how, ids)
	want(t, answer, 200)
	var got barriers.Result
	answer.Into(&got)
	if got.Overall != expected.Overall || !slices.Equal(got.Results, expected.Results) {
		t.Fatalf("%v instead of %v", got, expected)
	}
}

func (m *model) policy(t *rapid.T) {
	p := rapid.SampledFrom(m.policies).Draw(t, "policy")
	p.active = !p.active
	write(t, m.p, func(tx *db.Tx, caller auth.Caller) error {
		return m.p.Inner.Barriers.SetPolicyActive(tx, caller, p.id, p.active)
	})
}

func (m *model) newRoom(t *rapid.T) {
	if len(m.inRooms) == 4 {
		return
	}
	a := m.somebody(t, "owner")
	r := &room{name: fmt.Sprintf("%s room %d", m.word, len(m.inRooms)), public: rapid.Bool().Draw(t, "public"), open: true, members: []*person{a}}
	body := map[string]any{"name": r.name, "public": r.public, "membersCanInvite": true}
	if r.discoverable = r.public; !r.public {
		r.discoverable = rapid.Bool().Draw(t, "discoverable")
		body["discoverable"] = r.discoverable
	}
	answer := a.Post("/pod/v3/room/create", body)
	want(t, answer, 200)
	var made struct {
		Info struct {
			ID string `json:"id"`
		} `json:"roomSystemInfo"`
	}
	answer.Into(&made)
	r.id = made.Info.ID
	m.inRooms = append(m.inRooms, r)
}

func (m *model) room(t *rapid.T) *room { return rapid.SampledFrom(m.inRooms).Draw(t, "room") }

func (m *model) add(t *rapid.T) {
	r, whom := m.room(t), m.somebody(t, "whom")
	by := rapid.SampledFrom(r.members).Draw(t, "by").User
	if rapid.Bool().Draw(t, "by an administrator") {
		by = m.admin
	} else if r.public && rapid.Bool().Draw(t, "by himself") {
		by = whom.User
	}
	answer := by.Post("/pod/v1/room/"+r.id+"/membership/add", map[string]int64{"id": whom.ID})
	switch {
	case !r.open || m.divided(r.members), slices.Contains(r.members, whom):
		want(t, answer, 400)
	case m.divided(append(slices.Clone(r.members), whom)):
		want(t, answer, 403)
	default:
		want(t, answer, 200)
		r.members = append(r.members, whom)
	}
}

func (m *model) remove(t *rapid.T) {
	r, whom := m.room(t), m.somebody(t, "whom")
	by := rapid.SampledFrom([]*podtest.User{m.admin, r.members[0].User, whom.User}).Draw(t, "by")
	if whom == r.members[0] && len(r.members) == 1 {
		return // nobody would be left
	}
	answer := by.Post("/pod/v1/room/"+r.id+"/membership/remove", map[string]int64{"id": whom.ID})
	switch {
	case !r.open, !slices.Contains(r.members, whom), whom == r.members[0]:
		want(t, answer, 400)
	default:
		want(t, answer, 200)
		r.members = slices.DeleteFunc(r.members, func(p *person) bool { return p == whom })
	}
}

func (m *model) active(t *rapid.T) {
	r, active := m.room(t), rapid.Bool().Draw(t, "active")
	answer := m.admin.Post(fmt.Sprintf("/pod/v1/room/%s/setActive?active=%v", r.id, active), nil)
	if active && m.divided(r.members) {
		want(t, answer, 403)
		return
	}
	want(t, answer, 200)
	r.open = active
}

func (m *model) im(t *rapid.T) {
	a := m.somebody(t, "by")
	set := []*person{a}
	var ids []int64
	for _, p := range rapid.SliceOfN(rapid.SampledFrom(m.persons), 1, 2).Draw(t, "with") {
		if !slices.Contains(set, p) {
			set, ids = append(set, p), append(ids, p.ID)
		}
	}
	if len(ids) == 0 {
		return
	}
	slices.SortFunc(set, func(a, b *person) int { return int(a.ID - b.ID) })
	answer := a.Post("/pod/v1/im/create", ids)
	if m.divided(set) {
		want(t, answer, 403)
		return
	}
	want(t, answer, 200)
	one := &im{set: set}
	answer.Into(&struct {
		ID *string `json:"id"`
	}{&one.id})
	m.chats[one.id] = one
}
