package db_test

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"podium/internal/db"
	"podium/internal/db/dbtest"
	"podium/internal/db/dbtest/throwaway"
)

// cluster is a PostgreSQL server with its synchronous standby, each behind a proxy.
type cluster struct {
	t                *testing.T
	primary, standby *throwaway.Server
	replication      *dbtest.Proxy // between the server and the standby
	clients          *dbtest.Proxy // between a pod and the current server
}

// newCluster starts the servers, and opens a database on the first.
func newCluster(t *testing.T) (*cluster, *db.DB) {
	t.Helper()
	dbtest.NeedPostgres(t)
	c := &cluster{t: t}
	var err error
	if c.primary, err = throwaway.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.primary.Stop)
	c.replication = dbtest.NewProxy(t, c.primary.URL)
	c.clients = dbtest.NewProxy(t, c.primary.URL)
	d := dbtest.OpenAt(t, c.clients.URL, func(c *db.Config) { c.Patience, c.Connections = time.Minute, 40 })
	write(t, d, func(tx *db.Tx) error {
		return tx.Exec(`CREATE TABLE things (id BIGINT NOT NULL, name TEXT NOT NULL)`)
	})
	if c.standby, err = c.primary.Standby(t.Context(), c.replication.URL); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.standby.Stop)
	return c, d
}

// failOver kills the server and promotes the standby, which lacks what was not replicated.
func (c *cluster) failOver() {
	c.t.Helper()
	c.clients.Lead(c.t, c.standby.URL)
	c.primary.Kill()
	c.clients.Close() // the rest of its connections
	c.clients.Open()
	if err := c.standby.Promote(c.t.Context()); err != nil {
		c.t.Fatal(err)
	}
}

// onPrimary reads a number from the first server.
func (c *cluster) onPrimary(sql string) (n int) {
	c.t.Helper()
	conn, err := pgx.Connect(c.t.Context(), c.primary.URL)
	if err != nil {
		c.t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if err := conn.QueryRow(c.t.Context(), sql).Scan(&n); err != nil {
		c.t.Fatal(err)
	}
	return n
}

const waitingForStandby = `SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'`

// TestAFailoverLosesNoAcknowledgedWrite kills a server while writes wait for a stalled standby. The
// promoted standby gives their transaction ids to others. No lost write may have been acknowledged.
func TestAFailoverLosesNoAcknowledgedWrite(t *testing.T) {
	t.Parallel()
	const writers = 8
	c, d := newCluster(t)
	var acknowledged sync.Map
	var count, next atomic.Int64
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var load sync.WaitGroup
	begin := func() {
		for range writers {
			load.Go(func() {
				for ctx.Err() == nil {
					id := next.Add(1)
					if err := tryWrite(d, func(tx *db.Tx) error { return add(tx, id) }); err == nil {
						acknowledged.Store(id, true)
						count.Add(1)
					} else if !errors.Is(err, db.ErrUnavailable) {
						t.Error(err)
					}
				}
			})
		}
	}
	begin()
	until(t, "writes are acknowledged", func() bool { return count.Load() > 100 })
	c.replication.Silence()
	until(t, "all writers wait for the standby", func() bool { return c.onPrimary(waitingForStandby) == writers })
	c.failOver()
	begin() // these reuse the ids of the transactions in doubt
	before := count.Load()
	until(t, "writes are acknowledged by the standby", func() bool { return count.Load() > before+100 })
	stop()
	load.Wait()

	there := map[int64]int{}
	for _, id := range ids(t, d) {
		there[id]++
	}
	acknowledged.Range(func(id, _ any) bool {
		if there[id.(int64)] == 0 {
			t.Errorf("write %d was acknowledged and is lost", id)
		}
		return true
	})
	for id, n := range there {
		if n > 1 {
			t.Errorf("write %d is there %d times", id, n)
		}
	}
}

// TestACommitThatStopsWaitingForTheStandby checks that a commit whose wait for the standby was
// cancelled is not acknowledged before the standby has it.
func TestACommitThatStopsWaitingForTheStandby(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]string{"cancelled": "pg_cancel_backend", "terminated": "pg_terminate_backend"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, d := newCluster(t)
			c.replication.Silence()
			ended := make(chan error, 1)
			go func() { ended <- tryWrite(d, func(tx *db.Tx) error { return add(tx, 1) }) }()
			until(t, "the write waits for the standby", func() bool { return c.onPrimary(waitingForStandby) == 1 })
			first := c.onPrimary(`SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep'`)
			c.onPrimary(`SELECT COUNT(` + end + `(pid)) FROM pg_stat_activity WHERE wait_event = 'SyncRep'`)
			until(t, "the write has made up its mind", func() bool {
				select {
				case err := <-ended:
					ended <- err
					return true
				default:
					another := `SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND pid <> `
					return c.onPrimary(another+strconv.Itoa(first)) > 0
				}
			})
			c.failOver()
			err := <-ended
			if rows := len(ids(t, d)); err == nil && rows != 1 || rows > 1 {
				t.Errorf("the write said %v, and there are %d rows", err, rows)
			}
		})
	}
}

// TestACommitIsAcknowledgedOnceTheStandbyHasIt checks that such a commit is acknowledged once the
// standby has it.
func TestACommitIsAcknowledgedOnceTheStandbyHasIt(t *testing.T) {
	t.Parallel()
	c, d := newCluster(t)
	c.replication.Silence()
	ended := make(chan error, 1)
	go func() { ended <- tryWrite(d, func(tx *db.Tx) error { return add(tx, 1) }) }()
	until(t, "the write waits for the standby", func() bool { return c.onPrimary(waitingForStandby) == 1 })
	c.onPrimary(`SELECT COUNT(pg_cancel_backend(pid)) FROM pg_stat_activity WHERE wait_event = 'SyncRep'`)
	c.replication.Speak()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	c.failOver()
	if rows := ids(t, d); len(rows) != 1 {
		t.Errorf("rows %v", rows)
	}
}
