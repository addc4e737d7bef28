package accounts_test

import (
	"strings"
	"testing"

	"podium/internal/db"
	"podium/internal/db/dbtest"
	"podium/internal/pod/accounts"
	"podium/podtest"
)

// TestPagesAreNotSorted checks that a page is read along the index of ids: sorting all accounts of
// a company would be slow.
func TestPagesAreNotSorted(t *testing.T) {
	t.Parallel()
	p := podtest.StartOn(t, dbtest.SQLite)
	plan, err := db.Read(t.Context(), p.Inner.DB, func(tx *db.Tx) ([]string, error) {
		return db.All(tx, func(row db.Row) (text string, err error) {
			var id, parent, unused int64
			return text, row.Scan(&id, &parent, &unused, &text)
		}, `EXPLAIN QUERY PLAN `+accounts.SelectFrom, 0, 1, 10)
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(plan) != 1 || !strings.Contains(plan[0], "(id>? AND id<?)") {
		t.Errorf("%q", plan)
	}
}
