// Package migrations makes the tables, and brings older ones to this binary's version: the files
// *.sql, applied by goose, in one transaction each. 0012_x.postgres.sql is for PostgreSQL alone,
// 0012_x.sql is for both databases. It also keeps a podium that is too old from writing
// (fence.go, compatible.go), and folds names again after their rules have changed (folds.go).
//
// The comment above a CREATE TABLE says what the table holds, and the comment beside a column what
// the column holds. docs/tables.md is made of them.
//
// Not inside: the rules for the rows. The chapter that writes a table says those.
package migrations

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"strings"
	"testing/fstest"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed *.sql
var own embed.FS

// Kind is a kind of database, as the names of files say it.
type Kind string

// The kinds.
const (
	SQLite   Kind = "sqlite"
	Postgres Kind = "postgres"
)

// Steps say to which version the tables are brought, and by which files.
type Steps struct {
	Kind Kind
	To   int64 // 0: the newest version that this binary knows
	More fs.FS // further files, of tests; may be nil
}

// Apply brings the tables to this binary's version, or to m.To, forward only. Tables of a newer
// version are left as they are if their podium said that this binary may use them.
func (m Steps) Apply(ctx context.Context, db *sql.DB) error {
	var fenced bool
	for tries := 0; ; tries++ {
		provider, err := m.provider(db, fenced)
		if err != nil {
			return err
		}
		current, err := provider.GetDBVersion(ctx)
		newest := newestOf(provider)
		switch {
		case err != nil:
			err = fmt.Errorf("reading the version of its tables: %w", err)
		case current > 0 && !fenced:
			fenced = true // others may use the tables: begin again with the files that keep them out
			continue
		case current > newest:
			return compatible(ctx, db, current, newest)
		default:
			if _, err = provider.UpTo(ctx, m.target()); err == nil {
				return nil
			}
			err = fmt.Errorf("bringing its tables to version %d: %w", min(newest, m.target()), err)
		}
		// On PostgreSQL goose's lock has nodes that start at once take turns. On SQLite two
		// processes may both begin a step; one of them fails, undone, and finds the step done when
		// it looks again. A step that waited too long for those who use the tables tries again.
		if tries == migrateTries || m.Kind == Postgres && !waited(err) {
			return err
		}
		select {
		case <-time.After(100 * time.Millisecond):
		case <-ctx.Done():
			return err
		}
	}
}

// migrateTries is how often a step is tried again: on SQLite more often than there are steps at
// which two processes may meet.
const migrateTries = 40

// waited reports whether a step was undone because others held what it needs.
func waited(err error) bool {
	var failure *pgconn.PgError
	return errors.As(err, &failure) && (failure.Code == "55P03" || failure.Code == "40P01")
}

func (m Steps) target() int64 {
	if m.To == 0 {
		return math.MaxInt64
	}
	return m.To
}

func (m Steps) provider(db *sql.DB, fenced bool) (*goose.Provider, error) {
	files, err := m.files(fenced)
	if err != nil {
		return nil, err
	}
	// Numbers are reserved before the work is done, so that a lower one may come later.
	options := []goose.ProviderOption{goose.WithDisableGlobalRegistry(true), goose.WithAllowOutofOrder(true)}
	dialect := goose.DialectSQLite3
	if m.Kind == Postgres {
		dialect = goose.DialectPostgres
		// Several nodes may start at once.
		locker, err := lock.NewPostgresTableLocker(lock.WithTableName("goose_lock"))
		if err != nil {
			return nil, err
		}
		options = append(options, goose.WithLocker(locker))
	}
	return goose.NewProvider(dialect, db, files, options...)
}

func newestOf(provider *goose.Provider) int64 {
	known := provider.ListSources()
	return known[len(known)-1].Version
}

// files returns the files of the kind. fenced adds to each the statements that keep out other nodes
// while it is applied (fence.go).
func (m Steps) files(fenced bool) (fs.FS, error) {
	files := fstest.MapFS{}
	for _, from := range []fs.FS{own, m.More} {
		if from == nil {
			continue
		}
		entries, err := fs.ReadDir(from, ".")
		if err != nil {
			return nil, err
		}
		for _, entry := range entries {
			base, only, paired := strings.Cut(strings.TrimSuffix(entry.Name(), ".sql"), ".")
			if paired && only != string(m.Kind) {
				continue
			}
			data, err := fs.ReadFile(from, entry.Name())
			if err != nil {
				return nil, err
			}
			text, err := fence(m.Kind, base, string(data), fenced)
			if err != nil {
				return nil, err
			}
			files[base+".sql"] = &fstest.MapFile{Data: []byte(text)}
		}
	}
	return files, nil
}

// Known returns the newest migration among the files.
func (m Steps) Known() (int64, error) {
	files, err := m.files(false)
	if err != nil {
		return 0, err
	}
	entries, err := fs.ReadDir(files, ".")
	if err != nil || len(entries) == 0 {
		return 0, err
	}
	return versionOf(entries[len(entries)-1].Name())
}

// Digest differs for any two sets of migrations. Tests that keep databases with the tables in place
// name them by it.
func Digest() string {
	h := sha256.New()
	entries, _ := own.ReadDir(".") // embedded: reading cannot fail
	for _, entry := range entries {
		data, _ := own.ReadFile(entry.Name())
		fmt.Fprintln(h, entry.Name(), len(data))
		h.Write(data)
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}
