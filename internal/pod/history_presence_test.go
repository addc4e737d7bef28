package pod_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/anishathalye/porcupine"

	"podium/internal/db/dbtest"
	"podium/podtest"
)

// presenceCall is a client's call about a user's presence.
type presenceCall struct {
	user     string
	do       string // set, soft, set as admin, get own, get
	category string // the category to set
}

// presenceAnswer is what the pod answered.
type presenceAnswer struct {
	status   int
	category string
}

// presenceModel models a register for each user, OFFLINE at first. The users never connect, so a
// hard presence stays, and a soft one makes them OFFLINE. Setting answers the new presence.
func presenceModel() porcupine.Model {
	return porcupine.Model{
		Partition: partitionBy(func(c presenceCall) string { return c.user }),
		Init:      func() any { return "OFFLINE" },
		Step: func(state, input, output any) (bool, any) {
			call, answer, next := input.(presenceCall), output.(presenceAnswer), state.(string)
			switch call.do {
			case "set", "set as admin":
				next = call.category
			case "soft":
				next = "OFFLINE"
			}
			return answer.status == 200 && answer.category == next, next
		},
		DescribeOperation: func(input, output any) string {
			call, answer := input.(presenceCall), output.(presenceAnswer)
			return fmt.Sprintf("%s %s: %d %s", call.do, call.category, answer.status, answer.category)
		},
	}
}

// TestHistoryOfPresence checks that setting and getting the presence of a user of the same company
// is linearizable on any node. The presence of users of other companies may be five minutes old,
// and is not read here.
func TestHistoryOfPresence(t *testing.T) {
	if testing.Short() {
		t.Skip("slow: make test runs it")
	}
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		nodes := twoNodes(t, kind)
		admin, reader := nodes[0].Bot("acme-admin"), nodes[0].User("reader")
		users := []*podtest.User{nodes[0].User("first"), nodes[0].User("second"), nodes[0].User("third")}
		categories := []string{"AVAILABLE", "BUSY", "AWAY", "ON_THE_PHONE", "BE_RIGHT_BACK", "IN_A_MEETING", "OUT_OF_OFFICE", "OFF_WORK"}
		kinds := []string{"set", "set", "soft", "set as admin", "get own", "get", "get", "get"}
		wantLinearizable(t, presenceModel(), recordHistory(t, func(h *history, client int, random *rand.Rand) {
			node, user := nodes[random.IntN(len(nodes))], users[random.IntN(len(users))]
			call := presenceCall{user: user.Username, do: kinds[random.IntN(len(kinds))]}
			caller := user
			switch call.do {
			case "set as admin":
				caller = admin
			case "get":
				caller = reader
			}
			caller = node.As(caller)
			if call.do != "get" && call.do != "get own" {
				call.category = categories[random.IntN(len(categories))]
			}
			h.record(client, func() (any, []any) { return callPresence(caller, call, user.ID), []any{call} })
		}))
	})
}

// callPresence performs the call on the user with the id.
func callPresence(caller *podtest.User, call presenceCall, id int64) presenceAnswer {
	var answer podtest.Answer
	body := map[string]any{"category": call.category}
	switch call.do {
	case "set":
		answer = caller.Post("/pod/v2/user/presence", body)
	case "soft":
		answer = caller.Post("/pod/v2/user/presence?soft=true", body)
	case "set as admin":
		body["userId"] = id
		answer = caller.Post("/pod/v3/user/presence", body)
	case "get own":
		answer = caller.Get("/pod/v2/user/presence")
	case "get":
		answer = caller.Get(fmt.Sprintf("/pod/v3/user/%d/presence", id))
	}
	var read struct {
		Category string `json:"category"`
	}
	if answer.Status == 200 {
		answer.Into(&read)
	}
	return presenceAnswer{answer.Status, read.Category}
}

func TestHistoryModelOfPresence(t *testing.T) {
	t.Parallel()
	busy, away := presenceCall{"u", "set", "BUSY"}, presenceCall{"u", "set as admin", "AWAY"}
	soft, get := presenceCall{"u", "soft", "BUSY"}, presenceCall{user: "u", do: "get"}
	says := func(category string) presenceAnswer { return presenceAnswer{200, category} }
	wantResults(t, presenceModel(), []handMade{
		{"in order", []porcupine.Operation{at(1, 2, get, says("OFFLINE")), at(3, 4, busy, says("BUSY")), at(5, 6, get, says("BUSY"))}, porcupine.Ok},
		{"a soft one", []porcupine.Operation{at(1, 2, busy, says("BUSY")), at(3, 4, soft, says("OFFLINE")), at(5, 6, get, says("OFFLINE"))}, porcupine.Ok},
		{"a read beside a set", []porcupine.Operation{at(1, 4, busy, says("BUSY")), at(2, 3, get, says("OFFLINE"))}, porcupine.Ok},
		{"a lost set", []porcupine.Operation{at(1, 2, busy, says("BUSY")), at(3, 4, get, says("OFFLINE"))}, porcupine.Illegal},
		{"an old read after a newer one", []porcupine.Operation{
			at(1, 8, busy, says("BUSY")), at(2, 3, get, says("BUSY")), at(4, 5, get, says("OFFLINE")),
		}, porcupine.Illegal},
		{"two sets seen in two orders", []porcupine.Operation{
			at(1, 2, busy, says("BUSY")), at(3, 4, away, says("AWAY")), at(5, 6, get, says("BUSY")),
		}, porcupine.Illegal},
		{"a value that was never set", []porcupine.Operation{at(1, 3, busy, says("BUSY")), at(2, 4, get, says("AWAY"))}, porcupine.Illegal},
		{"a set that answers another's", []porcupine.Operation{at(1, 3, busy, says("AWAY")), at(2, 4, away, says("AWAY"))}, porcupine.Illegal},
		{"a server error", []porcupine.Operation{at(1, 2, get, presenceAnswer{status: 503})}, porcupine.Illegal},
		{"another user's set", []porcupine.Operation{at(1, 2, presenceCall{"other", "set", "BUSY"}, says("BUSY")), at(3, 4, get, says("BUSY"))}, porcupine.Illegal},
	})
}
