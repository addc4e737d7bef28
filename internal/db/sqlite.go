package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net/url"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"podium/internal/private"
)

// sqliteEngine is SQLite: one goroutine owns the one writing connection (writer.go),
// readers take a connection of a pool.
type sqliteEngine struct {
	readers    chan *sqliteReader
	size       int
	waiting    atomic.Int64
	writer     *writer
	checks     *checkpointer
	dialect    *dialect
	generation *generation
	closing    sync.Once
	closed     chan struct{}
}

func openSQLite(ctx context.Context, c Config) (engine, error) {
	path := strings.TrimPrefix(c.URL, "sqlite:")
	if path == "" {
		return nil, errors.New("the path of the SQLite database is empty")
	}
	if err := keepPrivate(path, c.Log); err != nil {
		return nil, fmt.Errorf("database %s: %w", path, err)
	}
	size := c.Connections
	if size == 0 {
		size = max(4, 2*runtime.NumCPU())
	}
	sync := "FULL"
	if c.Unsafe {
		sync = "OFF"
	}
	pragmas := url.Values{"_pragma": {
		fmt.Sprintf("busy_timeout(%d)", c.Patience.Milliseconds()), "journal_mode(WAL)", "synchronous(" + sync + ")", "foreign_keys(1)",
		"cache_size(-16384)", "temp_store(MEMORY)", "trusted_schema(0)",
		fmt.Sprintf("wal_autocheckpoint(%d)", walPages), fmt.Sprintf("journal_size_limit(%d)", walSize),
	}}
	file := "file:" + (&url.URL{Path: path}).EscapedPath()
	name := file + "?" + pragmas.Encode()
	pool, err := sql.Open("sqlite", name)
	if err != nil {
		return nil, err
	}
	defer pool.Close() // it is for the migrations alone
	steps := migration{dialect: "sqlite", more: c.migrations, to: c.Tables}
	if err := migrate(ctx, pool, steps); err != nil {
		return nil, fmt.Errorf("database %s: %w", path, err)
	}
	if steps.to == 0 || steps.to >= foldsVersion {
		if err := foldNames(ctx, pool, "sqlite"); err != nil {
			return nil, fmt.Errorf("database %s: %w", path, err)
		}
	}
	known, err := steps.known()
	if err != nil {
		return nil, err
	}
	var position int64
	if err := pool.QueryRowContext(ctx, `SELECT ahead FROM positions`).Scan(&position); err != nil {
		return nil, explainSQLite(err)
	}
	e := &sqliteEngine{
		size: size, readers: make(chan *sqliteReader, size), dialect: sqliteDialect(position), closed: make(chan struct{}),
		generation: &generation{known: known, log: c.Log},
	}
	for range size {
		conn, err := openSQLiteReader(file, append(pragmas["_pragma"], "query_only(1)"), c.Plans)
		if err != nil {
			e.closeReaders()
			return nil, explainSQLite(err)
		}
		e.readers <- conn
	}
	writing, err := openSQLiteConn(pool.Driver(), name, c.Plans)
	if err != nil {
		e.closeReaders()
		return nil, err
	}
	_, err = writing.exec(ctx, `PRAGMA busy_timeout = 0`, nil) // the writer waits on its own
	if err == nil && c.Cache > 0 {
		_, err = writing.exec(ctx, fmt.Sprintf(`PRAGMA cache_size = -%d`, c.Cache>>10), nil)
	}
	var checking *sqliteConn
	if err == nil {
		checking, err = openSQLiteConn(pool.Driver(), name, c.Plans)
	}
	if err != nil {
		writing.close()
		e.closeReaders()
		return nil, explainSQLite(err)
	}
	e.checks = startCheckpointer(checking, path)
	e.writer = startWriter(writing, e.dialect, e.generation, c.Patience, c.ObserveBatch, e.checks.committed)
	return e, nil
}

// keepPrivate makes the database's file, if it is not there, and sees to it that nobody else can read it or the files beside it:
// they hold what sessions are signed with. SQLite gives those that it makes the mode of the database's file.
func keepPrivate(path string, log *slog.Logger) error {
	if err := private.Ensure(path, log); err != nil {
		return err
	}
	return private.CheckAll(log, path+"-wal", path+"-shm", path+"-journal")
}

