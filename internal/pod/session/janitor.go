package session

import (
	"context"
	"time"

	"podium/internal/db"
)

// sweepEvery is how often expired sessions are deleted, sweepMost how many in one transaction. They
// are refused from the moment they expire; deleting only frees their rows.
const (
	sweepEvery = time.Minute
	sweepMost  = 1000
)

// Sweep deletes expired sessions and token pairs, until ctx ends. Several nodes may run it at the
// same time.
func (s *Service) Sweep(ctx context.Context) {
	ticker := time.NewTicker(sweepEvery)
	defer ticker.Stop()
	for {
		if err := s.sweepAll(ctx); err != nil && ctx.Err() == nil {
			s.Log.Warn("expired sessions cannot be cleared away; trying again in a minute", "error", err)
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
	}
}

func (s *Service) sweepAll(ctx context.Context) error {
	for {
		n, err := db.Write(ctx, s.DB, sweepSome)
		if err != nil || n < sweepMost {
			return err
		}
	}
}

// sweepSome deletes at most sweepMost sessions and as many token pairs, and returns the larger
// count. It first locks the rows in the order of their keys.
func sweepSome(tx *db.Tx) (int64, error) {
	sessions, err := tx.Count(deleteWhere(tx, `id IN (SELECT id FROM sessions WHERE expires <= $1 ORDER BY expires LIMIT $2)`), tx.Now(), sweepMost)
	if err != nil {
		return 0, err
	}
	pairs, err := tx.Count(`
		DELETE FROM app_tokens
		WHERE (company, app, app_token) IN (
			SELECT company, app, app_token
			FROM app_tokens
			WHERE expires <= $1 AND (company, app, app_token) IN (
				SELECT company, app, app_token FROM app_tokens WHERE expires <= $1 ORDER BY expires LIMIT $2)
			ORDER BY company, app, app_token `+tx.ForUpdateOf("app_tokens")+`)`, tx.Now(), sweepMost)
	return max(sessions, pairs), err
}

// Live returns the number of live sessions, for metrics.
func (s *Service) Live(ctx context.Context) (int64, error) {
	return db.Read(ctx, s.DB, func(tx *db.Tx) (int64, error) {
		return db.Value[int64](tx, `SELECT COUNT(*) FROM sessions WHERE expires > $1`, tx.Now())
	})
}
