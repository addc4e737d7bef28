package files

import (
	"context"
	"encoding/json"
	"time"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/wire"
)

// pendingLife is how long a pending file may be sent.
const pendingLife = 24 * time.Hour

// KeepPending checks and stores a file that a later message of the caller to a stream, named by its
// number, may name. It fails as Keep does. The caller has checked the name.
func (s *Service) KeepPending(ctx context.Context, caller auth.Caller, stream int64, upload op.Upload) (File, error) {
	list, err := s.Keep(ctx, caller, []op.Upload{upload}, nil)
	if err != nil {
		return File{}, err
	}
	f := list[0]
	return db.Write(ctx, s.DB, func(tx *db.Tx) (File, error) {
		stored, err := Lock(tx, list)
		if err != nil {
			return f, err
		}
		if !stored.Has(list) {
			return f, apierr.Unavailable("the content of the file has been deleted")
		}
		rows, err := rowsOf(0, stream, list)
		if err != nil {
			return f, err
		}
		expires := tx.Now() + wire.Time(pendingLife.Milliseconds())
		row := append([]any{caller.User, expires}, rows[0][2:]...) // without the message and the place
		if err := tx.InsertAll(`
			INSERT INTO pending_files (owner, expires, stream, id, name, size, content_type, sha256, previews)
			VALUES`, [][]any{row}, ""); err != nil {
			return f, err
		}
		// The content lives longer than the pending file, as if it had been stored later.
		return f, tx.Exec(`UPDATE blobs SET used = $2 WHERE used <> 0 AND used < $2 AND sha256 IN ($1)`, sumsOf(list), expires)
	})
}

// Pending returns the pending files of an author that a message names, in the order of the ids. The
// stream is named by its number. It fails with Invalid for any other id, also one that is named
// twice.
func Pending(tx *db.Tx, author wire.UserID, stream int64, ids []string) ([]File, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	plain := make([]string, len(ids))
	for i, id := range ids {
		plain[i] = PlainID(id)
	}
	found, err := db.All(tx, func(row db.Row) (f File, err error) {
		var previews string
		if err = row.Scan(&f.ID, &f.Name, &f.Size, &f.ContentType, &f.SHA256, &previews); err != nil {
			return f, err
		}
		return f, json.Unmarshal([]byte(previews), &f.Previews)
	}, `
		SELECT id, name, size, content_type, sha256, previews
		FROM pending_files
		WHERE id IN ($1) AND owner = $2 AND stream = $3 AND expires > $4`, plain, author, stream, tx.Now())
	if err != nil {
		return nil, err
	}
	byID := make(map[string]File, len(found))
	for _, f := range found {
		byID[f.ID] = f
	}
	list := make([]File, len(plain))
	for i, id := range plain {
		f, ok := byID[id]
		if !ok {
			return nil, ErrNoFile()
		}
		delete(byID, id)
		list[i] = f
	}
	return list, nil
}

// Sent deletes pending files, in the transaction that sends them. It fails with Invalid if one was
// sent before.
func Sent(tx *db.Tx, list []File) error {
	if len(list) == 0 {
		return nil
	}
	ids := make([]string, len(list))
	for i, f := range list {
		ids[i] = f.ID
	}
	found, err := db.All(tx, db.ScanValue[string], `
		SELECT id
		FROM pending_files
		WHERE id IN ($1)
		ORDER BY id `+tx.ForUpdateOf("pending_files"), ids)
	if err != nil {
		return err
	}
	if len(found) < len(ids) {
		return ErrNoFile()
	}
	return tx.Exec(`DELETE FROM pending_files WHERE id IN ($1)`, ids)
}

// ErrNoFile returns the refusal of a file that does not exist, or that the caller may not read.
func ErrNoFile() error { return apierr.Invalid("Attachment not found") }
