package dbtest

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

// EmptyURL returns the address of a fresh database of a kind without tables, which is removed at
// the end of the test. options are appended to PostgreSQL's CREATE DATABASE.
func EmptyURL(t testing.TB, kind Kind, options string) string {
	t.Helper()
	if kind == SQLite {
		return filepath.Join(t.TempDir(), "podium.db")
	}
	server := os.Getenv("PODIUM_TEST_POSTGRES")
	name := fmt.Sprintf("e_%016x", rand.Uint64())
	if err := administer(server, `CREATE DATABASE `+name+` TEMPLATE template0 `+options); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := administer(server, `DROP DATABASE `+name+` WITH (FORCE)`); err != nil {
			t.Error(err)
		}
	})
	return at(server, name)
}
