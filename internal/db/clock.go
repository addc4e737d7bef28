package db

import (
	"context"
	"sync"
	"time"

	"podium/internal/db/engine"
	"podium/internal/wire"
)

// steadiness is for how long a clock has run without a jump. The zero value is of a clock that tests move.
type steadiness struct {
	mu    sync.Mutex
	base  time.Time     // when it was first looked at, with the time that passes
	drift time.Duration // by how much the clock is ahead of that
	since time.Time     // of the last jump, or base
}

// watch begins to look at a clock, beside the time that has passed.
func (s *steadiness) watch(clock, passed time.Time) {
	s.base, s.since = passed, passed
	s.drift = clock.Round(0).Sub(passed.Round(0))
}

// at notes what the clock says, beside the time that has passed. It returns for how long the clock has run steadily.
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

// maxSteady is longer than anything that may lie unused.
const maxSteady = 100 * 365 * 24 * time.Hour

// UnusedSince returns the moment such that what was last used before it has lain unused for a time: 0, before
// everything, where the clock has not run steadily for so long. Then nobody can tell, and nothing may be
// dropped: after a start, since nobody could use it before, after a jump of the clock, and while the clock of a
// PostgreSQL server says otherwise.
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
