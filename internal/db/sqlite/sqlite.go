// Package sqlite runs the database on SQLite: one goroutine owns the one connection that writes and
// commits many Writes together (writer.go), readers call SQLite without the driver (reader.go), and
// a checkpointer moves the write-ahead log into the database (checkpoint.go).
//
// Not inside: the tables (package migrations), and Tx (package db).
package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"podium/internal/db/engine"
	"podium/internal/db/migrations"
	"podium/internal/db/portable"
	"podium/internal/private"
)

// Config says which database to open and how. Package db documents the fields.
type Config struct {
	Path         string
	Connections  int
	Cache        int
	Unsafe       bool
	Patience     time.Duration
	Log          *slog.Logger
	ObserveBatch func(writes int, took time.Duration)
	Plans        Plans
	Tables       int64
	Migrations   fs.FS // further migrations, of tests; may be nil
}

// Engine is an open SQLite database.
type Engine struct {
	folder     string
	readers    chan *reader
	size       int
	waiting    atomic.Int64
	writer     *writer
	checks     *checkpointer
	texts      portable.SQLite
	position   int64 // of all rows that are written
	generation *migrations.Generation
	closing    sync.Once
	closed     chan struct{}
}

// Open opens a database, creates its file if there is none, and migrates its tables to this
// binary's version.
func Open(ctx context.Context, c Config) (*Engine, error) {
	path := c.Path
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
	defer pool.Close() // only the migrations use it
	steps := migrations.Steps{Kind: migrations.SQLite, More: c.Migrations, To: c.Tables}
	if err := steps.Apply(ctx, pool); err != nil {
		return nil, fmt.Errorf("database %s: %w", path, err)
	}
	if steps.To == 0 || steps.To >= migrations.FoldsVersion {
		if err := migrations.FoldNames(ctx, pool, migrations.SQLite); err != nil {
			return nil, fmt.Errorf("database %s: %w", path, err)
		}
	}
	known, err := steps.Known()
	if err != nil {
		return nil, err
	}
	var position int64
	if err := pool.QueryRowContext(ctx, `SELECT ahead FROM positions`).Scan(&position); err != nil {
		return nil, explained(err)
	}
	e := &Engine{
		folder: filepath.Dir(path), size: size, readers: make(chan *reader, size), position: position, closed: make(chan struct{}),
		generation: &migrations.Generation{Known: known, Log: c.Log},
	}
	for range size {
		conn, err := openReader(file, append(pragmas["_pragma"], "query_only(1)"), c.Plans)
		if err != nil {
			e.closeReaders()
			return nil, explained(err)
		}
		e.readers <- conn
	}
	writing, err := openConnection(pool.Driver(), name, c.Plans)
	if err != nil {
		e.closeReaders()
		return nil, err
	}
	_, err = writing.exec(ctx, `PRAGMA busy_timeout = 0`, nil) // the writer waits itself
	if err == nil && c.Cache > 0 {
		_, err = writing.exec(ctx, fmt.Sprintf(`PRAGMA cache_size = -%d`, c.Cache>>10), nil)
	}
	var checking *connection
	if err == nil {
		checking, err = openConnection(pool.Driver(), name, c.Plans)
	}
	if err != nil {
		writing.close()
		e.closeReaders()
		return nil, explained(err)
	}
	e.checks = startCheckpointer(checking, path)
	e.writer = startWriter(writing, e, c.Patience, c.ObserveBatch, e.checks.committed)
	return e, nil
}

// keepPrivate creates the database's file if missing, and makes it and the files beside it readable
// by the owner only: they hold the keys of sessions. SQLite gives new files the mode of the
// database's file.
func keepPrivate(path string, log *slog.Logger) error {
	if err := private.Ensure(path, log); err != nil {
		return err
	}
	return private.CheckAll(log, path+"-wal", path+"-shm", path+"-journal")
}

// closeReaders closes the idle reading connections.
func (e *Engine) closeReaders() {
	for range len(e.readers) {
		(<-e.readers).close()
	}
}

func unavailable(err error) error { return fmt.Errorf("%w: %w", engine.ErrUnavailable, err) }

// isBusy reports whether another process writes.
func isBusy(err error) bool {
	var failure *sqlite.Error
	return errors.As(err, &failure) && failure.Code()&0xff == sqlite3.SQLITE_BUSY
}

// Write runs fn in a transaction that may change rows. It is durably committed when Write returns
// nil. fn may run more than once.
func (e *Engine) Write(ctx context.Context, fn func(engine.Conn) error) error {
	return e.writer.write(ctx, fn)
}

// Read runs fn in a transaction that sees one consistent state.
func (e *Engine) Read(ctx context.Context, fn func(engine.Conn) error) error {
	e.waiting.Add(1)
	var conn *reader
	select {
	case conn = <-e.readers:
		e.waiting.Add(-1)
	case <-ctx.Done():
		e.waiting.Add(-1)
		return ctx.Err()
	case <-e.closed:
		e.waiting.Add(-1)
		return engine.ErrClosed
	}
	defer func() { e.readers <- conn }()
	// Without ctx: if it ended now, the driver would report a failure of a BEGIN that took effect.
	if _, err := conn.exec(context.Background(), `BEGIN`, nil); err != nil {
		return explained(err)
	}
	stop := conn.watch(ctx)
	t := transaction{e: e, raw: conn}
	err := fn(&t)
	if err == nil {
		err = t.failed
	}
	stop()
	if _, end := conn.exec(context.Background(), `COMMIT`, nil); end != nil {
		conn.exec(context.Background(), `ROLLBACK`, nil) // the next reader starts clean
		if err == nil {
			err = explained(end)
		}
	}
	return err
}

// Ping returns why the database does not answer, or may not be written by this version.
func (e *Engine) Ping(ctx context.Context) error {
	return e.Read(ctx, func(conn engine.Conn) error {
		rows, err := conn.Query(ctx, migrations.SelectOldest, nil)
		if err != nil {
			return err
		}
		defer rows.Close()
		var oldest int64
		if rows.Next() {
			err = rows.Scan(&oldest)
		} else {
			err = cmp.Or(rows.Err(), engine.ErrNoRow)
		}
		if err != nil {
			return err
		}
		return e.generation.Check(oldest)
	})
}

// leastFree is how many bytes of the disk must be free: what the write-ahead log may grow before it
// is moved into the database.
const leastFree = 4 << 20

// Room returns ErrUnavailable if the disk is nearly full. A small change may succeed where a larger
// one does not.
func (e *Engine) Room() error {
	if free, known := freeBytes(e.folder); known && free < leastFree {
		return fmt.Errorf("%w: %d bytes are free on the disk", engine.ErrUnavailable, free)
	}
	return nil
}

// Dialect returns SQLite's texts.
func (e *Engine) Dialect() *engine.Dialect { return &dialect }

// Stats describes the connections.
func (e *Engine) Stats() engine.Stats {
	return engine.Stats{Open: e.size + 1, InUse: e.size - len(e.readers), Waiting: int(e.waiting.Load()) + e.writer.waiting()}
}

// ClockAgrees returns true: there is one clock.
func (e *Engine) ClockAgrees() bool { return true }

// Cut does nothing: a file either answers, or the whole machine does not.
func (e *Engine) Cut() {}

// Close waits for running Writes and Reads, and closes the database.
func (e *Engine) Close() (err error) {
	e.closing.Do(func() { err = e.shut() })
	return err
}

func (e *Engine) shut() error {
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
