package db

import (
	"context"
	"time"

	"podium/internal/db/engine"
	"podium/internal/db/lock"
	"podium/internal/wire"
)

// Tx is a transaction. It carries its context, as an http.Request does, and its time. It must not
// be used from more than one goroutine, nor after its end.
type Tx struct {
	ctx      context.Context
	conn     engine.Conn
	dialect  *engine.Dialect
	now      wire.Time
	steady   time.Duration // for how long the clock has run steadily
	hooks    []func()
	readOnly bool
	order    func(error) // called for locks out of order; nil: they are not checked
	held     lock.Held
}

// Row is one row of an answer, as a scan function sees it.
type Row = engine.Row

// Context returns the context of the transaction.
func (tx *Tx) Context() context.Context { return tx.ctx }

// Now returns the transaction's time, the same for all it writes.
func (tx *Tx) Now() wire.Time { return tx.now }

// ReadOnly reports whether the transaction cannot write: everything it reads was committed.
func (tx *Tx) ReadOnly() bool { return tx.readOnly }

// Bytes returns a placeholder for a parameter of bytes, because PostgreSQL would otherwise assume
// text.
func (tx *Tx) Bytes(parameter string) string { return parameter + tx.dialect.Bytes }

// ForUpdateOf returns the end of a SELECT that locks its rows of a table or alias, in the order of
// the SELECT. It is empty on SQLite, which has one writer.
func (tx *Tx) ForUpdateOf(table string) string {
	if tx.dialect.Lock == "" {
		return ""
	}
	return "FOR UPDATE OF " + table
}

// OnCommit makes fn run after the commit, before Write returns. It does not run after a rollback.
func (tx *Tx) OnCommit(fn func()) { tx.hooks = append(tx.hooks, fn) }

// Exec runs a statement that may change any number of rows.
func (tx *Tx) Exec(sql string, args ...any) error {
	_, err := tx.exec(sql, args)
	return err
}

// Change runs a statement that must change a row. It fails with ErrNoRow if it changes none.
func (tx *Tx) Change(sql string, args ...any) error {
	n, err := tx.exec(sql, args)
	if err == nil && n == 0 {
		return ErrNoRow
	}
	return err
}

// Count runs a statement and returns how many rows it changed.
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

// One returns the first row of a query as scan reads it. It fails with ErrNoRow.
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

// All returns every row of a query as scan reads it, never nil.
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

// Value returns the only column of a query's first row. It fails with ErrNoRow.
func Value[T any](tx *Tx, sql string, args ...any) (T, error) {
	return One(tx, ScanValue[T], sql, args...)
}

// ScanValue reads a row of one column.
func ScanValue[T any](row Row) (T, error) {
	var v T
	return v, row.Scan(&v)
}

// Next returns a new number of a named sequence, higher than every number that a transaction which
// ended before this one began was given. Numbers may be skipped.
func (tx *Tx) Next(sequence string) (int64, error) {
	numbers, err := tx.conn.Next(tx.ctx, sequence, 1)
	if err != nil {
		return 0, err
	}
	return numbers[0], nil
}

// NextMany returns n rising new numbers of a named sequence, as n calls of Next do.
func (tx *Tx) NextMany(sequence string, n int) ([]int64, error) {
	if n == 0 {
		return nil, nil
	}
	return tx.conn.Next(tx.ctx, sequence, n)
}

// Position returns this transaction's place in the order in which its rows may be followed. Rows
// that carry it, and a number from Next, are read in the order of both, up to Horizon. On SQLite,
// with one writer, it is the same for all, and the number alone gives the order.
func (tx *Tx) Position() (int64, error) { return tx.conn.Position(tx.ctx) }

// Horizon returns the first position at which a transaction may still be running. Followers read
// only rows below it: no row appears among them later.
func (tx *Tx) Horizon() (int64, error) { return tx.conn.Horizon(tx.ctx) }

// Writer returns a SQL expression for the id of the transaction that last wrote a table's row, its
// low 32 bits; empty on SQLite, which does not keep it.
func (tx *Tx) Writer(table string) string {
	if tx.dialect.Writer == "" {
		return ""
	}
	return table + tx.dialect.Writer
}
