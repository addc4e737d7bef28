package db

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
)

// postgresEngine is PostgreSQL through a pool of connections.
type postgresEngine struct {
	pool     *pgxpool.Pool
	dialect  *dialect
	patience time.Duration
	log      *slog.Logger
	observe  func(int, time.Duration)

	skewed    atomic.Bool // the server's clock and ours are more than a jump apart
	greets    atomic.Bool // the tables are in place: each connection is greeted before its first use
	positions positions
	links     links
	holders   holders
	holdLimit time.Duration // Config.TransactionLimit
	asking    chan struct{} // a place for each Write that asks what became of its COMMIT

	ending context.Context // ends when the database is closed, or cut off
	end    context.CancelFunc
	keeper sync.WaitGroup

	generation *generation
}

func openPostgres(ctx context.Context, c Config) (engine, error) {
	text := c.URL
	if rest, ok := strings.CutPrefix(text, "postgres:"); ok && !strings.HasPrefix(rest, "//") {
		text = rest
	}
	config, err := pgxpool.ParseConfig(text)
	if err != nil {
		return nil, errors.New("the PostgreSQL address cannot be read") // err quotes the address, password and all
	}
	config.MaxConns = int32(c.Connections)
	if config.MaxConns == 0 {
		config.MaxConns = int32(max(16, 4*runtime.NumCPU()))
	}
	config.MaxConns = max(config.MaxConns, 3) // migrating takes one, its lock another, keeping the lock a third
	if config.ConnConfig.ConnectTimeout == 0 {
		config.ConnConfig.ConnectTimeout = 5 * time.Second
	}
	e := &postgresEngine{
		patience: c.Patience, log: c.Log, observe: c.ObserveBatch,
		links: links{limit: c.Timeout}, asking: make(chan struct{}, askers), holdLimit: c.TransactionLimit,
	}
	e.dialect = postgresDialect(&e.holders)
	e.ending, e.end = context.WithCancel(context.Background())
	config.BeforeConnect = e.links.prepare
	steps := migration{dialect: "postgres", more: c.migrations, to: c.Tables}
	known, err := steps.known()
	if err != nil {
		return nil, err
	}
	e.generation = &generation{known: known, log: c.Log}
	config.AfterConnect = func(ctx context.Context, conn *pgx.Conn) error {
		return conn.PgConn().Exec(ctx, fmt.Sprintf(`SET %s = '%d'`, knowsSetting, known)).Close()
	}
	config.PrepareConn = e.prepareConn
	config.PingTimeout = c.Patience
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, explainPostgres(err)
	}
	e.pool = pool
	if e.observe == nil {
		e.observe = func(int, time.Duration) {}
	}
	if err := e.prepare(ctx, steps); err != nil {
		e.close()
		return nil, err
	}
	e.keeper.Go(e.keep)
	return e, nil
}

func (e *postgresEngine) prepare(ctx context.Context, steps migration) error {
	if err := e.checkServer(ctx); err != nil {
		return err
	}
	std := stdlib.OpenDBFromPool(e.pool)
	defer std.Close()
	if err := migrate(ctx, std, steps); err != nil {
		return err
	}
	if steps.to == 0 || steps.to >= foldsVersion {
		if err := foldNames(ctx, std, "postgres"); err != nil {
			return explainPostgres(err)
		}
	}
	conn, err := e.pool.Acquire(ctx)
	if err != nil {
		return explainPostgres(err)
	}
	defer conn.Release()
	server, err := serverOf(ctx, conn.Conn())
	if err == nil {
		err = e.settlePositions(ctx, conn.Conn(), server)
	}
	if err != nil {
		return explainPostgres(err)
	}
	e.links.limited.Store(true)
	e.greets.Store(true)
	return nil
}

// keep does what has to be done now and then, until the database is closed.
func (e *postgresEngine) keep() {
	clear, watch := time.NewTicker(marksKept/10), time.NewTicker(watchEvery)
	defer clear.Stop()
	defer watch.Stop()
	for {
		select {
		case <-watch.C:
			ctx, cancel := context.WithTimeout(e.ending, 2*e.patience)
			e.watchHorizon(ctx) // where the database is away, others say so
			cancel()
		case <-clear.C:
			if err := e.clearMarks(e.ending); err != nil && e.ending.Err() == nil {
				e.log.Warn("marks of commits cannot be cleared away; trying again", "error", err)
			}
		case <-e.ending.Done():
			return
		}
	}
}

