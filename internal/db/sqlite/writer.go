package sqlite

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"sync"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"podium/internal/db/engine"
	"podium/internal/db/migrations"
)

// writer is the goroutine that owns SQLite's only writing connection. It runs all waiting Writes in
// one transaction, commits once and then lets them return: one wait for the disk serves them all. A
// failed one is rolled back alone.
type writer struct {
	conn     *connection
	given    *given
	e        *Engine
	jobs     chan *job
	patience time.Duration // with another process that writes
	observe  func(writes int, took time.Duration)
	commits  func() // called after each commit
	careful  int    // how many more batches run in savepoints

	mu      sync.RWMutex // held for reading while a job is handed over
	stopped bool
	ended   chan struct{}
}

// job is a waiting Write.
type job struct {
	ctx  context.Context
	fn   func(engine.Conn) error
	err  error
	done chan struct{}
}

// maxBatch is the most Writes in one commit. With more the first would wait too long.
const maxBatch = 256

func startWriter(conn *connection, e *Engine, patience time.Duration, observe func(int, time.Duration), commits func()) *writer {
	if observe == nil {
		observe = func(int, time.Duration) {}
	}
	w := &writer{
		conn: conn, given: new(given), e: e, jobs: make(chan *job, maxBatch), patience: patience, observe: observe, commits: commits,
		ended: make(chan struct{}),
	}
	go w.loop()
	return w
}

func (w *writer) write(ctx context.Context, fn func(engine.Conn) error) error {
	j := &job{ctx: ctx, fn: fn, done: make(chan struct{})}
	if err := w.hand(ctx, j); err != nil {
		return err
	}
	<-j.done // also when ctx ends: only the writer knows whether the commit carried it
	return j.err
}

