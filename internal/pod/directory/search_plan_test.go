package directory_test

import (
	"strings"
	"testing"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/db/dbtest"
	"podium/internal/pod/directory"
	"podium/podtest"
)

// TestSearchPlans checks that a search reads one covering index from the first candidate to the
// last: otherwise it would look up each account, or read four terms of every account.
func TestSearchPlans(t *testing.T) {
	t.Parallel()
	p := podtest.StartOn(t, dbtest.SQLite)
	for name, test := range map[string]struct {
		query directory.SearchQuery
		want  string
	}{
		"a word":   {directory.SearchQuery{Query: "ann"}, "SEARCH t USING PRIMARY KEY (company=? AND term>? AND term<?)"},
		"two":      {directory.SearchQuery{Query: "ann ash"}, "SEARCH t USING PRIMARY KEY (company=? AND term>? AND term<?)"},
		"no words": {directory.SearchQuery{Filters: &directory.SearchFilters{Title: "trader"}}, "SEARCH t USING COVERING INDEX user_terms_of_everybody (company=? AND kind=?)"},
	} {
		plan, err := db.Read(t.Context(), p.Inner.DB, func(tx *db.Tx) ([]string, error) {
			where, args, err := p.Inner.Directory.Candidates(tx, auth.Caller{Company: 190}, test.query)
			if err != nil {
				return nil, err
			}
			return db.All(tx, planStep, `EXPLAIN QUERY PLAN SELECT t.user_id, t.name FROM user_terms t WHERE `+where, args...)
		})
		if err != nil {
			t.Fatal(err)
		}
		if len(plan) == 0 || strings.TrimSpace(plan[0]) != test.want {
			t.Errorf("%s: %q", name, plan)
		}
	}
}

// planStep scans a line of SQLite's plan.
func planStep(row db.Row) (text string, err error) {
	var id, parent, unused int64
	return text, row.Scan(&id, &parent, &unused, &text)
}
