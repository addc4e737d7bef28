package db_test

import (
	"context"
	"log/slog"
	"os"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"podium/internal/db"
	"podium/internal/db/dbtest"
)

// starts returns how often a test opens a database under load: PODIUM_STARTS, or few.
func starts(t *testing.T) int {
	t.Helper()
	text := os.Getenv("PODIUM_STARTS")
	if text == "" {
		return 15
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("PODIUM_STARTS is %q, not a number of starts", text)
	}
	return n
}

// TestStartsUnderLoadLeavePositionsAlone checks that nodes and commands that start under load do
// not raise positions, and that a follower misses nothing.
func TestStartsUnderLoadLeavePositionsAlone(t *testing.T) {
	t.Parallel()
	dbtest.NeedPostgres(t)
	url := dbtest.URL(t, dbtest.Postgres)
	d, stop := underLoad(t, url)
	for range starts(t) {
		start(t, url)
	}
	stop()
	if ahead := ahead(t, d); ahead != 0 {
		t.Errorf("positions run %d ahead of transaction ids, and nothing was restored", ahead)
	}
}

// TestPositionsAreRaisedUnderLoad checks that positions continue far above all earlier ones on
// another server or timeline, and that a follower misses nothing meanwhile.
func TestPositionsAreRaisedUnderLoad(t *testing.T) {
	t.Parallel()
	dbtest.NeedPostgres(t)
	const times = 5
	url := dbtest.URL(t, dbtest.Postgres)
	d, stop := underLoad(t, url)
	for range times {
		write(t, d, func(tx *db.Tx) error { return tx.Change(`UPDATE positions SET server = 'another/00000001'`) })
		start(t, url)
	}
	stop()
	if ahead := ahead(t, d); ahead != times<<32 {
		t.Errorf("positions run %d ahead of transaction ids after %d changes of the server", ahead, times)
	}
}

// TestPositionsAreRaisedOnAnotherServer checks that a running node notices that its connections
// lead to another server.
func TestPositionsAreRaisedOnAnotherServer(t *testing.T) {
	t.Parallel()
	dbtest.NeedPostgres(t)
	d, outage := failing(t, dbtest.Postgres)
	write(t, d, func(tx *db.Tx) error { return tx.Change(`UPDATE positions SET server = 'another/00000001'`) })
	outage.Begin(t)
	outage.End()
	write(t, d, func(tx *db.Tx) error { return add(tx, 1) })
	if ahead := ahead(t, d); ahead != 1<<32 {
		t.Errorf("positions run %d ahead of transaction ids", ahead)
	}
}

// TestPositionsThatCannotBeRaisedNow checks that a running dump does not prevent a node from
// starting on another server.
func TestPositionsThatCannotBeRaisedNow(t *testing.T) {
	t.Parallel()
	dbtest.NeedPostgres(t)
	url := dbtest.URL(t, dbtest.Postgres)
	d := dbtest.OpenAt(t, url)
	write(t, d, func(tx *db.Tx) error { return tx.Change(`UPDATE positions SET server = 'another/00000001'`) })
	_, err := db.Read(context.Background(), d, func(tx *db.Tx) (int64, error) {
		// locked until the end of this transaction
		ahead, err := db.Value[int64](tx, `SELECT ahead FROM positions`)
		start(t, url)
		return ahead, err
	})
	if err != nil {
		t.Fatal(err)
	}
	start(t, url)
	if ahead := ahead(t, d); ahead != 1<<32 {
		t.Errorf("positions run %d ahead of transaction ids", ahead)
	}
}

// TestFollowedTablesAreNamed checks that the table followed names every table with an index by
// position.
func TestFollowedTablesAreNamed(t *testing.T) {
	t.Parallel()
	dbtest.NeedPostgres(t)
	d := dbtest.Open(t, dbtest.Postgres)
	_, err := db.Read(context.Background(), d, func(tx *db.Tx) (struct{}, error) {
		named, err := db.All(tx, db.ScanValue[string], `SELECT name FROM followed ORDER BY name`)
		if err != nil {
			return struct{}{}, err
		}
		can, err := db.All(tx, db.ScanValue[string], `
			SELECT DISTINCT relname::text
			FROM pg_class
			JOIN pg_index ON indrelid = pg_class.oid
			JOIN pg_attribute ON attrelid = pg_class.oid AND attname = 'position' AND attnum = ANY (indkey)
			WHERE relnamespace = 'public'::regnamespace AND relname <> 'audit_trail' -- an index over events
			ORDER BY 1`)
		if !slices.Equal(named, can) {
			t.Errorf("the table followed names %q; indexes by position are on %q", named, can)
		}
		return struct{}{}, err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// start opens and closes a database, as a command does.
func start(t *testing.T, url string) {
	t.Helper()
	d, err := db.Open(context.Background(), db.Config{URL: url, Connections: 3, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Error(err)
		return
	}
	if err := d.Close(); err != nil {
		t.Error(err)
	}
}

// underLoad opens a database with several writers and a follower, which run until stop is called.
func underLoad(t *testing.T, url string) (d *db.DB, stop func()) {
	t.Helper()
	const writers = 12
	d = dbtest.OpenAt(t, url, func(c *db.Config) { c.Connections, c.Patience = writers+2, time.Minute })
	ctx, cancel := context.WithCancel(context.Background())
	var load sync.WaitGroup
	for w := range writers {
		load.Go(func() {
			for ctx.Err() == nil {
				if err := tryWrite(d, func(tx *db.Tx) error { return addFact(tx, int64(w)) }); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	load.Go(func() { followFacts(ctx, t, d) })
	stop = sync.OnceFunc(func() { cancel(); load.Wait() })
	t.Cleanup(stop)
	return d, stop
}

// addFact inserts a row of the log.
func addFact(tx *db.Tx, company int64) error {
	position, err := tx.Position()
	if err != nil {
		return err
	}
	seq, err := tx.Next("events")
	if err != nil {
		return err
	}
	return tx.Exec(`
		INSERT INTO events (position, seq, company, kind, at, actor, actor_name, actor_email, app, roles,
			subject, subject_name, subject_email, data)
		VALUES ($1, $2, $3, 'test', 1, 1, '', '', '', '', '', '', '', '{}')`, position, seq, company)
}

// followFacts follows the log until ctx ends, and fails the test if a row appears below its
// position.
func followFacts(ctx context.Context, t *testing.T, d *db.DB) {
	var last, passed int64
	for ctx.Err() == nil {
		_, err := db.Read(context.Background(), d, func(tx *db.Tx) (struct{}, error) {
			behind, err := db.Value[int64](tx, `SELECT COUNT(*) FROM events WHERE position <= $1`, last)
			if err != nil {
				return struct{}{}, err
			}
			if behind != passed {
				t.Errorf("%d rows up to position %d, where %d were seen", behind, last, passed)
			}
			horizon, err := tx.Horizon()
			if err != nil {
				return struct{}{}, err
			}
			last = horizon - 1
			passed, err = db.Value[int64](tx, `SELECT COUNT(*) FROM events WHERE position <= $1`, last)
			return struct{}{}, err
		})
		if err != nil {
			t.Error(err)
		}
		if t.Failed() {
			return
		}
	}
}

func ahead(t *testing.T, d *db.DB) int64 {
	t.Helper()
	ahead, err := db.Read(context.Background(), d, func(tx *db.Tx) (int64, error) {
		return db.Value[int64](tx, `SELECT ahead FROM positions`)
	})
	if err != nil {
		t.Fatal(err)
	}
	return ahead
}
