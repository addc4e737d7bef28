package main_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"podium/internal/client"
	"podium/internal/db/dbtest"
)

// A node that is to end says so first, answers on for a while, lets what runs finish, and ends
// well; being told again changes nothing.
func TestEnd(t *testing.T) {
	t.Parallel()
	for name, first := range map[string]syscall.Signal{"SIGTERM": syscall.SIGTERM, "SIGINT": syscall.SIGINT} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) { testEnd(t, kind, first) })
		})
	}
}

func testEnd(t *testing.T, kind dbtest.Kind, first syscall.Signal) {
	database := dbtest.URL(t, kind)
	found(t, database)
	s := serve(t, database, "--management", "127.0.0.1:0", "--drain-delay", "4s")
	ready := func() int { return get(t, s.manager()+"/readyz", "").Status }
	if status := ready(); status != 200 {
		t.Fatalf("/readyz: %d", status)
	}
	c := login(t, s.url, "admin") // its connection stays open, and must not keep the node
	running := beginLogin(t, s.url)

	began := time.Now()
	s.signal(first)
	eventually(t, "/readyz says no", func() bool { return ready() == 503 })
	wants(t, c, http.MethodGet, whoami, 200)
	wants(t, login(t, s.url, "admin"), http.MethodGet, whoami, 200)
	if a := get(t, s.manager()+"/healthz", ""); a.Status != 200 {
		t.Errorf("/healthz: %d", a.Status)
	}
	s.signal(syscall.SIGTERM)
	s.signal(syscall.SIGINT)
	eventually(t, "no process listens", func() bool {
		conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
		if err == nil {
			conn.Close()
		}
		return err != nil
	})
	select {
	case <-s.ended:
		t.Fatalf("the node ended, and a request ran\n%s", s.all())
	default:
	}
	token := running.finish()
	if code, took := s.code(), time.Since(began); code != 0 || took > 10*time.Second {
		t.Errorf("exit code %d after %v\n%s", code, took, s.all())
	}
	for _, line := range s.lines() {
		if line["level"] == "ERROR" {
			t.Error(line)
		}
	}
	wants(t, holding(t, serve(t, database).url, token), http.MethodGet, whoami, 200)
}

// slowLogin is a login whose body is half sent.
type slowLogin struct {
	t      *testing.T
	conn   net.Conn
	answer *bufio.Reader
	rest   string
}

// beginLogin begins a login, and returns when the pod is waiting for its body.
func beginLogin(t *testing.T, url string) *slowLogin {
	t.Helper()
	signed, err := client.SignLogin("admin", testKey(), inAMinute())
	if err != nil {
		t.Fatal(err)
	}
	conn, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(patience))
	body := `{"token":"` + signed + `"}`
	fmt.Fprintf(conn, "POST /login/pubkey/authenticate HTTP/1.1\r\nHost: pod\r\nContent-Type: application/json\r\nContent-Length: %d\r\nExpect: 100-continue\r\n\r\n", len(body))
	l := &slowLogin{t: t, conn: conn, answer: bufio.NewReader(conn), rest: body[10:]}
	line, err := l.answer.ReadString('\n')
	if err != nil || !strings.Contains(line, "100 Continue") {
		t.Fatalf("%q %v", line, err)
	}
	if _, err := l.answer.ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	io.WriteString(conn, body[:10])
	return l
}

// finish sends the rest, and is the token of the session.
func (l *slowLogin) finish() string {
	l.t.Helper()
	io.WriteString(l.conn, l.rest)
	response, err := http.ReadResponse(l.answer, nil)
	if err != nil {
		l.t.Fatalf("the running request is cut off: %v", err)
	}
	defer response.Body.Close()
	var opened struct{ Token string }
	if err := json.NewDecoder(response.Body).Decode(&opened); err != nil || response.StatusCode != 200 {
		l.t.Fatalf("the running request is answered %d %v", response.StatusCode, err)
	}
	return opened.Token
}

// What does not finish is cut off, so that a node ends within ten seconds.
func TestEndCutsOffWhatDoesNotFinish(t *testing.T) {
	t.Parallel()
	database := dbtest.URL(t, dbtest.SQLite)
	found(t, database)
	s := serve(t, database, "--drain-delay", "0s")
	beginLogin(t, s.url)
	began := time.Now()
	s.signal(syscall.SIGTERM)
	if code, took := s.code(), time.Since(began); code != 1 || took > 12*time.Second {
		t.Errorf("exit code %d after %v\n%s", code, took, s.all())
	}
}

