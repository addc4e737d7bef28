package db_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"podium/internal/db"
	"podium/internal/db/dbtest"
	"podium/internal/db/lock"
)

// fresh returns a database with a test table.
func fresh(t *testing.T, kind dbtest.Kind) *db.DB {
	t.Helper()
	d := dbtest.Open(t, kind)
	write(t, d, func(tx *db.Tx) error {
		return tx.Exec(`CREATE TABLE things (id BIGINT PRIMARY KEY, name TEXT NOT NULL, flag BOOLEAN, data BYTEA)`)
	})
	return d
}

func write(t *testing.T, d *db.DB, fn func(*db.Tx) error) {
	t.Helper()
	if err := tryWrite(d, fn); err != nil {
		t.Fatal(err)
	}
}

func tryWrite(d *db.DB, fn func(*db.Tx) error) error {
	_, err := db.Write(context.Background(), d, func(tx *db.Tx) (struct{}, error) { return struct{}{}, fn(tx) })
	return err
}

func add(tx *db.Tx, id int64) error {
	return tx.Exec(`INSERT INTO things (id, name) VALUES ($1, $2)`, id, fmt.Sprint("thing ", id))
}

func ids(t *testing.T, d *db.DB) []int64 {
	t.Helper()
	list, err := db.Read(context.Background(), d, func(tx *db.Tx) ([]int64, error) {
		return db.All(tx, db.ScanValue[int64], `SELECT id FROM things ORDER BY id`)
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestAnErrorUndoesAll(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		d := fresh(t, kind)
		boom := errors.New("boom")
		ran := false
		err := tryWrite(d, func(tx *db.Tx) error {
			tx.OnCommit(func() { ran = true })
			if err := add(tx, 1); err != nil {
				return err
			}
			return boom
		})
		if !errors.Is(err, boom) || ran || len(ids(t, d)) != 0 {
			t.Fatalf("error %v, hook ran %v, rows %v", err, ran, ids(t, d))
		}
	})
}

func TestAPanicUndoesAllAndTellsWhere(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		d := fresh(t, kind)
		err := tryWrite(d, func(tx *db.Tx) error {
			if err := add(tx, 1); err != nil {
				return err
			}
			panic("boom")
		})
		var p *db.PanicError
		if !errors.As(err, &p) || !strings.Contains(string(p.Stack), "db_test.go") {
			t.Fatalf("error %v", err)
		}
		write(t, d, func(tx *db.Tx) error { return add(tx, 2) })
		if got := ids(t, d); len(got) != 1 || got[0] != 2 {
			t.Fatalf("rows %v", got)
		}
	})
}

// TestWritesFailEachForItself checks that Writes in one commit are not affected by each other's
// failures.
func TestWritesFailEachForItself(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		d := fresh(t, kind)
		var wg sync.WaitGroup
		for i := int64(1); i <= 300; i++ {
			wg.Go(func() {
				err := tryWrite(d, func(tx *db.Tx) error {
					if err := add(tx, i); err != nil {
						return err
					}
					switch i % 3 {
					case 1:
						return errors.New("no")
					case 2:
						panic("no")
					}
					return nil
				})
				if (err == nil) != (i%3 == 0) {
					t.Errorf("write %d: %v", i, err)
				}
			})
		}
		wg.Wait()
		got := ids(t, d)
		if len(got) != 100 {
			t.Fatalf("%d rows, not 100", len(got))
		}
		for _, id := range got {
			if id%3 != 0 {
				t.Errorf("row %d of a failed write is there", id)
			}
		}
	})
}

func TestExistsAndNoRow(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		d := fresh(t, kind)
		write(t, d, func(tx *db.Tx) error { return add(tx, 1) })
		if err := tryWrite(d, func(tx *db.Tx) error { return add(tx, 1) }); !errors.Is(err, db.ErrExists) {
			t.Errorf("the same key twice: %v", err)
		}
		err := tryWrite(d, func(tx *db.Tx) error { return tx.Change(`UPDATE things SET name = $1 WHERE id = $2`, "x", int64(9)) })
		if !errors.Is(err, db.ErrNoRow) {
			t.Errorf("a change of nothing: %v", err)
		}
		_, err = db.Read(context.Background(), d, func(tx *db.Tx) (string, error) {
			return db.Value[string](tx, `SELECT name FROM things WHERE id = $1`, int64(9))
		})
		if !errors.Is(err, db.ErrNoRow) {
			t.Errorf("a read of nothing: %v", err)
		}
	})
}

func TestListsInStatements(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		d := fresh(t, kind)
		write(t, d, func(tx *db.Tx) error {
			for i := range int64(20) {
				if err := add(tx, i); err != nil {
					return err
				}
			}
			return nil
		})
		for _, list := range [][]int64{{}, {3}, {1, 2}, {4, 5, 6}, {0, 1, 2, 3, 4, 99}} {
			got, err := db.Read(context.Background(), d, func(tx *db.Tx) ([]int64, error) {
				return db.All(tx, db.ScanValue[int64], `
					SELECT id FROM things
					WHERE name <> $1 AND id IN ($2) AND id < $3
					ORDER BY id`, "x", list, int64(5))
			})
			if err != nil {
				t.Fatal(err)
			}
			var want []int64
			for _, n := range list {
				if n < 5 {
					want = append(want, n)
				}
			}
			if fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("IN %v gives %v", list, got)
			}
		}
	})
}

