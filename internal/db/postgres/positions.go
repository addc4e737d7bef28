package postgres

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"podium/internal/db/engine"
)

// positions is an engine's state of the table positions.
//
// A position is a transaction's id plus an offset (positions.ahead). The offset changes only where
// ids are lower than before: after a dump was restored, a failover, a restore to an earlier time.
// docs/decisions/0003-following-the-log.md says why that is safe.
type positions struct {
	mu    sync.Mutex // held by the connection that raises positions
	tried time.Time  // when raising last failed
}

const (
	// otherServer is how much positions are raised on another server or timeline: transactions that
	// were lost with the previous one cannot have used as many ids.
	otherServer = 1 << 32

	// raiseLock is how long others may wait, at most, while positions are raised.
	raiseLock = 500 * time.Millisecond

	// raiseAgain is how soon raising is tried again after others held the table for longer.
	raiseAgain = 10 * time.Second
)

// prepareConn greets a connection before its first use. It reports whether the connection is
// usable.
func (e *Engine) prepareConn(ctx context.Context, conn *pgx.Conn) (bool, error) {
	if !e.greets.Load() || linkOf(conn).greeted {
		return true, nil
	}
	err := e.greet(ctx, conn)
	linkOf(conn).greeted = err == nil
	if conn.IsClosed() && ctx.Err() == nil {
		return false, nil // it was lost before; another one is used
	}
	return err == nil, explained(err)
}

// greet sets a connection up in one round trip, and checks positions if it leads to another server
// or timeline than the last one recorded.
func (e *Engine) greet(ctx context.Context, conn *pgx.Conn) error {
	began := time.Now()
	ask := func(server string) (*pgconn.Result, error) {
		results, err := conn.PgConn().Exec(ctx, `
			SELECT extract(epoch FROM clock_timestamp()), server, `+server+e.links.greeting()+`
			FROM positions`).ReadAll()
		if err == nil && (len(results) != 1 || len(results[0].Rows) != 1) {
			err = errors.New("the table positions does not have one row")
		}
		if err != nil {
			return nil, err
		}
		return results[0], nil
	}
	answer, err := ask(server)
	if isRefusal(conn, err) {
		answer, err = ask(`''`)
	}
	if err != nil {
		return err
	}
	row := answer.Rows[0]
	if seconds, err := strconv.ParseFloat(string(row[0]), 64); err == nil {
		ahead := time.Unix(0, int64(seconds*1e9)).Sub(began)
		linkOf(conn).clock = ahead
		skewed := ahead > engine.ClockJump || ahead < -engine.ClockJump
		if e.skewed.Swap(skewed) != skewed && skewed {
			e.log.Warn("this machine's clock and that of the database are far apart: nothing is dropped for lying unused", "ahead", ahead.String())
		}
	}
	if known, now := string(row[1]), string(row[2]); isOther(now, known) {
		return e.settlePositions(ctx, conn, now)
	}
	return nil
}

// settlePositions ensures that positions keep growing on a server, whose ids may be lower.
func (e *Engine) settlePositions(ctx context.Context, conn *pgx.Conn, server string) error {
	known, behind, err := lookAtPositions(ctx, conn)
	if err != nil || !behind && !isOther(server, known) {
		return err
	}
	e.positions.mu.Lock()
	defer e.positions.mu.Unlock()
	if !behind && time.Since(e.positions.tried) < raiseAgain {
		return nil
	}
	raised, err := raisePositions(ctx, conn, server)
	var failure *pgconn.PgError
	switch {
	case errors.As(err, &failure) && failure.Code == "55P03": // lock_not_available
		e.positions.tried = time.Now()
		if behind {
			return fmt.Errorf("%w: the database was restored, and positions cannot be raised while another transaction uses the table positions (a dump?)", engine.ErrUnavailable)
		}
		e.log.Warn("the database is on another server or timeline, and positions cannot be raised yet: another transaction uses the table positions")
		return nil
	case err == nil && raised > 0:
		e.log.Info("the database was restored, or is on another server or timeline: positions go on behind those given before", "raised", raised)
	}
	return err
}