// A node whose database is away lives, and is not ready until it is back.
func TestReadiness(t *testing.T) {
	t.Parallel()
	dbtest.NeedPostgres(t)
	proxy := dbtest.NewProxy(t, dbtest.URL(t, dbtest.Postgres))
	found(t, proxy.URL)
	s := serve(t, proxy.URL, "--management", "127.0.0.1:0")
	at := func(path string) int { return get(t, s.manager()+path, "").Status }
	if status := at("/readyz"); status != 200 {
		t.Fatalf("/readyz: %d", status)
	}
	token := login(t, s.url, "admin").Token
	proxy.Close()
	if status := at("/readyz"); status != 503 {
		t.Errorf("/readyz without the database: %d", status)
	}
	if status := at("/healthz"); status != 200 {
		t.Errorf("/healthz without the database: %d", status)
	}
	if a := do(t, holding(t, s.url, token), http.MethodGet, "/pod/v2/sessioninfo"); a.Status != 503 || a.Header.Get("Retry-After") == "" {
		t.Errorf("without the database: %d %s", a.Status, a.Body)
	}
	eventually(t, "the sessions are unknown", func() bool { return strings.Contains(metrics(t, s), "\npodium_sessions -1\n") })
	proxy.Open()
	eventually(t, "/readyz says yes", func() bool { return at("/readyz") == 200 })
	wants(t, holding(t, s.url, token), http.MethodGet, whoami, 200)
}

func metrics(t testing.TB, s *server) string {
	t.Helper()
	a := get(t, s.manager()+"/metrics", "")
	if a.Status != 200 {
		t.Fatalf("/metrics: %d %s", a.Status, a.Body)
	}
	return string(a.Body)
}

func TestManagement(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		database := dbtest.URL(t, kind)
		found(t, database)
		s := serve(t, database, "--management", "127.0.0.1:0")
		for path, want := range map[string]string{"/healthz": "alive\n", "/readyz": "ready\n"} {
			if a := get(t, s.manager()+path, ""); a.Status != 200 || string(a.Body) != want {
				t.Errorf("%s: %d %q", path, a.Status, a.Body)
			}
			isError(t, get(t, s.url+path, ""), 404)
		}
		isError(t, get(t, s.url+"/metrics", ""), 404)

		for _, name := range []string{"horizon_age_seconds", "seal_lag_seconds", "feed_lag_seconds", "database_bytes", "log_bytes", "log_facts"} {
			if text := metrics(t, s); !strings.Contains(text, "\npodium_"+name+" ") || strings.Contains(text, "\npodium_"+name+" -1\n") {
				t.Errorf("no figure podium_%s in\n%s", name, text)
			}
		}
		if strings.Contains(metrics(t, s), `podium_requests_total{operation="authenticate",`) {
			t.Error("there is a login already")
		}
		one, two := login(t, s.url, "admin"), login(t, s.url, "admin")
		wants(t, one, http.MethodGet, whoami, 200)
		wants(t, two, http.MethodGet, whoami, 200)
		wants(t, one, http.MethodPost, logout, 200)
		wants(t, one, http.MethodGet, whoami, 401)
		if err := one.Login(context.Background(), "unknown", testKey()); err == nil {
			t.Error("an unknown user logs in")
		}
		for _, line := range []string{
			`podium_requests_total{operation="authenticate",status="200"} 2`,
			`podium_requests_total{operation="authenticate",status="401"} 1`,
			`podium_requests_total{operation="getSessionInfoV1",status="200"} 2`,
			`podium_requests_total{operation="getSessionInfoV1",status="401"} 1`,
			`podium_requests_total{operation="logout",status="200"} 1`,
			`podium_requests_total{operation="none",status="404"} 3`,
			`podium_request_duration_seconds_count{operation="authenticate"} 3`,
			`podium_sessions 1`,
			`podium_database_waiting 0`,
		} {
			eventually(t, line, func() bool { return strings.Contains(metrics(t, s), "\n"+line+"\n") })
		}
		for _, line := range []string{
			`podium_write_batch_size_count [1-9]\d*`, `podium_write_batch_duration_seconds_count [1-9]\d*`, `go_goroutines [1-9]\d*`,
			`podium_database_connections [1-9]\d*`, `podium_database_connections_in_use \d+`,
		} {
			if !regexp.MustCompile(`(?m)^` + line + `$`).MatchString(metrics(t, s)) {
				t.Errorf("the metrics lack %s", line)
			}
		}
	})
}
