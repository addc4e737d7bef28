package signin

import (
	"context"
	"time"

	"podium/internal/db"
)

// sweepEvery is how often rows without effect are deleted, sweepMost how many in one transaction.
const (
	sweepEvery = time.Minute
	sweepMost  = 1000
)

// Sweep deletes what has expired, until ctx ends. Several nodes may run it at the same time.
func (s *Service) Sweep(ctx context.Context) {
	db.Every(ctx, sweepEvery, s.Log, "expired sign-ins cannot be cleared away", s.SweepAll)
}

// SweepAll deletes what has expired.
func (s *Service) SweepAll(ctx context.Context) error {
	return db.InParts(ctx, s.DB, sweepMost, sweepSome)
}

// sweepSome deletes at most sweepMost rows of each table, and returns the largest count. It first
// locks the rows in the order of their keys.
func sweepSome(tx *db.Tx) (most int64, err error) {
	for _, t := range []struct{ table, key, expires string }{
		{"signin_flows", "state", "expires"}, {"signin_links", "code", "expires"}, {"signin_tries", "bucket", "used_up"},
	} {
		n, err := tx.Count(`
			DELETE FROM `+t.table+`
			WHERE `+t.key+` IN (
				SELECT `+t.key+` FROM `+t.table+`
				WHERE `+t.expires+` <= $1 AND `+t.key+` IN (
					SELECT `+t.key+` FROM `+t.table+` WHERE `+t.expires+` <= $1 ORDER BY `+t.expires+` LIMIT $2)
				ORDER BY `+t.key+` `+tx.ForUpdateOf(t.table)+`)`, tx.Now(), sweepMost)
		if err != nil {
			return 0, err
		}
		most = max(most, n)
	}
	return most, nil
}
