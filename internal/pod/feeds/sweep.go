package feeds

import (
	"context"
	"time"

	"podium/internal/db"
)

const (
	sweepEvery = time.Minute
	sweepMost  = 1000 // feeds in one transaction
)

// Run removes feeds that have ended until ctx ends. Then no read is woken any longer.
func (s *Service) Run(ctx context.Context) {
	defer s.ears.end()
	db.Every(ctx, sweepEvery, s.Log, "ended feeds cannot be removed", s.sweep)
}

func (s *Service) sweep(ctx context.Context) error {
	return db.InParts(ctx, s.DB, sweepMost, SweepSome)
}

// SweepSome removes at most 1,000 feeds that were not read for half an hour, and returns how many.
func SweepSome(tx *db.Tx) (int64, error) {
	return tx.Count(`
		DELETE FROM feeds
		WHERE id IN (
			SELECT id
			FROM feeds
			WHERE used <= $1
			ORDER BY used
			LIMIT $2)`, tx.UnusedSince(feedLife), sweepMost)
}
