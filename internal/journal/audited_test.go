package journal_test

import (
	"context"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/db/dbtest"
	"podium/internal/journal"
	"podium/internal/wire"
)

// TestTrailIsWhatAListWouldBe compares the filtered and sorted pages of the trail with a list.
func TestTrailIsWhatAListWouldBe(t *testing.T) {
	if testing.Short() {
		t.Skip("slow: make test runs it")
	}
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		d := dbtest.Open(t, kind)
		var company wire.CompanyID
		rapid.Check(t, func(t *rapid.T) {
			company++ // each run has facts of its own
			model := fill(t, d, company)
			for range 10 {
				asked := journal.Audited{
					Company: company, Actor: rapid.SampledFrom(actors).Draw(t, "actor"), Role: rapid.SampledFrom(roles).Draw(t, "role"),
					From: wire.Time(rapid.Int64Range(0, 5).Draw(t, "from")), To: 8,
				}
				skip, limit := rapid.IntRange(0, 12).Draw(t, "skip"), rapid.IntRange(1, 6).Draw(t, "limit")
				got, err := db.Read(context.Background(), d, func(tx *db.Tx) ([]journal.Entry, error) {
					return journal.Trail(tx, asked, int64(skip), limit)
				})
				if err != nil {
					t.Fatal(err)
				}
				if want := expected(model, asked, skip, limit); !slices.Equal(ids(got), ids(want)) {
					t.Fatalf("%+v skip %d limit %d: %v, not %v", asked, skip, limit, ids(got), ids(want))
				}
			}
		})
	})
}

var (
	actors = []wire.UserID{0, 1, 2}
	roles  = []auth.Role{"", "A", "B"}
)

// fill records facts, often at the same time, some audited by one role, some by two or none.
func fill(t *rapid.T, d *db.DB, company wire.CompanyID) []journal.Entry {
	var model []journal.Entry
	for i := range rapid.IntRange(0, 15).Draw(t, "facts") {
		allowed := rapid.SampledFrom([][]auth.Role{nil, {"A"}, {"B"}, {"A", "B"}}).Draw(t, "allowed")
		actor := rapid.SampledFrom(actors).Draw(t, "by")
		at := wire.Time(rapid.Int64Range(0, 8).Draw(t, "at"))
		log := journal.Log{Allowed: func(auth.Grant, journal.Subject, journal.Fact) []auth.Role { return allowed }}
		e, err := db.Write(context.Background(), d, func(tx *db.Tx) (journal.Entry, error) {
			if err := log.Record(tx, auth.Caller{Company: company, User: actor}, journal.Thing("x"), numbered{i}); err != nil {
				return journal.Entry{}, err
			}
			newest := `(SELECT MAX(seq) FROM events WHERE company = $1)`
			if err := tx.Exec(`UPDATE events SET at = $2 WHERE company = $1 AND seq = `+newest, company, at); err != nil {
				return journal.Entry{}, err
			}
			if err := tx.Exec(`UPDATE audit_trail SET at = $2 WHERE company = $1 AND seq = `+newest, company, at); err != nil {
				return journal.Entry{}, err
			}
			seq, err := db.Value[int64](tx, `SELECT MAX(seq) FROM events WHERE company = $1`, company)
			return journal.Entry{Cursor: journal.Cursor{Seq: seq}, At: at, Actor: actor, Allowed: allowed}, err
		})
		if err != nil {
			t.Fatal(err)
		}
		model = append(model, e)
	}
	return model
}

func expected(model []journal.Entry, a journal.Audited, skip, limit int) []journal.Entry {
	found := slices.DeleteFunc(slices.Clone(model), func(e journal.Entry) bool {
		return len(e.Allowed) == 0 || e.At < a.From || e.At > a.To || a.Actor != 0 && e.Actor != a.Actor ||
			a.Role != "" && !slices.Contains(e.Allowed, a.Role)
	})
	slices.SortFunc(found, func(a, b journal.Entry) int {
		if a.At != b.At {
			return int(b.At - a.At)
		}
		return int(b.Seq - a.Seq)
	})
	found = found[min(skip, len(found)):]
	return found[:min(limit, len(found))]
}

func ids(entries []journal.Entry) []int64 {
	list := []int64{}
	for _, e := range entries {
		list = append(list, e.Seq)
	}
	return list
}
