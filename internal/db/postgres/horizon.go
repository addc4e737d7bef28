package postgres

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// watchEvery is how often a node checks what holds the horizon.
	watchEvery = time.Second

	// holdWarning is for how long a transaction may hold the horizon before it is logged.
	holdWarning = 10 * time.Second
)

// holders is what a node knows of the transactions that hold the horizon of its PostgreSQL server.
//
// The horizon of a snapshot is that of the whole server: a transaction of any database that has
// written holds it. Those of other databases cannot write what is followed here. They are left out
// once a node knows their database, which never changes.
type holders struct {
	foreign atomic.Pointer[[]int64] // ids of running transactions of other databases

	mu     sync.Mutex
	oldest int64 // the id of this database's oldest running transaction; 0: none
	since  time.Time
	warned int64 // the id of the transaction that was logged
}

// age returns for how long the oldest transaction has been seen to run.
func (h *holders) age() time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.oldest == 0 {
		return 0
	}
	return time.Since(h.since)
}

// see records which transactions run. It returns the oldest one of this database that also ran the
// last time; 0: none.
func (h *holders) see(running []int64) (oldest int64) {
	var foreign []int64
	if known := h.foreign.Load(); known != nil {
		foreign = slices.DeleteFunc(slices.Clone(*known), func(id int64) bool { return !slices.Contains(running, id) })
	}
	h.foreign.Store(&foreign)
	for _, id := range running {
		if !slices.Contains(foreign, id) && (oldest == 0 || id < oldest) {
			oldest = id
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.oldest != oldest {
		h.oldest, h.since = oldest, time.Now()
		return 0
	}
	return oldest
}

// Horizon returns the first position at which a transaction of this database may still be running.
// In a transaction that sees one state it is always the same: a reader compares all that it reads
// with one horizon.
func (c *transaction) Horizon(ctx context.Context) (int64, error) {
	if c.foreign == nil {
		if c.foreign = c.e.holders.foreign.Load(); c.foreign == nil {
			c.foreign = new([]int64)
		}
	}
	if foreign := *c.foreign; len(foreign) > 0 {
		return valueOf[int64](ctx, c, `
			SELECT COALESCE(
					(SELECT MIN(id::text::bigint) FROM pg_snapshot_xip(s) AS id WHERE id::text::bigint <> ALL ($1::bigint[])),
					pg_snapshot_xmax(s)::text::bigint)
				+ (SELECT ahead FROM positions)
			FROM pg_current_snapshot() AS s`, foreign)
	}
	return valueOf[int64](ctx, c, `SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint + (SELECT ahead FROM positions)`)
}

// watchHorizon finds what holds the horizon. It leaves out transactions of other databases, logs
// one that holds it for long, and ends it if a limit is set.
func (e *Engine) watchHorizon(ctx context.Context) error {
	running, err := columnOf[int64](ctx, e.pool, `SELECT id::text::bigint FROM pg_snapshot_xip(pg_current_snapshot()) AS id`)
	if err != nil {
		return err
	}
	oldest := e.holders.see(running)
	if oldest == 0 {
		return nil
	}
	// In a later statement of its own: every transaction in the snapshot is listed here with its
	// database.
	foreign, err := columnOf[int64](ctx, e.pool, `
		SELECT backend_xid::text::bigint
		FROM pg_stat_activity
		WHERE backend_xid IS NOT NULL AND datid <> (SELECT oid FROM pg_database WHERE datname = current_database())
		UNION ALL
		SELECT transaction::text::bigint FROM pg_prepared_xacts WHERE database <> current_database()`)
	if err != nil {
		return err
	}
	var known []int64
	for _, id := range running {
		if slices.Contains(foreign, id&(1<<32-1)) { // the server shows the low half of an id
			known = append(known, id)
		}
	}
	e.holders.foreign.Store(&known)
	if slices.Contains(known, oldest) {
		return nil
	}
	return e.nameHolder(ctx, oldest)
}

// nameHolder logs the transaction that holds the horizon for long, and ends it if a limit is set.
func (e *Engine) nameHolder(ctx context.Context, id int64) error {
	var pid int64
	var role string
	var began *time.Time // hidden from roles that may not see others' transactions
	err := e.pool.QueryRow(ctx, `
		SELECT pid, COALESCE(usename, ''), xact_start
		FROM pg_stat_activity
		WHERE backend_xid::text::bigint = $1`, id&(1<<32-1)).Scan(&pid, &role, &began)
	if err != nil {
		return nil // it has ended, or is a prepared transaction
	}
	age := e.holders.age()
	if began != nil {
		age = max(age, time.Since(*began))
	}
	e.holders.mu.Lock()
	say := e.holders.warned != id && (age >= holdWarning || e.holdLimit > 0 && age >= e.holdLimit)
	if say {
		e.holders.warned = id
	}
	e.holders.mu.Unlock()
	if say {
		e.log.Warn("a transaction of the database holds up feeds and the sealing of the log", "pid", pid, "role", role, "age", age.Round(time.Second).String())
	}
	if e.holdLimit == 0 || age < e.holdLimit {
		return nil
	}
	var ended bool
	err = e.pool.QueryRow(ctx, `
		SELECT pg_terminate_backend(pid)
		FROM pg_stat_activity
		WHERE pid = $1 AND backend_xid::text::bigint = $2`, pid, id&(1<<32-1)).Scan(&ended)
	if err == nil && ended {
		e.log.Warn("a transaction that held up feeds for longer than transaction-limit was ended", "pid", pid, "role", role)
	}
	return err
}
