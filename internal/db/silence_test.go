package db_test

import (
	"context"
	"errors"
	"runtime/pprof"
	"sync"
	"testing"
	"time"

	"podium/internal/db"
	"podium/internal/db/dbtest"
)

// hurried sets a short timeout, for tests with a silent database.
func hurried(c *db.Config) { c.Timeout = 5 * patience }

// ends fails the test unless fn ends by itself within a limit.
func ends(t *testing.T, what string, fn func()) {
	t.Helper()
	ended := make(chan struct{})
	go func() { fn(); close(ended) }()
	select {
	case <-ended:
	case <-time.After(time.Minute):
		pprof.Lookup("goroutine").WriteTo(t.Output(), 1)
		t.Fatalf("%s goes on for as long as the database is silent", what)
	}
}

// TestASilentDatabase keeps the connections of a database silent: every step of a transaction ends,
// and the database works once it answers again.
func TestASilentDatabase(t *testing.T) {
	t.Parallel()
	dbtest.NeedPostgres(t)
	quiet := func(o *dbtest.Outage) func() { return sync.OnceFunc(o.Proxy.Silence) }
	failed := errors.New("no")
	for name, act := range map[string]func(d *db.DB, silence func()) error{
		"before a write": func(d *db.DB, silence func()) error {
			silence()
			return tryWrite(d, func(tx *db.Tx) error { return add(tx, 2) })
		},
		"before a read": func(d *db.DB, silence func()) error {
			silence()
			_, err := readIDs(d)
			return err
		},
		"in a statement": func(d *db.DB, silence func()) error {
			return tryWrite(d, func(tx *db.Tx) error { silence(); return add(tx, 2) })
		},
		"in a query": func(d *db.DB, silence func()) error {
			_, err := db.Read(context.Background(), d, func(tx *db.Tx) (int64, error) {
				silence()
				return db.Value[int64](tx, `SELECT COUNT(*) FROM things`)
			})
			return err
		},
		"at a commit": func(d *db.DB, silence func()) error {
			return tryWrite(d, func(tx *db.Tx) error { defer silence(); return add(tx, 2) })
		},
		"at a rollback": func(d *db.DB, silence func()) error {
			return tryWrite(d, func(tx *db.Tx) error { defer silence(); return errors.Join(add(tx, 2), failed) })
		},
		"at the end of a read": func(d *db.DB, silence func()) error {
			_, err := db.Read(context.Background(), d, func(tx *db.Tx) (int64, error) {
				defer silence()
				return db.Value[int64](tx, `SELECT COUNT(*) FROM things`)
			})
			return err
		},
		"at a ping": func(d *db.DB, silence func()) error { silence(); return d.Ping(context.Background()) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, outage := failing(t, dbtest.Postgres, hurried)
			write(t, d, func(tx *db.Tx) error { return add(tx, 1) })
			var err error
			ends(t, name, func() { err = act(d, quiet(outage)) })
			if !errors.Is(err, db.ErrUnavailable) && !errors.Is(err, failed) {
				t.Errorf("error %v", err)
			}
			outage.Proxy.Speak()
			until(t, "the database can be used", func() bool {
				return tryWrite(d, func(tx *db.Tx) error { return add(tx, 3) }) == nil
			})
			atRest(t, d)
		})
	}
}

// TestASilentDatabaseIsClosed checks that a silent database does not keep a node from ending.
func TestASilentDatabaseIsClosed(t *testing.T) {
	t.Parallel()
	dbtest.NeedPostgres(t)
	for name, end := range map[string]func(*db.DB) error{
		"by Close":       (*db.DB).Close,
		"by Cut, before": func(d *db.DB) error { d.Cut(); return d.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, outage := failing(t, dbtest.Postgres, func(c *db.Config) { c.Patience, c.Timeout = time.Hour, time.Hour })
			var wg sync.WaitGroup
			held := make(chan struct{})
			wg.Go(func() {
				err := tryWrite(d, func(tx *db.Tx) error {
					defer outage.Proxy.Silence()
					defer close(held)
					return add(tx, 1)
				})
				if !errors.Is(err, db.ErrUnavailable) {
					t.Errorf("the write that is cut off: %v", err)
				}
			})
			<-held
			ends(t, "closing", func() {
				if err := end(d); err != nil {
					t.Error(err)
				}
				wg.Wait()
			})
		})
	}
}

// TestAStatementThatTakesTooLong checks that the server ends a statement after the limit, and that
// its connection stays usable.
func TestAStatementThatTakesTooLong(t *testing.T) {
	t.Parallel()
	dbtest.NeedPostgres(t)
	d, _ := failing(t, dbtest.Postgres, hurried)
	err := tryWrite(d, func(tx *db.Tx) error { return tx.Exec(`SELECT pg_sleep(3600)`) })
	if !errors.Is(err, db.ErrUnavailable) {
		t.Errorf("error %v", err)
	}
	write(t, d, func(tx *db.Tx) error { return add(tx, 1) })

	_, err = db.Write(db.Unhurried(context.Background()), d, func(tx *db.Tx) (struct{}, error) {
		return struct{}{}, tx.Exec(`SELECT pg_sleep($1)`, (2 * time.Second).Seconds())
	})
	if err != nil {
		t.Errorf("a statement that may take what it takes: %v", err)
	}
}
