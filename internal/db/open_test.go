package db_test

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgproto3"

	"podium/internal/db"
	"podium/internal/db/dbtest"
)

func TestADatabaseOfANewerPodiumIsRefused(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		url := dbtest.URL(t, kind)
		d := dbtest.OpenAt(t, url)
		write(t, d, func(tx *db.Tx) error {
			return tx.Exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES ($1, $2)`, int64(9999), true)
		})
		newer, err := db.Open(context.Background(), db.Config{URL: url, Unsafe: true})
		if err == nil {
			newer.Close()
			t.Fatal("a database of version 9999 was opened")
		}
		for _, words := range []string{"version 9999", "a newer podium has written it"} {
			if !strings.Contains(err.Error(), words) {
				t.Errorf("the error does not say %q: %v", words, err)
			}
		}
	})
}

// TestNodesThatStartAtOnce checks that several nodes can start concurrently on a database without
// tables.
func TestNodesThatStartAtOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		url := dbtest.EmptyURL(t, kind, `LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'`)
		nodes := make([]*db.DB, 2)
		var wg sync.WaitGroup
		for i := range nodes {
			wg.Go(func() {
				var err error
				if nodes[i], err = db.Open(context.Background(), db.Config{URL: url, Unsafe: true, Connections: connections}); err != nil {
					t.Errorf("node %d: %v", i, err)
				}
			})
		}
		wg.Wait()
		for i, d := range nodes {
			if d == nil {
				continue
			}
			write(t, d, func(tx *db.Tx) error { _, err := tx.Next("events"); return err })
			if err := d.Close(); err != nil {
				t.Errorf("node %d: %v", i, err)
			}
		}
		if t.Failed() {
			return
		}
		versions, err := db.Read(context.Background(), dbtest.OpenAt(t, url), func(tx *db.Tx) ([]int64, error) {
			return db.All(tx, db.ScanValue[int64], `SELECT version_id FROM goose_db_version ORDER BY version_id`)
		})
		if err != nil {
			t.Fatal(err)
		}
		for i := 1; i < len(versions); i++ {
			if versions[i] == versions[i-1] {
				t.Fatalf("the versions applied are %v: one twice", versions)
			}
		}
	})
}

// TestFewConnections checks that the database works with any number of connections.
func TestFewConnections(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		url := dbtest.EmptyURL(t, kind, `LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'`)
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		defer cancel()
		d, err := db.Open(ctx, db.Config{URL: url, Unsafe: true, Connections: 1})
		if err != nil {
			t.Fatal(err)
		}
		write(t, d, createThings)
		var wg sync.WaitGroup
		for i := range int64(10) {
			wg.Go(func() {
				if err := tryWrite(d, func(tx *db.Tx) error { return add(tx, i) }); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if n := len(ids(t, d)); n != 10 {
			t.Errorf("%d rows", n)
		}
		if err := d.Close(); err != nil {
			t.Error(err)
		}
		if err := d.Close(); err != nil {
			t.Errorf("closed twice: %v", err)
		}
	})
}

// TestADatabaseOfOtherTextsIsRefused checks that a database is refused if it does not sort texts by
// their bytes, or cannot hold every text, and that the error says how to create a suitable one.
func TestADatabaseOfOtherTextsIsRefused(t *testing.T) {
	t.Parallel()
	dbtest.NeedPostgres(t)
	for name, options := range map[string]string{
		"sorts as English does": `LOCALE_PROVIDER icu ICU_LOCALE 'en-US' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'`,
		"knows bytes only":      `ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'`,
		"knows Latin only":      `ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'`,
	} {
		d, err := db.Open(context.Background(), db.Config{URL: dbtest.EmptyURL(t, dbtest.Postgres, options)})
		if err == nil {
			d.Close()
			t.Errorf("a database that %s was opened", name)
			continue
		}
		if !strings.Contains(err.Error(), "ENCODING 'UTF8' LOCALE_PROVIDER libc LC_COLLATE 'C'") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestErrorsDoNotTellThePassword checks that no error of opening a database contains its password.
func TestErrorsDoNotTellThePassword(t *testing.T) {
	t.Parallel()
	const password = "hunter2%21secret"
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	picky := refusePasswords(t)
	for name, url := range map[string]string{
		"refused":       "postgres://podium:" + password + "@" + picky + "/podium?sslmode=disable",
		"refused, old":  "postgres:host=127.0.0.1 port=" + picky[strings.LastIndex(picky, ":")+1:] + " user=podium password=" + password + " sslmode=disable",
		"no listener":   "postgres://podium:" + password + "@" + closed.Addr().String() + "/podium?sslmode=disable",
		"no such host":  "postgres://podium:" + password + "@podium.invalid/podium?sslmode=disable",
		"not a port":    "postgres://podium:" + password + "@127.0.0.1:no/podium",
		"not a setting": "postgres://podium:" + password + "@127.0.0.1/podium?sslmode=perhaps",
		"not a string":  "postgres:host=127.0.0.1 password=" + password + " port",
	} {
		var said strings.Builder
		log := slog.New(slog.NewTextHandler(&said, &slog.HandlerOptions{Level: slog.LevelDebug}))
		d, err := db.Open(context.Background(), db.Config{URL: url, Log: log, Patience: patience})
		if err == nil {
			d.Close()
			t.Errorf("%s: opened", name)
			continue
		}
		for _, secret := range []string{"hunter2", "secret"} {
			if strings.Contains(err.Error(), secret) || strings.Contains(said.String(), secret) {
				t.Errorf("%s: the error is %q, the log is %q", name, err, said.String())
			}
		}
		if strings.HasPrefix(name, "refused") && !strings.Contains(err.Error(), "password") {
			t.Errorf("%s: the error does not say that the password is wrong: %v", name, err)
		}
	}
}

// refusePasswords returns the address of a PostgreSQL server that refuses every password.
func refusePasswords(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	t.Cleanup(func() { l.Close(); wg.Wait() })
	wg.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			wg.Go(func() {
				defer conn.Close()
				server := pgproto3.NewBackend(conn, conn)
				if _, err := server.ReceiveStartupMessage(); err != nil {
					return
				}
				server.Send(&pgproto3.AuthenticationCleartextPassword{})
				if server.Flush() != nil || server.SetAuthType(pgproto3.AuthTypeCleartextPassword) != nil {
					return
				}
				if _, err := server.Receive(); err != nil {
					return
				}
				server.Send(&pgproto3.ErrorResponse{Severity: "FATAL", Code: "28P01", Message: `password authentication failed for user "podium"`})
				server.Flush()
			})
		}
	})
	return l.Addr().String()
}

