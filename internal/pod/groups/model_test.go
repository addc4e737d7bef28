package groups_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/journal"
	"podium/internal/pod/accounts"
	"podium/internal/pod/groups"
	"podium/internal/wire"
	"podium/podtest"
)

// expected is a group in the model.
type expected struct {
	group
	active  bool
	members map[wire.UserID]bool
}

// TestModel changes groups, members and accounts at random and compares with a model. A follower of
// Joined and Left must know the members of every active group.
func TestModel(t *testing.T) {
	if testing.Short() {
		t.Skip("slow: make test runs it")
	}
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		l := managed(t, p)
		var people []wire.UserID
		for i := range 4 {
			people = append(people, id(p.User(fmt.Sprintf("person-%d", i))))
		}
		followed := map[wire.UserID]map[wire.UserID]bool{}
		journal.On(p.Inner.Journal, func(_ *db.Tx, n groups.Joined) error {
			g := n.Group
			if followed[g] == nil {
				followed[g] = map[wire.UserID]bool{}
			}
			for _, u := range n.Users {
				if followed[g][u] {
					t.Errorf("%s joins %s twice", u, g)
				}
				followed[g][u] = true
			}
			return nil
		})
		journal.On(p.Inner.Journal, func(_ *db.Tx, n groups.Left) error {
			g := n.Group
			for _, u := range n.Users {
				if !followed[g][u] {
					t.Errorf("%s leaves %s and was not on it", u, g)
				}
				delete(followed[g], u)
			}
			return nil
		})
		n := 0
		rapid.Check(t, func(r *rapid.T) {
			disabled := map[wire.UserID]bool{}
			var all []*expected
			steps := map[string]func(*rapid.T){
				"create": func(r *rapid.T) {
					n++
					members := some(r, people, disabled)
					g := l.create(fmt.Sprintf("Group %d", n), members...)
					all = append(all, &expected{group: g, active: true, members: set(members)})
				},
				"members": func(r *rapid.T) {
					e := pick(r, all)
					if e == nil {
						return
					}
					members := rapid.SliceOfDistinct(rapid.SampledFrom(people), rapid.ID).Draw(r, "members")
					refused := false
					for _, u := range members {
						refused = refused || !e.members[u] && (disabled[u] || !e.active)
					}
					if refused {
						l.want(400, "updateGroup", map[string]string{"groupId": e.ID, "If-Match": e.ETag}, body(e.Name, "", members))
						return
					}
					e.group, e.members = l.update(e.group, e.Name, "", members), set(members)
				},
				"add": func(r *rapid.T) {
					e, u := pick(r, all), rapid.SampledFrom(people).Draw(r, "user")
					if e == nil {
						return
					}
					status := 200
					if !e.active || e.members[u] || disabled[u] {
						status = 400
					}
					g := l.want(status, "addMemberToGroup", map[string]string{"groupId": e.ID}, fmt.Sprintf(`{"member": {"memberId": %d}}`, u))
					if status == 200 {
						e.group, e.members[u] = g, true
					}
				},
				"status": func(r *rapid.T) {
					e := pick(r, all)
					if e == nil {
						return
					}
					e.active = rapid.Bool().Draw(r, "active")
					e.group = l.update(e.group, e.Name, map[bool]string{true: "ACTIVE", false: "DELETED"}[e.active], nil)
				},
				"disable": func(r *rapid.T) {
					u := rapid.SampledFrom(people).Draw(r, "user")
					disabled[u] = rapid.Bool().Draw(r, "disabled")
					for _, e := range all {
						if disabled[u] && e.members[u] {
							delete(e.members, u)
						}
					}
					setDisabled(t, p, u, disabled[u])
					for _, e := range all {
						e.group = l.read(e.group)
					}
				},
			}
			names := slices.Sorted(maps.Keys(steps))
			for range rapid.IntRange(4, 30).Draw(r, "steps") {
				steps[rapid.SampledFrom(names).Draw(r, "step")](r)
			}
			for _, e := range all {
				e.check(r, l, followed[e.account()])
			}
			for u := range disabled {
				setDisabled(t, p, u, false)
			}
		})
	})
}

func (e *expected) check(r *rapid.T, l lists, followed map[wire.UserID]bool) {
	g := l.read(e.group)
	if want := sorted(e.members); !slices.Equal(g.members(), want) || g.ETag != e.ETag || (g.Status == "ACTIVE") != e.active {
		r.Fatalf("%+v, not members %v, tag %s, active %v", g, want, e.ETag, e.active)
	}
	want := []wire.UserID{}
	if e.active {
		want = sorted(e.members)
	}
	if got := sorted(followed); !slices.Equal(got, want) {
		r.Fatalf("%s: a follower knows of %v, not %v", e.Name, got, want)
	}
}

func pick(r *rapid.T, all []*expected) *expected {
	if len(all) == 0 {
		return nil
	}
	return rapid.SampledFrom(all).Draw(r, "group")
}

func some(r *rapid.T, people []wire.UserID, disabled map[wire.UserID]bool) []wire.UserID {
	list := rapid.SliceOfDistinct(rapid.SampledFrom(people), rapid.ID).Draw(r, "members")
	return slices.DeleteFunc(list, func(u wire.UserID) bool { return disabled[u] })
}

func set(list []wire.UserID) map[wire.UserID]bool {
	m := map[wire.UserID]bool{}
	for _, u := range list {
		m[u] = true
	}
	return m
}

func sorted(m map[wire.UserID]bool) []wire.UserID {
	list := []wire.UserID{}
	for u := range m {
		list = append(list, u)
	}
	slices.Sort(list)
	return list
}

func setDisabled(t *testing.T, p *podtest.Pod, u wire.UserID, disabled bool) {
	t.Helper()
	status := map[bool]accounts.Status{true: accounts.Disabled, false: accounts.Enabled}[disabled]
	p.Write(t, func(tx *db.Tx) error { return p.Inner.Accounts.SetStatus(tx, auth.Caller{Company: 190}, u, status) })
}
