package db

import (
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// Queue runs a statement whose result nobody reads. On PostgreSQL it is sent with the next statement that is read, or with
// the commit: many queued statements cost one round trip. Statements take effect in their order. If it fails, the transaction
// is undone, and whatever comes next returns the error: Queue itself, a later statement or the Write. Its arguments must not be changed
// afterwards.
//
// A statement whose failure means something to the caller runs by Exec, Change or Count, or by QueueAll with refuse: the error of
// Queue is never ErrExists nor ErrNoRow.
func (tx *Tx) Queue(sql string, args ...any) error {
	return tx.queue(sql, args, queued{})
}

// QueueChange queues a statement that must hit a row. If it hits none, the transaction is undone.
func (tx *Tx) QueueChange(sql string, args ...any) error {
	return tx.queue(sql, args, queued{mustHit: true})
}

// QueueAll queues what InsertAll runs. refuse, if not nil, turns the error, such as ErrExists, into the one that the next
// statement or the Write returns.
func (tx *Tx) QueueAll(into string, rows [][]any, conflict string, refuse func(error) error) error {
	return tx.insertAll(into, rows, conflict, func(sql string, args []any) error {
		return tx.queue(sql, args, queued{refuse: refuse})
	})
}

// queued is a statement that waits.
type queued struct {
	sql     string
	args    []any
	mustHit bool
	refuse  func(error) error    // of QueueAll
	read    func(pgx.Rows) error // reads its rows; nil: nobody does
}

// errHitNone is that a statement of QueueChange hit no row.
var errHitNone = errors.New("it hit no row")

// queuer is a connection on which statements wait.
type queuer interface {
	queue(queued)
}

func (tx *Tx) queue(sql string, args []any, q queued) error {
	if tx.failed == nil {
		tx.failed = tx.ctx.Err()
	}
	if tx.failed != nil {
		return tx.failed
	}
	q.sql, q.args = tx.dialect.rewrite(sql, args)
	if waits, ok := tx.conn.(queuer); ok {
		waits.queue(q)
		return nil
	}
	n, err := tx.conn.exec(tx.ctx, q.sql, q.args)
	if err == nil && n == 0 && q.mustHit {
		err = errHitNone
	}
	if err != nil {
		tx.failed = (&queuedError{err, q}).settled(tx.dialect.explain)
	}
	return tx.failed
}

// queuedError is the failure of a statement that had waited: not of the one it was sent with.
type queuedError struct {
	cause error
	of    queued
}

func (e *queuedError) Error() string { return "a queued statement: " + e.cause.Error() }
func (e *queuedError) Unwrap() error { return e.cause }

// settled is the error as others than the statement return it: what refuse makes of it. Without refuse it is not ErrExists: whoever
// asks for that means a statement of their own.
func (e *queuedError) settled(explain func(error) error) error {
	explained := explain(e.cause)
	switch {
	case e.of.refuse != nil:
		return e.of.refuse(explained)
	case errors.Is(explained, ErrExists) || errors.Is(explained, errHitNone):
		return fmt.Errorf("a queued statement: %w: %s", e.cause, e.of.sql)
	}
	return explained
}

// explain is what the caller of a statement is told of an error. That of a queued statement stays: all that follows fails by it.
func (tx *Tx) explain(err error) error {
	var waited *queuedError
	if errors.As(err, &waited) {
		tx.failed = waited.settled(tx.dialect.explain)
		return tx.failed
	}
	return tx.dialect.explain(err)
}

// Reserve asks for numbers that NextMany or Next will be asked for in this transaction, without a round trip of its own.
func (tx *Tx) Reserve(sequence string, n int) {
	if tx.dialect.reserve != nil && n > 0 {
		tx.dialect.reserve(tx, sequence, n)
	}
}

// Places returns where in the order of Position the transaction's next n rows stand: its position, and n numbers of a sequence,
// higher than those that the transaction was given before. Unlike Next, it does not promise that they are higher than the numbers of
// transactions that have ended: rows which bear the position need no more than that.
func (tx *Tx) Places(sequence string, n int) (position int64, numbers []int64, err error) {
	if tx.dialect.places != nil {
		return tx.dialect.places(tx, sequence, n)
	}
	if position, err = tx.Position(); err != nil {
		return 0, nil, err
	}
	numbers, err = tx.NextMany(sequence, n)
	return position, numbers, err
}
