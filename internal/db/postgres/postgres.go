// Package postgres runs the database on PostgreSQL: a pool of connections, each with limits for
// silence (link.go), transactions that are retried (transaction.go), and commits whose answer was
// lost (commit.go). Positions keep rising after a restore or failover (positions.go), and the
// horizon ignores transactions of other databases (horizon.go).
//
// Not inside: the tables (package migrations), and Tx (package db).
package postgres

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"

	"podium/internal/db/engine"
	"podium/internal/db/migrations"
)

// Config says which database to open and how. Package db documents the fields.
type Config struct {
	URL              string
	Connections      int
	Patience         time.Duration
	Timeout          time.Duration
	TransactionLimit time.Duration
	Log              *slog.Logger
	ObserveBatch     func(writes int, took time.Duration)
	Tables           int64
	Migrations       fs.FS // further migrations, of tests; may be nil
}

// Engine is an open PostgreSQL database: a pool of connections.
type Engine struct {
	pool     *pgxpool.Pool
	patience time.Duration
	log      *slog.Logger
	observe  func(int, time.Duration)

	skewed atomic.Bool // the server's clock and ours are more than a engine.ClockJump apart
	// the tables are in place: each connection is greeted before its first use
	greets    atomic.Bool
	positions positions
	links     links
	holders   holders
	pools     pools
	holdLimit time.Duration // Config.TransactionLimit
	asking    chan struct{} // a place for each Write that asks for the outcome of its COMMIT

	ending context.Context // ends when the database is closed or cut off
	end    context.CancelFunc
	keeper sync.WaitGroup

	generation *migrations.Generation
}

// Open connects to a database and migrates its tables to this binary's version.
func Open(ctx context.Context, c Config) (*Engine, error) {
	text := c.URL
	if rest, ok := strings.CutPrefix(text, "postgres:"); ok && !strings.HasPrefix(rest, "//") {
		text = rest
	}
	config, err := pgxpool.ParseConfig(text)
	if err != nil {
		// err contains the address with its password
		return nil, errors.New("the PostgreSQL address cannot be read")
	}
	config.MaxConns = int32(c.Connections)
	if config.MaxConns == 0 {
		config.MaxConns = int32(max(16, 4*runtime.NumCPU()))
	}
	// migrating takes one, its lock another, keeping the lock a third
	config.MaxConns = max(config.MaxConns, 3)
	if config.ConnConfig.ConnectTimeout == 0 {
		config.ConnConfig.ConnectTimeout = 5 * time.Second
	}
	e := &Engine{
		patience: c.Patience, log: c.Log, observe: c.ObserveBatch,
		links: links{limit: c.Timeout}, asking: make(chan struct{}, askers), holdLimit: c.TransactionLimit,
	}
	e.ending, e.end = context.WithCancel(context.Background())
	config.BeforeConnect = e.links.prepare
	steps := migrations.Steps{Kind: migrations.Postgres, More: c.Migrations, To: c.Tables}
	known, err := steps.Known()
	if err != nil {
		return nil, err
	}
	e.generation = &migrations.Generation{Known: known, Log: c.Log}
	config.AfterConnect = func(ctx context.Context, conn *pgx.Conn) error {
		return conn.PgConn().Exec(ctx, fmt.Sprintf(`SET %s = '%d'`, migrations.KnowsSetting, known)).Close()
	}
	config.PrepareConn = e.prepareConn
	config.PingTimeout = c.Patience
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, explained(err)
	}
	e.pool = pool
	if e.observe == nil {
		e.observe = func(int, time.Duration) {}
	}
	if err := e.prepare(ctx, steps); err != nil {
		e.Close()
		return nil, err
	}
	e.keeper.Go(e.keep)
	return e, nil
}

func (e *Engine) prepare(ctx context.Context, steps migrations.Steps) error {
	if err := e.checkServer(ctx); err != nil {
		return err
	}
	std := stdlib.OpenDBFromPool(e.pool)
	defer std.Close()
	if err := steps.Apply(ctx, std); err != nil {
		return err
	}
	if steps.To == 0 || steps.To >= migrations.FoldsVersion {
		if err := migrations.FoldNames(ctx, std, migrations.Postgres); err != nil {
			return explained(err)
		}
	}
	conn, err := e.pool.Acquire(ctx)
	if err != nil {
		return explained(err)
	}
	defer conn.Release()
	server, err := serverOf(ctx, conn.Conn())
	if err == nil {
		err = e.settlePositions(ctx, conn.Conn(), server)
	}
	if err != nil {
		return explained(err)
	}
	e.links.limited.Store(true)
	e.greets.Store(true)
	return nil
}

