package main_test

import (
	"context"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"podium/internal/client"
	"podium/internal/db"
	"podium/internal/db/dbtest"
)

// What a pod has acknowledged holds in every later life of it, and it comes up by itself,
// however it ended.
func TestKilledUnderLoad(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		given := &promises{}
		last, rounds := killed(t, kind, func(s *server) {
			given.check(t, s, given.sample(100))
			given.loadUntilKilled(t, s)
		})
		open, ended, unknown := given.check(t, last, given.sessions)
		t.Logf("%d lives: %d sessions open, %d ended, %d of unknown state", rounds, open, ended, unknown)
		if open < rounds/2 || ended < rounds/5 {
			t.Error("there was hardly any load")
		}
	})
}

// killed runs a pod on a new database again and again; live ends each of its lives by killing it.
// It fails the test if a life logs an error, or if the database is damaged at the end. It returns a
// last life, and the number of those before.
func killed(t *testing.T, kind dbtest.Kind, live func(s *server)) (last *server, lives int) {
	t.Helper()
	blobs := t.TempDir()
	lives = times(t, "PODIUM_KILLS", 50)
	if testing.Short() {
		lives = 5
	}
	database := dbtest.URL(t, kind)
	found(t, database)
	for range lives {
		s := serve(t, database, "--blobs", blobs)
		live(s)
		if strings.Contains(s.stderr.String(), `"level":"ERROR"`) {
			t.Fatal(s.stderr)
		}
	}
	if kind == dbtest.SQLite {
		isWhole(t, database)
	}
	run(t, "audit", "verify", "--database", database).want(0)
	return serve(t, database, "--blobs", blobs), lives
}

// isWhole fails the test unless SQLite finds nothing wrong with a file.
func isWhole(t *testing.T, database string) {
	t.Helper()
	found, err := db.Read(context.Background(), dbtest.OpenAt(t, database), func(tx *db.Tx) (string, error) {
		return db.Value[string](tx, `PRAGMA integrity_check`)
	})
	if err != nil || found != "ok" {
		t.Errorf("the database is damaged: %s %v", found, err)
	}
}

// promises is what a pod has acknowledged in all its lives.
type promises struct {
	mu       sync.Mutex
	sessions []*promised
}

// promised is a session that a pod has opened.
type promised struct {
	token string
	state state
}

// state is what is known of a session.
type state int

const (
	open    state = iota
	unknown       // the pod was asked to end it and has not answered
	ended
)

// sample returns the latest sessions, and as many others at random.
func (p *promises) sample(n int) []*promised {
	if len(p.sessions) <= 2*n {
		return p.sessions
	}
	older := len(p.sessions) - n
	sample := append([]*promised(nil), p.sessions[older:]...)
	for _, i := range rand.Perm(older)[:n] {
		sample = append(sample, p.sessions[i])
	}
	return sample
}

// check fails the test unless the pod keeps its promises, and counts them.
func (p *promises) check(t *testing.T, s *server, sessions []*promised) (opened, over, either int) {
	t.Helper()
	transport := newHTTP(t)
	var counts [ended + 1]atomic.Int64
	var next atomic.Int64
	var callers sync.WaitGroup
	for range 8 {
		callers.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(sessions)); i = next.Add(1) - 1 {
				one := sessions[i]
				counts[one.state].Add(1)
				c := &client.Client{Base: s.url, HTTP: transport, Token: one.token}
				a, err := c.Do(context.Background(), http.MethodGet, whoami, nil)
				switch {
				case err != nil:
					t.Errorf("after the restart: %v", err)
				case one.state == open && a.Status != 200, one.state == ended && a.Status != 401, a.Status != 200 && a.Status != 401:
					t.Errorf("session %d of %d, in state %d, is answered %d %s", i, len(sessions), one.state, a.Status, a.Body)
				}
			}
		})
	}
	callers.Wait()
	if t.Failed() {
		t.Fatal(s.all())
	}
	return int(counts[open].Load()), int(counts[ended].Load()), int(counts[unknown].Load())
}

// loadUntilKilled logs in and out, several at once, until the pod is killed after an answer that
// no test could predict.
func (p *promises) loadUntilKilled(t *testing.T, s *server) {
	t.Helper()
	var left atomic.Int64
	left.Store(1 + rand.Int64N(40))
	var callers sync.WaitGroup
	for range 6 {
		callers.Go(func() {
			c := &client.Client{Base: s.url, HTTP: newHTTP(t)}
			for p.loginOrLogout(t, c) {
				if left.Add(-1) == 0 {
					s.kill()
				}
			}
		})
	}
	callers.Wait()
	if left.Load() > 0 {
		t.Fatalf("the pod ended unasked\n%s", s.all())
	}
}

// loginOrLogout reports whether the pod answered as it should.
func (p *promises) loginOrLogout(t *testing.T, c *client.Client) bool {
	if one := p.toEnd(); one != nil {
		c.Token = one.token
		a, err := c.Do(context.Background(), http.MethodPost, logout, nil)
		if err != nil {
			return false
		}
		if a.Status != 200 {
			t.Errorf("logout: %d %s", a.Status, a.Body)
			return false
		}
		p.mu.Lock()
		defer p.mu.Unlock()
		one.state = ended
		return true
	}
	c.Token = ""
	if err := c.Login(context.Background(), "admin", testKey()); err != nil {
		if strings.Contains(err.Error(), "the pod") { // it has answered
			t.Error(err)
		}
		return false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sessions = append(p.sessions, &promised{token: c.Token})
	return true
}

// toEnd picks, one time in three, an open session to end. No other client picks it.
func (p *promises) toEnd() *promised {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.sessions) == 0 || rand.IntN(3) > 0 {
		return nil
	}
	one := p.sessions[rand.IntN(len(p.sessions))]
	if one.state != open {
		return nil
	}
	one.state = unknown
	return one
}
