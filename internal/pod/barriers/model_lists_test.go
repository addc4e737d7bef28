package barriers_test

import (
	"encoding/json"
	"fmt"
	"slices"

	"pgregory.net/rapid"
)

// list is a distribution list of Acme.
type list struct {
	known
	name   string
	active bool
	on     []*person // in the order of their ids
}

// expect calls an operation as a manager of lists, and checks the status.
func (m *model) expect(t *rapid.T, status int, method, path string, body any) []byte {
	t.Helper()
	got, answer, err := m.manager.call(method, path, body)
	if err != nil {
		t.Fatal(err)
	}
	if got != status {
		t.Fatalf("%s %s: %d instead of %d: %s", method, path, got, status, answer)
	}
	return answer
}

func idsOf(list []*person) (ids []int64) {
	for _, p := range list {
		ids = append(ids, p.ID)
	}
	return ids
}

func byID(a, b *person) int { return int(a.ID - b.ID) }

// some draws accounts of Acme, in the order of their ids. Some may be disabled.
func (m *model) some(t *rapid.T) []*person {
	drawn := rapid.SliceOfNDistinct(rapid.SampledFrom(m.persons), 0, 3, rapid.ID).Draw(t, "members")
	slices.SortFunc(drawn, byID)
	return drawn
}

// mayCome returns the status that refuses people as new members of a list; 0 if they may join.
func (m *model) mayCome(staying, fresh []*person) int {
	if len(enabled(fresh)) < len(fresh) {
		return 400
	}
	for _, p := range fresh {
		for _, q := range slices.Concat(staying, fresh) {
			if m.apart(p, q) {
				return 452
			}
		}
	}
	return 0
}

func (m *model) newList(t *rapid.T) {
	if len(m.lists) == 2 {
		return
	}
	l := &list{name: fmt.Sprintf("%s list %d", m.word, len(m.lists)), active: true, on: m.some(t)}
	status := m.mayCome(nil, l.on)
	if status == 0 {
		status = 201
	}
	answer := m.expect(t, status, "POST", "", listBody(l.name, idsOf(l.on)...))
	if status != 201 {
		return
	}
	if err := l.made(answer); err != nil {
		t.Fatal(err)
	}
	m.lists = append(m.lists, l)
}

func (m *model) list(t *rapid.T) *list {
	if len(m.lists) == 0 {
		m.newList(t)
	}
	if len(m.lists) == 0 {
		return nil // it was refused
	}
	return rapid.SampledFrom(m.lists).Draw(t, "list")
}

func (m *model) onList(t *rapid.T) {
	l, p := m.list(t), rapid.SampledFrom(m.persons).Draw(t, "whom")
	if l == nil {
		return
	}
	status := 200
	if !l.active || slices.Contains(l.on, p) {
		status = 400
	} else if refused := m.mayCome(l.on, []*person{p}); refused != 0 {
		status = refused
	}
	m.expect(t, status, "POST", "/"+l.id+"/member", memberBody(p.ID))
	if status == 200 {
		l.on = append(l.on, p)
		slices.SortFunc(l.on, byID)
		m.brought(l, []*person{p})
	}
}

// change sets the members of a list, deletes or restores it, or does both at once.
func (m *model) change(t *rapid.T) {
	l := m.list(t)
	if l == nil {
		return
	}
	body, will, active := listBody(l.name), l.on, rapid.Bool().Draw(t, "active")
	delete(body, "members")
	if rapid.Bool().Draw(t, "with members") {
		will = m.some(t)
		body = listBody(l.name, idsOf(will)...)
	}
	body["status"] = map[bool]string{true: "ACTIVE", false: "DELETED"}[active]
	staying, leaving := split(l.on, will)
	_, fresh := split(will, l.on)
	status := 200
	if !active && len(fresh) > 0 {
		status = 400
	} else if refused := m.mayCome(staying, fresh); refused != 0 {
		status = refused
	} else if active && !l.active && m.divided(staying) {
		status = 452
	}
	m.expect(t, status, "PUT", "/"+l.id, body)
	if status != 200 {
		return
	}
	was := l.active
	if l.active = active; was && !active {
		leaving = l.on
	}
	if l.on = will; was {
		m.taken(l, leaving)
	}
	switch {
	case active && !was:
		m.brought(l, will)
	case active:
		m.brought(l, fresh)
	}
}

