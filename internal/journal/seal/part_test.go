package seal

import (
	"context"
	"errors"
	"testing"

	"podium/internal/db"
	"podium/internal/db/dbtest"
	"podium/internal/wire"
)

// verifyParts verifies a chain in small parts until one is broken or the last one is whole.
func verifyParts(tx *db.Tx, company wire.CompanyID) error {
	for after := int64(0); ; {
		part, err := VerifyPart(tx, company, ownKeys(), after, 7)
		if err != nil || !part.More {
			return err
		}
		after = part.Sealed
	}
}

// TestPartsMakeTheWhole checks that parts of any length verify each seal once, and say how far the
// chain goes.
func TestPartsMakeTheWhole(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		b := newBench(t, kind)
		const facts = 30
		for i := range facts {
			b.record(7, i)
		}
		stop := b.run(b.sealer())
		b.until(facts)
		stop()
		b.record(7, facts) // is not sealed
		for _, limit := range []int{1, 7, facts - 1, facts, facts + 1} {
			last := 0
			_, err := db.Read(context.Background(), b.db, func(tx *db.Tx) (struct{}, error) {
				for more := true; more; {
					part, err := VerifyPart(tx, 7, ownKeys(), int64(last), limit)
					if err != nil {
						return struct{}{}, err
					}
					if want := min(last+limit, facts); part.Sealed != int64(want) || part.Head != facts || part.Checkpoint.Number != facts {
						t.Errorf("limit %d, after %d: %+v", limit, last, part)
					}
					last, more = int(part.Sealed), part.More
					if !more && part.Unsealed != 1 {
						t.Errorf("limit %d: %d facts are not sealed", limit, part.Unsealed)
					}
				}
				return struct{}{}, nil
			})
			if err != nil || last != facts {
				t.Errorf("limit %d: %v, to %d", limit, err, last)
			}
		}
		_, err := db.Read(context.Background(), b.db, func(tx *db.Tx) (Part, error) { return VerifyPart(tx, 7, ownKeys(), facts+1, 1) })
		if !errors.Is(err, ErrNoSeal) {
			t.Errorf("behind the end: %v", err)
		}
		none, err := db.Read(context.Background(), b.db, func(tx *db.Tx) (Part, error) { return VerifyPart(tx, 9, ownKeys(), 0, 5) })
		if err != nil || none.Head != 0 || none.More {
			t.Errorf("of a company without facts: %+v, %v", none, err)
		}
	})
}
