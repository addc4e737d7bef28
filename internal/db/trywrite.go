package db

import "context"

// TryWrite returns why the database accepts no changes, or nil: it commits a change to a table of
// its own. A database on a full disk still answers reads, and a small change may succeed where a
// larger one does not. So for SQLite it also checks the free space.
func (d *DB) TryWrite(ctx context.Context) error {
	if err := d.engine.Room(); err != nil {
		return err
	}
	_, err := Write(ctx, d, func(tx *Tx) (struct{}, error) {
		return struct{}{}, tx.Exec(`INSERT INTO write_tries (id, tried) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET tried = excluded.tried`, 1, tx.Now())
	})
	return err
}
