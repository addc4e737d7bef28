// Package db runs transactions on SQLite or PostgreSQL: Read, Write, and Tx with its statements,
// locks, numbers and positions. Nothing above it knows which of the two runs: each statement is
// written once, in the SQL that both speak (docs/decisions/0001-one-sql.md).
//
// Its parts: sqlite and postgres run transactions on a database, through the interfaces of engine;
// migrations makes the tables; lock names what can be locked, in one order; dbtest gives tests a
// database (docs/decisions/0030-database-in-parts.md).
//
// Not inside: what a table means. The chapter that owns the table says that.
package db

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"runtime/debug"
	"strings"
	"time"

	"podium/internal/db/engine"
	"podium/internal/db/postgres"
	"podium/internal/db/sqlite"
	"podium/internal/wire"
)

// Config says which database to open. The zero value is not one.
type Config struct {
	// URL is a file's path or "sqlite:PATH" for SQLite, or postgres://… (or a
	// "host=… dbname=…" string after "postgres:") for PostgreSQL.
	URL string

	// Connections is the most connections for reading (SQLite) or for everything (PostgreSQL). Zero
	// means a number that fits the machine.
	Connections int

	// Cache is how many bytes of pages SQLite's writing connection keeps in memory. Zero means 16
	// MiB; changing much of a large database needs more.
	Cache int

	// Unsafe gives up durability, for tests that do not check it: SQLite then does not wait for the
	// disk.
	Unsafe bool

	// Now is the clock. Nil means the system's.
	Now func() time.Time

	// Passed, if set with Now, is the time that really passes: for tests of clocks that jump.
	Passed func() time.Time

	// Log receives what an operator should know. Nil means slog.Default().
	Log *slog.Logger

	// Patience is for how long a Write runs again while the database cannot be reached. Zero means
	// two seconds.
	Patience time.Duration

	// Timeout is the longest that one statement may take on PostgreSQL, COMMIT and ROLLBACK among
	// them. Zero means ten seconds.
	Timeout time.Duration

	// TransactionLimit is for how long any transaction may hold the horizon on PostgreSQL before it
	// is ended. Zero means no limit.
	TransactionLimit time.Duration

	// ObserveBatch, if set, is called with the number of Writes in each commit and its duration.
	ObserveBatch func(writes int, took time.Duration)

	// Tables is the version to which the tables are migrated, for a backup of that version. Zero
	// means the newest.
	Tables int64

	migrations fs.FS // further migrations, of tests

	// Plans, if set, is called for each statement that SQLite prepares: for tests that look for
	// reads without an index.
	Plans sqlite.Plans

	// LockOrder, if set, is called for each lock out of the order of package lock, which then
	// fails: for tests. Otherwise the order is not checked.
	LockOrder func(error)
}

// Plans is the type of Config.Plans.
type Plans = sqlite.Plans

// DB is an open database. Close must be called at the end.
type DB struct {
	engine    database
	now       func() time.Time
	lockOrder func(error)
	passed    func() time.Time // nil: the clock's own monotonic time
	steady    steadiness
}

// database is SQLite or PostgreSQL.
type database interface {
	// Write runs fn in a transaction that may change rows, durably committed when Write returns
	// nil.
	Write(ctx context.Context, fn func(engine.Conn) error) error
	// Read runs fn in a transaction that sees one consistent state.
	Read(ctx context.Context, fn func(engine.Conn) error) error
	// Dialect returns the texts in which its statements differ from those of the other database.
	Dialect() *engine.Dialect
	// Ping returns why the database does not answer, or may not be written by this version.
	Ping(ctx context.Context) error
	// Room returns an error if the disk is nearly full.
	Room() error
	Stats() engine.Stats
	// ClockAgrees reports whether the database's clock and this machine's agree.
	ClockAgrees() bool
	// Cut ends all work at once, whatever the database does.
	Cut()
	Close() error
}

// Stats describes the connections, for metrics.
type Stats = engine.Stats

// Errors to compare with errors.Is.
var (
	// ErrNoRow: One found no row, or Change changed none.
	ErrNoRow = engine.ErrNoRow

	// ErrExists: a row with that key exists. Conflict returns the name of the constraint.
	ErrExists = engine.ErrExists

	// ErrUnavailable: the database cannot be reached or cannot work at the moment. The frame
	// answers 503.
	ErrUnavailable = engine.ErrUnavailable

	// ErrAgain makes Write roll back and run its function again, for as long as Config.Patience. A
	// transaction returns it if it has locked less than it needs.
	ErrAgain = engine.ErrAgain

	// ErrTooOld: a newer version has changed the tables so that this one may no longer write to
	// them. It wraps ErrUnavailable, so that clients try again and find a newer node.
	ErrTooOld = engine.ErrTooOld
)

