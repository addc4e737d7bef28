package groups_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"podium/internal/auth"
	"podium/internal/client"
	"podium/internal/db"
	"podium/internal/journal"
	"podium/internal/op"
	"podium/internal/pod/accounts"
	"podium/internal/pod/groups"
	"podium/internal/wire"
	"podium/podtest"
)

// lists calls the operations of this chapter as a manager of a company's groups.
type lists struct {
	t     testing.TB
	u     *podtest.User
	url   string
	token string
}

func managed(t *testing.T, p *podtest.Pod) lists {
	t.Helper()
	u := p.Bot("lists", "GROUP_MANAGER")
	return lists{t, u, p.URL, u.AccessToken("profile-manager")}
}

// group is the part of a group that the tests read.
type group struct {
	ID, ETag, Name, Status string
	Members                []struct {
		MemberID wire.UserID
	}
	Profile struct{ ID string }
}

func (g group) members() []wire.UserID {
	ids := []wire.UserID{}
	for _, m := range g.Members {
		ids = append(ids, m.MemberID)
	}
	slices.Sort(ids)
	return ids
}

func (g group) account() wire.UserID {
	id, _ := wire.ParseUserID(g.Profile.ID)
	return id
}

func (l lists) create(name string, members ...wire.UserID) group {
	l.t.Helper()
	return l.want(201, "insertGroup", nil, body(name, "", members))
}

func (l lists) update(g group, name, status string, members []wire.UserID) group {
	l.t.Helper()
	return l.want(200, "updateGroup", map[string]string{"groupId": g.ID, "If-Match": g.ETag}, body(name, status, members))
}

func (l lists) read(g group) group {
	l.t.Helper()
	return l.want(200, "getGroup", map[string]string{"groupId": g.ID}, "")
}

func (l lists) want(status int, operation string, parameters map[string]string, body string) (g group) {
	l.t.Helper()
	answer := l.call(operation, parameters, body)
	if answer.Status != status {
		l.t.Fatalf("%s: %d instead of %d: %s", operation, answer.Status, status, answer.Body)
	}
	if status < 300 {
		if err := json.Unmarshal(answer.Body, &g); err != nil {
			l.t.Fatal(err)
		}
		if tag := answer.Header.Get("ETag"); tag != g.ETag {
			l.t.Errorf("the header says %q, the body %q", tag, g.ETag)
		}
	}
	return g
}

// call calls an operation with one access token for all calls: making a token takes longer than
// most of them.
func (l lists) call(operation string, parameters map[string]string, body string) client.Answer {
	l.t.Helper()
	all := (&groups.Service{}).Operations()
	at := slices.IndexFunc(all, func(o op.Bound) bool { return o.ID == operation })
	request, err := http.NewRequest(all[at].Method, l.url+strings.ReplaceAll(all[at].Path, "{groupId}", parameters["groupId"]), strings.NewReader(body))
	if err != nil {
		l.t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+l.token)
	if tag := parameters["If-Match"]; tag != "" {
		request.Header.Set("If-Match", tag)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		l.t.Fatal(err)
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		l.t.Fatal(err)
	}
	return client.Answer{Status: response.StatusCode, Header: response.Header, Body: data}
}

// body returns the JSON of a group. If members is nil, it leaves them out.
func body(name, status string, members []wire.UserID) string {
	text := fmt.Sprintf(`{"type": "SDL", "ownerType": "TENANT", "ownerId": 190, "name": %q, "profile": {"displayName": %q}`, name, name)
	if status != "" {
		text += fmt.Sprintf(`, "status": %q`, status)
	}
	if members != nil {
		list := make([]string, len(members))
		for i, id := range members {
			list[i] = fmt.Sprintf(`{"memberTenant": 190, "memberId": %s}`, id)
		}
		text += `, "members": [` + strings.Join(list, ",") + `]`
	}
	return text + `}`
}

func id(u *podtest.User) wire.UserID { return wire.UserID(u.ID) }

// TestTwoUpdatesAtOnce checks that one of two changes of the same version succeeds and the other is
// refused.
func TestTwoUpdatesAtOnce(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		l := managed(t, p)
		g := l.create("Desk")
		for round := range 5 {
			var wg sync.WaitGroup
			statuses := make([]int, 4)
			for i := range statuses {
				wg.Go(func() {
					name := fmt.Sprintf("Desk %d of %d", i, round)
					statuses[i] = l.call("updateGroup", map[string]string{"groupId": g.ID, "If-Match": g.ETag}, body(name, "", nil)).Status
				})
			}
			wg.Wait()
			slices.Sort(statuses)
			if !slices.Equal(statuses, []int{200, 412, 412, 412}) {
				t.Fatalf("the statuses are %v", statuses)
			}
			g = l.read(g)
		}
	})
}

