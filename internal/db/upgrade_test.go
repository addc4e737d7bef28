package db_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"

	"podium/internal/db"
	"podium/internal/db/dbtest"
)

// The migrations of a newer version: one adds, the next removes what the first replaced.
var (
	expands   = map[string]string{"9001_wider.sql": `ALTER TABLE things ADD COLUMN more TEXT NOT NULL DEFAULT '';`}
	contracts = map[string]string{
		"9001_wider.sql": expands["9001_wider.sql"],
		"9002_anew.sql": `-- podium: contract, for those who know 9001
CREATE TABLE things_anew (id BIGINT PRIMARY KEY, name TEXT NOT NULL, more TEXT NOT NULL);
INSERT INTO things_anew (id, name, more) SELECT id, name, more FROM things;
DROP TABLE things;`,
	}
)

// load writes rows with add until stop is called, and returns the acknowledged ones and the errors
// of the others.
func load(d *db.DB, first int64, add func(tx *db.Tx, id int64) error) (written *atomic.Int64, stop func() ([]int64, []error)) {
	var mu sync.Mutex
	var acknowledged []int64
	var failed []error
	written = new(atomic.Int64)
	done := make(chan struct{})
	var writers sync.WaitGroup
	for w := range int64(4) {
		writers.Go(func() {
			for id := first + w; ; id += 4 {
				select {
				case <-done:
					return
				default:
				}
				err := tryWrite(d, func(tx *db.Tx) error { return add(tx, id) })
				mu.Lock()
				if err == nil {
					acknowledged = append(acknowledged, id)
					written.Add(1)
				} else {
					failed = append(failed, err)
				}
				mu.Unlock()
			}
		})
	}
	return written, sync.OnceValues(func() ([]int64, []error) {
		close(done)
		writers.Wait()
		return acknowledged, failed
	})
}

// TestAnOlderNodeBesideANewerOne checks that a node works, and starts, beside a newer one whose
// migrations only add.
func TestAnOlderNodeBesideANewerOne(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		url := dbtest.URL(t, kind)
		older := dbtest.OpenAt(t, url, patient)
		write(t, older, createThings)
		written, stop := load(older, 1, add)
		defer stop()
		until(t, "the older node writes", func() bool { return written.Load() > 20 })
		newer := dbtest.OpenAt(t, url, patient, db.WithMigrations(expands))
		write(t, newer, func(tx *db.Tx) error { return tx.Exec(`INSERT INTO things (id, name, more) VALUES (0, 'new', 'x')`) })
		so := written.Load()
		until(t, "the older node writes beside the newer one", func() bool { return written.Load() > so+20 })
		again := dbtest.OpenAt(t, url, patient)
		write(t, again, func(tx *db.Tx) error { return add(tx, -1) })
		acknowledged, failed := stop()
		if len(failed) > 0 {
			t.Errorf("%d writes failed: %v", len(failed), failed[0])
		}
		there := ids(t, newer)
		for _, id := range append(acknowledged, 0, -1) {
			if !slices.Contains(there, id) {
				t.Fatalf("row %d was acknowledged and is not there", id)
			}
		}
		if err := older.Ping(context.Background()); err != nil {
			t.Errorf("the older node is not ready: %v", err)
		}
	})
}

