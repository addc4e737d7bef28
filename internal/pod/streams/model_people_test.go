package streams_test

import (
	"fmt"
	"slices"
	"strings"

	"pgregory.net/rapid"
)

func (m *model) status(t *rapid.T) {
	whom := m.anyone(t)
	status := "ENABLED"
	if whom.enabled {
		status = "DISABLED"
	}
	want(t, m.admin.Post(fmt.Sprintf("/pod/v1/admin/user/%d/status/update", whom.ID), map[string]any{"status": status}), 200)
	whom.enabled = !whom.enabled
	if whom.enabled {
		whom.Login()
		return
	}
	for _, r := range m.rooms {
		if x := r.find(whom); x != nil {
			x.owner = false
			if r.active && r.owners() == 0 {
				if heir := r.heir(); heir != nil {
					heir.owner = true
				} else {
					r.active = false
				}
			}
			m.check(t, r)
		}
	}
}

func (m *model) chat(t *rapid.T) {
	a := m.actor(t)
	if a == nil {
		return // the administrator joins nothing
	}
	others := rapid.SliceOfN(rapid.SampledFrom(m.people), 1, 3).Draw(t, "others")
	var ids []int64
	set := []*person{a}
	for _, p := range others {
		ids = append(ids, p.ID)
		if !slices.Contains(set, p) {
			set = append(set, p)
		}
	}
	slices.SortFunc(set, func(a, b *person) int { return int(a.ID - b.ID) })
	answer := a.Post("/pod/v1/im/create", ids)
	if len(set) == 1 || slices.ContainsFunc(set, func(p *person) bool { return !p.enabled }) {
		want(t, answer, 400)
		return
	}
	want(t, answer, 200)
	var made struct {
		ID string `json:"id"`
	}
	answer.Into(&made)
	name := fmt.Sprint(idsOf(set))
	if m.chats[name] == nil {
		m.chats[name] = &chat{made.ID, set}
		m.order = append(m.order, m.chats[name])
	}
	if m.chats[name].id != made.ID {
		t.Fatalf("%s is opened as %s and as %s", name, m.chats[name].id, made.ID)
	}
}

func idsOf(people []*person) (ids []int64) {
	for _, p := range people {
		ids = append(ids, p.ID)
	}
	return ids
}

// check compares what every permitted caller sees of a room with the model.
func (m *model) check(t *rapid.T, r *room) {
	t.Helper()
	var info struct {
		Attributes struct {
			Name         string `json:"name"`
			Discoverable bool   `json:"discoverable"`
		} `json:"roomAttributes"`
		Info struct {
			Active bool `json:"active"`
		} `json:"roomSystemInfo"`
	}
	answer := m.admin.Get("/pod/v3/room/" + r.id + "/info")
	want(t, answer, 200)
	answer.Into(&info)
	if info.Attributes.Name != r.name || info.Attributes.Discoverable != r.seen || info.Info.Active != r.active {
		t.Fatalf("the room %+v is said to be %+v", *r, info)
	}
	var list []struct {
		ID    int64 `json:"id"`
		Owner bool  `json:"owner"`
	}
	answer = m.admin.Get("/pod/v2/room/" + r.id + "/membership/list")
	want(t, answer, 200)
	answer.Into(&list)
	same := len(list) == len(r.members)
	for i := 0; same && i < len(list); i++ {
		same = list[i].ID == r.members[i].ID && list[i].Owner == r.members[i].owner
	}
	if !same {
		t.Fatalf("members %v instead of %v", list, r)
	}
	if r.active && (r.owners() == 0 || r.present() == 0) {
		t.Fatalf("an active room without an owner: %v", r)
	}
}

func (r *room) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %q (public %v, active %v):", r.id, r.name, r.public, r.active)
	for _, x := range r.members {
		fmt.Fprintf(&b, " %d (owner %v, enabled %v)", x.ID, x.owner, x.enabled)
	}
	return b.String()
}

