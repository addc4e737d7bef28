package migrations_test

import (
	"database/sql"
	"strings"
	"testing"

	"podium/internal/db/dbtest"
	"podium/internal/db/migrations"
)

// On SQLite a process may begin a migration that another one has just applied. It fails and changes
// nothing, also where its statements could run a second time.
func TestMigrationIsAppliedOnce(t *testing.T) {
	t.Parallel()
	url := dbtest.URL(t, dbtest.SQLite)
	files, err := migrations.Fenced()
	if err != nil {
		t.Fatal(err)
	}
	pool, err := sql.Open("sqlite", url)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	for name, text := range files {
		tx, err := pool.Begin()
		if err != nil {
			t.Fatal(err)
		}
		if _, err = tx.Exec(text); err == nil || !strings.Contains(err.Error(), "CHECK constraint failed: applied") {
			t.Errorf("%s, applied a second time: %v", name, err)
		}
		if err := tx.Rollback(); err != nil {
			t.Error(err)
		}
	}
}
