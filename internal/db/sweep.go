package db

import (
	"context"
	"log/slog"
	"time"
)

// Every calls work, and again at each interval, until ctx ends. It logs an error of work as a
// warning with the given message; the next call tries again. Several nodes may do the same work.
func Every(ctx context.Context, interval time.Duration, log *slog.Logger, message string, work func(context.Context) error) {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		if err := work(ctx); err != nil && ctx.Err() == nil {
			log.Warn(message, "error", err, "again_in", interval.String())
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
	}
}

// InParts runs fn in one Write after the other, until a Write has done less than most. So no
// transaction becomes long, however much there is to do.
func InParts[N int | int64](ctx context.Context, d *DB, most N, fn func(*Tx) (N, error)) error {
	for {
		n, err := Write(ctx, d, fn)
		if err != nil || n < most {
			return err
		}
	}
}
