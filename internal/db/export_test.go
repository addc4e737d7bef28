package db

import (
	"context"
	"database/sql"
	"testing/fstest"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"

	"podium/internal/db/migrations"
)

// WithMigrations adds migrations to those of the binary, so that a newer version opens the
// database.
func WithMigrations(files map[string]string) func(*Config) {
	more := fstest.MapFS{}
	for name, text := range files {
		more[name] = &fstest.MapFile{Data: []byte("-- +goose Up\n" + text)}
	}
	return func(c *Config) { c.migrations = more }
}

// MigrateTo creates the tables of an older version in an empty database.
func MigrateTo(ctx context.Context, url string, version int64) error {
	if !isPostgres(url) {
		pool, err := sql.Open("sqlite", url)
		if err != nil {
			return err
		}
		defer pool.Close()
		return migrations.Steps{Kind: migrations.SQLite, To: version}.Apply(ctx, pool)
	}
	pool, err := pgxpool.New(ctx, url)
	if err != nil {
		return err
	}
	defer pool.Close()
	std := stdlib.OpenDBFromPool(pool)
	defer std.Close()
	return migrations.Steps{Kind: migrations.Postgres, To: version}.Apply(ctx, std)
}
