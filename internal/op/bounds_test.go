package op_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"podium/internal/db/dbtest"
	"podium/internal/front"
)

const busy429 = `{"code":429,"message":"The pod has too much to do at the moment, try again"}`

func one() *front.Gate { return front.NewGate(front.Bounds{Most: 1}) }

// TestHalfSentLoginsHoldNoPlace checks that a login whose body is in transit holds no place, so
// that logins of one address cannot block others.
func TestHalfSentLoginsHoldNoPlace(t *testing.T) {
	t.Parallel()
	s := newStage(t, dbtest.Open(t, dbtest.SQLite))
	s.frame.Logins, s.frame.Writes = one(), one()
	for _, path := range []string{"/play/login", "/play/login/", "//play/login", "/play/rows"} {
		for range 5 {
			conn, err := net.Dial("tcp", strings.TrimPrefix(s.server.URL, "http://"))
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { conn.Close() })
			fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\nExpect: 100-continue\r\n\r\n", path)
			if line, err := bufio.NewReader(conn).ReadString('\n'); err != nil || !strings.Contains(line, "100") {
				// the body is requested: the login is being read
				t.Fatalf("%s: %q, %v", path, line, err)
			}
			fmt.Fprint(conn, "{")
		}
	}
	go func() { s.release <- struct{}{} }()
	s.want(s.ask("POST", "/play/login", "{}"), 200, `{"ok":true}`)
	s.want(s.ask("POST", "/play/rows", `{"id": 1, "name": "x"}`), 200, `{"ok":true}`)
}

// TestLoginsAtOnce checks that a login counts as one however its path is written, and that other
// operations are unaffected.
func TestLoginsAtOnce(t *testing.T) {
	t.Parallel()
	s := newStage(t, dbtest.Open(t, dbtest.SQLite))
	s.frame.Logins = one()
	first := make(chan answer)
	go func() { first <- s.ask("POST", "/play/login", "{}") }()
	<-s.entered
	for _, path := range []string{"/play/login", "/play/login/", "//play/login", "/play//login", "/pl%61y/login"} {
		a := s.ask("POST", path, "{}")
		s.want(a, 429, busy429)
		if a.header.Get("Retry-After") != "1" {
			t.Errorf("%s: Retry-After %q", path, a.header.Get("Retry-After"))
		}
	}
	s.want(s.ask("GET", "/play/missing/listed", ""), 404, "")
	s.release <- struct{}{}
	s.want(<-first, 200, `{"ok":true}`)
}

// TestWorkAtOnce checks the limits of concurrent reads and of concurrent writes; operations that
// wait have no limit.
func TestWorkAtOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *stage) {
		s.frame.Reads, s.frame.Writes = one(), one()
		answers := make(chan answer)
		for _, path := range []string{"/play/slow", "/play/wait", "/play/waits", "/play/waits"} {
			go func() { answers <- s.ask("POST", path, `{"id": 1, "name": "x"}`) }()
			<-s.entered
		}
		s.want(s.ask("POST", "/play/rows", `{"id": 2, "name": "x"}`), 429, busy429)
		s.want(s.ask("GET", "/play/missing", ""), 429, busy429)
		for range 4 {
			s.release <- struct{}{}
		}
		for range 4 {
			s.want(<-answers, 200, `{"ok":true}`)
		}
		s.want(s.ask("POST", "/play/rows", `{"id": 2, "name": "x", "then": "panic"}`), 500, internal500)
		// the panic has released its place
		s.want(s.ask("POST", "/play/rows", `{"id": 2, "name": "x"}`), 200, `{"ok":true}`)
		s.want(s.ask("GET", "/play/missing/listed", ""), 404, "")
	})
}

// TestBodiesAtOnce checks the limit of memory for large bodies; small ones are always accepted.
func TestBodiesAtOnce(t *testing.T) {
	t.Parallel()
	s := newStage(t, dbtest.Open(t, dbtest.SQLite))
	s.frame.MaxBody = 1 << 20
	s.frame.Bodies = front.NewBudget(1 << 20) // half of it for one address
	padded := func(bytes int) string { return `{"id": 1, "name": "x"` + strings.Repeat(" ", bytes) + "}" }
	first := make(chan answer)
	go func() { first <- s.ask("POST", "/play/wait", padded(500<<10)) }()
	<-s.entered
	for name, body := range map[string]io.Reader{
		"of known length": strings.NewReader(padded(500 << 10)),
		"chunked":         io.MultiReader(strings.NewReader(padded(500 << 10))),
		"packed":          strings.NewReader(packed(padded(500 << 10))),
	} {
		request := s.request("POST", "/play/rows", body)
		if name == "packed" {
			request.Header.Set("Content-Encoding", "gzip")
		}
		a := s.send(request)
		if a.status != http.StatusTooManyRequests || !strings.Contains(a.body, "large requests") || a.header.Get("Retry-After") != "1" {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
	s.want(s.ask("POST", "/play/rows", `{"id": 2, "name": "x"}`), 200, `{"ok":true}`)
	s.release <- struct{}{}
	s.want(<-first, 200, `{"ok":true}`)
	// all has been released
	s.want(s.ask("POST", "/play/rows", padded(500<<10)), 200, `{"ok":true}`)
}

// TestWaitingForAPlace checks that a request stops waiting for a place when its client disconnects.
func TestWaitingForAPlace(t *testing.T) {
	t.Parallel()
	s := newStage(t, dbtest.Open(t, dbtest.SQLite))
	s.frame.Reads = front.NewGate(front.Bounds{Most: 1, Queue: 1, Patience: time.Hour})
	answers := make(chan answer)
	go func() { answers <- s.ask("POST", "/play/wait", "{}") }()
	<-s.entered
	go func() { answers <- s.ask("GET", "/play/missing/listed", "") }()
	for {
		if _, waiting := s.frame.Reads.InFlight(); waiting == 1 {
			break
		}
		runtime.Gosched()
	}
	s.want(s.ask("GET", "/play/missing/listed", ""), 429, busy429)
	s.release <- struct{}{}
	if one, other := <-answers, <-answers; one.status+other.status != 200+404 {
		t.Errorf("%d and %d", one.status, other.status)
	}
}
