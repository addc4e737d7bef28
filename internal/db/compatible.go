package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

// ErrTooOld: a newer podium has changed the tables so that this one may not write to them any more. It is an ErrUnavailable, so that
// clients try again and find a newer node.
var ErrTooOld = fmt.Errorf("%w: this podium is too old for the tables, which a newer one has changed: run that one", ErrUnavailable)

// compatible reports whether a binary that knows migrations up to newest may use tables of a later version.
func compatible(ctx context.Context, db *sql.DB, current, newest int64) error {
	var oldest, recorded int64
	err := db.QueryRowContext(ctx, `SELECT oldest, newest FROM compatibility`).Scan(&oldest, &recorded)
	if err == nil && recorded == current && oldest <= newest {
		return nil
	}
	return fmt.Errorf("its tables are of version %d, and this podium knows versions up to %d: a newer podium has written it; run that one, or restore a backup", current, newest)
}

// generation compares the migration that this binary knows with the one that the tables ask for, and logs it when that is not enough.
type generation struct {
	known int64
	log   *slog.Logger

	mu   sync.Mutex
	said time.Time
}

// sayAgain is how often it is logged that the tables ask for a newer podium.
const sayAgain = time.Minute

// check returns ErrTooOld if the tables ask for a migration that this binary does not know.
func (g *generation) check(oldest int64) error {
	if oldest <= g.known {
		return nil
	}
	g.complain()
	return ErrTooOld
}

// heard logs an ErrTooOld that a statement has met.
func (g *generation) heard(err error) error {
	if errors.Is(err, ErrTooOld) {
		g.complain()
	}
	return err
}

func (g *generation) complain() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if time.Since(g.said) < sayAgain {
		return
	}
	g.said = time.Now()
	g.log.Error("this podium is too old for the database: a newer one has changed the tables; this node is not ready and refuses writes",
		"knows", g.known)
}

const selectOldest = `SELECT oldest FROM compatibility WHERE one = 1`
