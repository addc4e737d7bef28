package db_test

import (
	"errors"
	"slices"
	"testing"

	"podium/internal/db"
	"podium/internal/db/dbtest"
)

const addThing = `INSERT INTO things (id, name) VALUES ($1, 'a thing')`

// TestQueuedStatementsTakeEffectInTheirOrder checks that the next statement, and the commit,
// include what was queued.
func TestQueuedStatementsTakeEffectInTheirOrder(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		d := dbtest.Open(t, kind)
		write(t, d, createThings)
		write(t, d, func(tx *db.Tx) error {
			if err := errors.Join(
				tx.Queue(addThing, int64(1)),
				tx.QueueAll(`INSERT INTO things (id, name) VALUES`, [][]any{{int64(2), "two"}, {int64(3), "three"}}, "", nil),
				tx.QueueChange(`DELETE FROM things WHERE id = $1`, int64(2)),
			); err != nil {
				return err
			}
			seen, err := db.All(tx, db.ScanValue[int64], `SELECT id FROM things ORDER BY id`)
			if err == nil && !slices.Equal(seen, []int64{1, 3}) {
				t.Errorf("before the commit: %v", seen)
			}
			if err != nil {
				return err
			}
			return tx.Queue(`UPDATE things SET id = $2 WHERE id IN ($1)`, []int64{3}, int64(4))
		})
		if got := ids(t, d); !slices.Equal(got, []int64{1, 4}) {
			t.Errorf("after the commit: %v", got)
		}
	})
}

// TestAWriteMayOnlyQueue checks that a Write that only queues is committed.
func TestAWriteMayOnlyQueue(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		d := dbtest.Open(t, kind)
		write(t, d, createThings)
		write(t, d, func(tx *db.Tx) error {
			return tx.Queue(addThing, int64(7))
		})
		write(t, d, func(*db.Tx) error { return nil })
		if got := ids(t, d); !slices.Equal(got, []int64{7}) {
			t.Errorf("%v", got)
		}
	})
}

var errRefused = errors.New("refused")

func refuse(err error) error {
	if errors.Is(err, db.ErrExists) {
		return errRefused
	}
	return err
}

// TestAQueuedStatementsErrorEndsTheWrite checks that the error of a queued statement rolls back the
// Write, whether it is returned by the next read, the next change, or the commit.
func TestAQueuedStatementsErrorEndsTheWrite(t *testing.T) {
	t.Parallel()
	next := map[string]func(*db.Tx) error{
		"a query": func(tx *db.Tx) error {
			_, err := db.Value[int64](tx, `SELECT COUNT(*) FROM things`)
			return err
		},
		"a change":    func(tx *db.Tx) error { return tx.Change(`UPDATE things SET id = 9 WHERE id = 2`) },
		"a number":    func(tx *db.Tx) error { _, err := tx.Next("places"); return err },
		"the commit":  func(*db.Tx) error { return nil },
		"more queued": func(tx *db.Tx) error { return tx.Queue(addThing, int64(3)) },
		"a caught error": func(tx *db.Tx) error {
			_, _ = db.Value[int64](tx, `SELECT COUNT(*) FROM things`)
			_, err := db.Value[int64](tx, `SELECT COUNT(*) FROM things`)
			return err
		},
	}
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		for name, next := range next {
			d := dbtest.Open(t, kind)
			write(t, d, createThings)
			write(t, d, func(tx *db.Tx) error { return add(tx, 1) })
			again := func(refuse func(error) error) func(*db.Tx) error {
				return func(tx *db.Tx) error {
					return tx.QueueAll(`INSERT INTO things (id, name) VALUES`, [][]any{{int64(1), "one"}}, "", refuse)
				}
			}
			for _, c := range []struct {
				queue func(*db.Tx) error
				is    error
			}{
				{again(refuse), errRefused},
				{again(func(err error) error { return err }), db.ErrExists},
				{again(nil), nil},
				{func(tx *db.Tx) error { return tx.QueueChange(`DELETE FROM things WHERE id = 8`) }, nil},
			} {
				err := tryWrite(d, func(tx *db.Tx) error {
					if err := tx.Queue(addThing, int64(2)); err != nil {
						return err
					}
					_ = c.queue(tx) // SQLite returns it at once
					return next(tx)
				})
				switch {
				case err == nil:
					t.Errorf("%s: no error", name)
				case c.is != nil && !errors.Is(err, c.is):
					t.Errorf("%s: %v, not %v", name, err, c.is)
				case c.is == nil && (errors.Is(err, db.ErrExists) || errors.Is(err, db.ErrNoRow)):
					t.Errorf("%s: %v passes for the error of another statement", name, err)
				}
				if got := ids(t, d); !slices.Equal(got, []int64{1}) {
					t.Fatalf("%s: %v is left", name, got)
				}
			}
			write(t, d, func(tx *db.Tx) error { return add(tx, 5) }) // the connection is usable
		}
	})
}

// TestReservedNumbersAreGivenOnce checks that reserved numbers are rising, and each is given once.
func TestReservedNumbersAreGivenOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		d := dbtest.Open(t, kind)
		last := int64(0)
		for range 3 {
			write(t, d, func(tx *db.Tx) error {
				tx.Reserve("places", 2)
				tx.Reserve("users", 1)
				for _, n := range []int{1, 1, 3} { // the reserved ones, then more
					numbers, err := tx.NextMany("places", n)
					if err != nil {
						return err
					}
					for _, number := range numbers {
						if number <= last {
							t.Errorf("%d comes after %d", number, last)
						}
						last = number
					}
				}
				return nil
			})
		}
	})
}

// TestPlacesRiseWithinATransaction checks that places rise within a transaction, and that no two
// transactions share one.
func TestPlacesRiseWithinATransaction(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		d := dbtest.Open(t, kind)
		type place struct{ position, number int64 }
		given := make(map[place]bool)
		numbers := make(map[int64]bool)
		for i := range 40 {
			write(t, d, func(tx *db.Tx) error {
				last := int64(-1)
				for _, n := range []int{1 + i%3, 0, 30, 1 + 50*(i%2)} {
					position, list, err := tx.Places("events", n)
					if err != nil || len(list) != n {
						t.Errorf("%d of %d places: %v", len(list), n, err)
						return err
					}
					if same, err := tx.Position(); err != nil || same != position {
						t.Errorf("position %d, not %d: %v", same, position, err)
					}
					for _, number := range list {
						if number <= last || given[place{position, number}] || numbers[number] {
							t.Errorf("%d comes after %d", number, last)
						}
						last, given[place{position, number}], numbers[number] = number, true, true
					}
				}
				return nil
			})
		}
	})
}
