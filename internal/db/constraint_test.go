package db_test

import (
	"context"
	"errors"
	"testing"

	"podium/internal/db"
	"podium/internal/db/dbtest"
)

// TestConflictNamesTheConstraint checks that a violated unique constraint has the same name on both
// databases, also where SQLite names only columns.
func TestConflictNamesTheConstraint(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		d := dbtest.Open(t, kind)
		write(t, d, func(tx *db.Tx) error {
			return errors.Join(
				tx.Exec(`CREATE TABLE places (id INTEGER PRIMARY KEY, house BIGINT, door BIGINT, name TEXT, tag TEXT, UNIQUE (house, door))`),
				tx.Exec(`CREATE UNIQUE INDEX places_by_name ON places (name) WHERE name IS NOT NULL`),
				tx.Exec(`CREATE UNIQUE INDEX places_by_tag ON places ((lower(tag)))`),
				tx.Exec(`CREATE TABLE visits (place BIGINT, visitor TEXT, PRIMARY KEY (place, visitor))`),
				tx.Exec(`INSERT INTO places (id, house, door, name, tag) VALUES (1, 1, 1, 'a', 'a')`),
				tx.Exec(`INSERT INTO visits (place, visitor) VALUES (1, 'x')`),
			)
		})
		for sql, want := range map[string]string{
			`INSERT INTO places (id) VALUES (1)`:                         "places_pkey",
			`INSERT INTO places (id, house, door) VALUES (2, 1, 1)`:      "places_house_door_key",
			`INSERT INTO places (id, name) VALUES (2, 'a')`:              "places_by_name",
			`INSERT INTO places (id, tag) VALUES (2, 'A')`:               "places_by_tag",
			`INSERT INTO visits (place, visitor) VALUES (1, 'x')`:        "visits_pkey",
			`INSERT INTO places (id, name) VALUES (2, 'a') RETURNING id`: "places_by_name",
			`INSERT INTO places (nothing) VALUES (1)`:                    "",
		} {
			for range 2 { // the second time from the cache
				_, err := db.Write(context.Background(), d, func(tx *db.Tx) (int64, error) {
					if want == "places_by_name" && len(sql) > 50 {
						return db.Value[int64](tx, sql)
					}
					return 0, tx.Exec(sql)
				})
				if err == nil || db.Conflict(err) != want || errors.Is(err, db.ErrExists) != (want != "") {
					t.Errorf("%s: the constraint %q, not %q, in %v", sql, db.Conflict(err), want, err)
				}
			}
		}
	})
}
