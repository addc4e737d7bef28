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
	"podium/internal/db/dbtest"
	"podium/internal/notify"
	"podium/internal/pod/barriers"
	"podium/podtest"
)

// TestNoSeparatedPairMeets changes groups, policies, rooms, lists, IMs, presence, connections and
// accounts at random. No account shares an active stream or a new list with an account that an
// active policy separates from it, sees its presence, finds it or is connected with it. All other
// pairs are unaffected, above all accounts of different companies.
func TestNoSeparatedPairMeets(t *testing.T) {
	if testing.Short() {
		t.Skip("slow: make test runs it")
	}
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		clock, url, between := podtest.NewClock(), dbtest.URL(t, kind), notify.NewLocal()
		p := podtest.StartOn(t, kind, podtest.WithClock(clock), podtest.WithNotifier(between), podtest.FreshAt(url))
		other := podtest.StartOn(t, kind, podtest.WithClock(clock), podtest.WithNotifier(between), podtest.OnDatabase(url))
		p.Inner.Presence.Hold = 0
		m := &model{p: p, other: other, clock: clock, admin: p.Bot("acme-admin"), theirs: p.Stranger("globex-admin"), manager: newManager(p)}
		// What differs between the databases shows within few operations, and PostgreSQL takes twice as
		// long for each.
		operations := 25
		if kind == dbtest.Postgres {
			operations = 10
		}
		rapid.Check(t, func(t *rapid.T) {
			m.begin(t)
			for range operations {
				clock.Advance(time.Millisecond)
				steps[rapid.SampledFrom(kinds).Draw(t, "operation")](m, t)
				m.check(t)
			}
		})
	})
}

var kinds = []string{
	"join", "join", "join", "leave", "policy", "policy", "room", "add", "add", "add", "remove", "active", "im", "im", "people", "rooms", "presence",
	"list", "on list", "change list", "change list", "list comes", "list comes", "list goes", "account", "link", "link", "linked", "outside",
}

var steps = map[string]func(*model, *rapid.T){
	"join": (*model).join, "leave": (*model).leave, "policy": (*model).policy, "room": (*model).newRoom, "add": (*model).add,
	"remove": (*model).remove, "active": (*model).active, "im": (*model).im, "people": (*model).people, "rooms": (*model).search,
	"presence": (*model).presence, "list": (*model).newList, "on list": (*model).onList, "change list": (*model).change,
	"list comes": (*model).listComes, "list goes": (*model).listGoes, "account": (*model).account,
	"link": (*model).link, "linked": (*model).linked, "outside": (*model).outside,
}

type person struct {
	*podtest.User
	company int
	enabled bool
	stirred bool // was disabled in this run
	groups  map[int]bool
	feed    string
}

// policy separates the members of different groups.
type policy struct {
	id     string
	groups []int
	active bool
}

type im struct {
	id  string
	set []*person
}

type model struct {
	p, other      *podtest.Pod // two nodes
	clock         *podtest.Clock
	admin, theirs *podtest.User // of Acme; of Globex
	manager       manager
	runs          int
	word          string    // the beginning of all names of this run
	persons       []*person // of Acme
	strangers     []*person // of Globex; they are separated from no account
	groups        []string
	policies      []*policy
	chats         map[string]*im
	inRooms       []*room
	lists         []*list
	links         map[[2]*person]bool   // the connected pairs of different companies
	waiting       map[*person][]*person // who changed since the feed was last read
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
	m.persons, m.strangers, m.groups, m.policies, m.inRooms, m.lists = nil, nil, nil, nil, nil, nil
	m.chats, m.waiting, m.links = map[string]*im{}, map[*person][]*person{}, map[[2]*person]bool{}
	for i := range 4 {
		m.persons = append(m.persons, &person{User: m.p.User(fmt.Sprintf("%s%d", m.word, i)), company: 190, enabled: true, groups: map[int]bool{}})
	}
	for i := range 2 {
		u := m.p.Stranger(fmt.Sprintf("stranger%d-%d", m.runs, i))
		m.strangers = append(m.strangers, &person{User: u, company: 191, enabled: true})
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
		m.follow(t, p)
	}
	m.newRoom(t)
}

// follow creates a presence feed for an account. It delivers no earlier change.
func (m *model) follow(t *rapid.T, p *person) {
	settle(t, m.p)
	var made struct {
		ID string `json:"id"`
	}
	answer := p.Post("/pod/v1/presence/feed/create", nil)
	want(t, answer, 200)
	answer.Into(&made)
	p.feed = made.ID
}

// apart reports whether two people are separated, by the model.
func (m *model) apart(a, b *person) bool {
	if a == b || a.company != b.company {
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

// anyone draws an enabled account of Acme; there is always one.
func (m *model) anyone(t *rapid.T, who string) *person {
	return rapid.SampledFrom(enabled(m.persons)).Draw(t, who)
}

// everybody returns the accounts of both companies, disabled ones too.
func (m *model) everybody() []*person { return slices.Concat(m.persons, m.strangers) }

func enabled(list []*person) []*person {
	return slices.DeleteFunc(slices.Clone(list), func(p *person) bool { return !p.enabled })
}

func (m *model) join(t *rapid.T)  { m.move(t, "add", true, "User already in group") }
func (m *model) leave(t *rapid.T) { m.move(t, "remove", false, "User not in group") }

// move adds some accounts to a group, or removes them, in one call.
func (m *model) move(t *rapid.T, how string, in bool, reason string) {
	g := rapid.IntRange(0, len(m.groups)-1).Draw(t, "group")
	list := rapid.SliceOfN(rapid.SampledFrom(m.persons), 1, 3).Draw(t, "whom")
	var ids []int64
	expected := barriers.Result{Overall: barriers.Success}
	for _, p := range list {
		ids = append(ids, p.ID)
		result := ""
		switch {
		case p.groups[g] == in:
			result = reason
		case !p.enabled && !in:
			result = "User is not active"
		default:
			p.groups[g] = in
		}
		if result != "" {
			expected.Overall = barriers.Fail
		}
		expected.Results = append(expected.Results, result)
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
