package op_test

import (
	"testing"

	"podium/internal/db/dbtest"
)

// TestHeadersOfEveryAnswer checks that no cache keeps an answer, no browser guesses its type, and
// each 401 has a challenge.
func TestHeadersOfEveryAnswer(t *testing.T) {
	t.Parallel()
	s := newStage(t, dbtest.Open(t, dbtest.SQLite))
	for _, c := range []struct {
		method, path, body, session string
		status                      int
	}{
		{"GET", "/play/echo/7/w?must=m", "", "", 200},
		{"GET", "/play/rows", "", "token-of-alice", 204},
		{"HEAD", "/play/echo/7/w?must=m", "", "", 200},
		{"GET", "/play/echo/7/w", "", "", 400},
		{"GET", "/play/rows", "", "", 401},
		{"GET", "/play/rows", "", "forged", 401},
		{"GET", "/play/guarded/7", "", "token-of-alice", 403},
		{"GET", "/play/missing/listed", "", "", 404},
		{"GET", "/play/nothing", "", "token-of-alice", 404},
		{"PUT", "/play/rows", "", "", 405},
		{"OPTIONS", "/play/rows", "", "", 405},
		{"POST", "/play/rows", `{"id": 1, "name": "x", "then": "error"}`, "", 500},
	} {
		a := s.ask(c.method, c.path, c.body, "sessionToken: "+c.session)
		if a.status != c.status {
			t.Errorf("%s %s: %d %s", c.method, c.path, a.status, a.body)
		}
		h := a.header
		if h.Get("Cache-Control") != "no-store" || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("X-Trace-Id") == "" {
			t.Errorf("%s %s, %d: %v", c.method, c.path, a.status, h)
		}
		want := ""
		if c.status == 401 {
			want = `Bearer realm="Podium"`
		}
		if got := h.Get("WWW-Authenticate"); got != want {
			t.Errorf("%s %s, %d: the challenge %q", c.method, c.path, a.status, got)
		}
	}
}
