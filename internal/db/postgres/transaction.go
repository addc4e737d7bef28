package postgres

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"podium/internal/db/engine"
)

// again reports whether the database, or the transaction itself, asks to run it again.
func again(err error) bool {
	var failure *pgconn.PgError
	return errors.Is(err, engine.ErrAgain) || errors.As(err, &failure) && (failure.Code == "40001" || failure.Code == "40P01")
}

// Write runs fn in a transaction that may change rows. It is durably committed when Write returns
// nil. fn may run more than once.
func (e *Engine) Write(ctx context.Context, fn func(engine.Conn) error) error {
	began := time.Now()
	pause := 2 * time.Millisecond
	for {
		retry, err := e.attempt(ctx, fn)
		if err == nil {
			e.observe(1, time.Since(began))
			return nil
		}
		if !retry || time.Since(began) > e.patience || e.ending.Err() != nil {
			return e.generation.Heard(err)
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

// attempt runs fn once. retry reports that nothing took effect and that another attempt may
// succeed.
func (e *Engine) attempt(ctx context.Context, fn func(engine.Conn) error) (retry bool, err error) {
	conn, err := e.acquire(ctx)
	if err != nil {
		return ctx.Err() == nil, err
	}
	defer conn.Release()
	c := &transaction{e: e, conn: conn.Conn(), begin: begin(ctx, `BEGIN`), writes: true} // READ COMMITTED
	if err = fn(c); err == nil {
		err = c.failed
	}
	if err == nil {
		err = ctx.Err() // the caller has gone, and would not learn that it took effect
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
	return e.commit(ctx, conn, c)
}

// begin returns the statements that begin a transaction, without a statement timeout if ctx is
// unhurried.
func begin(ctx context.Context, sql string) []string {
	if engine.IsUnhurried(ctx) {
		return []string{sql, `SET LOCAL statement_timeout = 0`}
	}
	return []string{sql}
}

// lost reports whether err means that the transaction must run again.
func (e *Engine) lost(ctx context.Context, conn *pgxpool.Conn, err error) (bool, error) {
	if ctx.Err() != nil {
		return false, ctx.Err()
	}
	if conn.Conn().IsClosed() {
		return true, fmt.Errorf("%w: the connection was lost", engine.ErrUnavailable)
	}
	return again(err), err
}

// Read runs fn in a transaction that sees one consistent state. fn may run more than once.
func (e *Engine) Read(ctx context.Context, fn func(engine.Conn) error) error {
	began := time.Now()
	for {
		err := e.readOnce(ctx, fn)
		if !errors.Is(err, errConnectionLost) || time.Since(began) > e.patience || e.ending.Err() != nil {
			return err
		}
	}
}

var errConnectionLost = fmt.Errorf("%w: the connection was lost", engine.ErrUnavailable)

func (e *Engine) readOnce(ctx context.Context, fn func(engine.Conn) error) error {
	conn, err := e.acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	c := &transaction{e: e, conn: conn.Conn(), begin: begin(ctx, `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY`)}
	if err = fn(c); err == nil {
		err = c.failed
	}
	if err != nil {
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

func (e *Engine) readFailed(ctx context.Context, conn *pgxpool.Conn, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if conn.Conn().IsClosed() {
		return errConnectionLost
	}
	return explained(err)
}
