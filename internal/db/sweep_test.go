package db_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"podium/internal/db"
	"podium/internal/db/dbtest"
)

// TestInParts checks that work is done in transactions of at most so much, until there is none.
func TestInParts(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		d := dbtest.Open(t, kind)
		left, parts := 25, 0
		err := db.InParts(t.Context(), d, 10, func(*db.Tx) (int, error) {
			n := min(left, 10)
			left, parts = left-n, parts+1
			return n, nil
		})
		if err != nil || left != 0 || parts != 3 {
			t.Errorf("%d are left after %d parts: %v", left, parts, err)
		}
		failure := errors.New("no more")
		if err := db.InParts(t.Context(), d, 10, func(*db.Tx) (int, error) { return 10, failure }); !errors.Is(err, failure) {
			t.Errorf("a failure is %v", err)
		}
	})
}

// TestEvery checks that work is done at once and again, that a failure is logged and does not end
// it, and that it ends with its context, of which nothing is logged.
func TestEvery(t *testing.T) {
	t.Parallel()
	var said strings.Builder
	ctx, end := context.WithCancel(t.Context())
	calls := 0
	db.Every(ctx, time.Millisecond, slog.New(slog.NewTextHandler(&said, nil)), "cannot do it", func(context.Context) error {
		if calls++; calls == 3 {
			end()
		}
		return errors.New("a reason")
	})
	if n := strings.Count(said.String(), "cannot do it"); calls != 3 || n != 2 || !strings.Contains(said.String(), "a reason") {
		t.Errorf("%d calls, %d lines: %s", calls, n, &said)
	}
}
