package barriers_test

import (
	"fmt"
	"sync"
	"testing"

	"podium/podtest"
)

// rounds is how often two calls are run concurrently.
const rounds = 12

func atOnce(things ...func()) {
	var group sync.WaitGroup
	for _, do := range things {
		group.Go(do)
	}
	group.Wait()
}

func newRoom(u *podtest.User, name string) string {
	var made struct {
		Info struct {
			ID string `json:"id"`
		} `json:"roomSystemInfo"`
	}
	u.Post("/pod/v3/room/create", map[string]any{"name": name, "public": true}).Want(200).Into(&made)
	return made.Info.ID
}

// meet lets Bob join a public room of Alice's, or be added to it, and opens an IM between them,
// while a change separates them. Whichever is first, they share no active conversation in the end.
func meet(t *testing.T, name string, barrier func(round int, p *podtest.Pod, alice, bob *podtest.User) (land func())) {
	t.Helper()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		admin := p.Bot("acme-admin")
		entered := 0
		for round := range rounds {
			alice, bob := p.User(fmt.Sprintf("alice-%d", round)), p.User(fmt.Sprintf("bob-%d", round))
			room := newRoom(alice, fmt.Sprint(name, round))
			land := barrier(round, p, alice, bob)
			var add, open podtest.Answer
			things := []func(){
				land,
				func() {
					by := bob
					if round%3 == 0 { // a member adds Bob
						by = alice
					}
					add = by.Post("/pod/v1/room/"+room+"/membership/add", map[string]int64{"id": bob.ID})
				},
				func() { open = alice.Post("/pod/v1/im/create", []int64{bob.ID}) },
			}
			if round%4 > 1 { // the call that is begun last is often done first
				things[0], things[2] = things[2], things[0]
			}
			atOnce(things...)
			for _, a := range []podtest.Answer{add, open} {
				if a.Status != 200 && a.Status != 403 {
					t.Fatalf("%d: %s", a.Status, a.Body)
				}
				if a.Status == 200 {
					entered++
				}
			}
			var info struct {
				System struct {
					Active bool `json:"active"`
				} `json:"roomSystemInfo"`
			}
			admin.Get("/pod/v3/room/" + room + "/info").Want(200).Into(&info)
			if info.System.Active != (add.Status == 403) {
				t.Fatalf("round %d: entering is answered %d, and the room is active: %v", round, add.Status, info.System.Active)
			}
			if open.Status == 200 {
				var im struct {
					ID string `json:"id"`
				}
				open.Into(&im)
				var info struct {
					System struct {
						Active bool `json:"active"`
					} `json:"IMSystemInfo"`
				}
				alice.Get("/pod/v1/im/" + im.ID + "/info").Want(200).Into(&info)
				if info.System.Active {
					t.Fatalf("round %d: an active IM of two separated accounts", round)
				}
			}
			alice.Post("/pod/v1/im/create", []int64{bob.ID}).Want(403)
		}
		t.Logf("%d of %d joined first", entered, 2*rounds)
	})
}

// obstacles lists changes that separate two accounts, each prepared so that one call completes it.
var obstacles = map[string]func(round int, p *podtest.Pod, alice, bob *podtest.User) (land func()){
	"a policy": func(round int, p *podtest.Pod, alice, bob *podtest.User) func() {
		b := p.Barrier(fmt.Sprint("round ", round))
		b.SetActive(false)
		b.KeepApart([]*podtest.User{alice}, []*podtest.User{bob})
		return func() { b.SetActive(true) }
	},
	"a member": func(round int, p *podtest.Pod, alice, bob *podtest.User) func() {
		b := p.Barrier(fmt.Sprint("round ", round))
		if round%2 == 0 { // the member; the newcomer
			b.KeepApart([]*podtest.User{alice}, nil)
			return func() { b.KeepApart(nil, []*podtest.User{bob}) }
		}
		b.KeepApart(nil, []*podtest.User{bob})
		return func() { b.KeepApart([]*podtest.User{alice}, nil) }
	},
	"both": func(round int, p *podtest.Pod, alice, bob *podtest.User) func() {
		b := p.Barrier(fmt.Sprint("round ", round))
		return func() {
			atOnce(
				func() { b.KeepApart([]*podtest.User{alice}, nil) },
				func() { b.KeepApart(nil, []*podtest.User{bob}) },
			)
		}
	},
}

// TestAPolicyLandsMeanwhile activates a policy while an account joins a room and an IM is opened.
func TestAPolicyLandsMeanwhile(t *testing.T) {
	t.Parallel()
	meet(t, "policy", obstacles["a policy"])
}

// TestAMemberJoinsMeanwhile adds one of the two to a first group while an account joins a room and
// an IM is opened.
func TestAMemberJoinsMeanwhile(t *testing.T) {
	t.Parallel()
	meet(t, "member", obstacles["a member"])
}

// TestBothJoinMeanwhile adds both to their first groups at the same time.
func TestBothJoinMeanwhile(t *testing.T) {
	t.Parallel()
	meet(t, "both", obstacles["both"])
}
