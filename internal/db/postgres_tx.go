package db

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// pgConn is a transaction's pgx connection as a Tx sees it. Queued statements go over the wire with the next statement that
// is not queued, or with COMMIT, in one round trip. So does what begins the transaction: nothing is sent before.
type pgConn struct {
	conn    *pgx.Conn
	begin   []string // begins the transaction; nil once it was sent
	writes  bool     // the transaction asks for its id when it begins
	waiting []queued

	position int64 // the transaction's, if it writes and has begun
	reserved map[string][]int64
	asked    map[string]bool  // numbers that are reserved by what waits
	last     map[string]int64 // the last number of a pool that the transaction was given
}

// begun reports whether anything was sent to the server.
func (c *pgConn) begun() bool { return c.begin == nil }

func (c *pgConn) exec(ctx context.Context, sql string, args []any) (int64, error) {
	tag, err := c.run(ctx, sql, args)
	return tag.RowsAffected(), err
}

// run sends what waits and a statement, and reads all results.
func (c *pgConn) run(ctx context.Context, sql string, args []any) (pgconn.CommandTag, error) {
	if c.begun() && len(c.waiting) == 0 {
		return c.conn.Exec(ctx, sql, args...)
	}
	results, err := c.send(ctx, sql, args)
	if err != nil {
		return pgconn.CommandTag{}, err
	}
	tag, err := results.Exec()
	if end := results.Close(); err == nil {
		err = end
	}
	return tag, err
}

func (c *pgConn) query(ctx context.Context, sql string, args []any) (rows, error) {
	if c.begun() && len(c.waiting) == 0 {
		r, err := c.conn.Query(ctx, sql, args...)
		return pgRows{r, nil}, err
	}
	results, err := c.send(ctx, sql, args)
	if err != nil {
		return nil, err
	}
	r, err := results.Query()
	if err != nil {
		results.Close()
		return nil, err
	}
	return pgRows{r, results}, nil
}

// queue has a statement wait.
//
// The server itself fails one that must hit a row and hits none: COMMIT may be sent along with it.
func (c *pgConn) queue(q queued) {
	if q.mustHit {
		q.sql = `WITH hit AS (` + q.sql + ` RETURNING 1) SELECT 1 / COUNT(*) FROM hit`
	}
	c.waiting = append(c.waiting, q)
}

// flush sends what waits.
func (c *pgConn) flush(ctx context.Context) error {
	if c.begun() && len(c.waiting) == 0 {
		return nil
	}
	results, err := c.send(ctx, "", nil)
	if err != nil {
		return err
	}
	return results.Close()
}

// identify is what a transaction that writes asks for when it begins: whoever draws a number from a sequence has an id already
// (milestones of accounts count on it), and its position is known without another round trip.
const identify = `SELECT pg_current_xact_id()::text::bigint + ahead FROM positions`

// send sends what waits, and a statement if one is given, whose results are left to be read. After an error nothing is.
func (c *pgConn) send(ctx context.Context, sql string, args []any) (pgx.BatchResults, error) {
	var b pgx.Batch
	begin, waiting := c.begin, c.waiting
	c.begin, c.waiting = nil, nil
	for _, sql := range begin {
		b.Queue(sql)
	}
	if begin != nil && c.writes {
		b.Queue(identify)
	}
	for _, w := range waiting {
		b.Queue(w.sql, w.args...)
	}
	if sql != "" {
		b.Queue(sql, args...)
	}
	results := c.conn.SendBatch(ctx, &b)
	err := c.started(results, begin)
	for i := 0; err == nil && i < len(waiting); i++ {
		if err = waiting[i].result(results); err != nil {
			err = &queuedError{err, waiting[i]}
		}
	}
	if err != nil {
		results.Close()
		return nil, err
	}
	return results, nil
}

// started reads the results of what began the transaction, if that was sent.
func (c *pgConn) started(results pgx.BatchResults, begin []string) error {
	for range begin {
		if _, err := results.Exec(); err != nil {
			return err
		}
	}
	if begin == nil || !c.writes {
		return nil
	}
	return results.QueryRow().Scan(&c.position)
}

// result reads what became of a statement that had waited.
func (w queued) result(results pgx.BatchResults) error {
	if w.read == nil {
		_, err := results.Exec()
		var failure *pgconn.PgError
		if w.mustHit && errors.As(err, &failure) && failure.Code == "22012" { // division_by_zero
			err = fmt.Errorf("%w: %w", errHitNone, err)
		}
		return err
	}
	rows, err := results.Query()
	if err != nil {
		return err
	}
	defer rows.Close()
	if err := w.read(rows); err != nil {
		return err
	}
	return rows.Err()
}

// pgRows is a cursor, and the batch that it came in, if in one.
type pgRows struct {
	pgx.Rows
	batch pgx.BatchResults
}

func (r pgRows) Close() error {
	r.Rows.Close()
	err := r.Rows.Err()
	if r.batch == nil {
		return err
	}
	if end := r.batch.Close(); err == nil {
		err = end
	}
	return err
}