// isOther reports whether a server is known to differ from the one recorded for positions.
func isOther(server, known string) bool { return server != "" && server != known }

// server is a SQL expression that identifies a server and its timeline.
const server = `(SELECT system_identifier::text||'/'||left(pg_walfile_name(pg_current_wal_lsn()), 8) FROM pg_control_system())`

// isRefusal reports whether a server does not identify itself: it is not permitted, or it is
// another product.
func isRefusal(conn *pgx.Conn, err error) bool {
	var failure *pgconn.PgError
	return errors.As(err, &failure) && !conn.IsClosed()
}

// serverOf returns the server that a connection leads to; empty if the server does not say.
func serverOf(ctx context.Context, conn *pgx.Conn) (string, error) {
	var name string
	err := conn.QueryRow(ctx, `SELECT `+server).Scan(&name)
	if isRefusal(conn, err) {
		return "", nil
	}
	return name, err
}

// lookAtPositions returns the server recorded for positions, and reports whether positions are
// behind earlier ones. The highest possible id is read in the same snapshot as the rows, so that no
// later commit is mistaken for restored data.
func lookAtPositions(ctx context.Context, conn *pgx.Conn) (known string, behind bool, err error) {
	err = pgx.BeginTxFunc(ctx, conn, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		highest, ahead, server, err := readPositions(ctx, tx)
		if err != nil {
			return err
		}
		var next int64
		err = tx.QueryRow(ctx, `SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint`).Scan(&next)
		known, behind = server, highest >= next+ahead
		return err
	})
	return known, behind, err
}

// readPositions returns the highest position of a followed row, and the row of the table positions.
func readPositions(ctx context.Context, tx pgx.Tx) (highest, ahead int64, server string, err error) {
	rows, err := tx.Query(ctx, `SELECT name FROM followed`)
	if err != nil {
		return 0, 0, "", err
	}
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return 0, 0, "", err
	}
	parts := []string{`SELECT 0::bigint AS position`}
	for _, table := range tables {
		parts = append(parts, `SELECT MAX(position) FROM `+pgx.Identifier{table}.Sanitize())
	}
	err = tx.QueryRow(ctx, `
		SELECT (SELECT MAX(position) FROM (`+strings.Join(parts, " UNION ALL ")+`) AS given), ahead, server
		FROM positions`).Scan(&highest, &ahead, &server)
	return highest, ahead, server, err
}

// raisePositions records the server, and raises positions as far as necessary, while no transaction
// runs that has a position or a horizon by the old offset.
func raisePositions(ctx context.Context, conn *pgx.Conn, server string) (raised int64, err error) {
	err = pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `SET LOCAL lock_timeout = `+fmt.Sprint(raiseLock.Milliseconds()))
		if err != nil {
			return err
		}
		// A transaction that has read positions holds a lock on the table until commit.
		if _, err := tx.Exec(ctx, `LOCK TABLE positions IN ACCESS EXCLUSIVE MODE`); err != nil {
			return err
		}
		highest, ahead, known, err := readPositions(ctx, tx)
		if err != nil {
			return err
		}
		var lowest, next int64 // ids that may still get a position, and the first id not given yet
		err = tx.QueryRow(ctx, `
			SELECT pg_snapshot_xmin(s)::text::bigint, pg_snapshot_xmax(s)::text::bigint
			FROM pg_current_snapshot() AS s`).Scan(&lowest, &next)
		if err != nil {
			return err
		}
		if highest >= next+ahead {
			raised = highest + 1 - lowest - ahead
		}
		if known != "" && isOther(server, known) {
			raised = max(raised, otherServer)
		}
		_, err = tx.Exec(ctx, `UPDATE positions SET ahead = ahead + $1, server = CASE WHEN $2 = '' THEN server ELSE $2 END`, raised, server)
		return err
	})
	return raised, err
}
