package db_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"podium/internal/db"
	"podium/internal/db/dbtest"
)

// TestInsertAll checks that any number of rows is inserted completely and once, or not at all if
// one fails.
func TestInsertAll(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		d := dbtest.Open(t, kind)
		write(t, d, func(tx *db.Tx) error {
			return tx.Exec(`CREATE TABLE things (id BIGINT PRIMARY KEY, name TEXT NOT NULL)`)
		})
		next := int64(0)
		for _, n := range []int{0, 1, 2, 3, 7, 64, 1000, 5000} {
			rows := make([][]any, n)
			for i := range rows {
				next++
				rows[i] = []any{next, fmt.Sprint("thing ", next)}
			}
			write(t, d, func(tx *db.Tx) error { return tx.InsertAll(`INSERT INTO things (id, name) VALUES`, rows, "") })
			write(t, d, func(tx *db.Tx) error {
				return tx.InsertAll(`INSERT INTO things (id, name) VALUES`, rows, "ON CONFLICT DO NOTHING")
			})
		}
		_, err := db.Write(context.Background(), d, func(tx *db.Tx) (struct{}, error) {
			rows := [][]any{{next + 1, "new"}, {next + 2, "new"}, {int64(1), "again"}}
			return struct{}{}, tx.InsertAll(`INSERT INTO things (id, name) VALUES`, rows, "")
		})
		if !errors.Is(err, db.ErrExists) {
			t.Errorf("a row that is there already: %v", err)
		}
		names, err := db.Read(context.Background(), d, func(tx *db.Tx) ([]string, error) {
			return db.All(tx, db.ScanValue[string], `SELECT name FROM things ORDER BY id`)
		})
		if err != nil || int64(len(names)) != next {
			t.Fatalf("%d rows instead of %d, %v", len(names), next, err)
		}
		for i, name := range names {
			if name != fmt.Sprint("thing ", i+1) {
				t.Fatalf("row %d is %s", i+1, name)
			}
		}
	})
}

// TestNextMany checks that numbers drawn together are rising and distinct from all others.
func TestNextMany(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		d := dbtest.Open(t, kind)
		var all []int64
		for _, n := range []int{0, 1, 5, 1, 300} {
			write(t, d, func(tx *db.Tx) error {
				numbers, err := tx.NextMany("users", n)
				if err != nil || len(numbers) != n {
					return fmt.Errorf("%d numbers instead of %d: %w", len(numbers), n, err)
				}
				one, err := tx.Next("users")
				all = append(append(all, numbers...), one)
				return err
			})
		}
		if !slices.IsSorted(all) || len(slices.Compact(slices.Clone(all))) != len(all) {
			t.Error(strings.Trim(fmt.Sprint(all), "[]"))
		}
	})
}

// TestInsertAllShared checks that rows that share values are inserted unchanged, whatever they
// share.
func TestInsertAllShared(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		d := dbtest.Open(t, kind)
		write(t, d, func(tx *db.Tx) error {
			return tx.Exec(`CREATE TABLE sharers (id BIGINT PRIMARY KEY, a TEXT, b BIGINT NOT NULL, c TEXT NOT NULL, d BIGINT, e BIGINT NOT NULL)`)
		})
		var want []string
		next := int64(0)
		for mask := range 32 { // more than are cached for one table
			rows := make([][]any, 50)
			for i := range rows {
				next++
				rows[i] = []any{next, nil, int64(7), "", nil, int64(mask)}
				if mask&1 != 0 {
					rows[i][1] = fmt.Sprint("a", i%3)
				}
				if mask&2 != 0 {
					rows[i][2] = int64(i)
				}
				if mask&4 != 0 && i == len(rows)-1 {
					rows[i][3] = "the last of all"
				}
				if mask&8 != 0 && i%2 == 0 {
					rows[i][4] = int64(i)
				}
				if mask&16 != 0 {
					rows[i][5] = int64(i)
				}
				want = append(want, line(rows[i]))
			}
			write(t, d, func(tx *db.Tx) error { return tx.InsertAll(`INSERT INTO sharers (id, a, b, c, d, e) VALUES`, rows, "") })
		}
		got, err := db.Read(context.Background(), d, func(tx *db.Tx) ([]string, error) {
			return db.All(tx, func(row db.Row) (string, error) {
				var id, b, e int64
				var a sql.NullString
				var c string
				var d sql.NullInt64
				if err := row.Scan(&id, &a, &b, &c, &d, &e); err != nil {
					return "", err
				}
				values := []any{id, nil, b, c, nil, e}
				if a.Valid {
					values[1] = a.String
				}
				if d.Valid {
					values[4] = d.Int64
				}
				return line(values), nil
			}, `SELECT id, a, b, c, d, e FROM sharers ORDER BY id`)
		})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%d rows instead of %d, or others", len(got), len(want))
		}
	})
}

func line(values []any) string { return fmt.Sprint(values...) }
