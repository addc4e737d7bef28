package streams_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"podium/podtest"
)

// TestStreamsLikeAModel changes rooms, members, IMs and accounts at random, and compares what all
// users see with a model.
func TestStreamsLikeAModel(t *testing.T) {
	if testing.Short() {
		t.Skip("slow: make test runs it")
	}
	t.Parallel()
	clock := podtest.NewClock()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		steps := podtest.ModelOperations(t)
		m := &model{p: p, clock: clock, admin: p.Bot("acme-admin"), taken: map[string]bool{}}
		rapid.Check(t, func(t *rapid.T) {
			m.begin(t)
			for range steps {
				clock.Advance(time.Millisecond)
				m.step(t)
			}
			m.lists(t)
		})
	}, podtest.WithClock(clock))
}

// person is a user in the model.
type person struct {
	*podtest.User
	enabled    bool
	mayPublish bool // may create public rooms
}

// member is a member of a room in the model.
type member struct {
	*person
	owner bool
}

// room is a room in the model. Its members are in the order in which they joined.
type room struct {
	id, name             string
	public, invite, seen bool
	active               bool
	members              []*member
	former               map[int64]bool
}

// chat is an IM or a MIM in the model.
type chat struct {
	id  string
	set []*person
}

type model struct {
	p      *podtest.Pod
	clock  *podtest.Clock
	admin  *podtest.User
	made   int
	people []*person
	rooms  []*room
	order  []any // rooms and chats, as they were made
	chats  map[string]*chat
	taken  map[string]bool // names of rooms of all runs
}

// begin starts a run with users who are in no stream.
func (m *model) begin(t *rapid.T) {
	m.people, m.rooms, m.order, m.chats = nil, nil, nil, map[string]*chat{}
	for i := range 4 {
		m.made++
		u := m.p.User(fmt.Sprintf("model-%d", m.made))
		m.people = append(m.people, &person{User: u, enabled: true, mayPublish: i != 3})
	}
	off := []map[string]any{{"entitlment": "canCreatePublicRoom", "enabled": false}}
	want(t, m.admin.Post(fmt.Sprintf("/pod/v1/admin/user/%d/features/update", m.people[3].ID), off), 200)
	for len(m.rooms) == 0 {
		m.create(t)
	}
}

func want(t *rapid.T, a podtest.Answer, status int) {
	t.Helper()
	if a.Status != status {
		t.Fatalf("%d instead of %d: %s", a.Status, status, a.Body)
	}
}

// step performs one operation as a user who may.
func (m *model) step(t *rapid.T) {
	switch rapid.SampledFrom(kinds).Draw(t, "operation") {
	case "create":
		m.create(t)
	case "update":
		m.update(t)
	case "active":
		m.setActive(t)
	case "add":
		m.add(t)
	case "remove":
		m.remove(t)
	case "promote":
		m.promote(t)
	case "demote":
		m.demote(t)
	case "status":
		m.status(t)
	case "chat":
		m.chat(t)
	case "lists":
		m.lists(t)
	case "search":
		m.search(t)
	}
}

var kinds = []string{
	"create", "update", "active", "add", "add", "add", "add", "remove", "remove", "promote", "promote", "demote", "status", "chat", "lists", "search",
}

// actor draws an enabled user; nil is the administrator, who is in no room.
func (m *model) actor(t *rapid.T) *person {
	var able []*person
	for _, p := range m.people {
		if p.enabled {
			able = append(able, p)
		}
	}
	return rapid.SampledFrom(append(able, nil)).Draw(t, "actor")
}

func (m *model) anyone(t *rapid.T) *person { return rapid.SampledFrom(m.people).Draw(t, "whom") }

func (m *model) room(t *rapid.T) *room {
	return rapid.SampledFrom(m.rooms).Draw(t, "room")
}

func (m *model) user(a *person) *podtest.User {
	if a == nil {
		return m.admin
	}
	return a.User
}

func (r *room) find(p *person) *member {
	for _, x := range r.members {
		if p != nil && x.person == p {
			return x
		}
	}
	return nil
}

// owns reports whether a user may act as an owner; the administrator may.
func (r *room) owns(a *person) bool {
	x := r.find(a)
	return a == nil || x != nil && x.owner
}

func (r *room) owners() (n int) {
	for _, x := range r.members {
		if x.owner {
			n++
		}
	}
	return n
}

func (r *room) present() (n int) {
	for _, x := range r.members {
		if x.enabled {
			n++
		}
	}
	return n
}

// heir returns the member who becomes the owner of a room without one.
func (r *room) heir() *member {
	for _, x := range r.members {
		if x.enabled && (!r.public || x.mayPublish) {
			return x
		}
	}
	return nil
}

var someWords = rapid.SampledFrom([]string{"alpha", "beta", "gamma", "Delta", "epsilon"})

// name draws a name for a room, which another room may have.
func (m *model) name(t *rapid.T) string {
	return fmt.Sprintf("%s %s %d", someWords.Draw(t, "word"), someWords.Draw(t, "word"), m.people[0].ID+int64(rapid.IntRange(0, 1).Draw(t, "number")))
}

