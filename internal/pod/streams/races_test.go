package streams_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"

	"podium/internal/db"
	"podium/podtest"
)

// rounds is how often two calls are run concurrently.
const rounds = 15

type membership struct {
	ID    int64 `json:"id"`
	Owner bool  `json:"owner"`
}

type detail struct {
	Info struct {
		ID     string `json:"id"`
		Active bool   `json:"active"`
	} `json:"roomSystemInfo"`
}

func newRoom(u *podtest.User, attributes map[string]any) string {
	var made detail
	u.Post("/pod/v3/room/create", attributes).Want(200).Into(&made)
	return made.Info.ID
}

func membersOf(u *podtest.User, room string) (list []membership) {
	u.Get("/pod/v2/room/" + room + "/membership/list").Want(200).Into(&list)
	return list
}

func change(u *podtest.User, room, what string, whom *podtest.User) podtest.Answer {
	return u.Post("/pod/v1/room/"+room+"/membership/"+what, map[string]int64{"id": whom.ID})
}

// atOnce makes calls concurrently and returns their statuses in order.
func atOnce(things ...func() podtest.Answer) []int {
	statuses := make([]int, len(things))
	var group sync.WaitGroup
	for i, do := range things {
		group.Go(func() { statuses[i] = do().Status })
	}
	group.Wait()
	return statuses
}

// TestOneIMFromBothSides checks that concurrent calls for the same IM return one.
func TestOneIMFromBothSides(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		alice := p.User("alice")
		for round := range rounds {
			other := p.User(fmt.Sprintf("other-%d", round))
			var mu sync.Mutex
			ids := map[string]bool{}
			open := func(from, to *podtest.User) func() podtest.Answer {
				return func() podtest.Answer {
					answer := from.Post("/pod/v1/im/create", []int64{to.ID})
					var made struct {
						ID string `json:"id"`
					}
					answer.Want(200).Into(&made)
					mu.Lock()
					defer mu.Unlock()
					ids[made.ID] = true
					return answer
				}
			}
			atOnce(open(alice, other), open(other, alice), open(alice, other), open(other, alice))
			if len(ids) != 1 {
				t.Fatalf("the IM is %v", ids)
			}
		}
		n, err := db.Read(context.Background(), p.Inner.DB, func(tx *db.Tx) (int64, error) {
			return db.Value[int64](tx, `SELECT COUNT(*) FROM events WHERE kind = 'stream.imCreated'`)
		})
		if err != nil || n != rounds {
			t.Errorf("%d IMs came into being, not %d: %v", n, rounds, err)
		}
	})
}

// TestOnePersonAddedTwice checks that a user who is added twice concurrently is added once.
func TestOnePersonAddedTwice(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		alice, bob, carol := p.User("alice"), p.User("bob"), p.User("carol")
		for round := range rounds {
			room := newRoom(alice, map[string]any{"name": fmt.Sprint("room ", round), "membersCanInvite": true})
			change(alice, room, "add", bob).Want(200)
			add := func(by *podtest.User) func() podtest.Answer {
				return func() podtest.Answer { return change(by, room, "add", carol) }
			}
			statuses := atOnce(add(alice), add(bob))
			slices.Sort(statuses)
			if !slices.Equal(statuses, []int{200, 400}) || len(membersOf(alice, room)) != 3 {
				t.Fatalf("%v, and %v are in the room", statuses, membersOf(alice, room))
			}
		}
	})
}

// TestLastOwnerLeavesWhileAnotherIsPromoted checks that a room keeps an owner however the two calls
// interleave.
func TestLastOwnerLeavesWhileAnotherIsPromoted(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		alice, bob := p.User("alice"), p.User("bob")
		again := p.User("alice")
		for round := range rounds {
			room := newRoom(alice, map[string]any{"name": fmt.Sprint("room ", round)})
			change(alice, room, "add", bob).Want(200)
			statuses := atOnce(
				func() podtest.Answer { return change(alice, room, "remove", alice) },
				func() podtest.Answer { return change(again, room, "promoteOwner", bob) },
			)
			list := membersOf(bob, room)
			left := len(list) == 1
			if !slices.ContainsFunc(list, func(m membership) bool { return m.Owner }) || left != (statuses[0] == 200) || statuses[1] != 200 {
				t.Fatalf("%v, and %v are in the room", statuses, list)
			}
		}
	})
}

// TestTwoOwnersDemoteOneAnother checks that one of two owners who demote each other concurrently
// stays.
func TestTwoOwnersDemoteOneAnother(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		alice, bob := p.User("alice"), p.User("bob")
		for round := range rounds {
			room := newRoom(alice, map[string]any{"name": fmt.Sprint("room ", round)})
			change(alice, room, "add", bob).Want(200)
			change(alice, room, "promoteOwner", bob).Want(200)
			statuses := atOnce(
				func() podtest.Answer { return change(alice, room, "demoteOwner", bob) },
				func() podtest.Answer { return change(bob, room, "demoteOwner", alice) },
			)
			slices.Sort(statuses)
			owners := slices.DeleteFunc(membersOf(alice, room), func(m membership) bool { return !m.Owner })
			if !slices.Equal(statuses, []int{200, 403}) || len(owners) != 1 {
				t.Fatalf("%v, and the owners are %v", statuses, owners)
			}
		}
	})
}

// TestOneRoomOfAName checks that only one of two rooms that are created concurrently with one name
// is.
func TestOneRoomOfAName(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		alice, bob := p.User("alice"), p.User("bob")
		for round := range rounds {
			create := func(u *podtest.User, name string) func() podtest.Answer {
				return func() podtest.Answer { return u.Post("/pod/v3/room/create", map[string]any{"name": name}) }
			}
			statuses := atOnce(create(alice, fmt.Sprint("Room ", round)), create(bob, fmt.Sprint("r o o m", round)))
			slices.Sort(statuses)
			if !slices.Equal(statuses, []int{200, 400}) {
				t.Fatal(statuses)
			}
		}
	})
}

// TestAddedWhileDisabled adds a user while the account is disabled: the room's counts are right in
// the end, so that it can be deactivated and activated by the rules.
func TestAddedWhileDisabled(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		alice, admin := p.User("alice"), p.Bot("acme-admin")
		for round := range rounds {
			other := p.User(fmt.Sprintf("other-%d", round))
			room := newRoom(alice, map[string]any{"name": fmt.Sprint("room ", round)})
			atOnce(
				func() podtest.Answer { return change(alice, room, "add", other) },
				func() podtest.Answer {
					return admin.Post(fmt.Sprintf("/pod/v1/admin/user/%d/status/update", other.ID), map[string]string{"status": "DISABLED"}).Want(200)
				},
			)
			// When alice leaves, no enabled member is left.
			change(alice, room, "remove", alice).Want(200)
			var after detail
			admin.Get("/pod/v3/room/" + room + "/info").Want(200).Into(&after)
			if after.Info.Active {
				t.Fatal("a room without members is active")
			}
			admin.Post("/pod/v1/room/"+room+"/setActive?active=true", nil).Want(400)
		}
	})
}
