package db_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"podium/internal/db"
	"podium/internal/db/dbtest"
)

// open begins a transaction that has written, and returns its process id.
func open(t *testing.T, url string) (conn *pgx.Conn, pid int) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.Background()) })
	if _, err := conn.Exec(t.Context(), `BEGIN`); err != nil {
		t.Fatal(err)
	}
	if err := conn.QueryRow(t.Context(), `SELECT pg_backend_pid() FROM pg_current_xact_id()`).Scan(&pid); err != nil {
		t.Fatal(err)
	}
	return conn, pid
}

// followed reports whether rows up to a position can be followed.
func followed(t *testing.T, d *db.DB, position int64) bool {
	t.Helper()
	horizon, err := db.Read(context.Background(), d, func(tx *db.Tx) (int64, error) { return tx.Horizon() })
	if err != nil {
		t.Fatal(err)
	}
	return horizon > position
}

func positionNow(t *testing.T, d *db.DB) int64 {
	t.Helper()
	position, err := db.Write(context.Background(), d, func(tx *db.Tx) (int64, error) { return tx.Position() })
	if err != nil {
		t.Fatal(err)
	}
	return position
}

// TestTransactionsOfOtherDatabasesDoNotDelay checks that an open or prepared transaction of another
// database on the server delays no follower; one of the own database does until it ends.
func TestTransactionsOfOtherDatabasesDoNotDelay(t *testing.T) {
	t.Parallel()
	dbtest.NeedPostgres(t)
	open(t, dbtest.URL(t, dbtest.Postgres))
	url := dbtest.URL(t, dbtest.Postgres)
	d := dbtest.OpenAt(t, url)
	position := positionNow(t, d)
	until(t, "the row can be followed", func() bool { return followed(t, d, position) })

	own, _ := open(t, url)
	open(t, dbtest.URL(t, dbtest.Postgres))
	position = positionNow(t, d)
	until(t, "the node knows who holds the horizon", func() bool { return d.Stats().Held > 2*time.Second })
	if followed(t, d, position) {
		t.Error("what is behind a transaction of the own database can be followed")
	}
	if _, err := own.Exec(t.Context(), `COMMIT`); err != nil {
		t.Fatal(err)
	}
	until(t, "the row can be followed", func() bool { return followed(t, d, position) })
	until(t, "no transaction holds the horizon", func() bool { return d.Stats().Held == 0 })
}

// TestTheHorizonOfAReadStays checks that a Read has one horizon, even if the node learns during it
// that a transaction of another database holds it. With two horizons, a follower that finds no row
// below the first one would take the rows below the second one for read.
func TestTheHorizonOfAReadStays(t *testing.T) {
	t.Parallel()
	dbtest.NeedPostgres(t)
	open(t, dbtest.URL(t, dbtest.Postgres))
	d := dbtest.OpenAt(t, dbtest.URL(t, dbtest.Postgres))
	position := positionNow(t, d)
	_, err := db.Read(t.Context(), d, func(tx *db.Tx) (struct{}, error) {
		first, err := tx.Horizon()
		if err != nil {
			return struct{}{}, err
		}
		until(t, "the node knows who holds the horizon", func() bool { return followed(t, d, position) })
		if second, err := tx.Horizon(); err != nil || second != first {
			t.Errorf("the horizon moved from %d to %d; error: %v", first, second, err)
		}
		return struct{}{}, nil
	})
	if err != nil {
		t.Error(err)
	}
}

// said collects log lines.
type said struct {
	mu   sync.Mutex
	text string
}

func (s *said) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.text += string(p)
	return len(p), nil
}

func (s *said) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text
}

// TestATransactionThatHoldsTheHorizonIsEnded checks that such a transaction is logged, and ended
// after the limit if there is one.
func TestATransactionThatHoldsTheHorizonIsEnded(t *testing.T) {
	t.Parallel()
	dbtest.NeedPostgres(t)
	url := dbtest.URL(t, dbtest.Postgres)
	var heard said
	d := dbtest.OpenAt(t, url, func(c *db.Config) {
		c.TransactionLimit, c.Log = time.Second, slog.New(slog.NewJSONHandler(&heard, nil))
	})
	own, pid := open(t, url)
	position := positionNow(t, d)
	until(t, "the row can be followed", func() bool { return followed(t, d, position) })
	if own.Ping(t.Context()) == nil {
		t.Error("the transaction was not ended")
	}
	for _, want := range []string{"holds up feeds", "was ended", fmt.Sprintf(`"pid":%d`, pid), `"role":"podium"`} {
		until(t, "the log says "+want, func() bool { return strings.Contains(heard.String(), want) })
	}
}

// TestFollowersBesideOtherDatabases checks that a follower misses no row of many writers while
// transactions of other databases begin and stay open.
func TestFollowersBesideOtherDatabases(t *testing.T) {
	t.Parallel()
	dbtest.NeedPostgres(t)
	other := dbtest.URL(t, dbtest.Postgres)
	d, _ := underLoad(t, dbtest.URL(t, dbtest.Postgres))
	for range 3 {
		open(t, other)
		position := positionNow(t, d)
		until(t, "the row can be followed", func() bool { return followed(t, d, position) })
	}
}
