package main

import (
	"context"
	"errors"
	"sync"
	"time"

	"podium/internal/db"
)

// writable finds out whether the database takes changes: one whose disk is full still answers.
type writable struct {
	db *db.DB

	mu      sync.Mutex
	checked time.Time
	err     error
}

// checkWritable is how often, at most, the database is tried.
const checkWritable = time.Second

// check returns why the database takes no changes. A database that is only slow has not refused.
func (w *writable) check(ctx context.Context) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if time.Since(w.checked) < checkWritable {
		return w.err
	}
	err := w.db.TryWrite(ctx)
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return nil
	}
	w.checked, w.err = time.Now(), err
	return err
}
