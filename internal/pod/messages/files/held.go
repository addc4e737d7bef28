package files

import (
	"context"
	"errors"
	"io"

	"podium/internal/apierr"
	"podium/internal/blob"
	"podium/internal/db"
)

// Put stores a content that is not of a message. The sweeper deletes it after a day unless a
// transaction holds it.
func (s *Service) Put(ctx context.Context, sum blob.Sum, size int64, content io.ReadSeeker) error {
	if s.Blobs == nil {
		return apierr.Unavailable("no blob store is configured")
	}
	_, err := db.Write(ctx, s.DB, func(tx *db.Tx) (struct{}, error) {
		return struct{}{}, tx.InsertAll(`INSERT INTO blobs (sha256, size, used) VALUES`, [][]any{{sum.String(), size, tx.Now()}}, renewUse)
	})
	if err != nil {
		return err
	}
	return s.Blobs.Put(ctx, sum, size, content)
}

// Hold keeps a content until Release: the column used becomes blob.Held. A message that names the
// same content sets it to 0, and Release then leaves the content to the message. Hold fails with
// Unavailable if the content has been deleted.
func Hold(tx *db.Tx, sha256 string) error {
	n, err := tx.Count(`UPDATE blobs SET used = $2 WHERE sha256 = $1 AND used <> 0`, sha256, blob.Held)
	if err != nil || n > 0 {
		return err
	}
	_, err = db.Value[int64](tx, `SELECT used FROM blobs WHERE sha256 = $1`, sha256) // a message may name it
	if errors.Is(err, db.ErrNoRow) {
		err = apierr.Unavailable("the content has been deleted")
	}
	return err
}

// Release ends Hold: the sweeper deletes the content after a day, unless a message names it.
func Release(tx *db.Tx, sha256 string) error {
	return tx.Exec(`UPDATE blobs SET used = $2 WHERE sha256 = $1 AND used = $3`, sha256, tx.Now(), blob.Held)
}
