package barriers_test

import (
	"fmt"
	"strings"
	"testing"

	"podium/podtest"
)

// gathering holds rooms of Carol into which lists bring Alice and Bob, or in which both are, while
// a change separates the two.
type gathering struct {
	t                 *testing.T
	manager           manager
	carol, alice, bob *podtest.User
	name              string
}

// TestListsMeanwhile separates two accounts while a list brings one to the other, while one joins
// the other's list, while a list with both is restored, or while a room with both is activated. In
// the end no active room has both, and either one alone is unaffected.
func TestListsMeanwhile(t *testing.T) {
	t.Parallel()
	for name, obstacle := range obstacles {
		t.Run(strings.ReplaceAll(name, " ", "-"), func(t *testing.T) {
			t.Parallel()
			podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
				carol, m := p.User("carol"), newManager(p)
				for round := range rounds {
					g := gathering{t, m, carol, p.User(fmt.Sprint("alice-", round)), p.User(fmt.Sprint("bob-", round)), fmt.Sprint(name, " ", round)}
					g.hold(round, obstacle(round, p, g.alice, g.bob))
				}
			})
		})
	}
}

func (g gathering) hold(round int, land func()) {
	g.t.Helper()
	his, hers, both := g.list("his", g.bob), g.list("hers", g.alice), g.list("both", g.alice, g.bob)
	comes, grows, wakes, opens := g.room("comes"), g.room("grows"), g.room("wakes"), g.room("opens")
	g.add(comes, g.alice.ID)
	g.add(grows, hers.account)
	g.add(wakes, both.account)
	g.call(200, "PUT", "/"+both.id, g.status("both", "DELETED"))
	g.add(opens, g.alice.ID)
	g.add(opens, g.bob.ID)
	g.carol.Post("/pod/v1/room/"+opens+"/setActive?active=false", nil).Want(200)

	var came, activated podtest.Answer
	var grew, woke int
	things := []func(){
		land,
		func() {
			came = g.carol.Post("/pod/v1/room/"+comes+"/membership/add", map[string]int64{"id": his.account})
		},
		func() { grew = g.try("POST", "/"+hers.id+"/member", memberBody(g.bob.ID)) },
		func() { woke = g.try("PUT", "/"+both.id, g.status("both", "ACTIVE")) },
		func() { activated = g.carol.Post("/pod/v1/room/"+opens+"/setActive?active=true", nil) },
	}
	if round%4 > 1 { // the call that is begun last is often done first
		things[0], things[4] = things[4], things[0]
	}
	atOnce(things...)

	came.Want(200) // a room accepts a list although some of its members may not join
	alice, bob := g.in(comes)
	g.check("a list comes", comes, alice, bob, true, bob)
	alice, bob = g.in(grows)
	g.check("a list grows", grows, alice, bob, true, g.accepted(grew))
	alice, bob = g.in(wakes)
	g.check("a list is set back", wakes, alice, bob, g.accepted(woke), g.accepted(woke))
	if activated.Status != 200 && activated.Status != 403 {
		g.t.Fatalf("activated: %d %s", activated.Status, activated.Body)
	}
	if g.active(opens) {
		g.t.Fatalf("%s: an active room of two separated accounts", g.name)
	}
}

// check checks who of the two is in a room, and that it is active exactly if not both are.
func (g gathering) check(what, room string, alice, bob, hers, his bool) {
	g.t.Helper()
	if alice != hers || bob != his {
		g.t.Fatalf("%s, %s: Alice is in it: %v, not %v; Bob: %v, not %v", g.name, what, alice, hers, bob, his)
	}
	if active := g.active(room); active == (alice && bob) {
		g.t.Fatalf("%s, %s: Alice is in it: %v, Bob: %v, it is active: %v", g.name, what, alice, bob, active)
	}
}

func (g gathering) accepted(status int) bool {
	g.t.Helper()
	if status != 200 && status != 452 {
		g.t.Fatalf("%s: %d", g.name, status)
	}
	return status == 200
}

func (g gathering) list(name string, members ...*podtest.User) (k known) {
	g.t.Helper()
	var ids []int64
	for _, u := range members {
		ids = append(ids, u.ID)
	}
	if err := k.made(g.call(201, "POST", "", listBody(g.name+" "+name, ids...))); err != nil {
		g.t.Fatal(err)
	}
	return k
}

func (g gathering) status(name, status string) map[string]any {
	body := listBody(g.name + " " + name)
	delete(body, "members")
	body["status"] = status
	return body
}

func (g gathering) call(status int, method, path string, body any) []byte {
	g.t.Helper()
	got, answer, err := g.manager.call(method, path, body)
	if err != nil || got != status {
		g.t.Fatalf("%s %s: %d %s %v", method, path, got, answer, err)
	}
	return answer
}

func (g gathering) try(method, path string, body any) (status int) {
	status, _, err := g.manager.call(method, path, body)
	if err != nil {
		g.t.Error(err)
	}
	return status
}

func (g gathering) room(name string) string { return newRoom(g.carol, g.name+" "+name) }

func (g gathering) add(room string, id int64) {
	g.t.Helper()
	g.carol.Post("/pod/v1/room/"+room+"/membership/add", map[string]int64{"id": id}).Want(200)
}

func (g gathering) in(room string) (alice, bob bool) {
	g.t.Helper()
	var members []struct {
		ID int64 `json:"id"`
	}
	g.carol.Get("/pod/v2/room/" + room + "/membership/list").Want(200).Into(&members)
	for _, x := range members {
		alice, bob = alice || x.ID == g.alice.ID, bob || x.ID == g.bob.ID
	}
	return alice, bob
}

func (g gathering) active(room string) bool {
	g.t.Helper()
	var info struct {
		System struct {
			Active bool `json:"active"`
		} `json:"roomSystemInfo"`
	}
	g.carol.Get("/pod/v3/room/" + room + "/info").Want(200).Into(&info)
	return info.System.Active
}