func TestAnAddressThatIsNone(t *testing.T) {
	t.Parallel()
	for _, url := range []string{"", "sqlite:", filepath.Join(t.TempDir(), "none", "podium.db"), t.TempDir()} {
		d, err := db.Open(context.Background(), db.Config{URL: url})
		if err == nil {
			d.Close()
			t.Errorf("%q was opened", url)
		}
	}
}

// TestPositionsGrowAfterARestore checks that positions continue after a restore into a server with
// lower transaction ids.
func TestPositionsGrowAfterARestore(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		const far = int64(1) << 40
		url := dbtest.URL(t, kind)
		d := dbtest.OpenAt(t, url)
		write(t, d, func(tx *db.Tx) error {
			return tx.Exec(`
				INSERT INTO events (position, seq, company, kind, at, actor, actor_name, actor_email, app, roles,
					subject, subject_name, subject_email, data)
				VALUES ($1, 1, 1, 'restored', 1, 1, '', '', '', '', '', '', '', '{}')`, far)
		})
		for range 2 { // the second start moves them no further
			again := dbtest.OpenAt(t, url)
			position, err := db.Write(context.Background(), again, func(tx *db.Tx) (int64, error) { return tx.Position() })
			if err != nil {
				t.Fatal(err)
			}
			if kind == dbtest.Postgres && (position <= far || position > far+1000) {
				t.Errorf("the next position is %d, behind one of %d", position, far)
			}
			passed := func() bool {
				horizon, err := db.Read(context.Background(), again, func(tx *db.Tx) (int64, error) { return tx.Horizon() })
				if err != nil {
					t.Fatal(err)
				}
				return horizon > position
			}
			// A transaction of another test on the same server may hold the horizon until it ends.
			for deadline := time.Now().Add(time.Minute); !passed(); {
				if time.Now().After(deadline) {
					t.Fatal("the horizon does not move")
				}
			}
		}
	})
}

func TestAClosedDatabaseIsUnavailable(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		d := fresh(t, kind)
		if err := d.Close(); err != nil {
			t.Fatal(err)
		}
		if err := tryWrite(d, func(*db.Tx) error { return nil }); !errors.Is(err, db.ErrUnavailable) {
			t.Errorf("a write: %v", err)
		}
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		if _, err := db.Read(ctx, d, func(*db.Tx) (int, error) { return 0, nil }); !errors.Is(err, db.ErrUnavailable) {
			t.Errorf("a read: %v", err)
		}
	})
}
