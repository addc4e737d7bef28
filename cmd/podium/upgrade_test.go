package main_test

import (
	"context"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"podium/internal/db"
	"podium/internal/db/dbtest"
)

// A node that is too old for the tables is not ready, and says why.
func TestANodeThatIsTooOldIsNotReady(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		database := dbtest.URL(t, kind)
		found(t, database)
		s := serve(t, database, "--management", "127.0.0.1:0")
		if a := get(t, s.manager()+"/readyz", ""); a.Status != 200 {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
		_, err := db.Write(context.Background(), dbtest.OpenAt(t, database), func(tx *db.Tx) (struct{}, error) {
			return struct{}{}, tx.Change(`UPDATE compatibility SET oldest = 9999`)
		})
		if err != nil {
			t.Fatal(err)
		}
		if a := get(t, s.manager()+"/readyz", ""); a.Status != 503 || !strings.Contains(string(a.Body), "too old") {
			t.Errorf("%d %s", a.Status, a.Body)
		}
		s.says(s.stderr, "too old for the database")
		if a := get(t, s.manager()+"/healthz", ""); a.Status != 200 {
			t.Errorf("%d %s", a.Status, a.Body)
		}
	})
}

// A podium of an older revision, made from the repository's history, goes on beside this one: what
// it acknowledged before, meanwhile and after is there. PODIUM_OLDER names the revision; it must
// know migration 27, the last one before there was the rule.
func TestAnOlderBinaryBesideThisOne(t *testing.T) {
	revision := os.Getenv("PODIUM_OLDER")
	if revision == "" {
		t.Skip("PODIUM_OLDER names no revision")
	}
	if len(dbtest.Kinds(t)) < 2 {
		t.Skip("several nodes need PostgreSQL")
	}
	folder := t.TempDir()
	if said, err := exec.Command("git", "worktree", "add", "--detach", filepath.Join(folder, "tree"), revision).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	t.Cleanup(func() { exec.Command("git", "worktree", "remove", "--force", filepath.Join(folder, "tree")).Run() })
	older := filepath.Join(folder, "podium")
	build := exec.Command("go", "build", "-o", older, "./cmd/podium")
	build.Dir = filepath.Join(folder, "tree")
	if said, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	database := dbtest.EmptyURL(t, dbtest.Postgres, "LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'")
	mine := binary
	binary = older
	found(t, database)
	old := serve(t, database)
	given := &promises{}
	made := given.fill(t, old, 50)
	binary = mine
	s := serve(t, database)
	made += given.fill(t, old, 50)
	made += given.fill(t, s, 50)
	given.check(t, s, given.sessions)
	given.check(t, old, given.sessions)
	wants(t, login(t, old.url, "admin"), http.MethodGet, whoami, 200)
	t.Log(made, "sessions were opened or ended beside", revision)
}

// fill logs in and out so often, one after the other.
func (p *promises) fill(t *testing.T, s *server, times int) int {
	t.Helper()
	c := login(t, s.url, "admin")
	for range times {
		if !p.loginOrLogout(t, c) {
			t.Fatal(s.all())
		}
	}
	return times
}
