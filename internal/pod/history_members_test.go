package pod_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/anishathalye/porcupine"

	"podium/internal/db/dbtest"
	"podium/podtest"
)

// memberCall is a client's call about the members of a room.
type memberCall struct {
	room string
	do   string // add, remove, list
	user int    // the index of the user that add and remove name
}

// memberAnswer is what the pod answered.
type memberAnswer struct {
	status  int
	members uint64 // the answer of list: a bit for each user, by index
}

// memberModel models a set of users for each room: add or remove answers 200 if it changes the set,
// otherwise 400. list answers the whole set.
func memberModel() porcupine.Model {
	return porcupine.Model{
		Partition: partitionBy(func(c memberCall) string { return c.room }),
		Init:      func() any { return uint64(0) },
		Step: func(state, input, output any) (bool, any) {
			members, call, answer := state.(uint64), input.(memberCall), output.(memberAnswer)
			bit := uint64(1) << call.user
			in := members&bit != 0
			switch {
			case call.do == "add" && answer.status == 200:
				return !in, members | bit
			case call.do == "add" && answer.status == 400:
				return in, members
			case call.do == "remove" && answer.status == 200:
				return in, members &^ bit
			case call.do == "remove" && answer.status == 400:
				return !in, members
			case call.do == "list" && answer.status == 200:
				return members == answer.members, members
			}
			return false, members
		},
		DescribeOperation: func(input, output any) string {
			call, answer := input.(memberCall), output.(memberAnswer)
			if call.do == "list" {
				return fmt.Sprintf("list: %d %b", answer.status, answer.members)
			}
			return fmt.Sprintf("%s %d: %d", call.do, call.user, answer.status)
		},
	}
}

// TestHistoryOfMembers checks that adding, removing and listing members of a room is linearizable
// on any node.
func TestHistoryOfMembers(t *testing.T) {
	if testing.Short() {
		t.Skip("slow: make test runs it")
	}
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		nodes := twoNodes(t, kind)
		owner := nodes[0].Bot("acme-admin")
		rooms := make([]string, 2)
		for i := range rooms {
			var made struct {
				Info struct {
					ID string `json:"id"`
				} `json:"roomSystemInfo"`
			}
			attributes := map[string]any{"name": fmt.Sprint("room ", i), "description": "d", "public": true, "discoverable": true}
			owner.Post("/pod/v3/room/create", attributes).Want(200).Into(&made)
			rooms[i] = made.Info.ID
		}
		users := make([]*podtest.User, 5)
		index := map[int64]int{}
		for i := range users {
			users[i] = nodes[0].User(fmt.Sprint("member-", i))
			index[users[i].ID] = i
		}
		wantLinearizable(t, memberModel(), recordHistory(t, func(h *history, client int, random *rand.Rand) {
			node, user := nodes[random.IntN(len(nodes))], random.IntN(len(users))
			caller := node.As(owner)
			call := memberCall{room: rooms[random.IntN(len(rooms))], do: []string{"add", "remove", "list"}[random.IntN(3)], user: user}
			if call.do != "list" && random.IntN(3) == 0 {
				caller = node.As(users[user]) // joins or leaves without the owner
			}
			h.record(client, func() (any, []any) { return callMembers(caller, call, users, index), []any{call} })
		}))
	})
}

// callMembers performs the call. index maps the id of each user to its index; members that are not
// in it, such as the owner, are left out of the answer.
func callMembers(caller *podtest.User, call memberCall, users []*podtest.User, index map[int64]int) memberAnswer {
	path := "/room/" + call.room + "/membership/" + call.do
	if call.do != "list" {
		answer := caller.Post("/pod/v1"+path, map[string]int64{"id": users[call.user].ID})
		return memberAnswer{status: answer.Status}
	}
	answer := caller.Get("/pod/v2" + path)
	var list []struct {
		ID int64 `json:"id"`
	}
	if answer.Status == 200 {
		answer.Into(&list)
	}
	listed := memberAnswer{status: answer.Status}
	for _, m := range list {
		if i, ok := index[m.ID]; ok {
			listed.members |= 1 << i
		}
	}
	return listed
}

func TestHistoryModelOfMembers(t *testing.T) {
	t.Parallel()
	add, remove, list := memberCall{"r", "add", 0}, memberCall{"r", "remove", 0}, memberCall{"r", "list", 0}
	done, refused := memberAnswer{status: 200}, memberAnswer{status: 400}
	with, without := memberAnswer{200, 1}, memberAnswer{200, 0}
	wantResults(t, memberModel(), []handMade{
		{"in order", []porcupine.Operation{at(1, 2, add, done), at(3, 4, list, with), at(5, 6, remove, done), at(7, 8, list, without)}, porcupine.Ok},
		{"a list beside an add may miss it", []porcupine.Operation{at(1, 4, add, done), at(2, 3, list, without)}, porcupine.Ok},
		{"a list after an add misses it", []porcupine.Operation{at(1, 2, add, done), at(3, 4, list, without)}, porcupine.Illegal},
		{"two lists beside an add go back", []porcupine.Operation{at(1, 6, add, done), at(2, 3, list, with), at(4, 5, list, without)}, porcupine.Illegal},
		{"one user is added twice", []porcupine.Operation{at(1, 3, add, done), at(2, 4, add, done)}, porcupine.Illegal},
		{"an add to an empty room is refused", []porcupine.Operation{at(1, 2, add, refused)}, porcupine.Illegal},
		{"one user is removed twice", []porcupine.Operation{at(1, 2, add, done), at(3, 5, remove, done), at(4, 6, remove, done)}, porcupine.Illegal},
		{"a member's removal is refused", []porcupine.Operation{at(1, 2, add, done), at(3, 4, remove, refused)}, porcupine.Illegal},
		{"a server error", []porcupine.Operation{at(1, 2, add, memberAnswer{status: 503})}, porcupine.Illegal},
		{"another room's member", []porcupine.Operation{at(1, 2, memberCall{"other", "add", 0}, done), at(3, 4, list, with)}, porcupine.Illegal},
	})
}
