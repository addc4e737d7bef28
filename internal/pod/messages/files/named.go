package files

import (
	"slices"

	"podium/internal/db"
	"podium/internal/wire"
)

// sumsOf returns the digests of the contents of files and of their previews, each once, in order.
func sumsOf(list []File) []string {
	var sums []string
	for _, f := range list {
		sums = append(sums, f.SHA256)
		for _, p := range f.Previews {
			sums = append(sums, p.SHA256)
		}
	}
	slices.Sort(sums)
	return slices.Compact(sums)
}

// Stored is the set of contents that a transaction has found in the blob store. They remain there
// until it ends.
type Stored map[string]bool

// Lock locks the contents of files against the sweeper, and returns those that it has not deleted.
// Lock order: after all locks of tx.Lock.
func Lock(tx *db.Tx, list []File) (Stored, error) {
	if len(list) == 0 {
		return nil, nil
	}
	found, err := db.All(tx, db.ScanValue[string], `
		SELECT sha256
		FROM blobs
		WHERE sha256 IN ($1)
		ORDER BY sha256 `+tx.ForUpdateOf("blobs"), sumsOf(list))
	stored := make(Stored, len(found))
	for _, sum := range found {
		stored[sum] = true
	}
	return stored, err
}

// Has reports whether the contents of all files are in the blob store.
func (s Stored) Has(list []File) bool {
	return !slices.ContainsFunc(sumsOf(list), func(sum string) bool { return !s[sum] })
}

// KeepUntil keeps contents that no row names until a time. They must be locked.
func KeepUntil(tx *db.Tx, list []File, until wire.Time) error {
	if len(list) == 0 {
		return nil
	}
	return tx.Exec(`UPDATE blobs SET used = $2 WHERE used <> 0 AND used < $2 AND sha256 IN ($1)`, sumsOf(list), until)
}

// use queues that rows name the contents, so that they are kept. They must be locked.
func use(tx *db.Tx, list []File) error {
	return tx.Queue(`UPDATE blobs SET used = 0 WHERE used <> 0 AND sha256 IN ($1)`, sumsOf(list))
}
