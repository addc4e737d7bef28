package main_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"

	"podium/internal/client"
	"podium/internal/db"
	"podium/internal/db/dbtest"
)

// times returns how often a test does something: what the environment says, or few.
func times(t *testing.T, variable string, few int) int {
	t.Helper()
	text := os.Getenv(variable)
	if text == "" {
		return few
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("%s is %q, not a number", variable, text)
	}
	return n
}

// Nodes that start, and commands, on a pod that is under load: each fact is sealed, and positions
// stay as they are.
func TestStartsAndCommandsUnderLoad(t *testing.T) {
	t.Parallel()
	dbtest.NeedPostgres(t)
	const callers = 8
	database := dbtest.URL(t, dbtest.Postgres)
	found(t, database)
	s := serve(t, database)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var load sync.WaitGroup
	for i := range callers {
		load.Go(func() {
			c := login(t, s.url, "admin")
			for n := 0; ctx.Err() == nil; n++ {
				createUser(t, c.Do, fmt.Sprintf("person.%d.%d", i, n))
			}
		})
	}
	for i := range times(t, "PODIUM_STARTS", 6) {
		if i%3 == 2 {
			serve(t, database).kill()
			continue
		}
		run(t, "company", "list", "--database", database).want(0)
	}
	stop()
	load.Wait()
	eventually(t, "every fact is sealed", func() bool {
		r := run(t, "audit", "verify", "--database", database).want(0)
		return strings.Contains(r.stdout, " 0 not sealed yet")
	})
	ahead, err := db.Read(context.Background(), dbtest.OpenAt(t, database), func(tx *db.Tx) (int64, error) {
		return db.Value[int64](tx, `SELECT ahead FROM positions`)
	})
	if err != nil || ahead != 0 {
		t.Errorf("positions run %d ahead, and nothing was restored: %v", ahead, err)
	}
}

// createUser makes an account, which is a fact.
func createUser(t *testing.T, do func(ctx context.Context, method, path string, body []byte) (client.Answer, error), name string) {
	t.Helper()
	body := fmt.Sprintf(`{"userAttributes": {"userName": %q, "firstName": "A", "lastName": "Person", "displayName": "A Person",
		"emailAddress": "%s@acme.example", "accountType": "NORMAL"}, "roles": ["INDIVIDUAL"]}`, name, name)
	a, err := do(context.Background(), http.MethodPost, "/pod/v2/admin/user/create", []byte(body))
	if err != nil || a.Status != http.StatusOK {
		t.Errorf("creating %s: %d %s %v", name, a.Status, a.Body, err)
	}
}

// A database that keeps its connections and says nothing does not keep a node from ending, whatever
// it has been asked.
func TestEndWithASilentDatabase(t *testing.T) {
	t.Parallel()
	dbtest.NeedPostgres(t)
	proxy := dbtest.NewProxy(t, dbtest.URL(t, dbtest.Postgres))
	found(t, proxy.URL)
	s := serve(t, proxy.URL, "--database-timeout", "1h", "--drain-delay", "0s")
	var load sync.WaitGroup
	defer load.Wait()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	begun := make(chan struct{}, 100)
	for i := range 4 {
		c := login(t, s.url, "admin")
		load.Go(func() {
			for n := 0; ctx.Err() == nil; n++ {
				body := fmt.Sprintf(`{"name": "room %d %d"}`, i, n)
				if _, err := c.Do(ctx, http.MethodPost, "/pod/v3/room/create", []byte(body)); err != nil {
					return
				}
				select {
				case begun <- struct{}{}:
				default:
				}
			}
		})
	}
	for range 20 {
		<-begun
	}
	proxy.Silence()
	s.signal(syscall.SIGTERM)
	s.code() // whichever: what ran was cut off
}

// A command that is told to end does so, too.
func TestEndOfACommandWithASilentDatabase(t *testing.T) {
	t.Parallel()
	dbtest.NeedPostgres(t)
	proxy := dbtest.NewProxy(t, dbtest.URL(t, dbtest.Postgres))
	proxy.Silence()
	p := start(t, "company", "list", "--database", proxy.URL+"&connect_timeout=3600")
	eventually(t, "the command waits for the database", func() bool { return proxy.Connections() > 0 })
	p.signal(syscall.SIGTERM)
	if code := p.code(); code != 1 {
		t.Errorf("exit code %d\n%s", code, p.all())
	}
}
