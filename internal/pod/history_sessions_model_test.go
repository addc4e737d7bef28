package pod_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/anishathalye/porcupine"
)

// sessionCall is a client's call about the sessions of a user, or a step of it.
type sessionCall struct {
	user    string // empty for tick, which concerns all users
	do      string // login, info, logout, end one, end all, list; begin, forget; tick
	node    int    // the node that answers
	session string // the session that info, logout and end one name
	end     int64  // the number of a successful end, and of the steps that belong to it
}

// ends reports whether the call ends sessions if it succeeds.
func (c sessionCall) ends() bool { return c.do == "logout" || c.do == "end one" || c.do == "end all" }

// sessionAnswer is what the pod answered.
type sessionAnswer struct {
	status   int
	sessions string // ids: of login the new one, of list all live ones, sorted
}

// steps returns the steps in which the call, with this answer, takes effect. end is a number that
// no other call has.
func (c sessionCall) steps(answer sessionAnswer, end int64) []any {
	if !c.ends() || answer.status != 200 {
		return []any{c}
	}
	c.end = end
	forget := sessionCall{user: c.user, do: "forget", node: c.node, end: end}
	if c.do != "end all" {
		return []any{c, forget}
	}
	return []any{sessionCall{user: c.user, do: "begin", node: c.node, end: end}, c, forget}
}

// sessionState holds the sessions of a user that a node may still accept, sorted by id, and the
// ends whose last step is pending, sorted by number.
type sessionState struct {
	sessions []modelSession
	pending  []pendingEnd
}

// pendingEnd is an end with some steps done.
type pendingEnd struct {
	number int64
	found  string // for end all, while pending: the sessions that begin found
	ended  bool   // only the step forget is pending
}

type modelSession struct {
	id      string
	end     int64 // the end that ended it; 0: it is live
	refused int   // a bit for each node that refuses it
}

// sessionModel models what decision 0002 promises. The database decides which sessions are live:
// login, logout, the end of one session and list are linearizable on all nodes. The end of all
// sessions has two steps: begin finds the live ones, end all ends them; PostgreSQL does not see a
// login that commits between the two. A node may accept an ended session from its cache: the node
// that ended it until the step forget, before the end returns; any other node until the next tick,
// which is a second.
func sessionModel() porcupine.Model {
	return porcupine.Model{
		Partition: partitionBy(func(c sessionCall) string { return c.user }),
		Init:      func() any { return sessionState{} },
		Step: func(state, input, output any) (bool, any) {
			return state.(sessionState).step(input.(sessionCall), output.(sessionAnswer))
		},
		Equal: func(a, b any) bool {
			one, other := a.(sessionState), b.(sessionState)
			return slices.Equal(one.sessions, other.sessions) && slices.Equal(one.pending, other.pending)
		},
		DescribeOperation: func(input, output any) string {
			call, answer := input.(sessionCall), output.(sessionAnswer)
			return fmt.Sprintf("%s %s on node %d (end %d): %d %s", call.do, call.session, call.node, call.end, answer.status, answer.sessions)
		},
	}
}

// step reports whether the call may have this answer, and returns the state after it.
func (s sessionState) step(call sessionCall, answer sessionAnswer) (bool, sessionState) {
	named, found := modelSession{}, false
	for _, one := range s.sessions {
		if one.id == call.session {
			named, found = one, true
		}
	}
	lives := found && named.end == 0
	switch call.do {
	case "login":
		return answer.status == 200 && answer.sessions != "", s.with(answer.sessions)
	case "info":
		accepted := found && named.refused&(1<<call.node) == 0
		return answer.status == 200 && accepted || answer.status == 401 && !lives, s
	case "logout", "end one":
		if answer.status == 200 {
			return lives, s.ended(call, call.session)
		}
		refusal := map[string]int{"logout": 401, "end one": 400}[call.do]
		return answer.status == refusal && !lives, s
	case "begin":
		return true, s.pend(pendingEnd{number: call.end, found: s.living()})
	case "end all":
		i := slices.IndexFunc(s.pending, func(p pendingEnd) bool { return p.number == call.end && !p.ended })
		if i < 0 || answer.status != 200 {
			return false, s
		}
		return true, s.ended(call, s.pending[i].found)
	case "list":
		return answer.status == 200 && answer.sessions == s.living(), s
	case "forget":
		return slices.Contains(s.pending, pendingEnd{number: call.end, ended: true}), s.forgotten(call)
	case "tick":
		s.sessions = slices.DeleteFunc(slices.Clone(s.sessions), func(one modelSession) bool { return one.end != 0 })
		return true, s
	}
	return false, s
}

// with returns the state after a login.
func (s sessionState) with(id string) sessionState {
	s.sessions = append(slices.Clone(s.sessions), modelSession{id: id})
	slices.SortFunc(s.sessions, func(a, b modelSession) int { return cmp.Compare(a.id, b.id) })
	return s
}

// ended returns the state after the live ones of the named sessions have ended.
func (s sessionState) ended(call sessionCall, ids string) sessionState {
	s.sessions = slices.Clone(s.sessions)
	for i, one := range s.sessions {
		if one.end == 0 && slices.Contains(strings.Fields(ids), one.id) {
			s.sessions[i].end = call.end
		}
	}
	return s.pend(pendingEnd{number: call.end, ended: true})
}