// closeReaders closes the connections for reading that are there.
func (e *sqliteEngine) closeReaders() {
	for range len(e.readers) {
		(<-e.readers).close()
	}
}

// sqliteDialect is SQLite's dialect; position is that of all rows that are written.
func sqliteDialect(position int64) *dialect {
	return &dialect{
		placeholder: "?",
		spread:      true,
		orFail:      true,
		explain:     explainSQLite,
		position:    func(*Tx) (int64, error) { return position, nil },
		horizon:     func(*Tx) (int64, error) { return math.MaxInt64, nil },
		sizes: `
			SELECT (SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()), 0,
				COALESCE((SELECT last FROM sequences WHERE name = 'events'), 0)`,
		next: func(tx *Tx, sequence string, n int) ([]int64, error) {
			w, ok := tx.conn.(*writerConn)
			if !ok {
				return nil, errors.New("a number is asked for in a transaction that only reads")
			}
			last, err := w.given.next(tx, sequence, int64(n))
			numbers := make([]int64, n)
			for i := range numbers {
				numbers[i] = last - int64(n-1-i)
			}
			return numbers, err
		},
	}
}

// coded is an error of SQLite's: of the driver's, *sqlite.Error, or a sqliteFailure.
type coded interface {
	error
	Code() int
}

func explainSQLite(err error) error {
	var failure coded
	if !errors.As(err, &failure) {
		return err
	}
	switch failure.Code() {
	case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY:
		return fmt.Errorf("%w: %w", ErrExists, err)
	}
	switch failure.Code() & 0xff {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL,
		sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_NOMEM:
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	case sqlite3.SQLITE_INTERRUPT:
		return context.Canceled
	}
	return err
}

// isBusy tells whether another process writes.
func isBusy(err error) bool {
	var failure *sqlite.Error
	return errors.As(err, &failure) && failure.Code()&0xff == sqlite3.SQLITE_BUSY
}

func (e *sqliteEngine) write(ctx context.Context, fn func(*Tx) error) error {
	return e.writer.write(ctx, fn)
}

func (e *sqliteEngine) read(ctx context.Context, fn func(*Tx) error) error {
	e.waiting.Add(1)
	var conn *sqliteReader
	select {
	case conn = <-e.readers:
		e.waiting.Add(-1)
	case <-ctx.Done():
		e.waiting.Add(-1)
		return ctx.Err()
	case <-e.closed:
		e.waiting.Add(-1)
		return errClosed
	}
	defer func() { e.readers <- conn }()
	// Without ctx: were it to end just now, the driver would say so of a BEGIN that took effect.
	if _, err := conn.exec(context.Background(), `BEGIN`, nil); err != nil {
		return e.dialect.explain(err)
	}
	stop := conn.watch(ctx)
	err := run(&Tx{ctx: ctx, conn: conn, dialect: e.dialect, readOnly: true}, fn)
	stop()
	if _, end := conn.exec(context.Background(), `COMMIT`, nil); end != nil {
		conn.exec(context.Background(), `ROLLBACK`, nil) // the next reader begins anew
		if err == nil {
			err = e.dialect.explain(end)
		}
	}
	return err
}

func (e *sqliteEngine) ping(ctx context.Context) error {
	return e.read(ctx, func(tx *Tx) error {
		oldest, err := Value[int64](tx, selectOldest)
		if err != nil {
			return err
		}
		return e.generation.check(oldest)
	})
}

func (e *sqliteEngine) stats() Stats {
	return Stats{Open: e.size + 1, InUse: e.size - len(e.readers), Waiting: int(e.waiting.Load()) + e.writer.waiting()}
}

// agrees is true: there is one clock.
func (e *sqliteEngine) agrees() bool { return true }

// cut does nothing: a file answers, or the whole machine does not.
func (e *sqliteEngine) cut() {}

func (e *sqliteEngine) close() (err error) {
	e.closing.Do(func() { err = e.shut() })
	return err
}

func (e *sqliteEngine) shut() error {
	close(e.closed)
	e.writer.stop()
	e.checks.stop()
	for range e.size {
		select {
		case conn := <-e.readers:
			conn.close()
		case <-time.After(10 * time.Second):
			return errors.New("a read did not end")
		}
	}
	return nil
}