// TestDisabledWhileAdded disables a user while the user is added: the user never remains a member.
func TestDisabledWhileAdded(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		l := managed(t, p)
		g := l.create("Desk")
		for i := range 8 {
			u := p.User(fmt.Sprintf("passer-by-%d", i))
			var wg sync.WaitGroup
			wg.Go(func() {
				l.call("addMemberToGroup", map[string]string{"groupId": g.ID}, fmt.Sprintf(`{"member": {"memberId": %d}}`, u.ID))
			})
			wg.Go(func() {
				p.Write(t, func(tx *db.Tx) error {
					return p.Inner.Accounts.SetStatus(tx, auth.Caller{Company: 190}, id(u), accounts.Disabled)
				})
			})
			wg.Wait()
		}
		if got := l.read(g).members(); len(got) != 0 {
			t.Errorf("disabled users are on the group: %v", got)
		}
	})
}

// TestNamesAndMembersAtOnce creates two groups with one name concurrently, and adds two members
// concurrently.
func TestNamesAndMembersAtOnce(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		l := managed(t, p)
		var wg sync.WaitGroup
		statuses := make([]int, 4)
		for i := range statuses {
			wg.Go(func() { statuses[i] = l.call("insertGroup", nil, body("One name", "", nil)).Status })
		}
		wg.Wait()
		slices.Sort(statuses)
		if !slices.Equal(statuses, []int{201, 400, 400, 400}) {
			t.Errorf("the statuses are %v", statuses)
		}
		g := l.create("Crowd")
		want := []wire.UserID{}
		for i := range 6 {
			u := p.User(fmt.Sprintf("one-of-many-%d", i))
			want = append(want, id(u))
			wg.Go(func() {
				answer := l.call("addMemberToGroup", map[string]string{"groupId": g.ID}, fmt.Sprintf(`{"member": {"memberId": %d}}`, u.ID))
				if answer.Status != http.StatusOK {
					t.Errorf("%d %s", answer.Status, answer.Body)
				}
			})
		}
		wg.Wait()
		slices.Sort(want)
		if got := l.read(g).members(); !slices.Equal(got, want) {
			t.Errorf("the members are %v, not %v", got, want)
		}
	})
}

// TestFacts checks which facts are recorded, with which actor.
func TestFacts(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		l := managed(t, p)
		alice, bob := p.User("alice"), p.User("bob")
		g := l.create("Desk", id(alice))
		g = l.update(g, "Desk", "", []wire.UserID{id(bob)})
		g = l.update(g, "Rates", "", nil)
		g = l.update(g, "Rates", "", nil) // only the version and the date change
		l.update(g, "Rates", "DELETED", nil)
		p.Write(t, func(tx *db.Tx) error {
			return p.Inner.Accounts.SetStatus(tx, auth.Caller{Company: 190}, id(bob), accounts.Disabled)
		})
		entries, err := db.Read(context.Background(), p.Inner.DB, func(tx *db.Tx) ([]journal.Entry, error) {
			return db.All(tx, func(row db.Row) (e journal.Entry, err error) {
				return e, row.Scan(&e.Kind, &e.Actor, &e.Subject.ID, &e.Data)
			}, `SELECT kind, actor, subject, data FROM events WHERE company = 190 AND kind LIKE 'group.%' ORDER BY seq`)
		})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, e := range entries {
			if e.Subject.ID != g.Profile.ID {
				t.Errorf("%s is of %s", e.Kind, e.Subject.ID)
			}
			if by := map[bool]wire.UserID{true: id(l.u), false: 0}[len(got) < 7]; e.Actor != by {
				t.Errorf("%s by %s", e.Kind, e.Actor)
			}
			got = append(got, e.Kind+" "+e.Data)
		}
		want := []string{
			`group.created {"name":"Desk","username":"desk"}`,
			fmt.Sprintf(`group.memberAdded {"userId":%d}`, alice.ID),
			fmt.Sprintf(`group.memberRemoved {"userId":%d}`, alice.ID),
			fmt.Sprintf(`group.memberAdded {"userId":%d}`, bob.ID),
			`group.updated {"name":"Rates","status":"ACTIVE","changed":["name","profile"]}`,
			`group.updated {"name":"Rates","status":"ACTIVE","changed":[]}`,
			`group.updated {"name":"Rates","status":"DELETED","changed":["status"]}`,
			fmt.Sprintf(`group.memberRemoved {"userId":%d}`, bob.ID),
		}
		if !slices.Equal(got, want) {
			t.Errorf("\n%s\nnot\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	})
}

// TestBarriers checks that a change that brings separated users together is refused completely.
func TestBarriers(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		l := managed(t, p)
		alice, bob, carol := id(p.User("alice")), id(p.User("bob")), id(p.User("carol"))
		barrier := p.Barrier("barrier")
		barrier.KeepApart([]*podtest.User{p.User("alice")}, []*podtest.User{p.User("bob")})
		l.want(452, "insertGroup", nil, body("Both", "", []wire.UserID{alice, bob}))
		g := l.create("One", alice, carol)
		l.want(452, "addMemberToGroup", map[string]string{"groupId": g.ID}, fmt.Sprintf(`{"member": {"memberId": %d}}`, bob))
		l.want(452, "updateGroup", map[string]string{"groupId": g.ID, "If-Match": g.ETag}, body("New", "", []wire.UserID{alice, bob, carol}))
		if now := l.read(g); now.ETag != g.ETag || now.Name != "One" {
			t.Errorf("the refused update changed it: %+v", now)
		}
		g = l.update(g, "One", "", []wire.UserID{bob, carol}) // replaces one by the other
		barrier.SetActive(false)
		g = l.update(g, "One", "", []wire.UserID{alice, bob})
		g = l.update(g, "One", "DELETED", nil)
		barrier.SetActive(true)
		l.want(452, "updateGroup", map[string]string{"groupId": g.ID, "If-Match": g.ETag}, body("One", "ACTIVE", nil))
		// A third user in the same change makes no difference.
		l.want(452, "updateGroup", map[string]string{"groupId": g.ID, "If-Match": g.ETag}, body("One", "ACTIVE", []wire.UserID{alice, bob, carol}))
		l.update(g, "One", "ACTIVE", []wire.UserID{alice})
	})
}

