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
	current, err := provider.GetDBVersion(ctx)
	if err != nil {
		return fmt.Errorf("reading the version of its tables: %w", err)
	}
	if current > newest {
		return fmt.Errorf("its tables are of version %d, and this podium knows versions up to %d: a newer podium has written it; run that one, or restore a backup", current, newest)
	}
	if current == newest {
		return nil
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("bringing its tables to version %d: %w", newest, err)
	}
	return nil
}

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
