package pod_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"podium/internal/db/dbtest"
	"podium/podtest"
)

// sessionUser is an account whose sessions are opened and ended.
type sessionUser struct {
	*podtest.User

	mu     sync.Mutex
	opened []openedSession
}

// openedSession is a session whose login has returned. It may have ended since.
type openedSession struct{ id, token string }

// recent returns one of the last few sessions; false if there is none yet.
func (u *sessionUser) recent(random *rand.Rand) (openedSession, bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if len(u.opened) == 0 {
		return openedSession{}, false
	}
	last := u.opened[max(0, len(u.opened)-5):]
	return last[random.IntN(len(last))], true
}

// TestHistoryOfSessions checks that the end of a session takes effect at once on the node that
// performed it, and within a second on the other node. The clock, which both nodes share, moves
// only by the clients' ticks of one second. So a call after a tick is a second later than
// everything before the tick.
func TestHistoryOfSessions(t *testing.T) {
	if testing.Short() {
		t.Skip("slow: make test runs it")
	}
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		clock := podtest.NewClock()
		nodes := twoNodes(t, kind, podtest.WithClock(clock))
		admin := nodes[0].Bot("acme-admin")
		users := []*sessionUser{{User: nodes[0].User("first")}, {User: nodes[0].User("second")}, {User: nodes[0].User("third")}}
		for _, u := range users {
			u.Post("/sessionauth/v1/logout", nil).Want(200) // histories begin without sessions
		}
		var ends atomic.Int64
		wantLinearizable(t, sessionModel(), recordHistory(t, func(h *history, client int, random *rand.Rand) {
			u, node := users[random.IntN(len(users))], random.IntN(len(nodes))
			call := sessionCall{user: u.Username, do: anySessionCall(random), node: node}
			target, ok := u.recent(random)
			if !ok && call.do != "tick" {
				call.do = "login"
			}
			if call.do != "login" {
				call.session = target.id
			}
			h.record(client, func() (any, []any) {
				if call.do == "tick" {
					clock.Advance(time.Second)
					return sessionAnswer{}, []any{sessionCall{do: "tick"}}
				}
				answer := callSessions(nodes[node], u, call, target.token, admin)
				return answer, call.steps(answer, ends.Add(1))
			})
		}))
	})
}

// anySessionCall draws a client's next call.
func anySessionCall(random *rand.Rand) string {
	shares := []struct {
		do    string
		share int
	}{{"info", 50}, {"login", 15}, {"logout", 12}, {"list", 8}, {"end one", 6}, {"tick", 6}, {"end all", 3}}
	n := random.IntN(100)
	for _, s := range shares {
		if n -= s.share; n < 0 {
			return s.do
		}
	}
	panic("the shares are not 100 in all")
}

// callSessions performs the call on a node. token is the token of the session that the call
// concerns.
func callSessions(node *podtest.Pod, u *sessionUser, call sessionCall, token string, admin *podtest.User) sessionAnswer {
	self, ofUser := node.As(u.User), fmt.Sprintf("/pod/v1/users/%d/sessions", u.ID)
	self.Client.Token = token
	switch call.do {
	case "login":
		self.Client.Token = ""
		self.Login()
		s := openedSession{id: sessionID(self.Client.Token), token: self.Client.Token}
		u.mu.Lock()
		defer u.mu.Unlock()
		u.opened = append(u.opened, s)
		return sessionAnswer{status: 200, sessions: s.id}
	case "info":
		return sessionAnswer{status: self.Get("/pod/v2/sessioninfo").Status}
	case "logout":
		return sessionAnswer{status: self.Post("/sessionauth/v1/logout", nil).Status}
	case "end one":
		return sessionAnswer{status: node.As(admin).Post(ofUser+"/"+call.session+"/logout", nil).Status}
	case "end all":
		return sessionAnswer{status: node.As(admin).Post(ofUser+"/logout", nil).Status}
	}
	answer := node.As(admin).Get(ofUser)
	var list struct {
		Sessions []struct {
			ID string `json:"sessionId"`
		} `json:"sessions"`
	}
	if answer.Status == 200 {
		answer.Into(&list)
	}
	var ids []string
	for _, s := range list.Sessions {
		ids = append(ids, s.ID)
	}
	slices.Sort(ids)
	return sessionAnswer{status: answer.Status, sessions: strings.Join(ids, " ")}
}

// sessionID reads the session's id from a session token, and returns "" if there is none.
func sessionID(token string) string {
	var claims struct {
		SessionID string `json:"sessionId"`
	}
	if parts := strings.Split(token, "."); len(parts) == 3 {
		payload, _ := base64.RawURLEncoding.DecodeString(parts[1])
		_ = json.Unmarshal(payload, &claims)
	}
	return claims.SessionID
}
