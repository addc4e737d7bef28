package db

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"testing/fstest"
	"time"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations/*.sql
var migrations embed.FS

// migrate brings the tables to this binary's version, forward only. name is the dialect:
// a file 0012_x.postgres.sql is for PostgreSQL alone, 0012_x.sql for both.
func migrate(ctx context.Context, db *sql.DB, name string) error {
	files, err := migrationsFor(name)
	if err != nil {
		return err
	}
	dialect, options := goose.DialectSQLite3, []goose.ProviderOption{goose.WithDisableGlobalRegistry(true)}
	if name == "postgres" {
		dialect = goose.DialectPostgres
		// Several nodes may start at once.
		locker, err := lock.NewPostgresTableLocker(lock.WithTableName("goose_lock"))
		if err != nil {
			return err
		}
		options = append(options, goose.WithLocker(locker))
	}
	provider, err := goose.NewProvider(dialect, db, files, options...)
	if err != nil {
		return err
	}
	known := provider.ListSources()
	newest := known[len(known)-1].Version
	// On PostgreSQL goose's lock has nodes that start at once take turns. On SQLite two processes
	// may both begin a step; one of them fails, undone, and finds the step done when it looks again.
	for tries := 0; ; tries++ {
		current, err := provider.GetDBVersion(ctx)
		switch {
		case err != nil:
			err = fmt.Errorf("reading the version of its tables: %w", err)
		case current > newest:
			return fmt.Errorf("its tables are of version %d, and this podium knows versions up to %d: a newer podium has written it; run that one, or restore a backup", current, newest)
		case current == newest:
			return nil
		default:
			if _, err = provider.Up(ctx); err == nil {
				return nil
			}
			err = fmt.Errorf("bringing its tables to version %d: %w", newest, err)
		}
		if name != "sqlite" || tries == migrateTries {
			return err
		}
		select {
		case <-time.After(100 * time.Millisecond):
		case <-ctx.Done():
			return err
		}
	}
}

// migrateTries is how often SQLite's tables are looked at again: more often than there are steps
// at which two processes may meet.
const migrateTries = 20

// migrationsFor picks the files of one dialect.
func migrationsFor(name string) (fs.FS, error) {
	files := fstest.MapFS{}
	entries, err := migrations.ReadDir("migrations")
	if err != nil {
		return nil, err
	}
	for _, entry := range entries {
		base, only, paired := strings.Cut(strings.TrimSuffix(entry.Name(), ".sql"), ".")
		if paired && only != name {
			continue
		}
		data, err := migrations.ReadFile(path.Join("migrations", entry.Name()))
		if err != nil {
			return nil, err
		}
		files[base+".sql"] = &fstest.MapFile{Data: data}
	}
	return files, nil
}

// MigrationsDigest tells one set of migrations from another, for tests that keep
// databases with the tables in place.
func MigrationsDigest() string {
	h := sha256.New()
	entries, _ := migrations.ReadDir("migrations") // embedded: reading cannot fail
	for _, entry := range entries {
		data, _ := migrations.ReadFile(path.Join("migrations", entry.Name()))
		fmt.Fprintln(h, entry.Name(), len(data))
		h.Write(data)
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}
