package main_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"podium/internal/backup"
	"podium/internal/db"
	"podium/internal/db/dbtest"
)

// empty returns where a backup of a kind can be restored to.
func empty(t *testing.T, kind dbtest.Kind) string {
	t.Helper()
	if kind == dbtest.SQLite {
		return filepath.Join(t.TempDir(), "podium.db")
	}
	return dbtest.EmptyURL(t, kind, "LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'")
}

// A backup that is made while clients go on holds all that was acknowledged before it began, and is
// a pod that works, on either database.
func TestABackupUnderLoad(t *testing.T) {
	t.Parallel()
	for _, from := range dbtest.Kinds(t) {
		for _, to := range dbtest.Kinds(t) {
			t.Run(string(from)+" to "+string(to), func(t *testing.T) {
				t.Parallel()
				database := dbtest.URL(t, from)
				found(t, database)
				s := serve(t, database)
				before := &promises{}
				c := login(t, s.url, "admin")
				for range 30 {
					if !before.loginOrLogout(t, c) {
						t.Fatal(s.all())
					}
				}
				stop := make(chan struct{})
				var load sync.WaitGroup
				for range 4 {
					load.Go(func() {
						c := login(t, s.url, "admin")
						for own := (&promises{}); own.loginOrLogout(t, c); {
							select {
							case <-stop:
								return
							default:
							}
						}
					})
				}
				file := filepath.Join(t.TempDir(), "pod.backup")
				run(t, "backup", file, "--database", database).want(0)
				close(stop)
				load.Wait()
				if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
					t.Errorf("%v %v", info, err)
				}
				other := empty(t, to)
				run(t, "restore", file, "--database", other).want(0)
				run(t, "audit", "verify", "--database", other).want(0)
				restored := serve(t, other)
				before.check(t, restored, before.sessions)
				admin(t, other, 1, "second")
				wants(t, login(t, restored.url, "second"), http.MethodGet, whoami, 200)
				eventually(t, "facts made after the restore are sealed", func() bool {
					return strings.Contains(run(t, "audit", "verify", "--database", other).want(0).stdout, " 0 not sealed yet")
				})
				if to == dbtest.SQLite {
					isWhole(t, other)
				}
				run(t, "restore", file, "--database", other).want(1)
			})
		}
	}
}

// From one kind to the other and back, every row of every table is the same.
func TestABackupGoesRound(t *testing.T) {
	t.Parallel()
	kinds := append(dbtest.Kinds(t), dbtest.SQLite)
	database := empty(t, dbtest.SQLite)
	found(t, database)
	file := filepath.Join(t.TempDir(), "pod.backup")
	run(t, "backup", file, "--database", database).want(0)
	first := trailer(t, file)
	for _, kind := range kinds[1:] {
		database = empty(t, kind)
		run(t, "restore", file, "--database", database).want(0)
		run(t, "backup", file, "--database", database, "--replace").want(0)
		if next := trailer(t, file); !reflect.DeepEqual(next, first) {
			t.Errorf("on %s: %v, not %v", kind, next, first)
		}
	}
}

func trailer(t *testing.T, name string) backup.Trailer {
	t.Helper()
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	r, err := backup.Open(file)
	if err == nil {
		err = r.Each(func(db.Table) error { return nil }, func([]any) error { return nil })
	}
	if err != nil {
		t.Fatal(err)
	}
	return r.Trailer
}

// A backup that was broken off or altered, anywhere, is refused, and leaves nothing behind.
func TestABrokenBackupIsRefused(t *testing.T) {
	t.Parallel()
	database := empty(t, dbtest.SQLite)
	found(t, database)
	folder := t.TempDir()
	file := filepath.Join(folder, "pod.backup")
	run(t, "backup", file, "--database", database).want(0)
	run(t, "backup", file, "--database", database).fails(1, "exists")
	whole := read(t, file)
	broken := filepath.Join(folder, "broken")
	other := filepath.Join(folder, "podium.db")
	for range 4 {
		at := rand.IntN(len(whole))
		for _, text := range []string{whole[:at], whole[:at] + string(whole[at]^1) + whole[at+1:], whole + "x"} {
			write(t, broken, text)
			run(t, "restore", broken, "--database", other).fails(1, "no whole backup")
			if exists(other) || exists(other+".part") {
				t.Fatal("something is left")
			}
		}
	}
	write(t, other+"-wal", "")
	run(t, "restore", file, "--database", other).fails(1, "exists")
}

