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

// writer is the goroutine that owns SQLite's one writing connection. It takes all the
// Writes that wait, runs them in one transaction, commits once and only then lets any of
// them answer: one wait for the disk serves them all. One that fails is undone alone.
type writer struct {
	conn     *connection
	given    *given
	e        *Engine
	jobs     chan *job
	patience time.Duration // with another process that writes
	observe  func(writes int, took time.Duration)
	commits  func() // hears of each commit
	careful  int    // how many batches more are to run in savepoints

	mu      sync.RWMutex // held for reading while a job is handed over
	stopped bool
	ended   chan struct{}
}

// job is one Write that waits.
type job struct {
	ctx  context.Context
	fn   func(engine.Conn) error
	err  error
	done chan struct{}
}

// maxBatch is the most Writes of one commit. More would make the first of them wait long.
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

// stop lets the Writes that wait end, then closes the connection.
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

// batch runs the jobs given and all that wait meanwhile, and commits them together. Nearly every Write ends
// well, so they run without savepoints, which cost each of them two statements and a copy of every page that
// it changes. Where one fails after it has changed something, all is undone and run again, in savepoints.
func (w *writer) batch(batch []*job) []*job {
	if w.careful == 0 {
		var again bool
		if batch, again = w.together(batch, w.bare); !again {
			return batch
		}
		w.careful = carefulBatches
	}
	w.careful--
	batch, _ = w.together(batch, w.apart)
	return batch
}

// carefulBatches is how many batches run in savepoints after one that had to be run again: what fails once may
// fail more often.
const carefulBatches = 10

// together runs the jobs given and all that wait meanwhile, each by way of one, and commits them, after
// whatever else is ready to run just then has had its turn: it may be about to write; again
// tells that it did not, because one of them cannot be undone alone.
func (w *writer) together(batch []*job, one func(*job) (again bool, broken error)) (_ []*job, again bool) {
	ctx := context.Background()
	if err := w.begin(); err != nil {
		// All who wait have waited for this: were each to try for itself, another process's
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
				// A Write wakes this goroutine before all others. Where the processors have much else to do, each
				// would be committed alone, and those who are about to write would wait for the next commit.
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

// begin begins a transaction. The writer's statements never see a caller's context: SQLite undoes
// the whole transaction when a statement is interrupted, other callers' writes with it.
//
// While another process writes, it asks again and again: SQLite itself would soon ask only ten times a
// second, and miss each moment between two transactions of, say, an import.
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

// compatible ends the transaction just begun, with ErrTooOld, if another process has changed the tables too far.
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

// gather adds all that wait just now.
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

// bare runs a job as it is; again tells that it failed and is not undone.
func (w *writer) bare(j *job) (again bool, broken error) {
	if j.err = j.ctx.Err(); j.err != nil {
		return false, nil // its caller has gone; nothing was begun
	}
	conn := &writerConn{conn: w.conn, given: w.given}
	w.run(j, conn)
	return conn.spoiled || j.err != nil && conn.touched, nil
}

// apart runs a job in a savepoint. The error it returns is not the job's (that stays with
// the job and harms nobody else) but the transaction's, which is lost.
func (w *writer) apart(j *job) (again bool, broken error) {
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

// fail gives every job of a lost transaction its error, but for those that had failed on
// their own.
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

// writerConn is the writing connection as a job sees it: without the job's context.
type writerConn struct {
	conn    *connection
	given   *given
	touched bool // the job has changed something, as far as one can see
	spoiled bool // a statement failed in a way in which SQLite may have undone more than the statement
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

// changesRows tells whether a statement changes the rows that it counts, and nothing else.
func changesRows(sql string) bool {
	return begins(sql, "INSERT") || begins(sql, "UPDATE") || begins(sql, "DELETE")
}

func begins(sql, word string) bool { return strings.HasPrefix(strings.TrimLeft(sql, " \t\r\n"), word) }

// forbidden tells whether a constraint forbids a statement, which then has changed nothing.
func forbidden(err error) bool {
	var failure *sqlite.Error
	return errors.As(err, &failure) && failure.Code()&0xff == sqlite3.SQLITE_CONSTRAINT
}

// insertOrFail begins an INSERT that keeps no copies of pages to undo the rows before one that fails.
const insertOrFail = "INSERT OR FAIL"
