package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"podium/internal/db/engine"
	"podium/internal/db/portable"
)

// dialect has PostgreSQL's texts.
var dialect = engine.Dialect{
	Lock: `
		INSERT INTO locks (bucket)
		SELECT bucket FROM unnest($1::bigint[]) WITH ORDINALITY AS wanted (bucket, place) ORDER BY place
		ON CONFLICT (bucket) DO UPDATE SET bucket = excluded.bucket`,
	LockOne: `
		INSERT INTO locks (bucket)
		VALUES ($1)
		ON CONFLICT (bucket) DO UPDATE SET bucket = excluded.bucket`,
	Writer: ".xmin::text::bigint",
	Bytes:  "::bytea",
	Sizes: `
		SELECT pg_database_size(current_database()),
			(SELECT SUM(pg_total_relation_size(oid))::bigint FROM pg_class
				WHERE oid IN ('events'::regclass, 'audit_trail'::regclass, 'event_seals'::regclass, 'event_checkpoints'::regclass)),
			(SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM sequence_events)`,
	Columns: `
		SELECT t.relname::text, a.attname::text, format_type(a.atttypid, a.atttypmod),
			COALESCE(array_position(i.indkey[0:i.indnkeyatts - 1], a.attnum) + 1, 0)::bigint
		FROM pg_class t
		JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
		LEFT JOIN pg_index i ON i.indrelid = t.oid AND i.indisprimary
		WHERE t.relkind = 'r' AND t.relnamespace = current_schema()::regnamespace ORDER BY t.relname, a.attnum`,
	References: `
		SELECT t.relname::text, r.relname::text FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_class r ON r.oid = c.confrelid
		WHERE c.contype = 'f' AND t.relnamespace = current_schema()::regnamespace`,
	Sequences: `
		SELECT substr(sequencename, 10), COALESCE(last_value, 0) FROM pg_sequences
		WHERE schemaname = current_schema() AND sequencename LIKE 'sequence\_%'`,
	SetSequence: `SELECT setval('sequence_'||$1::text, $2::bigint)`,
	// The next transaction has a higher id than this one, and a position above all that were
	// restored.
	Continue:   `UPDATE positions SET ahead = GREATEST(ahead, $1 + 1 - pg_current_xact_id()::text::bigint)`,
	LockTables: `LOCK TABLE %s IN EXCLUSIVE MODE`,
}

// transaction is the connection of a transaction as a Tx uses it. Queued statements are sent with
// the next statement that is not queued, or with COMMIT, in one round trip. So are the statements
// that begin the transaction: nothing is sent before.
type transaction struct {
	e       *Engine
	conn    *pgx.Conn
	begin   []string // begins the transaction; nil once sent
	writes  bool     // the transaction asks for its id when it begins
	waiting []waiting
	failed  error // of a queued statement: all later calls return it

	foreign  *[]int64 // of holders, when the transaction first asked for the horizon
	position int64    // of the transaction, if it writes and has begun
	reserved map[string][]int64
	asked    map[string]bool  // sequences with numbers reserved by a waiting statement
	last     map[string]int64 // the last number that the transaction was given of each pool
}

// waiting is a statement that has not been sent.
type waiting struct {
	engine.Queued
	read func(pgx.Rows) error // reads its rows; nil: they are ignored
}

// begun reports whether anything was sent to the server.
func (c *transaction) begun() bool { return c.begin == nil }

func (c *transaction) Exec(ctx context.Context, sql string, args []any) (int64, error) {
	if c.failed != nil {
		return 0, c.failed
	}
	tag, err := c.run(ctx, portable.Postgres(sql, args), args)
	return tag.RowsAffected(), c.explain(err)
}

func (c *transaction) Query(ctx context.Context, sql string, args []any) (engine.Rows, error) {
	if c.failed != nil {
		return nil, c.failed
	}
	rows, err := c.query(ctx, portable.Postgres(sql, args), args)
	if err != nil {
		return nil, c.explain(err)
	}
	return rows, nil
}

// explain returns the error of a statement in the form that callers compare. All later calls return
// the error of a queued statement.
func (c *transaction) explain(err error) error {
	var queued *engine.QueuedError
	if errors.As(err, &queued) {
		c.failed = queued.Settle(explained)
		return c.failed
	}
	return explained(err)
}

// run sends the waiting statements and one more, and reads all results.
func (c *transaction) run(ctx context.Context, sql string, args []any) (pgconn.CommandTag, error) {
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

func (c *transaction) query(ctx context.Context, sql string, args []any) (engine.Rows, error) {
	if c.begun() && len(c.waiting) == 0 {
		r, err := c.conn.Query(ctx, sql, args...)
		return answer{r, nil}, err
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
	return answer{r, results}, nil
}

// Queue adds a statement to those that wait.
func (c *transaction) Queue(ctx context.Context, q engine.Queued) error {
	if c.failed == nil {
		c.failed = ctx.Err()
	}
	if c.failed != nil {
		return c.failed
	}
	q.SQL = portable.Postgres(q.SQL, q.Args)
	if q.MustHit {
		// The server itself fails a statement that changes no row, so that COMMIT can be sent with
		// it.
		q.SQL = `WITH hit AS (` + q.SQL + ` RETURNING 1) SELECT 1 / COUNT(*) FROM hit`
	}
	c.waiting = append(c.waiting, waiting{Queued: q})
	return nil
}

// flush sends the waiting statements.
func (c *transaction) flush(ctx context.Context) error {
	if c.begun() && len(c.waiting) == 0 {
		return nil
	}
	results, err := c.send(ctx, "", nil)
	if err != nil {
		return err
	}
	return results.Close()
}

// identify is what a writing transaction asks for when it begins: a transaction that draws a number
// from a sequence then has an id (milestones of accounts rely on it), and its position is known
// without another round trip.
const identify = `SELECT pg_current_xact_id()::text::bigint + ahead FROM positions`

// send sends the waiting statements, and one more if given, whose results are left to be read.
// After an error there are none.
func (c *transaction) send(ctx context.Context, sql string, args []any) (pgx.BatchResults, error) {
	var b pgx.Batch
	begin, waits := c.begin, c.waiting
	c.begin, c.waiting = nil, nil
	for _, sql := range begin {
		b.Queue(sql)
	}
	if begin != nil && c.writes {
		b.Queue(identify)
	}
	for _, w := range waits {
		b.Queue(w.SQL, w.Args...)
	}
	if sql != "" {
		b.Queue(sql, args...)
	}
	results := c.conn.SendBatch(ctx, &b)
	err := c.started(results, begin)
	for i := 0; err == nil && i < len(waits); i++ {
		if err = waits[i].result(results); err != nil {
			err = &engine.QueuedError{Cause: err, Of: waits[i].Queued}
		}
	}
	if err != nil {
		results.Close()
		return nil, err
	}
	return results, nil
}

// started reads the results of the statements that began the transaction, if they were sent.
func (c *transaction) started(results pgx.BatchResults, begin []string) error {
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

// result reads the result of a statement that had waited.
func (w waiting) result(results pgx.BatchResults) error {
	if w.read == nil {
		_, err := results.Exec()
		var failure *pgconn.PgError
		if w.MustHit && errors.As(err, &failure) && failure.Code == "22012" { // division_by_zero
			err = fmt.Errorf("%w: %w", engine.ErrHitNone, err)
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

// answer holds the rows of a query, and the batch to which they belong, if any.
type answer struct {
	pgx.Rows
	batch pgx.BatchResults
}

func (r answer) Err() error { return explained(r.Rows.Err()) }

func (r answer) Close() error {
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
