package db

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// writer is the goroutine that owns SQLite's one writing connection. It takes all the
// Writes that wait, runs each in its own savepoint of one transaction, commits once and
// only then lets any of them answer: one wait for the disk serves them all.
type writer struct {
	conn    *sqliteConn
	given   *given
	dialect *dialect
	jobs    chan *job
	observe func(writes int, took time.Duration)

	mu      sync.RWMutex // held for reading while a job is handed over
	stopped bool
	ended   chan struct{}
}

// job is one Write that waits.
type job struct {
	ctx  context.Context
	fn   func(*Tx) error
	err  error
	done chan struct{}
}

// maxBatch is the most Writes of one commit. More would make the first of them wait long.
const maxBatch = 256

var errClosed = fmt.Errorf("%w: it is closed", ErrUnavailable)

func startWriter(conn *sqliteConn, d *dialect, observe func(int, time.Duration)) *writer {
	if observe == nil {
		observe = func(int, time.Duration) {}
	}
	w := &writer{conn: conn, given: new(given), dialect: d, jobs: make(chan *job, maxBatch), observe: observe, ended: make(chan struct{})}
	go w.loop()
	return w
}

func (w *writer) write(ctx context.Context, fn func(*Tx) error) error {
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
		return errClosed
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

// batch runs the jobs given and all that wait meanwhile, and commits them together.
func (w *writer) batch(batch []*job) []*job {
	// The writer's statements never see a caller's context: SQLite undoes the whole
	// transaction when a statement is interrupted, other callers' writes with it.
	ctx := context.Background()
	if _, err := w.conn.exec(ctx, `BEGIN IMMEDIATE`, nil); err != nil {
		// All who wait have waited for this: were each to try for itself, another process's
		// lock would cost the last of them the patience of all.
		batch = w.gather(batch)
		fail(batch, w.dialect.explain(err))
		return batch
	}
	w.given.forget()
	for i := 0; i < len(batch); i++ {
		if broken := w.one(batch[i]); broken != nil {
			w.conn.exec(ctx, `ROLLBACK`, nil)
			fail(batch, broken)
			return batch
		}
		if i == len(batch)-1 && len(batch) < maxBatch {
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
		fail(batch, w.dialect.explain(err))
	}
	return batch
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

// one runs a job in a savepoint. The error it returns is not the job's (that stays with
// the job and harms nobody else) but the transaction's, which is lost.
func (w *writer) one(j *job) error {
	ctx := context.Background()
	if j.err = j.ctx.Err(); j.err != nil {
		return nil // its caller has gone; nothing was begun
	}
	if _, err := w.conn.exec(ctx, `SAVEPOINT one`, nil); err != nil {
		return w.dialect.explain(err)
	}
	j.err = run(&Tx{ctx: j.ctx, conn: writerConn{w.conn, w.given}, dialect: w.dialect}, j.fn)
	if j.err == nil {
		j.err = j.ctx.Err()
	}
	if j.err != nil {
		if _, err := w.conn.exec(ctx, `ROLLBACK TO one`, nil); err != nil {
			return w.dialect.explain(errors.Join(err, j.err))
		}
	}
	if _, err := w.conn.exec(ctx, `RELEASE one`, nil); err != nil {
		return w.dialect.explain(err)
	}
	return nil
}

// fail gives every job of a lost transaction its error, but for those that had failed on
// their own.
func fail(batch []*job, err error) {
	for _, j := range batch {
		if j.err == nil {
			j.err = err
		}
	}
}

// writerConn is the writing connection as a job sees it: without the job's context.
type writerConn struct {
	conn  *sqliteConn
	given *given
}

func (c writerConn) exec(_ context.Context, sql string, args []any) (int64, error) {
	return c.conn.exec(context.Background(), sql, args)
}

func (c writerConn) query(_ context.Context, sql string, args []any) (rows, error) {
	return c.conn.query(context.Background(), sql, args)
}
