// Package db is SQLite or PostgreSQL behind one Tx. Nothing above it knows which of
// the two runs: each statement is written once, in the SQL that both speak
// (docs/decisions/0001-one-sql.md). What tables there are is told by migrations/;
// what they mean, by the chapter that owns each.
package db

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"strings"
	"time"

	"podium/internal/wire"
)

// Config says which database to open. The zero value is not one.
type Config struct {
	// URL is a file's path or "sqlite:PATH" for SQLite, or postgres://… (or a
	// "host=… dbname=…" string after "postgres:") for PostgreSQL.
	URL string

	// Connections is the most connections for reading (SQLite) or for everything
	// (PostgreSQL). Zero means a number that fits the machine.
	Connections int

	// Cache is how many bytes of pages SQLite's writing connection keeps in memory. Zero means 16 MiB;
	// who changes much of a large database has use for more.
	Cache int

	// Unsafe gives up durability, for tests that do not ask for it: SQLite then
	// does not wait for the disk.
	Unsafe bool

	// Now is the clock. Nil means the system's.
	Now func() time.Time

	// Passed, if set beside Now, is the time that passes, whatever Now says: for tests of clocks that jump.
	Passed func() time.Time

	// Log hears of what an operator should know. Nil means slog.Default().
	Log *slog.Logger

	// Patience is how long a Write may go on being begun anew while the database
	// cannot be reached. Zero means two seconds.
	Patience time.Duration

	// Timeout is the longest that one statement may take on PostgreSQL, COMMIT and ROLLBACK among them. Zero means ten
	// seconds.
	Timeout time.Duration

	// TransactionLimit is for how long a transaction of whoever may hold the horizon on PostgreSQL before it is ended. Zero means
	// for ever.
	TransactionLimit time.Duration

	// ObserveBatch, if set, hears how many Writes each commit carried and how long
	// the batch took.
	ObserveBatch func(writes int, took time.Duration)

	// Tables is the version that the tables are brought to, for a backup of that version. Zero means the newest.
	Tables int64

	migrations fs.FS // further migrations, of tests

	// Plans, if set, is asked about each statement that SQLite prepares; what it gives, if not nil, hears in which steps
	// SQLite goes about the statement: for tests that look for reads without an index.
	Plans Plans

	// LockOrder, if set, hears of each transaction that takes locks out of the order of package lock, and the
	// lock then fails: for tests. Otherwise the order is not looked at.
	LockOrder func(error)
}

// Plans is what Config.Plans is.
type Plans func(sql string) (hear func(steps []string))

// DB is an open database. Close it in the end.
type DB struct {
	engine    engine
	now       func() time.Time
	lockOrder func(error)
	folder    string           // of a SQLite database
	passed    func() time.Time // nil: what now says, which on the system's clock tells both
	steady    steadiness
}

// engine is one of the two databases.
type engine interface {
	// write runs fn in a transaction that may change rows, durably committed when
	// write returns nil.
	write(ctx context.Context, fn func(*Tx) error) error
	// read runs fn in a transaction that sees one consistent state.
	read(ctx context.Context, fn func(*Tx) error) error
	ping(ctx context.Context) error
	stats() Stats
	// agrees reports whether the database's own clock says about the same as this machine's.
	agrees() bool
	// cut ends what runs, whatever the database does.
	cut()
	close() error
}

// Stats is a look at the connections, for metrics.
type Stats struct {
	Open, InUse, Waiting int

	// Held is for how long the oldest transaction that holds the horizon has been seen to run, looked up each second. Always
	// 0 on SQLite.
	Held time.Duration
}

// Errors that chapters ask for by errors.Is.
var (
	// ErrNoRow: One found no row, or Change hit none.
	ErrNoRow = errors.New("no row")

	// ErrExists: a row with that key is there already (a UNIQUE constraint).
	ErrExists = errors.New("exists already")

	// ErrUnavailable: the database cannot be reached or cannot work just now.
	// The frame answers 503.
	ErrUnavailable = errors.New("the database is not available")

	// ErrAgain: returned by the function that Write runs, it has the transaction undone and begun anew, for as
	// long as Config.Patience. A transaction returns it that has locked less than it turns out to need.
	ErrAgain = fmt.Errorf("%w: what a transaction locked went on changing", ErrUnavailable)
)

// PanicError is a panic inside a transaction, which was undone. The frame logs the
// stack and answers 500.
type PanicError struct {
	Value any
	Stack []byte
}

func (p *PanicError) Error() string { return fmt.Sprintf("panic: %v", p.Value) }

// Open opens the database and brings its tables to this binary's version. A database
// that a newer binary has written is refused.
func Open(ctx context.Context, c Config) (*DB, error) {
	d := &DB{now: c.Now, passed: c.Passed, folder: folderOf(c.URL), lockOrder: c.LockOrder}
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
	if isPostgres(c.URL) {
		d.engine, err = openPostgres(ctx, c)
	} else {
		d.engine, err = openSQLite(ctx, c)
	}
	if err != nil {
		return nil, err
	}
	return d, nil
}

func isPostgres(url string) bool {
	return strings.HasPrefix(url, "postgres:") || strings.HasPrefix(url, "postgresql:")
}

// Close ends all work and closes the database.
func (d *DB) Close() error { return d.engine.close() }

// Cut ends what runs on PostgreSQL at once, whether the server answers or not: Reads and Writes fail. Close comes
// after it all the same.
func (d *DB) Cut() { d.engine.cut() }

// Ping tells whether the database answers.
func (d *DB) Ping(ctx context.Context) error { return d.engine.ping(ctx) }

// Stats is a look at the connections.
func (d *DB) Stats() Stats { return d.engine.stats() }

// Now is the database's clock: what tx.Now says in a transaction begun now.
func (d *DB) Now() wire.Time { return wire.TimeOf(d.now()) }

// Write runs fn in a transaction and commits it durably, or, when fn fails or panics,
// undoes it. fn may be run again from its beginning, so it touches nothing but tx;
// what must follow the commit goes to tx.OnCommit, which runs before Write returns.
func Write[T any](ctx context.Context, d *DB, fn func(*Tx) (T, error)) (T, error) {
	var out T
	var hooks []func()
	err := d.engine.write(ctx, func(tx *Tx) error {
		d.begin(tx)
		var err error
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
	err := d.engine.read(ctx, func(tx *Tx) error {
		d.begin(tx)
		var err error
		out, err = fn(tx)
		return err
	})
	if err != nil {
		var none T
		return none, err
	}
	return out, nil
}