// A backup and a restore that are killed leave nothing that looks whole, and the next ones work.
func TestABackupIsKilled(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		database := dbtest.URL(t, kind)
		found(t, database)
		_, err := db.Write(context.Background(), dbtest.OpenAt(t, database), func(tx *db.Tx) (struct{}, error) { return struct{}{}, fillTerms(tx, 20_000) })
		if err != nil {
			t.Fatal(err)
		}
		folder := t.TempDir()
		file, other := filepath.Join(folder, "pod.backup"), empty(t, kind)
		killed := func(args ...string) {
			p := start(t, args...)
			select {
			case <-p.ended:
			case <-time.After(time.Duration(rand.IntN(1500)) * time.Millisecond):
			}
			p.kill()
		}
		for range 3 {
			killed("backup", file, "--database", database, "--replace")
			if exists(file) {
				run(t, "restore", file, "--check").want(0)
			}
		}
		run(t, "backup", file, "--database", database, "--replace").want(0)
		if exists(file + ".part") {
			t.Error("a part is left")
		}
		done := false
		for range 3 {
			killed("restore", file, "--database", other)
			if kind == dbtest.SQLite {
				done = exists(other)
			} else {
				n, err := db.Read(context.Background(), dbtest.OpenAt(t, other), func(tx *db.Tx) (int64, error) {
					return db.Value[int64](tx, `SELECT COUNT(*) FROM user_terms`)
				})
				if err != nil || n != 0 && n < 20_000 {
					t.Errorf("a half restored database has %d rows: %v", n, err)
				}
				done = n > 0
			}
			if done {
				break
			}
		}
		if !done {
			run(t, "restore", file, "--database", other).want(0)
		}
		run(t, "audit", "verify", "--database", other).want(0)
	})
}

// fillTerms adds rows to a table that refers to no other.
func fillTerms(tx *db.Tx, rows int64) error {
	list := make([][]any, rows)
	for i := range list {
		list[i] = []any{int64(1), "word", int64(i) + 1<<40, "Word", int64(-1), int64(0), int64(0)}
	}
	return tx.InsertAll(`INSERT INTO user_terms (company, term, user_id, name, shared, kind, mail) VALUES`, list, "")
}

// A backup whose tables are of a version that this binary does not know is refused, and leaves
// nothing behind.
func TestABackupOfANewerVersionIsRefused(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		database := empty(t, dbtest.SQLite)
		found(t, database)
		file := filepath.Join(t.TempDir(), "pod.backup")
		run(t, "backup", file, "--database", database).want(0)
		newer := file + ".newer"
		write(t, newer, ofVersion(t, read(t, file), 9999))
		run(t, "restore", newer, "--check").want(0)
		other := empty(t, kind)
		run(t, "restore", newer, "--database", other).fails(1, "newer podium", "9999")
		if kind == dbtest.SQLite && (exists(other) || exists(other+".part")) {
			t.Error("something is left")
		}
		run(t, "restore", file, "--database", other).want(0)
	})
}

// ofVersion returns a backup whose header says that its tables are of another version.
func ofVersion(t *testing.T, whole string, version int) string {
	t.Helper()
	zip, err := gzip.NewReader(strings.NewReader(whole))
	if err != nil {
		t.Fatal(err)
	}
	zip.Multistream(false)
	text, err := io.ReadAll(zip)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	again := gzip.NewWriter(&out)
	again.Write(regexp.MustCompile(`"version":\d+`).ReplaceAll(text, fmt.Appendf(nil, `"version":%d`, version)))
	if err := again.Close(); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%s\nPODIUM BACKUP ENDS %x\n", out.Bytes(), sha256.Sum256(out.Bytes()))
}

// A pod whose log is broken is backed up and restored only with the flag, and what is broken is
// reported each time.
func TestABackupOfABrokenLog(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		database := dbtest.URL(t, kind)
		found(t, database)
		s := serve(t, database)
		login(t, s.url, "admin")
		eventually(t, "facts are sealed", func() bool {
			return strings.Contains(run(t, "audit", "verify", "--database", database).want(0).stdout, " 0 not sealed yet")
		})
		s.kill()
		_, err := db.Write(context.Background(), dbtest.OpenAt(t, database), func(tx *db.Tx) (struct{}, error) {
			return struct{}{}, tx.Change(`UPDATE events SET actor_name = 'changed' WHERE seq = (SELECT MIN(seq) FROM event_seals)`)
		})
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(t.TempDir(), "pod.backup")
		run(t, "backup", file, "--database", database).fails(1, "the log of company 1 is broken", "--despite-broken-log")
		if exists(file) {
			t.Error("a backup is there")
		}
		run(t, "backup", file, "--database", database, "--despite-broken-log").want(0)
		other := empty(t, kind)
		run(t, "restore", file, "--database", other).fails(1, "the log of company 1 is broken", "--despite-broken-log")
		other = empty(t, kind)
		run(t, "restore", file, "--database", other, "--despite-broken-log").want(0)
		run(t, "audit", "verify", "--database", other).fails(1, "altered")
	})
}
