package db_test

import (
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"podium/internal/db"
	"podium/internal/db/dbtest"
	"podium/internal/db/lock"
)

// TestADeadlockIsRunAgain lets two writes lock two keys in opposite order: the database ends one of
// them, which runs again, and both succeed.
func TestADeadlockIsRunAgain(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		d := dbtest.Open(t, kind, func(c *db.Config) { c.Patience, c.LockOrder = time.Minute, nil })
		write(t, d, createThings)
		a, b := lock.Stream("a"), lock.Stream("b")
		var holding, wg sync.WaitGroup
		holding.Add(2)
		var runs atomic.Int64
		for i, keys := range [][2]lock.Key{{a, b}, {b, a}} {
			wg.Go(func() {
				first := true
				err := tryWrite(d, func(tx *db.Tx) error {
					runs.Add(1)
					if err := add(tx, int64(i)); err != nil {
						return err
					}
					if err := tx.Lock(keys[0]); err != nil {
						return err
					}
					// a lock is sent with the next statement that reads
					if _, err := tx.Horizon(); err != nil {
						return err
					}
					if first {
						first = false
						holding.Done()
						if kind == dbtest.Postgres { // on SQLite the writes run one after the other
							holding.Wait()
						}
					}
					return tx.Lock(keys[1])
				})
				if err != nil {
					t.Errorf("write %d: %v", i, err)
				}
			})
		}
		wg.Wait()
		if got := ids(t, d); !slices.Equal(got, []int64{0, 1}) {
			t.Errorf("rows %v", got)
		}
		switch n := runs.Load(); {
		case kind == dbtest.SQLite && n != 2:
			t.Errorf("%d runs of two writes that follow one another", n)
		case kind == dbtest.Postgres && n < 3: // four if both see the deadlock at the same moment
			t.Errorf("%d runs: neither ran again", n)
		}
	})
}

// TestASerializationFailureIsRunAgain checks that a write runs again if the server asks for it,
// after a rollback.
func TestASerializationFailureIsRunAgain(t *testing.T) {
	t.Parallel()
	dbtest.NeedPostgres(t)
	for _, code := range []string{"40001", "40P01"} {
		d := dbtest.Open(t, dbtest.Postgres)
		write(t, d, createThings)
		runs, hooks := 0, 0
		write(t, d, func(tx *db.Tx) error {
			runs++
			tx.OnCommit(func() { hooks++ })
			if err := add(tx, 1); err != nil {
				return err
			}
			if runs < 3 {
				return raise(tx, code)
			}
			return nil
		})
		if got := ids(t, d); runs != 3 || hooks != 1 || !slices.Equal(got, []int64{1}) {
			t.Errorf("%s: %d runs, the hook ran %d times, rows %v", code, runs, hooks, got)
		}
	}
}

// TestAConflictWithoutEnd checks that a persistent conflict is reported after the patience as
// ErrUnavailable.
func TestAConflictWithoutEnd(t *testing.T) {
	t.Parallel()
	dbtest.NeedPostgres(t)
	d := dbtest.Open(t, dbtest.Postgres, patient)
	write(t, d, createThings)
	began := time.Now()
	err := tryWrite(d, func(tx *db.Tx) error { return errors.Join(add(tx, 1), raise(tx, "40001")) })
	if took := time.Since(began); !errors.Is(err, db.ErrUnavailable) || took < patience || took > soon {
		t.Errorf("after %v: %v", took, err)
	}
	if got := ids(t, d); len(got) != 0 {
		t.Errorf("rows %v", got)
	}
}

// TestARefusedCommit checks a failure at the COMMIT itself, where deferred constraints are checked:
// it rolls back, returns the error, and leaves the connection usable.
func TestARefusedCommit(t *testing.T) {
	t.Parallel()
	dbtest.NeedPostgres(t)
	d := dbtest.Open(t, dbtest.Postgres)
	write(t, d, func(tx *db.Tx) error {
		return tx.Exec(`CREATE TABLE things (id BIGINT UNIQUE DEFERRABLE INITIALLY DEFERRED, name TEXT NOT NULL)`)
	})
	write(t, d, func(tx *db.Tx) error { return add(tx, 1) })
	if err := tryWrite(d, func(tx *db.Tx) error { return add(tx, 1) }); !errors.Is(err, db.ErrExists) {
		t.Errorf("error %v", err)
	}
	if got := ids(t, d); !slices.Equal(got, []int64{1}) {
		t.Errorf("rows %v", got)
	}
}

// TestADroppedErrorIsNotASuccess checks that a failed statement rolls back the whole write even if
// its error was ignored.
func TestADroppedErrorIsNotASuccess(t *testing.T) {
	t.Parallel()
	dbtest.NeedPostgres(t)
	d := dbtest.Open(t, dbtest.Postgres)
	write(t, d, createThings)
	err := tryWrite(d, func(tx *db.Tx) error {
		if err := add(tx, 1); err != nil {
			return err
		}
		if err := add(tx, 1); !errors.Is(err, db.ErrExists) {
			t.Errorf("the same key twice: %v", err)
		}
		return nil
	})
	if err == nil || len(ids(t, d)) != 0 {
		t.Errorf("error %v, rows %v", err, ids(t, d))
	}
}

// raise makes the server fail with a code.
func raise(tx *db.Tx, code string) error {
	return tx.Exec(`DO 'BEGIN RAISE EXCEPTION ''no'' USING ERRCODE = ''` + code + `''; END'`)
}
