package db_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"podium/internal/db"
)

// TestTheLogIsBroughtIntoTheDatabase checks that SQLite's log is moved into the database while
// writes continue, so that it does not grow without limit.
func TestTheLogIsBroughtIntoTheDatabase(t *testing.T) {
	if testing.Short() {
		t.Skip("slow: make test runs it")
	}
	t.Parallel()
	path := filepath.Join(t.TempDir(), "podium.db")
	d, err := db.Open(t.Context(), db.Config{URL: path, Unsafe: true})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	write(t, d, createThings)
	long := strings.Repeat("x", 64<<10)
	size := func(name string) int64 {
		file, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		return file.Size()
	}
	before := size(path)
	written := int64(0)
	put := func() {
		written++
		write(t, d, func(tx *db.Tx) error {
			return tx.Exec(`INSERT INTO things (id, name) VALUES ($1, $2)`, written, long)
		})
	}
	until(t, "the database grows", func() bool {
		put()
		return size(path) > before+8<<20
	})
	for written < 4096 { // 256 MiB
		put()
	}
	if log := size(path + "-wal"); log > 160<<20 {
		t.Errorf("the log has %d bytes", log)
	}
	n, err := db.Read(t.Context(), d, func(tx *db.Tx) (int64, error) {
		return db.Value[int64](tx, `SELECT COUNT(*) FROM things WHERE LENGTH(name) = $1`, len(long))
	})
	if err != nil || n != written {
		t.Errorf("%d of %d rows, %v", n, written, err)
	}
}