// split returns those of a list who are also in the other list, and those who are not.
func split(list, other []*person) (in, out []*person) {
	for _, p := range list {
		if slices.Contains(other, p) {
			in = append(in, p)
		} else {
			out = append(out, p)
		}
	}
	return in, out
}

// brought adds people of a list to the rooms that the list is in, except those who are separated
// from a member.
func (m *model) brought(l *list, people []*person) {
	for _, r := range m.inRooms {
		if slices.Contains(r.lists, l) {
			m.enter(r, people)
		}
	}
}

func (m *model) enter(r *room, people []*person) {
	for _, p := range people {
		apart := slices.ContainsFunc(r.people(), func(q *person) bool { return m.apart(p, q) })
		if r.find(p) == nil && !apart {
			r.members = append(r.members, &member{person: p, guest: true})
		}
	}
}

// taken removes people from the rooms that a list is in, if no other list brings them.
func (m *model) taken(l *list, people []*person) {
	for _, r := range m.inRooms {
		if slices.Contains(r.lists, l) {
			m.gone(r, people)
		}
	}
}

func (m *model) gone(r *room, people []*person) {
	for _, p := range people {
		still := slices.ContainsFunc(r.lists, func(l *list) bool { return l.active && slices.Contains(l.on, p) })
		if x := r.find(p); x != nil && x.guest && !still {
			r.drop(p)
			r.vacated()
		}
	}
}

func (m *model) listComes(t *rapid.T) {
	r, l := m.room(t), m.list(t)
	if l == nil {
		return
	}
	by := m.inviter(t, r)
	user, company := m.adminOf(r), r.company
	if by != nil {
		user, company = by.User, by.company
	}
	answer := user.Post("/pod/v1/room/"+r.id+"/membership/add", map[string]int64{"id": l.account})
	switch {
	case !m.isActive(r), !l.active, company != 190, slices.Contains(r.lists, l):
		want(t, answer, 400)
	default:
		want(t, answer, 200)
		r.lists = append(r.lists, l)
		m.enter(r, l.on)
	}
}

func (m *model) listGoes(t *rapid.T) {
	r, l := m.room(t), m.list(t)
	if l == nil {
		return
	}
	answer := m.adminOf(r).Post("/pod/v1/room/"+r.id+"/membership/remove", map[string]int64{"id": l.account})
	if !r.open || !slices.Contains(r.lists, l) {
		want(t, answer, 400)
		return
	}
	want(t, answer, 200)
	r.lists = slices.DeleteFunc(r.lists, func(other *list) bool { return other == l })
	if l.active {
		m.gone(r, l.on)
	}
}

// checkLists checks the members of all lists.
func (m *model) checkLists(t *rapid.T) {
	t.Helper()
	for _, l := range m.lists {
		type member struct {
			ID int64 `json:"memberId"`
		}
		var got struct {
			Status  string
			Members []member
		}
		answer := m.expect(t, 200, "GET", "/"+l.id, nil)
		if err := json.Unmarshal(answer, &got); err != nil {
			t.Fatalf("%v: %s", err, answer)
		}
		slices.SortFunc(got.Members, func(a, b member) int { return int(a.ID - b.ID) })
		same := len(got.Members) == len(l.on) && (got.Status == "ACTIVE") == l.active
		for i := 0; same && i < len(l.on); i++ {
			same = got.Members[i].ID == l.on[i].ID
		}
		if !same {
			t.Fatalf("%s instead of %v (active %v)", answer, names(l.on), l.active)
		}
	}
}

// String keeps rapid's failure reports short.
func (l *list) String() string {
	return fmt.Sprintf("%s (active %v) %v", l.name, l.active, names(l.on))
}

// GoString returns the same as String.
func (l *list) GoString() string { return l.String() }
