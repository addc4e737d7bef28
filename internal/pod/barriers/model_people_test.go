package barriers_test

import (
	"fmt"
	"slices"

	"pgregory.net/rapid"
)

// account disables or enables an account of Acme.
func (m *model) account(t *rapid.T) {
	p := rapid.SampledFrom(m.persons).Draw(t, "whom")
	status := "ENABLED"
	if p.enabled {
		status = "DISABLED"
		if len(enabled(m.persons)) == 1 {
			return // no account would be left
		}
	}
	want(t, m.admin.Post(fmt.Sprintf("/pod/v1/admin/user/%d/status/update", p.ID), map[string]any{"status": status}), 200)
	p.enabled, p.stirred = !p.enabled, true
	if p.enabled {
		p.Login()
		m.follow(t, p)
		delete(m.waiting, p)
		return
	}
	for _, r := range m.inRooms {
		x := r.find(p)
		if x == nil {
			continue
		}
		x.owner = false
		if r.open {
			r.inherit()
			r.vacated()
		}
	}
	for _, l := range m.lists {
		if slices.Contains(l.on, p) {
			_, l.on = split(l.on, []*person{p})
			m.taken(l, []*person{p})
		}
	}
}

// pair returns two people in the order of their ids.
func pair(a, b *person) [2]*person {
	if a.ID > b.ID {
		a, b = b, a
	}
	return [2]*person{a, b}
}

// connected reports whether two people are connected, as the pod should see it: within a company
// all are.
func (m *model) connected(a, b *person) bool { return a.company == b.company || m.links[pair(a, b)] }

// link connects or disconnects two people; those of one company are connected unless they are
// separated.
func (m *model) link(t *rapid.T) {
	a, b := m.anyone(t, "who"), rapid.SampledFrom(enabled(m.everybody())).Draw(t, "with whom")
	if a == b {
		return
	}
	if rapid.Bool().Draw(t, "the other asks") {
		a, b = b, a
	}
	ask := a.Post("/pod/v1/connection/create", map[string]int64{"userId": b.ID})
	accept := b.Post("/pod/v1/connection/accept", map[string]int64{"userId": a.ID})
	if m.apart(a, b) {
		want(t, ask, 403)
		want(t, accept, 404)
		return
	}
	want(t, ask, 200)
	want(t, accept, 200)
	if a.company == b.company {
		return
	}
	m.links[pair(a, b)] = true
	if rapid.Bool().Draw(t, "and parts") {
		want(t, a.Post(fmt.Sprintf("/pod/v1/connection/user/%d/remove", b.ID), nil), 200)
		m.links[pair(a, b)] = false
	}
}

// linked checks the connections of one account.
func (m *model) linked(t *rapid.T) {
	a := rapid.SampledFrom(enabled(m.everybody())).Draw(t, "who")
	query := ""
	var expected []int64
	for _, p := range m.everybody() {
		query += fmt.Sprintf("&userIds=%d", p.ID)
		if p != a && m.connected(a, p) && !m.apart(a, p) {
			expected = append(expected, p.ID)
		}
	}
	var listed []struct {
		ID int64 `json:"userId"`
	}
	answer := a.Get("/pod/v1/connection/list?status=ACCEPTED" + query)
	want(t, answer, 200)
	answer.Into(&listed)
	var got []int64
	for _, c := range listed {
		got = append(got, c.ID)
	}
	slices.Sort(got)
	if !slices.Equal(got, expected) {
		t.Fatalf("%s is connected with %v, not %v", a.Username, got, expected)
	}
}

// outside checks what accounts of different companies see of each other, whatever barriers one
// company has.
func (m *model) outside(t *rapid.T) {
	a, b := m.anyone(t, "who"), rapid.SampledFrom(m.strangers).Draw(t, "whom")
	info, presence := 404, 403
	if m.connected(a, b) {
		info, presence = 200, 200
	}
	for _, two := range [][2]*person{{a, b}, {b, a}} {
		want(t, two[0].Get(fmt.Sprintf("/pod/v1/connection/user/%d/info", two[1].ID)), info)
		want(t, two[0].Get(fmt.Sprintf("/pod/v3/user/%d/presence", two[1].ID)), presence)
	}
}

// GoString keeps rapid's failure reports short.
func (p *person) GoString() string {
	return fmt.Sprintf("%s (%d, enabled %v, groups %v)", p.Username, p.ID, p.enabled, p.groups)
}
