package happenings

import (
	"context"
	"log/slog"
	"time"

	"podium/internal/db"
	"podium/internal/follow"
	"podium/internal/wire"
)

// Happenings are kept for a day. Feeds live for half an hour; the rest of the day is for finding
// out what a feed was told.
const (
	keepHappenings = 24 * time.Hour
	sweepEvery     = time.Minute
	sweepMost      = 5000 // rows in one transaction
)

// Sweep removes old happenings until ctx ends.
func Sweep(ctx context.Context, d *db.DB, log *slog.Logger) {
	db.Every(ctx, sweepEvery, log, "old happenings cannot be removed", func(ctx context.Context) error { return sweepAll(ctx, d) })
}

func sweepAll(ctx context.Context, d *db.DB) error {
	return db.InParts(ctx, d, sweepMost, SweepSome)
}

// SweepSome removes at most 5,000 of the oldest happenings that are older than a day, and returns
// how many.
func SweepSome(tx *db.Tx) (int64, error) {
	before := tx.Now().Add(-keepHappenings)
	oldest, err := oldestPlaces(tx, 1)
	if err != nil || len(oldest) == 0 || oldest[0].at >= before {
		return 0, err // most often
	}
	if oldest, err = oldestPlaces(tx, sweepMost); err != nil {
		return 0, err
	}
	n := 0
	for n < len(oldest) && oldest[n].at < before {
		n++
	}
	if n == 0 {
		return 0, nil
	}
	last := oldest[n-1]
	return tx.Count(`DELETE FROM happenings WHERE (position, seq) <= ($1, $2)`, last.position, last.seq)
}

// place is the place of a happening, and its time.
type place struct {
	position, seq int64
	at            wire.Time
}

// oldestPlaces returns the places of the oldest happenings.
func oldestPlaces(tx *db.Tx, limit int) ([]place, error) {
	return db.All(tx, func(row db.Row) (h place, err error) { return h, row.Scan(&h.position, &h.seq, &h.at) }, `
		SELECT position, seq, at
		FROM happenings
		WHERE position >= 0
		ORDER BY position, seq
		LIMIT $1`, limit)
}

// Kept reports whether no happening after a place has been removed: one at or before it is there,
// or it is the beginning of the log.
func Kept(tx *db.Tx, at follow.Cursor) (bool, error) {
	if at == (follow.Cursor{}) {
		return true, nil
	}
	oldest, err := oldestPlaces(tx, 1)
	if err != nil || len(oldest) == 0 {
		return false, err
	}
	return follow.Cursor{Position: oldest[0].position, Seq: oldest[0].seq}.Compare(at) <= 0, nil
}
