package sqlite

import (
	"context"
	"math"

	"podium/internal/db/engine"
)

// dialect has SQLite's texts.
var dialect = engine.Dialect{
	InsertOrFail: insertOrFail,
	Sizes: `
		SELECT (SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()), 0,
			COALESCE((SELECT last FROM sequences WHERE name = 'events'), 0)`,
	Columns: `
		SELECT m.name, c.name, c.type, c.pk FROM sqlite_master m, pragma_table_info(m.name) c
		WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' ORDER BY m.name, c.cid`,
	References:  `SELECT m.name, f."table" FROM sqlite_master m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table'`,
	Sequences:   `SELECT name, last FROM sequences`,
	SetSequence: `INSERT INTO sequences (name, last) VALUES ($1, $2)`,
	Continue:    `UPDATE positions SET ahead = $1`,
}

// rawConn is a connection without the errors and parameters of a transaction: the writing
// connection or a reader.
type rawConn interface {
	preparer
	exec(ctx context.Context, query string, args []any) (int64, error)
}

// transaction is a connection as a Tx uses it. It explains errors, and a failed queued statement
// makes all later ones fail.
type transaction struct {
	e      *Engine
	raw    rawConn
	writes *writerConn // nil: it only reads
	failed error
}

func (t *transaction) Exec(ctx context.Context, sql string, args []any) (int64, error) {
	if t.failed != nil {
		return 0, t.failed
	}
	sql, args = t.e.texts.Rewrite(sql, args)
	n, err := t.raw.exec(ctx, sql, args)
	return n, explained(err)
}

func (t *transaction) Query(ctx context.Context, sql string, args []any) (engine.Rows, error) {
	if t.failed != nil {
		return nil, t.failed
	}
	sql, args = t.e.texts.Rewrite(sql, args)
	rows, err := t.raw.query(ctx, sql, args)
	return rows, explained(err)
}

// Queue runs the statement at once: there is no round trip to save.
func (t *transaction) Queue(ctx context.Context, q engine.Queued) error {
	if t.failed == nil {
		t.failed = ctx.Err()
	}
	if t.failed != nil {
		return t.failed
	}
	sql, args := t.e.texts.Rewrite(q.SQL, q.Args)
	n, err := t.raw.exec(ctx, sql, args)
	if err == nil && n == 0 && q.MustHit {
		err = engine.ErrHitNone
	}
	if err != nil {
		t.failed = (&engine.QueuedError{Cause: err, Of: q}).Settle(explained)
	}
	return t.failed
}

func (t *transaction) Next(_ context.Context, sequence string, n int) ([]int64, error) {
	if t.writes == nil {
		return nil, engine.ErrReadOnly
	}
	last, err := t.writes.given.next(t.writes.conn, sequence, int64(n))
	if err != nil {
		return nil, explained(err)
	}
	numbers := make([]int64, n)
	for i := range numbers {
		numbers[i] = last - int64(n-1-i)
	}
	return numbers, nil
}

// Reserve does nothing: numbers cost no round trip.
func (t *transaction) Reserve(string, int) {}

func (t *transaction) Places(ctx context.Context, sequence string, n int) (int64, []int64, error) {
	if n == 0 {
		return t.e.position, nil, nil
	}
	numbers, err := t.Next(ctx, sequence, n)
	return t.e.position, numbers, err
}

// LockedPlaces is Places: there is one writer.
func (t *transaction) LockedPlaces(ctx context.Context, sequence string, n int) (int64, []int64, error) {
	return t.Places(ctx, sequence, n)
}

// Position returns the position of all rows that are written: with one writer, their numbers give
// the order.
func (t *transaction) Position(context.Context) (int64, error) { return t.e.position, nil }

// Horizon returns a value above all positions: no other transaction writes.
func (t *transaction) Horizon(context.Context) (int64, error) { return math.MaxInt64, nil }
