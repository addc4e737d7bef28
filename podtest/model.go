package podtest

import (
	"context"
	"os"
	"strconv"
	"testing"
	"time"

	"podium/internal/db"
)

// ModelOperations returns how many operations each of rapid's checks performs: 5,000 in its 100
// checks, or as many as PODIUM_MODEL_OPERATIONS says.
func ModelOperations(t testing.TB) int {
	t.Helper()
	text := os.Getenv("PODIUM_MODEL_OPERATIONS")
	if text == "" {
		return 50
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return max(1, n/100)
}

// Settle waits until what is committed can be followed. On PostgreSQL a transaction of another test
// can delay that, and no notification tells of its end.
func (p *Pod) Settle(t Failer) {
	for p.Held(t) {
		time.Sleep(time.Millisecond)
	}
}

// Held reports whether a change of presence or a happening is above the horizon.
func (p *Pod) Held(t Failer) bool {
	t.Helper()
	held, err := db.Read(context.Background(), p.Inner.DB, func(tx *db.Tx) (bool, error) {
		horizon, err := tx.Horizon()
		if err != nil {
			return false, err
		}
		n, err := db.Value[int64](tx, `
			SELECT (SELECT COUNT(*) FROM presence WHERE position >= $1) + (SELECT COUNT(*) FROM happenings WHERE position >= $1)`, horizon)
		return n > 0, err
	})
	if err != nil {
		t.Fatal(err)
	}
	return held
}