// Conflict returns the name of the unique constraint that a statement broke: of the index, or
// table_column_key, or table_pkey. It returns "" for any other error.
func Conflict(err error) string {
	var conflict *engine.Conflict
	if errors.As(err, &conflict) {
		return conflict.Constraint
	}
	return ""
}

// PanicError is a panic inside a transaction, which was rolled back. The frame logs the stack and
// answers 500.
type PanicError struct {
	Value any
	Stack []byte
}

func (p *PanicError) Error() string { return fmt.Sprintf("panic: %v", p.Value) }

// recovered turns a panic into a PanicError.
func recovered(err *error) {
	if v := recover(); v != nil {
		*err = &PanicError{Value: v, Stack: debug.Stack()}
	}
}

// Open opens the database and migrates its tables to this binary's version. It refuses a database
// that a newer binary has written.
func Open(ctx context.Context, c Config) (*DB, error) {
	d := &DB{now: c.Now, passed: c.Passed, lockOrder: c.LockOrder}
	switch {
	case c.Now == nil:
		d.now = time.Now
		d.steady.watch(d.now(), d.now())
	case c.Passed != nil:
		d.steady.watch(c.Now(), c.Passed())
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.Patience == 0 {
		c.Patience = 2 * time.Second
	}
	if c.Timeout == 0 {
		c.Timeout = 10 * time.Second
	}
	var err error
	if d.engine, err = c.open(ctx); err != nil {
		return nil, err
	}
	return d, nil
}

func (c Config) open(ctx context.Context) (database, error) {
	if isPostgres(c.URL) {
		return postgres.Open(ctx, postgres.Config{
			URL: c.URL, Connections: c.Connections, Patience: c.Patience, Timeout: c.Timeout, TransactionLimit: c.TransactionLimit,
			Log: c.Log, ObserveBatch: c.ObserveBatch, Tables: c.Tables, Migrations: c.migrations,
		})
	}
	return sqlite.Open(ctx, sqlite.Config{
		Path: strings.TrimPrefix(c.URL, "sqlite:"), Connections: c.Connections, Cache: c.Cache, Unsafe: c.Unsafe, Patience: c.Patience,
		Log: c.Log, ObserveBatch: c.ObserveBatch, Plans: c.Plans, Tables: c.Tables, Migrations: c.migrations,
	})
}

func isPostgres(url string) bool {
	return strings.HasPrefix(url, "postgres:") || strings.HasPrefix(url, "postgresql:")
}

// Close ends all work and closes the database.
func (d *DB) Close() error { return d.engine.Close() }

// Cut ends all work on PostgreSQL at once, whether the server answers or not: Reads and Writes
// fail. Close must still be called.
func (d *DB) Cut() { d.engine.Cut() }

// Ping returns why the database does not answer, or nil.
func (d *DB) Ping(ctx context.Context) error { return d.engine.Ping(ctx) }

// Stats describes the connections.
func (d *DB) Stats() Stats { return d.engine.Stats() }

// Now returns the time of the database's clock, as tx.Now does in a transaction that begins now.
func (d *DB) Now() wire.Time { return wire.TimeOf(d.now()) }

// Write runs fn in a transaction and commits it durably. If fn fails or panics, it rolls back. fn
// may run again from its beginning, so it must change nothing but tx. Work after the commit goes to
// tx.OnCommit, which runs before Write returns.
func Write[T any](ctx context.Context, d *DB, fn func(*Tx) (T, error)) (T, error) {
	var out T
	var hooks []func()
	err := d.engine.Write(ctx, func(conn engine.Conn) (err error) {
		defer recovered(&err)
		tx := d.begin(ctx, conn, false)
		out, err = fn(tx)
		hooks = tx.hooks
		return err
	})
	if err != nil {
		var none T
		return none, err
	}
	for _, hook := range hooks {
		hook()
	}
	return out, nil
}

// Read runs fn in a transaction that sees one consistent state and changes nothing.
func Read[T any](ctx context.Context, d *DB, fn func(*Tx) (T, error)) (T, error) {
	var out T
	err := d.engine.Read(ctx, func(conn engine.Conn) (err error) {
		defer recovered(&err)
		out, err = fn(d.begin(ctx, conn, true))
		return err
	})
	if err != nil {
		var none T
		return none, err
	}
	return out, nil
}

// Unhurried returns a context under which statements on PostgreSQL have no time limit.
func Unhurried(ctx context.Context) context.Context { return engine.Unhurried(ctx) }
