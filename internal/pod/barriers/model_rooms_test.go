package barriers_test

import (
	"fmt"
	"slices"

	"pgregory.net/rapid"

	"podium/podtest"
)

type room struct {
	id, name                    string
	company                     int
	public, discoverable, cross bool
	open                        bool // not deactivated by a call
	// in the order in which they joined; those who joined together, by id
	members []*member
	lists   []*list
}

type member struct {
	*person
	owner bool
	guest bool // a member through lists only
}

func (r *room) people() (list []*person) {
	for _, x := range r.members {
		list = append(list, x.person)
	}
	return list
}

func (r *room) find(p *person) *member {
	for _, x := range r.members {
		if x.person == p {
			return x
		}
	}
	return nil
}

func (r *room) present() int { return len(enabled(r.people())) }

func (r *room) owners() (list []*person) {
	for _, x := range r.members {
		if x.owner {
			list = append(list, x.person)
		}
	}
	return list
}

// inherit makes the first enabled member the owner of a room without owners.
func (r *room) inherit() {
	for _, x := range r.members {
		if x.enabled && len(r.owners()) == 0 {
			x.owner, x.guest = true, false
		}
	}
}

func (r *room) drop(p *person) {
	r.members = slices.DeleteFunc(r.members, func(x *member) bool { return x.person == p })
}

// vacated deactivates a room without enabled members.
func (r *room) vacated() {
	if r.present() == 0 {
		r.open = false
	}
}

// isActive reports whether a room should be active.
func (m *model) isActive(r *room) bool { return r.open && !m.divided(r.people()) }

// adminOf returns an administrator of a room's company.
func (m *model) adminOf(r *room) *podtest.User {
	if r.company == 191 {
		return m.theirs
	}
	return m.admin
}

func (m *model) newRoom(t *rapid.T) {
	if len(m.inRooms) == 4 {
		return
	}
	a := rapid.SampledFrom(enabled(m.everybody())).Draw(t, "owner")
	r := &room{name: fmt.Sprintf("%s room %d", m.word, len(m.inRooms)), company: a.company, open: true, members: []*member{{person: a, owner: true}}}
	body := map[string]any{"name": r.name, "membersCanInvite": true}
	switch rapid.SampledFrom([]string{"public", "discoverable", "private", "of two companies"}).Draw(t, "kind") {
	case "public":
		r.public, r.discoverable = true, true
	case "discoverable":
		r.discoverable = true
	case "of two companies":
		r.cross = true
	}
	body["public"], body["discoverable"], body["crossPod"] = r.public, r.discoverable, r.cross
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

// inviter draws a member who may add others to a room; nil is the room's administrator.
func (m *model) inviter(t *rapid.T, r *room) *person {
	return rapid.SampledFrom(append(enabled(r.people()), nil)).Draw(t, "by")
}

func (m *model) add(t *rapid.T) {
	r, whom := m.room(t), rapid.SampledFrom(m.everybody()).Draw(t, "whom")
	by := m.inviter(t, r)
	if r.public && whom.enabled && whom.company == r.company && rapid.Bool().Draw(t, "by himself") {
		by = whom
	}
	user, linked := m.adminOf(r), whom.company == r.company
	if by != nil {
		user, linked = by.User, m.connected(by, whom)
	}
	answer := user.Post("/pod/v1/room/"+r.id+"/membership/add", map[string]int64{"id": whom.ID})
	switch {
	case !m.isActive(r), !whom.enabled:
		want(t, answer, 400)
	case !r.cross && whom.company != r.company, !linked, m.divided(append(r.people(), whom)):
		want(t, answer, 403)
	case r.find(whom) != nil:
		want(t, answer, 400)
	default:
		want(t, answer, 200)
		r.members = append(r.members, &member{person: whom})
	}
}

func (m *model) remove(t *rapid.T) {
	r, whom := m.room(t), rapid.SampledFrom(m.everybody()).Draw(t, "whom")
	able := []*podtest.User{m.adminOf(r)}
	for _, p := range append(r.owners(), enabled([]*person{whom})...) {
		able = append(able, p.User)
	}
	by := rapid.SampledFrom(able).Draw(t, "by")
	answer := by.Post("/pod/v1/room/"+r.id+"/membership/remove", map[string]int64{"id": whom.ID})
	x, owners := r.find(whom), r.owners()
	if !r.open || x == nil || x.owner && len(owners) == 1 && r.present() > 1 {
		want(t, answer, 400)
		return
	}
	want(t, answer, 200)
	r.drop(whom)
	r.vacated()
}

func (m *model) active(t *rapid.T) {
	r, active := m.room(t), rapid.Bool().Draw(t, "active")
	answer := m.adminOf(r).Post(fmt.Sprintf("/pod/v1/room/%s/setActive?active=%v", r.id, active), nil)
	switch {
	case active && m.divided(r.people()):
		want(t, answer, 403)
	case active && r.present() == 0:
		want(t, answer, 400)
	default:
		want(t, answer, 200)
		if r.open = active; active {
			r.inherit()
		}
	}
}

func (m *model) im(t *rapid.T) {
	a := rapid.SampledFrom(enabled(m.everybody())).Draw(t, "by")
	set := []*person{a}
	var ids []int64
	for _, p := range rapid.SliceOfN(rapid.SampledFrom(m.everybody()), 1, 2).Draw(t, "with") {
		if !slices.Contains(set, p) {
			set, ids = append(set, p), append(ids, p.ID)
		}
	}
	if len(ids) == 0 {
		return
	}
	slices.SortFunc(set, func(a, b *person) int { return int(a.ID - b.ID) })
	known := false
	for _, one := range m.chats {
		known = known || slices.Equal(one.set, set)
	}
	linked := !slices.ContainsFunc(set, func(p *person) bool { return !m.connected(a, p) })
	answer := a.Post("/pod/v1/im/create", ids)
	switch {
	case len(enabled(set)) < len(set):
		want(t, answer, 400)
	case m.divided(set), !known && !linked:
		want(t, answer, 403)
	default:
		want(t, answer, 200)
		one := &im{set: set}
		answer.Into(&struct {
			ID *string `json:"id"`
		}{&one.id})
		m.chats[one.id] = one
	}
}

// GoString keeps rapid's failure reports short.
func (r *room) GoString() string {
	return fmt.Sprintf("%s (company %d, cross %v, open %v) %v, lists %v", r.name, r.company, r.cross, r.open, names(r.people()), r.lists)
}
