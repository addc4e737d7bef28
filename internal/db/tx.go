package db

import (
	"context"
	"runtime/debug"
	"time"

	"podium/internal/db/lock"
	"podium/internal/wire"
)

// Tx is a transaction. It carries its context, as an http.Request does, and its time.
// It must not be used from more than one goroutine, nor after its end.
type Tx struct {
	ctx      context.Context
	conn     conn
	dialect  *dialect
	now      wire.Time
	steady   time.Duration // for how long the clock has run steadily
	hooks    []func()
	readOnly bool
	order    func(error) // hears of locks out of their order; nil: they are not checked
	held     lock.Held
	failed   error // of a queued statement: all that follows fails by it
}

// conn is what a Tx asks of a driver's connection.
type conn interface {
	exec(ctx context.Context, sql string, args []any) (rows int64, err error)
	query(ctx context.Context, sql string, args []any) (rows, error)
}

// rows is a driver's cursor.
type rows interface {
	Next() bool
	Scan(dest ...any) error
	Err() error
	Close() error
}

// Row is one row of an answer, as a scan function sees it.
type Row interface {
	Scan(dest ...any) error
}

// Context is the context that the transaction was begun with.
func (tx *Tx) Context() context.Context { return tx.ctx }

// Now is the transaction's time: the same for all it writes.
func (tx *Tx) Now() wire.Time { return tx.now }

// ReadOnly tells whether the transaction can write nothing: what it reads was committed.
func (tx *Tx) ReadOnly() bool { return tx.readOnly }

// Bytes is a parameter to which bytes are given, for a statement that does not tell: PostgreSQL would take it for a text.
func (tx *Tx) Bytes(parameter string) string { return parameter + tx.dialect.bytes }

// ForUpdateOf ends a SELECT whose rows, of the table or alias named, are then locked in the order of the
// SELECT. SQLite has one writer, and needs no locks.
func (tx *Tx) ForUpdateOf(table string) string {
	if tx.dialect.lock == nil {
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
	if err := tx.usable(); err != nil {
		return 0, err
	}
	sql, args = tx.dialect.rewrite(sql, args)
	n, err := tx.conn.exec(tx.ctx, sql, args)
	if err != nil {
		return 0, tx.explain(err)
	}
	return n, nil
}

// usable returns the error by which every further statement fails, if there is one.
func (tx *Tx) usable() error {
	if tx.failed != nil {
		return tx.failed
	}
	return tx.ctx.Err()
}

func (tx *Tx) query(sql string, args []any) (rows, error) {
	if err := tx.usable(); err != nil {
		return nil, err
	}
	sql, args = tx.dialect.rewrite(sql, args)
	r, err := tx.conn.query(tx.ctx, sql, args)
	if err != nil {
		return nil, tx.explain(err)
	}
	return r, nil
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
			return none, tx.dialect.explain(err)
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
		return nil, tx.dialect.explain(err)
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

// run calls fn and turns a panic into a PanicError. A queued statement that failed fails it too.
func run(tx *Tx, fn func(*Tx) error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &PanicError{Value: v, Stack: debug.Stack()}
		}
	}()
	if err := fn(tx); err != nil {
		return err
	}
	return tx.failed
}
