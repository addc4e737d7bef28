// Package engine defines what a database must offer so that package db can run a Tx on it: the
// connection of a transaction, its rows, queued statements, the errors, and the few texts in which
// the SQL of the two databases differs. Packages sqlite and postgres implement it; package db uses
// it.
//
// Not inside: any connection, and Tx.
package engine

import (
	"context"
	"time"
)

// Conn is the connection of one transaction. Statements name their parameters $1, $2 …; a slice is
// given for a parameter written IN ($n). Errors wrap those of this package.
type Conn interface {
	// Exec runs a statement and returns how many rows it changed.
	Exec(ctx context.Context, sql string, args []any) (rows int64, err error)
	// Query runs a statement and returns its rows, which the caller closes.
	Query(ctx context.Context, sql string, args []any) (Rows, error)
	// Queue runs a statement whose result the caller does not read, at once or together with a
	// later one. After a failure every later call and the transaction return its error.
	Queue(ctx context.Context, q Queued) error
	Numbers
}

// Numbers are the sequences, and the order of transactions.
type Numbers interface {
	// Next returns n rising numbers of a sequence, higher than all that transactions which ended
	// before this one began were given.
	Next(ctx context.Context, sequence string, n int) ([]int64, error)
	// Reserve announces that Next will be asked for n numbers, which saves a round trip.
	Reserve(sequence string, n int)
	// Places returns the position of the transaction and n rising numbers of a sequence, higher
	// than those that this transaction was given before.
	Places(ctx context.Context, sequence string, n int) (position int64, numbers []int64, err error)
	// LockedPlaces is Places for rows whose order must be that in which their transactions held a
	// lock. The caller holds it.
	LockedPlaces(ctx context.Context, sequence string, n int) (position int64, numbers []int64, err error)
	// Position returns where the transaction is in the order in which rows may be followed.
	Position(ctx context.Context) (int64, error)
	// Horizon returns the first position at which a transaction may still be running.
	Horizon(ctx context.Context) (int64, error)
}

// Row is one row of an answer, as a scan function sees it.
type Row interface {
	Scan(dest ...any) error
}

// Rows are the rows of an answer. Next goes to the first row and to each further one.
type Rows interface {
	Row
	Next() bool
	Err() error
	Close() error
}

// Dialect holds the texts in which statements for the two databases differ.
type Dialect struct {
	// locks the rows of the table locks that $1 lists, in its order; empty: there is one writer
	Lock    string
	LockOne string // does so for the one row $1, with less work
	// replaces INSERT, and keeps no copies of pages to undo rows before a failed one; may be empty
	InsertOrFail string
	Writer       string // follows a table's name for the id of the transaction that wrote a row; may be empty
	Bytes        string // follows a parameter that is given bytes

	Sizes       string // returns the bytes of the database, the bytes of the log, and the facts recorded
	Columns     string // returns the columns of all tables: table, column, type, place in the primary key or 0
	References  string // returns the foreign keys: table, table referred to
	Sequences   string // returns each sequence and the number it gave last
	SetSequence string // sets the sequence $1 to continue after $2
	Continue    string // lets positions continue after $1
	LockTables  string // a format that locks tables against writes; empty: a Write is alone
}

// Stats describes the connections, for metrics.
type Stats struct {
	Open, InUse, Waiting int

	// Held is how long the oldest transaction that holds the horizon has been seen running, looked
	// up each second. Always 0 on SQLite.
	Held time.Duration
}

// ClockJump is how far a clock may move away from the time that has passed, or from another clock,
// before that counts as a jump: the clock was set, or the machine was asleep.
const ClockJump = time.Minute

// unhurried is the key of a context of Unhurried.
type unhurried struct{}

// Unhurried returns a context under which statements on PostgreSQL have no time limit.
func Unhurried(ctx context.Context) context.Context {
	return context.WithValue(ctx, unhurried{}, true)
}

// IsUnhurried reports whether ctx comes from Unhurried.
func IsUnhurried(ctx context.Context) bool { return ctx.Value(unhurried{}) != nil }
