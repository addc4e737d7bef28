package postgres

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"podium/internal/db/engine"
)

const (
	// doubt is for how many times the patience a Write may ask for the outcome of its COMMIT.
	doubt = 5

	// askers is how many Writes may ask at the same time, each with its own connection.
	askers = 4

	// marksKept is how long marks are kept: much longer than any Write asks for its own.
	marksKept = 5 * time.Minute
)

// mark is the row of a transaction in the table commits: the server's time in milliseconds, and
// random bits.
type mark [16]byte

func newMark(now time.Time) (m mark) {
	binary.BigEndian.PutUint64(m[:8], uint64(now.UnixMilli())<<16|rand.Uint64N(1<<16))
	binary.BigEndian.PutUint64(m[8:], rand.Uint64())
	return m
}

// commit commits a transaction with its queued statements and its mark in one round trip. retry
// reports that nothing took effect and that another attempt may succeed.
func (e *Engine) commit(ctx context.Context, conn *pgxpool.Conn, c *transaction) (retry bool, err error) {
	way := linkOf(conn.Conn())
	way.warning = ""
	way.committing.Store(true)
	defer way.committing.Store(false)
	m := newMark(time.Now().Add(way.clock))
	c.waiting = append(c.waiting, waiting{Queued: engine.Queued{SQL: `INSERT INTO commits (id, fence) VALUES ($1, false)`, Args: []any{m}}})
	_, err = c.run(context.WithoutCancel(ctx), `COMMIT`, nil)
	var failure *pgconn.PgError
	switch {
	case conn.Conn().IsClosed():
		return e.outcome(ctx, m, err)
	case errors.As(err, &failure) && failure.Code == "25P02":
		// A statement failed and fn ignored the error.
		e.rollback(conn)
		return false, errors.New("a statement failed and its error was not returned")
	case err != nil:
		e.rollback(conn)
		return again(err), c.explain(err)
	case way.warning != "":
		// The wait for the standby was cancelled: it is committed on this server, but perhaps on no
		// other.
		return e.outcome(ctx, m, errors.New(way.warning))
	}
	return false, nil
}

// rollback rolls back the transaction of a connection, or closes the connection.
func (e *Engine) rollback(conn *pgxpool.Conn) {
	ctx, cancel := context.WithTimeout(context.Background(), e.patience)
	defer cancel()
	conn.Conn().PgConn().Exec(ctx, `ROLLBACK`).Close()
}

// outcome determines whether a transaction committed whose COMMIT was not answered, or was answered
// with a warning. Asking settles it: a transaction that has not committed cannot do so later.
func (e *Engine) outcome(ctx context.Context, m mark, lost error) (retry bool, err error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), doubt*e.patience)
	defer cancel()
	defer context.AfterFunc(e.ending, cancel)()
	for pause := 10 * time.Millisecond; ; pause = min(2*pause, 250*time.Millisecond) {
		committed, err := e.ask(ctx, m)
		switch {
		case err == nil && committed:
			return false, nil
		case err == nil:
			return true, errConnectionLost
		}
		timer := time.NewTimer(pause)
		select {
		case <-timer.C:
			if !errors.Is(err, errCleared) {
				continue
			}
		case <-ctx.Done():
			timer.Stop()
		}
		e.log.Error("the connection to the database was lost during a commit, and whether it took effect cannot be learned",
			"transaction", fmt.Sprintf("%x", m), "error", lost)
		return false, fmt.Errorf("%w: the connection was lost during the commit", engine.ErrUnavailable)
	}
}

var (
	errCleared     = errors.New("the mark may have been cleared away")
	errUnconfirmed = errors.New("the standby has not confirmed")
)

// ask asks once, with its own connection, because those of the pool may be lost too. It inserts a
// mark that prevents the transaction from committing, or finds the transaction's own; it waits for
// a running transaction. Its own commit must be confirmed: that confirms all before it, on
// whichever server it asked.
func (e *Engine) ask(ctx context.Context, m mark) (committed bool, err error) {
	select {
	case e.asking <- struct{}{}:
		defer func() { <-e.asking }()
	case <-ctx.Done():
		return false, ctx.Err()
	}
	conn, err := e.connect(ctx)
	if err != nil {
		return false, err
	}
	defer func() {
		ctx, cancel := context.WithTimeout(context.Background(), farewell)
		defer cancel()
		conn.Close(ctx)
	}()
	var fence, cleared bool
	err = pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		err := tx.QueryRow(ctx, `
			INSERT INTO commits (id, fence)
			VALUES ($1, true)
			ON CONFLICT (id) DO UPDATE SET id = excluded.id
			RETURNING fence`, m).Scan(&fence)
		if err != nil {
			return err
		}
		if err := tx.QueryRow(ctx, `SELECT below > $1 FROM commits_cleared`, m).Scan(&cleared); err != nil {
			return err
		}
		linkOf(conn).warning = ""
		return nil
	})
	switch {
	case err != nil:
		return false, err
	case linkOf(conn).warning != "":
		return false, errUnconfirmed
	case fence && cleared:
		return false, errCleared
	}
	return !fence, nil
}

// connect opens a connection outside the pool.
func (e *Engine) connect(ctx context.Context) (*pgx.Conn, error) {
	config := e.pool.Config().ConnConfig
	if err := e.links.prepare(ctx, config); err != nil {
		return nil, err
	}
	return pgx.ConnectConfig(ctx, config)
}

// clearMarks deletes marks that are no longer asked for, unless another node has just done so.
func (e *Engine) clearMarks(ctx context.Context) error {
	return e.Write(ctx, func(c engine.Conn) error {
		now, err := valueOf[float64](ctx, c, `SELECT extract(epoch FROM clock_timestamp())::float8`)
		if err != nil {
			return err
		}
		at := func(ago time.Duration) (m mark) {
			binary.BigEndian.PutUint64(m[:8], uint64(now*1000-float64(ago.Milliseconds()))<<16)
			return m
		}
		before, err := listOf[string](ctx, c, `SELECT below::text FROM commits_cleared WHERE below < $1 FOR UPDATE SKIP LOCKED`, at(marksKept+marksKept/10))
		if err != nil || len(before) == 0 {
			return err
		}
		if _, err := c.Exec(ctx, `UPDATE commits_cleared SET below = $1`, []any{at(marksKept)}); err != nil {
			return err
		}
		_, err = c.Exec(ctx, `DELETE FROM commits WHERE id >= $1::uuid AND id < $2`, []any{before[0], at(marksKept)})
		return err
	})
}
