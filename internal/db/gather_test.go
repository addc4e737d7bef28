package db_test

import (
	"path/filepath"
	"sync"
	"testing"
	"time"

	"podium/internal/db"
)

// TestACommitGathersReadyWrites checks that a commit of SQLite carries the writes of other
// goroutines that are ready to run, not only the first one.
func TestACommitGathersReadyWrites(t *testing.T) {
	t.Parallel()
	var batches []int // by the writer, before the callers of a batch continue
	d, err := db.Open(t.Context(), db.Config{
		URL: filepath.Join(t.TempDir(), "test.db"), Unsafe: true,
		ObserveBatch: func(writes int, _ time.Duration) { batches = append(batches, writes) },
	})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	write(t, d, func(tx *db.Tx) error {
		return tx.Exec(`CREATE TABLE things (id BIGINT PRIMARY KEY, name TEXT NOT NULL)`)
	})
	const rounds, others = 100, 8
	together := 0
	for round := range int64(rounds) {
		before := len(batches)
		var ready sync.WaitGroup
		write(t, d, func(tx *db.Tx) error {
			for i := range int64(others) {
				ready.Go(func() {
					if err := tryWrite(d, func(tx *db.Tx) error { return add(tx, others*round+i) }); err != nil {
						t.Error(err)
					}
				})
			}
			return nil
		})
		ready.Wait()
		if batches[before] > 1 {
			together++
		}
	}
	// Sometimes the runtime runs the writer first.
	if together < rounds/2 {
		t.Errorf("of %d commits only %d waited", rounds, together)
	}
	if n := len(ids(t, d)); n != rounds*others {
		t.Errorf("%d rows", n)
	}
}