// forgotten returns the state after the node that performed an end refuses the sessions it ended.
func (s sessionState) forgotten(call sessionCall) sessionState {
	s.sessions = slices.Clone(s.sessions)
	for i, one := range s.sessions {
		if one.end == call.end {
			s.sessions[i].refused |= 1 << call.node
		}
	}
	s.pending = slices.DeleteFunc(slices.Clone(s.pending), func(p pendingEnd) bool { return p.number == call.end })
	return s
}

// pend returns the state with p as the pending end of its number.
func (s sessionState) pend(p pendingEnd) sessionState {
	s.pending = slices.DeleteFunc(slices.Clone(s.pending), func(one pendingEnd) bool { return one.number == p.number })
	s.pending = append(s.pending, p)
	slices.SortFunc(s.pending, func(a, b pendingEnd) int { return cmp.Compare(a.number, b.number) })
	return s
}

// living returns the ids of the live sessions, sorted.
func (s sessionState) living() string {
	var ids []string
	for _, one := range s.sessions {
		if one.end == 0 {
			ids = append(ids, one.id)
		}
	}
	return strings.Join(ids, " ")
}

func TestHistoryModelOfSessions(t *testing.T) {
	t.Parallel()
	opens := func(called, returned int64, id string) porcupine.Operation {
		return at(called, returned, sessionCall{user: "u", do: "login"}, sessionAnswer{200, id})
	}
	info := func(called, returned int64, node, status int) porcupine.Operation {
		return at(called, returned, sessionCall{user: "u", do: "info", node: node, session: "a"}, sessionAnswer{status: status})
	}
	list := func(called, returned int64, ids string) porcupine.Operation {
		return at(called, returned, sessionCall{user: "u", do: "list"}, sessionAnswer{200, ids})
	}
	tick := func(called, returned int64) porcupine.Operation {
		return at(called, returned, sessionCall{do: "tick"}, sessionAnswer{})
	}
	end := func(called, returned int64, do string, status int) []porcupine.Operation {
		answer := sessionAnswer{status: status}
		call := sessionCall{user: "u", do: do}
		if do != "end all" {
			call.session = "a"
		}
		var operations []porcupine.Operation
		for _, step := range call.steps(answer, called) {
			operations = append(operations, at(called, returned, step, answer))
		}
		return operations
	}
	histories := []handMade{
		{"an unknown session is accepted", []porcupine.Operation{info(1, 2, 0, 200)}, porcupine.Illegal},
		{"a living session is refused", []porcupine.Operation{opens(1, 2, "a"), info(3, 4, 0, 401)}, porcupine.Illegal},
		{"a list misses a session", []porcupine.Operation{opens(1, 2, "a"), opens(3, 4, "b"), list(5, 6, "a")}, porcupine.Illegal},
		{"a living session's logout is refused", append(end(3, 4, "logout", 401), opens(1, 2, "a")), porcupine.Illegal},
		{"a living session's end is refused", append(end(3, 4, "end one", 400), opens(1, 2, "a")), porcupine.Illegal},
		{"a server error", []porcupine.Operation{opens(1, 2, "a"), info(3, 4, 0, 503)}, porcupine.Illegal},
		{"a session opened while all are ended lives on", slices.Concat(end(3, 10, "end all", 200), []porcupine.Operation{
			opens(1, 2, "a"), opens(4, 5, "b"), list(6, 7, "a b"), list(11, 12, "b"),
		}), porcupine.Ok},
		{"a session opened before all are ended lives on", slices.Concat(end(5, 6, "end all", 200), []porcupine.Operation{
			opens(1, 2, "a"), opens(3, 4, "b"), list(7, 8, "b"),
		}), porcupine.Illegal},
		{"one session is ended twice", slices.Concat(end(3, 6, "logout", 200), end(4, 5, "end one", 200), []porcupine.Operation{opens(1, 2, "a")}), porcupine.Illegal},
	}
	for _, do := range []string{"logout", "end one", "end all"} {
		ended := append(end(3, 6, do, 200), opens(1, 2, "a"))
		with := func(more ...porcupine.Operation) []porcupine.Operation { return slices.Concat(ended, more) }
		histories = append(histories,
			handMade{do + ", then refused", with(info(7, 8, 0, 401), list(9, 10, "")), porcupine.Ok},
			handMade{do + " with a call beside it", with(info(4, 5, 0, 200)), porcupine.Ok},
			handMade{do + ", not yet known on the other node", with(info(7, 8, 1, 200), info(9, 10, 0, 401)), porcupine.Ok},
			handMade{do + ", known on the other node after a second", with(info(7, 8, 1, 200), tick(9, 10), info(11, 12, 1, 401)), porcupine.Ok},
			handMade{do + ", then accepted on the same node", with(info(7, 8, 0, 200)), porcupine.Illegal},
			handMade{do + ", then listed", with(list(7, 8, "a")), porcupine.Illegal},
			handMade{do + ", accepted on the other node after a second", with(tick(7, 8), info(9, 10, 1, 200)), porcupine.Illegal},
		)
	}
	wantResults(t, sessionModel(), histories)
}