// lists compares each user's own list of streams, and the administrator's lists, with the model.
func (m *model) lists(t *rapid.T) {
	for _, p := range m.people {
		for _, inactive := range []bool{false, true} {
			expected := []string{}
			for _, s := range m.order {
				switch s := s.(type) {
				case *room:
					if s.find(p) != nil && (s.active || inactive) {
						expected = append(expected, s.id)
					}
				case *chat:
					active := !slices.ContainsFunc(s.set, func(q *person) bool { return !q.enabled })
					if slices.Contains(s.set, p) && (active || inactive) {
						expected = append(expected, s.id)
					}
				}
			}
			body := map[string]any{"includeInactiveStreams": inactive, "streamTypes": []map[string]string{{"type": "IM"}, {"type": "MIM"}, {"type": "ROOM"}}}
			answer := m.admin.Post(fmt.Sprintf("/pod/v1/admin/user/%d/streams/list?limit=1000", p.ID), body)
			if p.enabled {
				answer = p.Post("/pod/v1/streams/list?limit=1000", body)
			}
			if len(expected) == 0 {
				want(t, answer, 204)
				continue
			}
			want(t, answer, 200)
			var list []struct {
				ID string `json:"id"`
			}
			answer.Into(&list)
			got := []string{}
			for _, s := range list {
				got = append(got, s.ID)
			}
			if !slices.Equal(got, expected) {
				t.Fatalf("%s has %v, not %v", p.Username, got, expected)
			}
		}
	}
	for _, r := range m.rooms {
		m.past(t, r)
	}
}

// past compares the current and former members of a room with the model.
func (m *model) past(t *rapid.T, r *room) {
	expected := map[int64]bool{}
	for id := range r.former {
		expected[id] = true
	}
	for _, x := range r.members {
		expected[x.ID] = true
	}
	var list []struct {
		ID int64 `json:"id"`
	}
	answer := m.admin.Get("/pod/v1/admin/room/" + r.id + "/membership/list?includePastMembers=true")
	want(t, answer, 200)
	answer.Into(&list)
	for _, x := range list {
		if !expected[x.ID] {
			t.Fatalf("%d was never in %v, or is listed twice", x.ID, r)
		}
		delete(expected, x.ID)
	}
	if len(expected) > 0 {
		t.Fatalf("%v were in %v", expected, r)
	}
}

// search compares which rooms of this run a user finds with the model.
func (m *model) search(t *rapid.T) {
	a := m.actor(t)
	word := someWords.Draw(t, "word")
	part := word[rapid.IntRange(0, 2).Draw(t, "from"):]
	number := fmt.Sprint(m.people[0].ID)
	number = number[:len(number)-1] // it matches both numbers of this run, most of the time
	body := map[string]any{"query": part + " " + number}
	order := rapid.SampledFrom([]string{"BASIC", "RELEVANCE", ""}).Draw(t, "order")
	if order != "" {
		body["sortOrder"] = order
	}
	answer := m.user(a).Post("/pod/v3/room/search?limit=100", body)
	want(t, answer, 200)
	var found struct {
		Count int `json:"count"`
		Rooms []struct {
			Info struct {
				ID string `json:"id"`
			} `json:"roomSystemInfo"`
		} `json:"rooms"`
	}
	answer.Into(&found)
	ours := map[string]bool{}
	for _, r := range m.rooms {
		ours[r.id] = true
	}
	var got, expected []string
	for _, r := range found.Rooms {
		if ours[r.Info.ID] {
			got = append(got, r.Info.ID)
		}
	}
	for _, r := range m.rooms {
		visible := r.find(a) != nil || r.active && (r.public || r.seen)
		if visible && strings.Contains(strings.ToLower(r.name), strings.ToLower(part)) && strings.Contains(r.name, number) {
			expected = append([]string{r.id}, expected...)
		}
	}
	if order != "BASIC" {
		slices.Sort(got)
		slices.Sort(expected)
	}
	if found.Count < 100 && !slices.Equal(got, expected) {
		t.Fatalf("%q finds %v, not %v", body["query"], got, expected)
	}
}
