package db

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
)

// leastFree is how much room on the disk SQLite needs to go on: what its log of changes may grow by before it is
// moved into the database.
const leastFree = 4 << 20

// TryWrite reports why the database takes no changes, nil if it does: it commits a change to a table of its own. A
// database on a full disk goes on to answer what is read, and a small change may find room where a larger
// one does not: for SQLite the free room is looked at too.
func (d *DB) TryWrite(ctx context.Context) error {
	if d.folder != "" {
		if free, known := freeBytes(d.folder); known && free < leastFree {
			return fmt.Errorf("%w: %d bytes are free on the disk", ErrUnavailable, free)
		}
	}
	_, err := Write(ctx, d, func(tx *Tx) (struct{}, error) {
		return struct{}{}, tx.Exec(`INSERT INTO write_tries (id, tried) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET tried = excluded.tried`, 1, tx.Now())
	})
	return err
}

// folderOf is the folder of a SQLite database; empty for PostgreSQL.
func folderOf(url string) string {
	if isPostgres(url) {
		return ""
	}
	return filepath.Dir(strings.TrimPrefix(url, "sqlite:"))
}