func key(name string) string { return strings.ToLower(strings.ReplaceAll(name, " ", "")) }

func (m *model) create(t *rapid.T) {
	a := m.actor(t)
	if a == nil {
		return // the administrator joins nothing
	}
	r := &room{name: m.name(t), public: rapid.Bool().Draw(t, "public"), active: true, former: map[int64]bool{}}
	body := map[string]any{"name": r.name, "public": r.public}
	r.invite, r.seen = r.public, r.public
	if !r.public {
		r.invite, r.seen = rapid.Bool().Draw(t, "invite"), rapid.Bool().Draw(t, "discoverable")
		body["membersCanInvite"], body["discoverable"] = r.invite, r.seen
	}
	answer := a.Post("/pod/v3/room/create", body)
	switch {
	case r.public && !a.mayPublish:
		want(t, answer, 403)
	case m.taken[key(r.name)]:
		want(t, answer, 400)
	default:
		want(t, answer, 200)
		var made struct {
			Info struct {
				ID string `json:"id"`
			} `json:"roomSystemInfo"`
		}
		answer.Into(&made)
		r.id, r.members = made.Info.ID, []*member{{a, true}}
		m.rooms, m.order, m.taken[key(r.name)] = append(m.rooms, r), append(m.order, r), true
		m.check(t, r)
	}
}

func (m *model) update(t *rapid.T) {
	a, r := m.actor(t), m.room(t)
	name, seen := m.name(t), rapid.Bool().Draw(t, "discoverable")
	body := map[string]any{"name": name, "discoverable": seen}
	answer := m.user(a).Post("/pod/v3/room/"+r.id+"/update", body)
	switch {
	case !r.owns(a):
		want(t, answer, 403)
	case !r.active, r.public && !seen, name == r.name && seen == r.seen, m.taken[key(name)] && key(name) != key(r.name):
		want(t, answer, 400)
	default:
		want(t, answer, 200)
		delete(m.taken, key(r.name))
		m.taken[key(name)] = true
		r.name, r.seen = name, seen
	}
	m.check(t, r)
}

func (m *model) setActive(t *rapid.T) {
	a, r, active := m.actor(t), m.room(t), rapid.Bool().Draw(t, "active")
	answer := m.user(a).Post(fmt.Sprintf("/pod/v1/room/%s/setActive?active=%v", r.id, active), nil)
	switch {
	case !r.owns(a):
		want(t, answer, 403)
	case active && !r.active && (r.present() == 0 || r.owners() == 0 && r.heir() == nil):
		want(t, answer, 400)
	default:
		want(t, answer, 200)
		if active && r.owners() == 0 {
			r.heir().owner = true
		}
		r.active = active
	}
	m.check(t, r)
}

func (m *model) membership(a *person, r *room, what string, whom *person) podtest.Answer {
	return m.user(a).Post("/pod/v1/room/"+r.id+"/membership/"+what, map[string]any{"id": whom.ID})
}

func (m *model) add(t *rapid.T) {
	a, r, whom := m.actor(t), m.room(t), m.anyone(t)
	answer := m.membership(a, r, "add", whom)
	x := r.find(a)
	switch {
	case a != nil && !(r.public && whom == a) && (x == nil || !x.owner && !r.invite):
		want(t, answer, 403)
	case !r.active, !whom.enabled, r.find(whom) != nil:
		want(t, answer, 400)
	default:
		want(t, answer, 200)
		r.members = append(r.members, &member{whom, false})
	}
	m.check(t, r)
}

func (m *model) remove(t *rapid.T) {
	a, r, whom := m.actor(t), m.room(t), m.anyone(t)
	answer := m.membership(a, r, "remove", whom)
	x := r.find(whom)
	left := r.present()
	if whom.enabled {
		left--
	}
	switch {
	case a != whom && !r.owns(a):
		want(t, answer, 403)
	case !r.active, x == nil, x.owner && r.owners() == 1 && left > 0:
		want(t, answer, 400)
	default:
		want(t, answer, 200)
		r.members = slices.DeleteFunc(r.members, func(y *member) bool { return y == x })
		r.former[whom.ID] = true
		r.active = r.present() > 0
	}
	m.check(t, r)
}

func (m *model) promote(t *rapid.T) {
	a, r, whom := m.actor(t), m.room(t), m.anyone(t)
	answer := m.membership(a, r, "promoteOwner", whom)
	x := r.find(whom)
	switch {
	case !r.owns(a):
		want(t, answer, 403)
	case x == nil, !x.owner && !whom.enabled:
		want(t, answer, 400)
	case !x.owner && r.public && !whom.mayPublish:
		want(t, answer, 403)
	default:
		want(t, answer, 200)
		x.owner = true
	}
	m.check(t, r)
}

func (m *model) demote(t *rapid.T) {
	a, r, whom := m.actor(t), m.room(t), m.anyone(t)
	answer := m.membership(a, r, "demoteOwner", whom)
	x := r.find(whom)
	switch {
	case !r.owns(a):
		want(t, answer, 403)
	case x == nil, !x.owner, r.owners() == 1:
		want(t, answer, 400)
	default:
		want(t, answer, 200)
		x.owner = false
	}
	m.check(t, r)
}
