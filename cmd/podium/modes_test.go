package main_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"podium/internal/db/dbtest"
)

// isPrivate fails the test unless only their owner may use the files and folders below a folder. It
// returns how many there are.
func isPrivate(t *testing.T, folder string) (found int) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || path == folder {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		found++
		want := fs.FileMode(0o600)
		if info.IsDir() {
			want = 0o700
		}
		if info.Mode().Perm() != want {
			t.Errorf("%s has mode %04o", path, info.Mode().Perm())
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	return found
}

// Whatever the umask, no other user can read what commands make.
func TestFilesAreTheirOwnersAlone(t *testing.T) {
	t.Parallel()
	for _, umask := range []string{"000", "022", "002"} {
		t.Run(umask, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			c := command{folder: folder, umask: umask}
			database := filepath.Join(folder, "podium.db")
			people := filepath.Join(folder, "people.csv")
			write(t, people, "User Name;E-mail;First name;Last name\nada;ada@acme.example;Ada;L\n")
			c.run(t, "company", "create", "--database", database, "--id", "1", "--name", "Acme").want(0)
			server := c.start(t, "serve", "--database", database, "--listen", "127.0.0.1:0", "--management", "")
			server.says(server.stderr, "listening")
			c.run(t, "users", "import", people, "--database", database, "--company", "1", "--dry-run").want(0)
			c.run(t, "users", "import", people, "--database", database, "--company", "1").want(0)
			c.run(t, "users", "export", "--database", database, "--company", "1", "-o", filepath.Join(folder, "people.jsonl")).want(0)
			c.run(t, "audit", "export", "--database", database, "--file", filepath.Join(folder, "audit.jsonl")).want(0)
			if !exists(database+"-wal") || !exists(database+"-shm") {
				t.Error("the files beside the database are not there")
			}
			if found := isPrivate(t, folder); found < 8 {
				t.Errorf("only %d files", found)
			}
		})
	}
	t.Run("dev", func(t *testing.T) {
		t.Parallel()
		folder := t.TempDir()
		data := filepath.Join(folder, "above", "data")
		port := freePorts(t)
		d := command{folder: folder, umask: "000"}.start(t, "dev", "--data", data, "--port", strconv.Itoa(port), "--tls")
		d.says(d.stdout, "API explorer")
		if found := isPrivate(t, folder); found < 25 {
			t.Errorf("only %d files", found)
		}
	})
}

// A start with a database that others can read narrows its files, and says so.
func TestWiderFilesAreNarrowed(t *testing.T) {
	t.Parallel()
	database := dbtest.URL(t, dbtest.SQLite)
	found(t, database)
	write(t, database+"-wal", "")
	for _, path := range []string{database, database + "-wal"} {
		if err := os.Chmod(path, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	s := serve(t, database)
	isPrivate(t, filepath.Dir(database))
	for _, path := range []string{database, database + "-wal"} {
		if !strings.Contains(s.stderr.String(), fmt.Sprintf(`"path":%q,"was":"0666"`, path)) {
			t.Errorf("nothing is said of %s\n%s", path, s.stderr)
		}
	}
	login(t, s.url, "admin")
}

// So does a podium dev with all of its folder.
func TestAWiderDevFolderIsNarrowed(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	dev(t, folder, "--tls").stop()
	filepath.WalkDir(folder, func(path string, entry fs.DirEntry, _ error) error {
		if entry.IsDir() {
			return os.Chmod(path, 0o777)
		}
		return os.Chmod(path, 0o644)
	})
	d := dev(t, folder, "--tls")
	isPrivate(t, folder)
	if info, err := os.Stat(folder); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("%v %v", info.Mode(), err)
	}
	for _, path := range []string{"keys", "keys/acme-bot.pem", "tls/server-key.pem", "podium.db"} {
		if !strings.Contains(d.stderr.String(), fmt.Sprintf(`"path":%q`, filepath.Join(folder, path))) {
			t.Errorf("nothing is said of %s\n%s", path, d.stderr)
		}
	}
}

// A folder that holds other files too keeps its mode.
func TestAFolderOfOtherFilesKeepsItsMode(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	write(t, filepath.Join(folder, "letter"), "")
	if err := os.Chmod(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	dev(t, folder).stop()
	if info, err := os.Stat(folder); err != nil || info.Mode().Perm() != 0o755 {
		t.Errorf("%v %v", info.Mode(), err)
	}
}

// A database that is a link is refused: another user may have put it there.
func TestALinkIsNoDatabase(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	link := filepath.Join(folder, "podium.db")
	if err := os.Symlink(dbtest.URL(t, dbtest.SQLite), link); err != nil {
		t.Fatal(err)
	}
	run(t, "company", "list", "--database", link).fails(1, "symbolic link", link)
	run(t, "serve", "--database", link, "--listen", "127.0.0.1:0").fails(1, "symbolic link", link)
}
