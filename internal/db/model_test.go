package db_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"testing"

	"pgregory.net/rapid"

	"podium/internal/db"
	"podium/internal/db/dbtest"
)

// step is one statement of a write; ending is how the write ends.
type (
	step struct {
		Set   bool // or take away
		Key   int64
		Value string
	}
	ending string
)

var errNo = errors.New("no")

// TestWritesLikeAMap performs random writes, rollbacks and repeats, and compares the database with
// a map.
func TestWritesLikeAMap(t *testing.T) {
	if testing.Short() {
		t.Skip("slow: make test runs it")
	}
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		d := fresh(t, kind)
		drawStep := rapid.Custom(func(t *rapid.T) step {
			return step{rapid.Bool().Draw(t, "set"), rapid.Int64Range(1, 6).Draw(t, "key"), rapid.StringMatching(`[a-z'"$?é𝄞]{0,5}`).Draw(t, "value")}
		})
		rapid.Check(t, func(t *rapid.T) {
			_, err := db.Write(context.Background(), d, func(tx *db.Tx) (struct{}, error) { return struct{}{}, tx.Exec(`DELETE FROM things`) })
			if err != nil {
				t.Fatal(err)
			}
			held := map[int64]string{}
			for range rapid.IntRange(1, 8).Draw(t, "writes") {
				steps := rapid.SliceOfN(drawStep, 0, 6).Draw(t, "steps")
				end := ending(rapid.SampledFrom([]string{"commit", "commit", "fail", "panic"}).Draw(t, "end"))
				after := maps.Clone(held)
				for _, s := range steps {
					if s.Set {
						after[s.Key] = s.Value
					} else {
						delete(after, s.Key)
					}
				}
				seen, err := db.Write(context.Background(), d, func(tx *db.Tx) (map[int64]string, error) { return take(tx, steps, end) })
				switch {
				case end == "commit" && err != nil, end == "fail" && !errors.Is(err, errNo), end == "panic" && !errors.As(err, new(*db.PanicError)):
					t.Fatalf("a write that ends with %s: %v", end, err)
				case end == "commit" && !maps.Equal(seen, after):
					t.Fatalf("the write itself saw %v, not %v", seen, after)
				case end == "commit":
					held = after
				}
				there, err := db.Read(context.Background(), d, things)
				if err != nil || !maps.Equal(there, held) {
					t.Fatalf("the database holds %v, not %v: %v", there, held, err)
				}
			}
		})
	})
}

// take performs the steps and ends as given.
func take(tx *db.Tx, steps []step, end ending) (map[int64]string, error) {
	for _, s := range steps {
		err := tx.Exec(`DELETE FROM things WHERE id = $1`, s.Key)
		if s.Set {
			err = tx.Exec(`
				INSERT INTO things (id, name)
				VALUES ($1, $2)
				ON CONFLICT (id) DO UPDATE SET name = excluded.name`, s.Key, s.Value)
		}
		if err != nil {
			return nil, fmt.Errorf("%+v: %w", s, err)
		}
	}
	switch end {
	case "fail":
		return nil, errNo
	case "panic":
		panic("no")
	}
	return things(tx)
}

func things(tx *db.Tx) (map[int64]string, error) {
	type thing struct {
		id   int64
		name string
	}
	list, err := db.All(tx, func(row db.Row) (x thing, err error) { return x, row.Scan(&x.id, &x.name) }, `SELECT id, name FROM things`)
	held := make(map[int64]string, len(list))
	for _, x := range list {
		held[x.id] = x.name
	}
	return held, err
}