// checkServer refuses a server that is too old, and a database that cannot hold every text
// or does not sort texts by their bytes: pages of a list would then begin and end elsewhere
// than on SQLite.
func (e *postgresEngine) checkServer(ctx context.Context) error {
	var version int
	var collation, encoding string
	var bytewise bool // what sorts is asked, not named: a collation's name does not tell who does the sorting
	err := e.pool.QueryRow(ctx, `
		SELECT current_setting('server_version_num')::int, datcollate, current_setting('server_encoding'), 'B' < 'a' AND 'a-b' < 'aa' AND 'z' < 'é'
		FROM pg_database
		WHERE datname = current_database()`).Scan(&version, &collation, &encoding, &bytewise)
	if err != nil {
		return explainPostgres(err)
	}
	if version < 150000 {
		return fmt.Errorf("PostgreSQL 15 or later is needed, this server is version %d", version/10000)
	}
	if bytewise && encoding == "UTF8" {
		return nil
	}
	return fmt.Errorf("the PostgreSQL database does not hold texts as UTF-8, or does not sort them by their bytes (encoding %s, collation %s); create it with: CREATE DATABASE podium TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER libc LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'", encoding, collation)
}

func postgresDialect(h *holders) *dialect {
	return &dialect{
		placeholder: "$",
		bytes:       "::bytea",
		writer:      ".xmin::text::bigint",
		explain:     explainPostgres,
		lock: func(tx *Tx, buckets []int64) error {
			if len(buckets) == 1 { // the server has less to do than for a list
				return tx.Queue(`
					INSERT INTO locks (bucket)
					VALUES ($1)
					ON CONFLICT (bucket) DO UPDATE SET bucket = excluded.bucket`, buckets[0])
			}
			return tx.Queue(`
				INSERT INTO locks (bucket)
				SELECT bucket FROM unnest($1::bigint[]) WITH ORDINALITY AS wanted (bucket, place) ORDER BY place
				ON CONFLICT (bucket) DO UPDATE SET bucket = excluded.bucket`, buckets)
		},
		// A transaction's own id orders it among the others: every transaction with an id
		// below pg_snapshot_xmin has ended. Sequence numbers alone would not do, they are
		// given in another order than transactions end.
		position: func(tx *Tx) (int64, error) {
			c := tx.conn.(*pgConn)
			if !c.writes {
				return 0, errors.New("a position is asked for in a transaction that only reads")
			}
			if !c.begun() {
				if err := c.flush(tx.ctx); err != nil {
					return 0, tx.explain(err)
				}
			}
			return c.position, nil
		},
		horizon: h.horizonOf,
		sizes: `
			SELECT pg_database_size(current_database()),
				(SELECT SUM(pg_total_relation_size(oid))::bigint FROM pg_class
					WHERE oid IN ('events'::regclass, 'audit_trail'::regclass, 'event_seals'::regclass, 'event_checkpoints'::regclass)),
				(SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM sequence_events)`,
		next:    next,
		reserve: reserve,
		places:  new(pools).places,
	}
}

func explainPostgres(err error) error {
	var failure *pgconn.PgError
	if errors.As(err, &failure) {
		switch {
		case failure.Code == tooOldCode:
			return ErrTooOld // the error's text says the same
		case failure.Code == "23505":
			return fmt.Errorf("%w: %w", ErrExists, err)
		case again(err), failure.Code[:2] == "08", failure.Code[:2] == "53", failure.Code[:2] == "57", failure.Code == "25006":
			// connection lost, out of resources, shutting down, read-only after a failover
			return fmt.Errorf("%w: %w", ErrUnavailable, err)
		}
		return err
	}
	var connect *pgconn.ConnectError
	if errors.As(err, &connect) {
		return fmt.Errorf("%w: no connection", ErrUnavailable) // the error's text has the address and user
	}
	return err
}

// again tells whether the database, or the transaction itself, asks for it to be begun anew.
func again(err error) bool {
	var failure *pgconn.PgError
	return errors.Is(err, ErrAgain) || errors.As(err, &failure) && (failure.Code == "40001" || failure.Code == "40P01")
}

func (e *postgresEngine) write(ctx context.Context, fn func(*Tx) error) error {
	began := time.Now()
	pause := 2 * time.Millisecond
	for {
		retry, err := e.attempt(ctx, fn)
		if err == nil {
			e.observe(1, time.Since(began))
			return nil
		}
		if !retry || time.Since(began) > e.patience || e.ending.Err() != nil {
			return e.generation.heard(err)
		}
		timer := time.NewTimer(pause/2 + rand.N(pause))
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		}
		pause = min(2*pause, 250*time.Millisecond)
	}
}

