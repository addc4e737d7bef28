//go:build older

package main_test

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"podium/internal/db/dbtest"
)

// TestAnOlderBinaryBesideThisOne builds a podium of an older revision out of the repository's
// history and runs it beside this one. What the older one acknowledges before and meanwhile must be
// there. PODIUM_OLDER names the revision, which must know migration 27, the last one before the
// rule of migrations. The test has a build tag because a checkout without history cannot run it;
// `make older` does.
func TestAnOlderBinaryBesideThisOne(t *testing.T) {
	revision := os.Getenv("PODIUM_OLDER")
	dbtest.NeedPostgres(t)
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
