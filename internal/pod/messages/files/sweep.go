package files

import (
	"context"
	"time"

	"podium/internal/blob"
	"podium/internal/db"
	"podium/internal/wire"
)

// The times of the sweeper.
const (
	// unusedLife is how long a content is kept that no row names.
	unusedLife = 24 * time.Hour

	// sweepEvery is how often contents are deleted, listEvery how often the store is listed.
	sweepEvery, listEvery = 10 * time.Minute, 24 * time.Hour

	// sweepMost is how many contents are deleted in one transaction, adoptMost how many rows are
	// inserted.
	sweepMost, adoptMost = 16, 500
)

// Sweep deletes pending files that have expired and contents that no row names, until ctx ends.
// Several nodes may run it at the same time.
func (s *Service) Sweep(ctx context.Context) {
	if s.Blobs == nil {
		return
	}
	ticker := time.NewTicker(sweepEvery)
	defer ticker.Stop()
	var listed time.Time
	for {
		err := s.SweepAll(ctx)
		if err == nil && time.Since(listed) >= listEvery {
			if err = s.Adopt(ctx); err == nil {
				listed = time.Now()
			}
		}
		if err != nil && ctx.Err() == nil {
			s.Log.Warn("files that are not needed cannot be deleted; trying again later", "error", err)
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
	}
}

// SweepAll deletes what may be deleted now.
func (s *Service) SweepAll(ctx context.Context) error {
	err := db.InParts(ctx, s.DB, adoptMost, func(tx *db.Tx) (int64, error) {
		return tx.Count(`
			DELETE FROM pending_files
			WHERE id IN (SELECT id FROM pending_files WHERE expires <= $1 ORDER BY expires LIMIT $2)`, tx.Now(), adoptMost)
	})
	if err != nil {
		return err
	}
	return db.InParts(ctx, s.DB, sweepMost, s.sweepSome)
}

// sweepSome deletes at most sweepMost contents, and returns their number. It locks their rows
// first. Then a client that stores one of them waits until it is deleted. A message that names one
// either keeps it from being deleted, or is refused.
func (s *Service) sweepSome(tx *db.Tx) (int, error) {
	before := tx.Now() - wire.Time(unusedLife.Milliseconds())
	sums, err := db.All(tx, db.ScanValue[string], `
		SELECT sha256
		FROM blobs
		WHERE used BETWEEN 1 AND $1 AND sha256 IN (
			SELECT sha256 FROM blobs WHERE used BETWEEN 1 AND $1 ORDER BY used LIMIT $2)
		ORDER BY sha256 `+tx.ForUpdateOf("blobs"), before, sweepMost)
	if err != nil || len(sums) == 0 {
		return 0, err
	}
	for _, name := range sums {
		sum, err := blob.ParseSum(name)
		if err != nil {
			return 0, err
		}
		if err := s.Blobs.Delete(tx.Context(), sum); err != nil {
			return 0, err
		}
	}
	return len(sums), tx.Exec(`DELETE FROM blobs WHERE sha256 IN ($1)`, sums)
}

// Adopt inserts rows for contents of the store that have none, so that they are deleted later.
// It also removes what interrupted nodes have left.
func (s *Service) Adopt(ctx context.Context) error {
	if err := s.Blobs.Tidy(ctx, time.Now().Add(-unusedLife)); err != nil {
		return err
	}
	var list []blob.Entry
	insert := func() error {
		defer func() { list = list[:0] }()
		_, err := db.Write(ctx, s.DB, func(tx *db.Tx) (struct{}, error) {
			rows := make([][]any, len(list))
			for i, e := range list {
				rows[i] = []any{e.Sum.String(), e.Size, tx.Now()}
			}
			return struct{}{}, tx.InsertAll(`INSERT INTO blobs (sha256, size, used) VALUES`, rows, `ON CONFLICT (sha256) DO NOTHING`)
		})
		return err
	}
	err := s.Blobs.List(ctx, func(e blob.Entry) error {
		if list = append(list, e); len(list) < adoptMost {
			return nil
		}
		return insert()
	})
	if err != nil || len(list) == 0 {
		return err
	}
	return insert()
}