func (w *writer) hand(ctx context.Context, j *job) error {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if w.stopped {
		return engine.ErrClosed
	}
	select {
	case w.jobs <- j:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (w *writer) waiting() int { return len(w.jobs) }

// stop lets the waiting Writes finish, and closes the connection.
func (w *writer) stop() {
	w.mu.Lock()
	already := w.stopped
	w.stopped = true
	if !already {
		close(w.jobs)
	}
	w.mu.Unlock()
	<-w.ended
}

func (w *writer) loop() {
	defer close(w.ended)
	defer w.conn.close()
	batch := make([]*job, 0, maxBatch)
	for first := range w.jobs {
		began := time.Now()
		batch = w.batch(append(batch[:0], first))
		w.observe(len(batch), time.Since(began))
		for i, j := range batch {
			close(j.done)
			batch[i] = nil
		}
	}
}

// batch runs jobs, and jobs that arrive meanwhile, and commits them together. Nearly every Write
// succeeds, so they run without savepoints, which cost two statements and a copy of every changed
// page. If one fails after changing something, everything is rolled back and run again in
// savepoints.
func (w *writer) batch(batch []*job) []*job {
	if w.careful == 0 {
		var again bool
		if batch, again = w.runBatch(batch, w.runBare); !again {
			return batch
		}
		w.careful = carefulBatches
	}
	w.careful--
	batch, _ = w.runBatch(batch, w.runInSavepoint)
	return batch
}

// carefulBatches is how many batches run in savepoints after one that had to run again: what fails
// once may fail more often.
const carefulBatches = 10

// runBatch runs jobs, and jobs queued while it runs, in one transaction, each through one. It
// yields once before committing, so that goroutines about to write can join. again reports that the
// transaction was rolled back because one job failed after writing.
func (w *writer) runBatch(batch []*job, one func(*job) (again bool, broken error)) (_ []*job, again bool) {
	ctx := context.Background()
	if err := w.begin(); err != nil {
		// All jobs have waited for this: if each tried by itself, another process's lock would cost
		// the last one the patience of all.
		// lock would cost the last of them the patience of all.
		batch = w.gather(batch)
		fail(batch, err)
		return batch, false
	}
	w.given.forget()
	waited := false
	for i := 0; i < len(batch); i++ {
		if again, broken := one(batch[i]); again || broken != nil {
			w.conn.exec(ctx, `ROLLBACK`, nil)
			fail(batch, broken)
			return batch, again
		}
		if i == len(batch)-1 && len(batch) < maxBatch {
			if len(w.jobs) == 0 && !waited {
				// A Write wakes this goroutine before all others. On busy processors each Write
				// would be committed alone, and goroutines about to write would wait for the next
				// commit.
				runtime.Gosched()
				waited = true
			}
			select {
			case j, open := <-w.jobs:
				if open {
					batch = append(batch, j)
				}
			default:
			}
		}
	}
	err := w.given.save(w.conn)
	if err == nil {
		_, err = w.conn.exec(ctx, `COMMIT`, nil)
	}
	if err != nil {
		w.conn.exec(ctx, `ROLLBACK`, nil)
		fail(batch, explained(err))
		return batch, false
	}
	w.commits()
	return batch, false
}

// begin begins a transaction. The writer's statements never use a caller's context: SQLite rolls
// back the whole transaction when a statement is interrupted, with other callers' writes.
//
// While another process writes, it retries each millisecond: SQLite itself would soon retry only
// ten times a second, and miss the moments between two transactions of, for example, an import.
func (w *writer) begin() error {
	for began := time.Now(); ; time.Sleep(time.Millisecond) {
		_, err := w.conn.exec(context.Background(), `BEGIN IMMEDIATE`, nil)
		if err == nil {
			return w.compatible()
		}
		if !isBusy(err) || time.Since(began) > w.patience {
			return explained(err)
		}
	}
}

// compatible rolls back the new transaction with ErrTooOld if another process has changed the
// tables too far.
func (w *writer) compatible() error {
	ctx := context.Background()
	rows, err := w.conn.query(ctx, migrations.SelectOldest, nil)
	if err == nil {
		var oldest int64
		if rows.Next() {
			err = rows.Scan(&oldest)
		}
		err = errors.Join(err, rows.Err(), rows.Close())
		if err == nil {
			err = w.e.generation.Check(oldest)
		}
	}
	if err != nil {
		w.conn.exec(ctx, `ROLLBACK`, nil)
	}
	return explained(err)
}

// gather adds all jobs that wait now.
func (w *writer) gather(batch []*job) []*job {
	for {
		select {
		case j, open := <-w.jobs:
			if !open {
				return batch
			}
			batch = append(batch, j)
		default:
			return batch
		}
	}
}

// runBare runs a job without a savepoint. again reports that it failed and its changes remain.
func (w *writer) runBare(j *job) (again bool, broken error) {
	if j.err = j.ctx.Err(); j.err != nil {
		return false, nil // its caller has gone; nothing was begun
	}
	conn := &writerConn{conn: w.conn, given: w.given}
	w.run(j, conn)
	return conn.spoiled || j.err != nil && conn.touched, nil
}

// runInSavepoint runs a job in a savepoint. The error that it returns is not the job's, which stays
// with the job, but that of the transaction, which is lost.
func (w *writer) runInSavepoint(j *job) (again bool, broken error) {
	ctx := context.Background()
	if j.err = j.ctx.Err(); j.err != nil {
		return false, nil
	}
	if _, err := w.conn.exec(ctx, `SAVEPOINT one`, nil); err != nil {
		return false, explained(err)
	}
	w.run(j, &writerConn{conn: w.conn, given: w.given})
	if j.err != nil {
		if _, err := w.conn.exec(ctx, `ROLLBACK TO one`, nil); err != nil {
			return false, explained(errors.Join(err, j.err))
		}
	}
	if _, err := w.conn.exec(ctx, `RELEASE one`, nil); err != nil {
		return false, explained(err)
	}
	return false, nil
}

// run runs a job on a connection.
func (w *writer) run(j *job, conn *writerConn) {
	t := transaction{e: w.e, raw: conn, writes: conn}
	if j.err = j.fn(&t); j.err == nil {
		j.err = t.failed
	}
	if j.err == nil {
		j.err = j.ctx.Err()
	}
}

// fail sets the error of every job of a lost transaction, except of those that failed themselves.
func fail(batch []*job, err error) {
	if err == nil {
		return
	}
	for _, j := range batch {
		if j.err == nil {
			j.err = err
		}
	}
}

// writerConn is the writing connection as a job uses it: without the job's context.
type writerConn struct {
	conn    *connection
	given   *given
	touched bool // the job may have changed something
	// a statement failed in a way in which SQLite may have rolled back more than the statement
	spoiled bool
}

func (c *writerConn) exec(_ context.Context, sql string, args []any) (int64, error) {
	n, err := c.conn.exec(context.Background(), sql, args)
	switch {
	case err != nil:
		c.spoiled = c.spoiled || !forbidden(err)
		c.touched = c.touched || begins(sql, insertOrFail)
	case n > 0 || !changesRows(sql):
		c.touched = true
	}
	return n, err
}

func (c *writerConn) query(_ context.Context, sql string, args []any) (engine.Rows, error) {
	r, err := c.conn.query(context.Background(), sql, args)
	c.spoiled = c.spoiled || err != nil && !forbidden(err)
	c.touched = c.touched || !begins(sql, "SELECT")
	return r, err
}

// changesRows reports whether a statement is an INSERT, UPDATE or DELETE.
func changesRows(sql string) bool {
	return begins(sql, "INSERT") || begins(sql, "UPDATE") || begins(sql, "DELETE")
}

func begins(sql, word string) bool { return strings.HasPrefix(strings.TrimLeft(sql, " \t\r\n"), word) }

// forbidden reports whether a constraint forbids a statement, which then has changed nothing.
func forbidden(err error) bool {
	var failure *sqlite.Error
	return errors.As(err, &failure) && failure.Code()&0xff == sqlite3.SQLITE_CONSTRAINT
}

// insertOrFail begins an INSERT that keeps no copies of pages to undo the rows before a failed one.
const insertOrFail = "INSERT OR FAIL"
