package migrations

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"podium/internal/db/engine"
)

// compatible reports whether a binary that knows migrations up to newest may use tables of a later
// version.
func compatible(ctx context.Context, db *sql.DB, current, newest int64) error {
	var oldest, recorded int64
	err := db.QueryRowContext(ctx, `SELECT oldest, newest FROM compatibility`).Scan(&oldest, &recorded)
	if err == nil && recorded == current && oldest <= newest {
		return nil
	}
	return fmt.Errorf("its tables are of version %d, and this podium knows versions up to %d: a newer podium has written it; run that one, or restore a backup", current, newest)
}

// Generation compares the migration that this binary knows with the one that the tables ask for,
// and logs it when that is not enough.
type Generation struct {
	Known int64
	Log   *slog.Logger

	mu   sync.Mutex
	said time.Time
}

// sayAgain is how often it is logged that the tables ask for a newer podium.
const sayAgain = time.Minute

// Check returns ErrTooOld if the tables ask for a migration that this binary does not know.
func (g *Generation) Check(oldest int64) error {
	if oldest <= g.Known {
		return nil
	}
	g.complain()
	return engine.ErrTooOld
}

// Heard logs an ErrTooOld that a statement has met.
func (g *Generation) Heard(err error) error {
	if errors.Is(err, engine.ErrTooOld) {
		g.complain()
	}
	return err
}

func (g *Generation) complain() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if time.Since(g.said) < sayAgain {
		return
	}
	g.said = time.Now()
	g.Log.Error("this podium is too old for the database: a newer one has changed the tables; this node is not ready and refuses writes",
		"knows", g.Known)
}

// SelectOldest returns the oldest migration that a podium must know to write to the tables.
const SelectOldest = `SELECT oldest FROM compatibility WHERE one = 1`
