package main_test

import (
	"context"
	"strings"
	"testing"

	"podium/internal/db"
	"podium/internal/db/dbtest"
)

// A node that is too old for the tables is not ready, and says why.
func TestANodeThatIsTooOldIsNotReady(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		database := dbtest.URL(t, kind)
		found(t, database)
		s := serve(t, database, "--management", "127.0.0.1:0")
		if a := get(t, s.manager()+"/readyz", ""); a.Status != 200 {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
		_, err := db.Write(context.Background(), dbtest.OpenAt(t, database), func(tx *db.Tx) (struct{}, error) {
			return struct{}{}, tx.Change(`UPDATE compatibility SET oldest = 9999`)
		})
		if err != nil {
			t.Fatal(err)
		}
		if a := get(t, s.manager()+"/readyz", ""); a.Status != 503 || !strings.Contains(string(a.Body), "too old") {
			t.Errorf("%d %s", a.Status, a.Body)
		}
		s.says(s.stderr, "too old for the database")
		if a := get(t, s.manager()+"/healthz", ""); a.Status != 200 {
			t.Errorf("%d %s", a.Status, a.Body)
		}
	})
}
