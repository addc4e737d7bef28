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
	ticker := time.NewTicker(sweepEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
		if err := s.sweep(ctx); err != nil && ctx.Err() == nil {
			s.Log.Warn("ended feeds cannot be removed; trying again in a minute", "error", err)
		}
	}
}

func (s *Service) sweep(ctx context.Context) error {
	for {
		n, err := db.Write(ctx, s.DB, SweepSome)
		if err != nil || n < sweepMost {
			return err
		}
	}
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