// TestBarrierBetweenMembers checks that members who were separated after joining do not prevent
// others from joining.
func TestBarrierBetweenMembers(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		l := managed(t, p)
		alice, bob, carol, dora := p.User("alice"), p.User("bob"), p.User("carol"), p.User("dora")
		g := l.create("One", id(alice), id(bob))
		p.Barrier("between members").KeepApart([]*podtest.User{alice, dora}, []*podtest.User{bob})
		p.Barrier("of others").KeepApart([]*podtest.User{carol}, nil)
		add := func(status int, u *podtest.User) {
			l.want(status, "addMemberToGroup", map[string]string{"groupId": g.ID}, fmt.Sprintf(`{"member": {"memberId": %d}}`, u.ID))
		}
		add(200, carol)
		add(452, dora) // because of Bob
		g = l.update(l.read(g), "One", "", []wire.UserID{id(alice), id(carol)})
		add(200, dora)
	})
}

// TestAccount checks that a search finds the group's account, and that other chapters find its
// members.
func TestAccount(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		l := managed(t, p)
		alice := p.User("alice")
		g := l.create("Rates Desk (EMEA)", id(alice))
		p.Write(t, func(tx *db.Tx) error {
			u, err := accounts.OwnOrList(tx, 190, g.account())
			if err != nil || u.AccountType != auth.SDL || u.Username != "rates-desk-emea" || u.Status != accounts.Enabled || u.CompanyName != "Acme" {
				t.Errorf("the account is %+v (%v)", u, err)
			}
			for company, want := range map[wire.CompanyID]int{190: 1, 191: 0} {
				if members, err := groups.Members(tx, company, g.account()); err != nil || len(members) != want {
					t.Errorf("%v are members in company %d (%v)", members, company, err)
				}
			}
			of, err := groups.Of(tx, id(alice))
			if err != nil || !slices.Equal(of, []wire.UserID{g.account()}) {
				t.Errorf("Alice is on %v (%v)", of, err)
			}
			return err
		})
		// A name without letters, and names that accounts and applications have.
		for name, prefix := range map[string]string{"***": "", "Alice": "alice-", "Acme App": "acme-app-"} {
			g := l.create(name)
			p.Write(t, func(tx *db.Tx) error {
				u, err := accounts.OwnOrList(tx, 190, g.account())
				if !strings.HasPrefix(u.Username, prefix) || u.Username == strings.TrimSuffix(prefix, "-") {
					t.Errorf("%s is %q", name, u.Username)
				}
				return err
			})
		}
	})
}