func TestValuesComeBack(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		d := fresh(t, kind)
		type thing struct {
			name string
			flag *bool
			data []byte
		}
		yes := true
		want := thing{name: "ünï 𝄞 '$1'", flag: &yes, data: []byte{0, 255, 7}}
		write(t, d, func(tx *db.Tx) error {
			return tx.Exec(`INSERT INTO things (id, name, flag, data) VALUES ($1, $2, $3, $4)`, int64(1), want.name, want.flag, want.data)
		})
		got, err := db.Read(context.Background(), d, func(tx *db.Tx) (thing, error) {
			return db.One(tx, func(row db.Row) (v thing, err error) {
				return v, row.Scan(&v.name, &v.flag, &v.data)
			}, `SELECT name, flag, data FROM things WHERE id = $1`, int64(1))
		})
		if err != nil || got.name != want.name || got.flag == nil || !*got.flag || string(got.data) != string(want.data) {
			t.Fatalf("%+v, %v", got, err)
		}
	})
}

func TestAReadSeesOneStateAndChangesNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		d := fresh(t, kind)
		write(t, d, func(tx *db.Tx) error { return add(tx, 1) })
		_, err := db.Read(context.Background(), d, func(tx *db.Tx) (struct{}, error) {
			before, err := db.Value[int64](tx, `SELECT COUNT(*) FROM things`)
			if err != nil {
				return struct{}{}, err
			}
			write(t, d, func(tx *db.Tx) error { return add(tx, 2) })
			after, err := db.Value[int64](tx, `SELECT COUNT(*) FROM things`)
			if err == nil && before != after {
				t.Errorf("the read saw %d rows, then %d", before, after)
			}
			return struct{}{}, err
		})
		if err != nil {
			t.Fatal(err)
		}
		_, err = db.Read(context.Background(), d, func(tx *db.Tx) (struct{}, error) { return struct{}{}, add(tx, 3) })
		if err == nil {
			t.Error("a Read inserted a row")
		}
	})
}

// TestLockLetsOneDecide checks that exactly one of two transactions decides if each locks before it
// reads.
func TestLockLetsOneDecide(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		d := fresh(t, kind)
		var wg sync.WaitGroup
		for i := range int64(40) {
			wg.Go(func() {
				err := tryWrite(d, func(tx *db.Tx) error {
					if err := tx.Lock(lock.AllCompanies()); err != nil {
						return err
					}
					n, err := db.Value[int64](tx, `SELECT COUNT(*) FROM things`)
					if err != nil || n > 0 {
						return err
					}
					return add(tx, i)
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if got := ids(t, d); len(got) != 1 {
			t.Fatalf("%d decided", len(got))
		}
	})
}

func TestAGoneCallerLeavesNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		d := fresh(t, kind)
		ctx, cancel := context.WithCancel(context.Background())
		_, err := db.Write(ctx, d, func(tx *db.Tx) (struct{}, error) {
			if err := add(tx, 1); err != nil {
				return struct{}{}, err
			}
			cancel()
			return struct{}{}, add(tx, 2)
		})
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("error %v", err)
		}
		write(t, d, func(tx *db.Tx) error { return add(tx, 3) })
		if got := ids(t, d); len(got) != 1 || got[0] != 3 {
			t.Fatalf("rows %v", got)
		}
	})
}

func TestHooksRunAfterTheCommit(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		d := fresh(t, kind)
		seen := -1
		write(t, d, func(tx *db.Tx) error {
			tx.OnCommit(func() { seen = len(ids(t, d)) })
			return add(tx, 1)
		})
		if seen != 1 {
			t.Fatalf("the hook saw %d rows", seen)
		}
	})
}

// TestNumbersRise checks that numbers rise from Write to Write and from one process to the next,
// despite rollbacks.
func TestNumbersRise(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		url := dbtest.URL(t, kind)
		one, two := dbtest.OpenAt(t, url), dbtest.OpenAt(t, url)
		last := int64(0)
		for i := range 30 {
			d := one
			if i%3 == 0 {
				d = two
			}
			n, err := db.Write(context.Background(), d, func(tx *db.Tx) (int64, error) {
				if _, err := tx.NextMany("events", 3); err != nil {
					return 0, err
				}
				n, err := tx.Next("events")
				if err == nil && i%4 == 0 {
					err = errNo
				}
				return n, err
			})
			if errors.Is(err, errNo) {
				continue
			}
			if err != nil || n <= last {
				t.Fatalf("%d after %d, %v", n, last, err)
			}
			last = n
		}
	})
}
