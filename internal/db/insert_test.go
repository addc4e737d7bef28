package db_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"podium/internal/db"
	"podium/internal/db/dbtest"
)

// Many rows arrive whole and once, whatever their number; none when one cannot.
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

// Numbers asked for together are distinct from all others, and rise.
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
