package db_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"podium/internal/db"
	"podium/internal/db/dbtest"
)

// TestAReadEndsWithItsCaller checks that a read ends when its caller goes, also between two rows:
// the second one here would take minutes.
func TestAReadEndsWithItsCaller(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		d := fresh(t, kind)
		wide := "hex(zeroblob(10000))"
		if kind == dbtest.Postgres {
			wide = "repeat('x', 20000)" // PostgreSQL sends in pieces of 8 kB: a row's end comes with the next row
		}
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		_, err := db.Read(ctx, d, func(tx *db.Tx) ([]string, error) {
			return db.All(tx, func(row db.Row) (text string, err error) {
				time.AfterFunc(50*time.Millisecond, cancel) // while the sixth row is searched
				return text, row.Scan(&text)
			}, `
				WITH RECURSIVE counted(n) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT n + 1 FROM counted WHERE n < 100000000000)
				SELECT `+wide+` FROM counted WHERE n <= 5 OR n = 100000000000`)
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("error %v", err)
		}
		atOnce(t, d, connections) // later reads are not interrupted
	})
}
