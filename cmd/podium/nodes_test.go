package main_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	natsserver "github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"

	"podium/internal/db/dbtest"
	"podium/internal/notify/natstest"
)

// Two nodes on one database are one pod: what ends on one has ended on the other.
func TestTwoNodes(t *testing.T) {
	t.Parallel()
	dbtest.NeedPostgres(t)
	t.Run("with NATS", func(t *testing.T) {
		t.Parallel()
		url := natstest.Start(t, natsserver.Options{}).ClientURL()
		told := listen(t, url)
		testTwoNodes(t, "--nats", url)
		select {
		case m := <-told:
			if m.Subject != "podium.sessions" || !strings.HasPrefix(string(m.Data), "session ") {
				t.Errorf("a node tells the others %s %q", m.Subject, m.Data)
			}
		case <-time.After(patience):
			t.Error("no node tells the others anything")
		}
	})
	t.Run("without", func(t *testing.T) {
		t.Parallel()
		testTwoNodes(t)
	})
}

func testTwoNodes(t *testing.T, flags ...string) {
	t.Helper()
	database := dbtest.URL(t, dbtest.Postgres)
	found(t, database)
	here := serve(t, database, flags...)
	there := serve(t, database, flags...)
	for range 5 {
		c := login(t, here.url, "admin")
		elsewhere := holding(t, there.url, c.Token)
		wants(t, c, http.MethodGet, whoami, 200)
		wants(t, elsewhere, http.MethodGet, whoami, 200) // and now it remembers the session
		wants(t, elsewhere, http.MethodPost, logout, 200)
		wants(t, elsewhere, http.MethodGet, whoami, 401)
		eventually(t, "the other node refuses the session", func() bool { return do(t, c, http.MethodGet, whoami).Status == 401 })
	}
	here.kill()
	wants(t, login(t, there.url, "admin"), http.MethodGet, whoami, 200)
}

// A node whose NATS server goes away goes on, and what ended meanwhile has ended on it.
func TestNATSGoesAway(t *testing.T) {
	t.Parallel()
	dbtest.NeedPostgres(t)
	database := dbtest.URL(t, dbtest.Postgres)
	found(t, database)
	nats := natstest.Start(t, natsserver.Options{})
	here := serve(t, database, "--nats", nats.ClientURL())
	there := serve(t, database, "--nats", nats.ClientURL())
	nats.Shutdown()
	here.says(here.stderr, "trouble with NATS")
	c := login(t, here.url, "admin")
	elsewhere := holding(t, there.url, c.Token)
	wants(t, elsewhere, http.MethodGet, whoami, 200)
	wants(t, c, http.MethodPost, logout, 200)
	eventually(t, "the other node refuses the session", func() bool { return do(t, elsewhere, http.MethodGet, whoami).Status == 401 })
}

// listen hears what nodes tell one another of sessions.
func listen(t *testing.T, url string) <-chan *nats.Msg {
	t.Helper()
	conn, err := nats.Connect(url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	told := make(chan *nats.Msg, 100)
	if _, err := conn.ChanSubscribe("podium.sessions", told); err != nil {
		t.Fatal(err)
	}
	if err := conn.Flush(); err != nil {
		t.Fatal(err)
	}
	return told
}