// TestANodeThatIsTooOld checks a node that is too old for the changed tables: it loses no
// acknowledged write, refuses further ones, is not ready, logs that, and does not start again.
func TestANodeThatIsTooOld(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		url := dbtest.URL(t, kind)
		var said bytes.Buffer
		older := dbtest.OpenAt(t, url, patient, func(c *db.Config) { c.Log = slog.New(slog.NewTextHandler(&said, nil)) })
		write(t, older, createThings)
		between := dbtest.OpenAt(t, url, patient, db.WithMigrations(expands))
		written, stop := load(older, 1, add)
		defer stop()
		until(t, "the older node writes", func() bool { return written.Load() > 20 })

		newer := dbtest.OpenAt(t, url, patient, db.WithMigrations(contracts))
		if err := older.Ping(context.Background()); !errors.Is(err, db.ErrTooOld) {
			t.Errorf("the older node is ready: %v", err)
		}
		for _, statement := range []string{`DELETE FROM imports`, `DELETE FROM sessions`} {
			if err := tryWrite(older, func(tx *db.Tx) error { return tx.Exec(statement) }); !errors.Is(err, db.ErrTooOld) || !errors.Is(err, db.ErrUnavailable) {
				t.Errorf("the older node writes (%s): %v", statement, err)
			}
		}
		acknowledged, failed := stop()
		if len(failed) == 0 {
			t.Error("no write was refused")
		}
		there, err := db.Read(context.Background(), newer, func(tx *db.Tx) ([]int64, error) {
			return db.All(tx, db.ScanValue[int64], `SELECT id FROM things_anew`)
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range acknowledged {
			if !slices.Contains(there, id) {
				t.Fatalf("row %d was acknowledged and is not there", id)
			}
		}
		// one of them knows the required change, the other all changes
		for _, d := range []*db.DB{between, newer} {
			write(t, d, func(tx *db.Tx) error { return tx.Exec(`DELETE FROM sessions`) })
			if err := d.Ping(context.Background()); err != nil {
				t.Error(err)
			}
		}
		if again, err := db.Open(context.Background(), db.Config{URL: url, Unsafe: true}); err == nil {
			again.Close()
			t.Error("the older node started again")
		}
		if n := strings.Count(said.String(), "too old"); n != 1 {
			t.Errorf("the log says it %d times: %s", n, &said)
		}
	})
}

// TestAnUpgradeBesideANodeOfBefore checks that a node of a release without that rule loses nothing
// either: the tables that migrations copy are closed to it.
func TestAnUpgradeBesideANodeOfBefore(t *testing.T) {
	t.Parallel()
	dbtest.NeedPostgres(t)
	url := dbtest.EmptyURL(t, dbtest.Postgres, `LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'`)
	ctx := context.Background()
	if err := db.MigrateTo(ctx, url, 21); err != nil {
		t.Fatal(err)
	}
	type end struct {
		last int
		err  error
	}
	const writers = 4
	var begun sync.WaitGroup
	begun.Add(writers)
	ends := make(chan end, writers)
	for w := range writers {
		go func() { // like that release, a connection that does not state its version
			conn, err := pgx.Connect(ctx, url)
			if err != nil {
				begun.Done()
				ends <- end{err: err}
				return
			}
			defer conn.Close(ctx)
			for i := 0; ; i++ {
				if i == 10 {
					begun.Done()
				}
				_, err := conn.Exec(ctx, `INSERT INTO user_terms (company, term, name, user_id, shared, kind, mail) VALUES ($1, 'a', 'A', $2, -1, 0, 0)`, w, w*1e6+i)
				if err != nil {
					if i < 10 {
						t.Errorf("before the upgrade: %v", err)
						begun.Done()
					}
					ends <- end{i, err}
					return
				}
			}
		}()
	}
	begun.Wait()
	newer := dbtest.OpenAt(t, url)
	total := 0
	for range writers {
		e := <-ends
		if e.err == nil || !strings.Contains(e.err.Error(), "too old") || !strings.Contains(e.err.Error(), "57OLD") {
			t.Errorf("the older node was not refused but: %v", e.err)
		}
		total += e.last
	}
	there, err := db.Read(ctx, newer, func(tx *db.Tx) (int64, error) { return db.Value[int64](tx, `SELECT COUNT(*) FROM user_terms`) })
	if err != nil || there != int64(total) {
		t.Errorf("%d rows of %d that were acknowledged: %v", there, total, err)
	}
	write(t, newer, func(tx *db.Tx) error { return tx.Exec(`DELETE FROM user_terms`) })
}
