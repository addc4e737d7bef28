package db

import (
	"context"
	"time"

	"podium/internal/db/engine"
	"podium/internal/db/lock"
	"podium/internal/wire"
)

// Tx is a transaction. It carries its context, as an http.Request does, and its time.
// It must not be used from more than one goroutine, nor after its end.
type Tx struct {
	ctx      context.Context
	conn     engine.Conn
	dialect  *engine.Dialect
	now      wire.Time
	steady   time.Duration // for how long the clock has run steadily
	hooks    []func()
	readOnly bool
	order    func(error) // hears of locks out of their order; nil: they are not checked
	held     lock.Held
}

// Row is one row of an answer, as a scan function sees it.
type Row = engine.Row

// Context is the context that the transaction was begun with.
func (tx *Tx) Context() context.Context { return tx.ctx }

// Now is the transaction's time: the same for all it writes.
func (tx *Tx) Now() wire.Time { return tx.now }

// ReadOnly tells whether the transaction can write nothing: what it reads was committed.
func (tx *Tx) ReadOnly() bool { return tx.readOnly }

// Bytes is a parameter to which bytes are given, for a statement that does not tell: PostgreSQL would take it for a text.
func (tx *Tx) Bytes(parameter string) string { return parameter + tx.dialect.Bytes }

// ForUpdateOf ends a SELECT whose rows, of the table or alias named, are then locked in the order of the
// SELECT. SQLite has one writer, and needs no locks.
func (tx *Tx) ForUpdateOf(table string) string {
	if tx.dialect.Lock == "" {
		return ""
	}
	return "FOR UPDATE OF " + table
}

// OnCommit has fn run after the commit, before the caller of Write goes on. It does not
// run when the transaction is undone.
func (tx *Tx) OnCommit(fn func()) { tx.hooks = append(tx.hooks, fn) }

// Exec runs a statement and does not mind how many rows it hit.
func (tx *Tx) Exec(sql string, args ...any) error {
	_, err := tx.exec(sql, args)
	return err
}

// Change runs a statement that must hit a row: ErrNoRow if it hits none.
func (tx *Tx) Change(sql string, args ...any) error {
	n, err := tx.exec(sql, args)
	if err == nil && n == 0 {
		return ErrNoRow
	}
	return err
}

// Count runs a statement and tells how many rows it hit.
func (tx *Tx) Count(sql string, args ...any) (int64, error) { return tx.exec(sql, args) }

func (tx *Tx) exec(sql string, args []any) (int64, error) {
	if err := tx.ctx.Err(); err != nil {
		return 0, err
	}
	return tx.conn.Exec(tx.ctx, sql, args)
}

func (tx *Tx) query(sql string, args []any) (engine.Rows, error) {
	if err := tx.ctx.Err(); err != nil {
		return nil, err
	}
	return tx.conn.Query(tx.ctx, sql, args)
}

// One is the first row of a query as scan reads it, or ErrNoRow.
func One[T any](tx *Tx, scan func(Row) (T, error), sql string, args ...any) (T, error) {
	var none T
	r, err := tx.query(sql, args)
	if err != nil {
		return none, err
	}
	defer r.Close()
	if !r.Next() {
		if err := r.Err(); err != nil {
			return none, err
		}
		return none, ErrNoRow
	}
	v, err := scan(r)
	if err != nil {
		return none, err
	}
	return v, nil
}

// All is every row of a query as scan reads it, never nil.
func All[T any](tx *Tx, scan func(Row) (T, error), sql string, args ...any) ([]T, error) {
	list := []T{}
	r, err := tx.query(sql, args)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	for r.Next() {
		v, err := scan(r)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	if err := r.Err(); err != nil {
		return nil, err
	}
	return list, nil
}

// Value is the single column of a query's first row, or ErrNoRow.
func Value[T any](tx *Tx, sql string, args ...any) (T, error) {
	return One(tx, ScanValue[T], sql, args...)
}

// ScanValue reads a row of one column.
func ScanValue[T any](row Row) (T, error) {
	var v T
	return v, row.Scan(&v)
}

// Next is a new number of a named sequence, higher than every number a committed
// transaction got before this one began. Numbers may be left out.
func (tx *Tx) Next(sequence string) (int64, error) {
	numbers, err := tx.conn.Next(tx.ctx, sequence, 1)
	if err != nil {
		return 0, err
	}
	return numbers[0], nil
}

// NextMany is n new numbers of a named sequence, as n calls of Next would give, rising.
func (tx *Tx) NextMany(sequence string, n int) ([]int64, error) {
	if n == 0 {
		return nil, nil
	}
	return tx.conn.Next(tx.ctx, sequence, n)
}

// Position is this transaction's place in the order in which its rows may be followed:
// rows that bear it, and a number from Next, are read in order of both, up to Horizon.
// On SQLite, with one writer, it is the same for all and the number alone tells the order.
func (tx *Tx) Position() (int64, error) { return tx.conn.Position(tx.ctx) }

// Horizon is the first position at which a transaction may still be running. A follower of
// rows reads those below it only: nothing will ever appear among them again.
func (tx *Tx) Horizon() (int64, error) { return tx.conn.Horizon(tx.ctx) }

// Writer returns a SQL expression for the id of the transaction that last wrote a table's row, its low 32 bits; empty on
// SQLite, which does not keep it.
func (tx *Tx) Writer(table string) string {
	if tx.dialect.Writer == "" {
		return ""
	}
	return table + tx.dialect.Writer
}
