package db

import (
	"context"
	"sync"
	"time"

	"podium/internal/db/engine"
	"podium/internal/wire"
)

// steadiness measures for how long a clock has run without a jump. The zero value is for a clock
// that tests move.
type steadiness struct {
	mu    sync.Mutex
	base  time.Time     // the monotonic time of the first reading
	drift time.Duration // how far the clock is ahead of the time that has passed
	since time.Time     // the time of the last jump, or base
}

// watch begins to compare a clock with the time that has passed.
func (s *steadiness) watch(clock, passed time.Time) {
	s.base, s.since = passed, passed
	s.drift = clock.Round(0).Sub(passed.Round(0))
}

// at compares the clock with the time that has passed, and returns for how long the clock has run
// steadily.
func (s *steadiness) at(clock, passed time.Time) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.base.IsZero() {
		return maxSteady
	}
	drift := clock.Round(0).Sub(s.base.Round(0)) - passed.Sub(s.base)
	if moved := drift - s.drift; moved > engine.ClockJump || moved < -engine.ClockJump {
		s.since = passed
		s.drift = drift
	}
	return passed.Sub(s.since)
}

// maxSteady is longer than any time after which something unused is deleted.
const maxSteady = 100 * 365 * 24 * time.Hour

// UnusedSince returns the time such that what was last used before it has been unused for life. It
// returns 0, before everything, unless the clock has run steadily for that long, because then it is
// unknown and nothing may be deleted. That applies after a start, since nothing could be used
// before; after a jump of the clock; and while the clock of a PostgreSQL server disagrees.
func (tx *Tx) UnusedSince(life time.Duration) wire.Time {
	if tx.steady < life {
		return 0
	}
	return tx.now.Add(-life)
}

// begin returns the Tx of a transaction that begins on a connection.
func (d *DB) begin(ctx context.Context, conn engine.Conn, readOnly bool) *Tx {
	now := d.now()
	passed := now
	if d.passed != nil {
		passed = d.passed()
	}
	steady := d.steady.at(now, passed)
	if !d.engine.ClockAgrees() {
		steady = 0
	}
	return &Tx{
		ctx: ctx, conn: conn, dialect: d.engine.Dialect(), now: wire.TimeOf(now), steady: steady, readOnly: readOnly, order: d.lockOrder,
	}
}