// attempt runs fn once. retry says that nothing of it took effect and that another
// attempt may succeed.
func (e *postgresEngine) attempt(ctx context.Context, fn func(*Tx) error) (retry bool, err error) {
	conn, err := e.acquire(ctx)
	if err != nil {
		return ctx.Err() == nil, err
	}
	defer conn.Release()
	c := &pgConn{conn: conn.Conn(), begin: begin(ctx, `BEGIN`), writes: true} // READ COMMITTED
	tx := &Tx{ctx: ctx, conn: c, dialect: e.dialect}
	err = run(tx, fn)
	if err == nil {
		err = ctx.Err() // whoever asked has gone: nobody would know that it took effect
	}
	if err != nil {
		if c.begun() {
			e.rollback(conn)
		}
		return e.lost(ctx, conn, err)
	}
	if !c.begun() && len(c.waiting) == 0 {
		return false, nil
	}
	return e.commit(ctx, conn, tx)
}

// begin returns the statements that begin a transaction, which may be one whose statements take what they take.
func begin(ctx context.Context, sql string) []string {
	if ctx.Value(unhurried{}) != nil {
		return []string{sql, `SET LOCAL statement_timeout = 0`}
	}
	return []string{sql}
}

// lost tells whether err means that the transaction is to be begun anew.
func (e *postgresEngine) lost(ctx context.Context, conn *pgxpool.Conn, err error) (bool, error) {
	if ctx.Err() != nil {
		return false, ctx.Err()
	}
	if conn.Conn().IsClosed() {
		return true, fmt.Errorf("%w: the connection was lost", ErrUnavailable)
	}
	return again(err), err
}

func (e *postgresEngine) read(ctx context.Context, fn func(*Tx) error) error {
	began := time.Now()
	for {
		err := e.readOnce(ctx, fn)
		if !errors.Is(err, errConnectionLost) || time.Since(began) > e.patience || e.ending.Err() != nil {
			return err
		}
	}
}

var errConnectionLost = fmt.Errorf("%w: the connection was lost", ErrUnavailable)

func (e *postgresEngine) readOnce(ctx context.Context, fn func(*Tx) error) error {
	conn, err := e.acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	c := &pgConn{conn: conn.Conn(), begin: begin(ctx, `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY`)}
	if err := run(&Tx{ctx: ctx, conn: c, dialect: e.dialect, readOnly: true}, fn); err != nil {
		if c.begun() {
			e.rollback(conn)
		}
		return e.readFailed(ctx, conn, err)
	}
	if !c.begun() {
		return nil
	}
	if err := conn.Conn().PgConn().Exec(context.WithoutCancel(ctx), `COMMIT`).Close(); err != nil {
		return e.readFailed(ctx, conn, err)
	}
	return nil
}

func (e *postgresEngine) readFailed(ctx context.Context, conn *pgxpool.Conn, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if conn.Conn().IsClosed() {
		return errConnectionLost
	}
	return explainPostgres(err)
}

func (e *postgresEngine) acquire(ctx context.Context) (*pgxpool.Conn, error) {
	limited, cancel := context.WithTimeout(ctx, 2*e.patience)
	defer cancel()
	conn, err := e.pool.Acquire(limited)
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, fmt.Errorf("%w: no connection", ErrUnavailable)
	}
	linkOf(conn.Conn()).unhurried.Store(ctx.Value(unhurried{}) != nil)
	return conn, nil
}

func (e *postgresEngine) ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 2*e.patience)
	defer cancel()
	var oldest int64
	if err := e.pool.QueryRow(ctx, selectOldest).Scan(&oldest); err != nil {
		return fmt.Errorf("%w: %w", ErrUnavailable, explainPostgres(err))
	}
	return e.generation.check(oldest)
}

func (e *postgresEngine) stats() Stats {
	s := e.pool.Stat()
	return Stats{Open: int(s.TotalConns()), InUse: int(s.AcquiredConns()), Held: e.holders.age()}
}

func (e *postgresEngine) agrees() bool { return !e.skewed.Load() }

// cut ends all connections at once, and what runs on them.
func (e *postgresEngine) cut() {
	e.end()
	e.links.cut()
}

// close lets what runs finish, for as long as a farewell takes, and then cuts it off.
func (e *postgresEngine) close() error {
	e.end()
	closed := make(chan struct{})
	go func() {
		e.keeper.Wait()
		e.pool.Close()
		close(closed)
	}()
	timer := time.NewTimer(farewell)
	defer timer.Stop()
	select {
	case <-closed:
	case <-timer.C:
		e.cut()
		<-closed
	}
	return nil
}
