package db_test

import (
	"context"
	"testing"

	"podium/internal/db"
	"podium/internal/db/dbtest"
)

// TestTryWrite checks that a database that refuses changes is noticed although it answers reads.
func TestTryWrite(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		d := dbtest.Open(t, kind)
		for range 2 {
			if err := d.TryWrite(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		_, err := db.Write(context.Background(), d, func(tx *db.Tx) (struct{}, error) {
			return struct{}{}, tx.Exec(`DROP TABLE write_tries`)
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := d.TryWrite(t.Context()); err == nil {
			t.Error("a change that cannot be made is not noticed")
		}
		if err := d.Ping(t.Context()); err != nil {
			t.Error(err)
		}
	})
}
