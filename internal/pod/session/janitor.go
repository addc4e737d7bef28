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
	db.Every(ctx, sweepEvery, s.Log, "expired sessions cannot be cleared away", s.sweepAll)
}

func (s *Service) sweepAll(ctx context.Context) error {
	return db.InParts(ctx, s.DB, sweepMost, sweepSome)
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
