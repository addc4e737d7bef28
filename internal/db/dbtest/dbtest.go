// Package dbtest gives a test a fresh database of each kind. A test that runs through Each always
// runs on SQLite, and on PostgreSQL if PODIUM_TEST_POSTGRES names a server (make test starts one).
package dbtest

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"podium/internal/db"
)

// Kind is a kind of database.
type Kind string

// The kinds.
const (
	SQLite   Kind = "sqlite"
	Postgres Kind = "postgres"
)

// Kinds returns the kinds on which tests run here.
func Kinds(t testing.TB) []Kind {
	t.Helper()
	if os.Getenv("PODIUM_TEST_POSTGRES") != "" {
		return []Kind{SQLite, Postgres}
	}
	if os.Getenv("PODIUM_REQUIRE_POSTGRES") == "1" {
		t.Fatal("PODIUM_REQUIRE_POSTGRES is 1, and PODIUM_TEST_POSTGRES names no server (make test starts one)")
	}
	return []Kind{SQLite}
}

// NeedPostgres skips a test that is about PostgreSQL alone where there is no server. Where
// PODIUM_REQUIRE_POSTGRES is 1, as in CI, the test fails instead.
func NeedPostgres(t testing.TB) {
	t.Helper()
	if len(Kinds(t)) < 2 {
		t.Skip("the test is about PostgreSQL, and PODIUM_TEST_POSTGRES names no server")
	}
}

// Each runs a test on every kind of database, in parallel.
func Each(t *testing.T, test func(t *testing.T, kind Kind)) {
	t.Helper()
	for _, kind := range Kinds(t) {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			test(t, kind)
		})
	}
}

// Option changes how a test's database is opened.
type Option func(*db.Config)

// Open opens a fresh database of a kind, which is closed and removed at the end of the test.
func Open(t testing.TB, kind Kind, options ...Option) *db.DB {
	t.Helper()
	return OpenAt(t, URL(t, kind), options...)
}

// OpenAt opens the database at a URL, which is closed at the end of the test. A lock out of order
// fails the test.
func OpenAt(t testing.TB, url string, options ...Option) *db.DB {
	t.Helper()
	config := db.Config{URL: url, Connections: 8, Unsafe: true, Log: slog.New(slog.DiscardHandler), LockOrder: func(err error) { t.Error(err) }}
	for _, option := range options {
		option(&config)
	}
	d, err := db.Open(context.Background(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

// URL returns the address of a fresh database of a kind, which is removed at the end of the test.
func URL(t testing.TB, kind Kind) string {
	t.Helper()
	if kind == SQLite {
		return sqliteCopy(t)
	}
	server := os.Getenv("PODIUM_TEST_POSTGRES")
	template, err := postgresTemplate()
	if err != nil {
		t.Fatal(err)
	}
	name := fmt.Sprintf("t_%016x", rand.Uint64())
	// A throw-away server does not wait for the disk, so copying files is much faster than logging
	// each page.
	// logging each page.
	if err := administer(server, `CREATE DATABASE `+name+` TEMPLATE `+template+` STRATEGY file_copy`); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := administer(server, `DROP DATABASE `+name+` WITH (FORCE)`); err != nil {
			t.Error(err)
		}
	})
	return at(server, name)
}

// at returns the URL of another database of the same server.
func at(server, name string) string {
	u, err := url.Parse(server)
	if err != nil {
		panic("PODIUM_TEST_POSTGRES is not a URL")
	}
	u.Path = "/" + name
	return u.String()
}

func administer(server, sql string) error {
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, sql)
	return err
}

// sqliteTemplate is a file with all tables in place, which is copied for each test: much faster
// than creating the tables.
var sqliteTemplate = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "podium-dbtest-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "podium.db")
	d, err := db.Open(context.Background(), db.Config{URL: path, Connections: 1, Unsafe: true, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, err
	}
	// this leaves all data in the one file, and none in a log beside it
	if err := d.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

// sqliteCopy returns the path of a copy.
func sqliteCopy(t testing.TB) string {
	t.Helper()
	template, err := sqliteTemplate()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "podium.db")
	if err := os.WriteFile(path, template, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// postgresTemplate is a database with all tables in place, like sqliteTemplate. The test binaries
// of all packages share it.
var postgresTemplate = sync.OnceValues(func() (string, error) {
	return makeTemplate(os.Getenv("PODIUM_TEST_POSTGRES"))
})

func makeTemplate(server string) (string, error) {
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		return "", err
	}
	defer conn.Close(ctx)
	// tests of other packages begin too
	if _, err := conn.Exec(ctx, `SELECT pg_advisory_lock(7)`); err != nil {
		return "", err
	}
	name := "podium_" + db.MigrationsDigest()
	var there bool
	if err := conn.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)`, name).Scan(&there); err != nil || there {
		return name, err
	}
	if _, err := conn.Exec(ctx, `CREATE DATABASE `+name+`_new`); err != nil {
		return "", err
	}
	d, err := db.Open(ctx, db.Config{URL: at(server, name+"_new"), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return "", err
	}
	d.Close()
	_, err = conn.Exec(ctx, `ALTER DATABASE `+name+`_new RENAME TO `+name)
	return name, err
}
