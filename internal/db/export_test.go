package db

import (
	"context"
	"database/sql"
	"testing/fstest"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
)

// WithMigrations adds migrations to those of the binary: the database is then opened by a newer podium.
func WithMigrations(files map[string]string) func(*Config) {
	more := fstest.MapFS{}
	for name, text := range files {
		more["migrations/"+name] = &fstest.MapFile{Data: []byte("-- +goose Up\n" + text)}
	}
	return func(c *Config) { c.migrations = more }
}

// MigrateTo makes the tables of an older version in an empty database.
func MigrateTo(ctx context.Context, url string, version int64) error {
	if !isPostgres(url) {
		pool, err := sql.Open("sqlite", url)
		if err != nil {
			return err
		}
		defer pool.Close()
		return migrate(ctx, pool, migration{dialect: "sqlite", to: version})
	}
	pool, err := pgxpool.New(ctx, url)
	if err != nil {
		return err
	}
	defer pool.Close()
	std := stdlib.OpenDBFromPool(pool)
	defer std.Close()
	return migrate(ctx, std, migration{dialect: "postgres", to: version})
}

// Migrations are the files of the migrations, by name.
func Migrations() map[string]string {
	files := make(map[string]string)
	entries, _ := migrations.ReadDir("migrations") // embedded: reading cannot fail
	for _, entry := range entries {
		data, _ := migrations.ReadFile("migrations/" + entry.Name())
		files[entry.Name()] = string(data)
	}
	return files
}

// FencedMigrations are the files of the migrations as they are applied to SQLite, by name.
func FencedMigrations() (map[string]string, error) {
	texts, err := migration{dialect: "sqlite"}.files(true)
	if err != nil {
		return nil, err
	}
	files := make(map[string]string)
	for name, file := range texts.(fstest.MapFS) {
		files[name] = string(file.Data)
	}
	return files, nil
}