// keep performs the periodic tasks until the database is closed.
func (e *Engine) keep() {
	clear, watch := time.NewTicker(marksKept/10), time.NewTicker(watchEvery)
	defer clear.Stop()
	defer watch.Stop()
	for {
		select {
		case <-watch.C:
			ctx, cancel := context.WithTimeout(e.ending, 2*e.patience)
			e.watchHorizon(ctx) // other code reports an unreachable database
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

// checkServer refuses a server that is too old, and a database that cannot hold every text or does
// not sort texts by their bytes: pages of a list would then begin and end elsewhere than on SQLite.
func (e *Engine) checkServer(ctx context.Context) error {
	var version int
	var collation, encoding string
	var bytewise bool // tested by sorting: a collation's name does not say which library sorts
	err := e.pool.QueryRow(ctx, `
		SELECT current_setting('server_version_num')::int, datcollate, current_setting('server_encoding'), 'B' < 'a' AND 'a-b' < 'aa' AND 'z' < 'é'
		FROM pg_database
		WHERE datname = current_database()`).Scan(&version, &collation, &encoding, &bytewise)
	if err != nil {
		return explained(err)
	}
	if version < 150000 {
		return fmt.Errorf("PostgreSQL 15 or later is needed, this server is version %d", version/10000)
	}
	if bytewise && encoding == "UTF8" {
		return nil
	}
	return fmt.Errorf("the PostgreSQL database does not hold texts as UTF-8, or does not sort them by their bytes (encoding %s, collation %s); create it with: CREATE DATABASE podium TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER libc LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'", encoding, collation)
}

// explained returns an error in the form that callers compare with errors.Is.
func explained(err error) error {
	var failure *pgconn.PgError
	if errors.As(err, &failure) {
		switch {
		case failure.Code == migrations.TooOldCode:
			return engine.ErrTooOld // the error's text says the same
		case failure.Code == "23505":
			return &engine.Conflict{Constraint: failure.ConstraintName, Cause: err}
		case again(err), failure.Code[:2] == "08", failure.Code[:2] == "53", failure.Code[:2] == "57", failure.Code == "25006":
			// connection lost, out of resources, shutting down, read-only after a failover
			return fmt.Errorf("%w: %w", engine.ErrUnavailable, err)
		}
		return err
	}
	var connect *pgconn.ConnectError
	if errors.As(err, &connect) {
		// the error's text contains the address and the user
		return fmt.Errorf("%w: no connection", engine.ErrUnavailable)
	}
	return err
}

func (e *Engine) acquire(ctx context.Context) (*pgxpool.Conn, error) {
	limited, cancel := context.WithTimeout(ctx, 2*e.patience)
	defer cancel()
	conn, err := e.pool.Acquire(limited)
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, fmt.Errorf("%w: no connection", engine.ErrUnavailable)
	}
	linkOf(conn.Conn()).unhurried.Store(engine.IsUnhurried(ctx))
	return conn, nil
}

// Ping returns why the database does not answer, or may not be written by this version.
func (e *Engine) Ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 2*e.patience)
	defer cancel()
	var oldest int64
	if err := e.pool.QueryRow(ctx, migrations.SelectOldest).Scan(&oldest); err != nil {
		return fmt.Errorf("%w: %w", engine.ErrUnavailable, explained(err))
	}
	return e.generation.Check(oldest)
}

// Stats describes the connections.
func (e *Engine) Stats() engine.Stats {
	s := e.pool.Stat()
	return engine.Stats{Open: int(s.TotalConns()), InUse: int(s.AcquiredConns()), Held: e.holders.age()}
}

// Room returns nil: the disk is the server's.
func (e *Engine) Room() error { return nil }

// Dialect returns PostgreSQL's texts.
func (e *Engine) Dialect() *engine.Dialect { return &dialect }

// ClockAgrees reports whether the server's clock and this machine's agree.
func (e *Engine) ClockAgrees() bool { return !e.skewed.Load() }

// Cut ends all connections and their work at once.
func (e *Engine) Cut() {
	e.end()
	e.links.cut()
}

// Close lets running work finish for as long as farewell, and then cuts it off.
func (e *Engine) Close() error {
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
		e.Cut()
		<-closed
	}
	return nil
}
