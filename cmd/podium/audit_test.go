package main_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"podium/internal/client"
	"podium/internal/db"
	"podium/internal/db/dbtest"
)

// audited is a pod of which an administrator makes facts.
type audited struct {
	t        *testing.T
	database string
	server   *server
	admin    *client.Client
	target   string // the id of the account whose sessions the administrator ends
}

func newAudited(t *testing.T, kind dbtest.Kind) *audited {
	t.Helper()
	a := &audited{t: t, database: dbtest.URL(t, kind)}
	found(t, a.database)
	admin(t, a.database, 1, "second")
	a.start()
	return a
}

func (a *audited) start() {
	a.t.Helper()
	a.server = serve(a.t, a.database)
	a.admin = login(a.t, a.server.url, "admin")
	var second struct {
		ID json.Number `json:"userId"`
	}
	answer := do(a.t, login(a.t, a.server.url, "second"), http.MethodGet, whoami)
	if err := json.Unmarshal(answer.Body, &second); err != nil {
		a.t.Fatal(err)
	}
	a.target = second.ID.String()
}

// act makes a fact.
func (a *audited) act() error {
	other := &client.Client{Base: a.server.url, HTTP: newHTTP(a.t)}
	if err := other.Login(context.Background(), "second", testKey()); err != nil {
		return err
	}
	answer, err := a.admin.Do(context.Background(), http.MethodPost, "/pod/v1/users/"+a.target+"/sessions/logout", nil)
	if err == nil && answer.Status != http.StatusOK {
		err = errors.New(string(answer.Body))
	}
	return err
}

func (a *audited) acts(n int) {
	a.t.Helper()
	for range n {
		if err := a.act(); err != nil {
			a.t.Fatal(err)
		}
	}
	eventually(a.t, "everything is sealed", func() bool { return strings.Contains(a.audit("verify").want(0).stdout, " 0 not sealed yet") })
}

func (a *audited) audit(command string, flags ...string) result {
	a.t.Helper()
	return run(a.t, append([]string{"audit", command, "--database", a.database}, flags...)...)
}

// change alters the database behind the pod's back.
func (a *audited) change(statements ...string) {
	a.t.Helper()
	d, err := db.Open(context.Background(), db.Config{URL: a.database})
	if err != nil {
		a.t.Fatal(err)
	}
	defer d.Close()
	_, err = db.Write(context.Background(), d, func(tx *db.Tx) (struct{}, error) {
		for _, statement := range statements {
			if err := tx.Change(statement); err != nil {
				return struct{}{}, err
			}
		}
		return struct{}{}, nil
	})
	if err != nil {
		a.t.Fatal(err)
	}
}

// The sealed log is verified, exported piece by piece, and witnessed, with the pod running or not.
func TestAudit(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		a := newAudited(t, kind)
		a.acts(6)
		dir := t.TempDir()
		export, anchor := filepath.Join(dir, "export.jsonl"), filepath.Join(dir, "anchor.json")
		a.audit("export", "--file", export).want(0)
		a.acts(4)
		a.audit("export", "--file", export).want(0)
		a.audit("export", "--file", export).want(0) // nothing is new
		whole := a.audit("export").want(0).stdout
		same(t, export, whole)

		// A killed export left half a line, or a batch without its checkpoint.
		for _, cut := range []int{1, 100, len(whole) / 2, len(whole) - 1} {
			write(t, export, whole[:len(whole)-cut])
			a.audit("export", "--file", export).want(0)
			same(t, export, whole)
		}
		lines := strings.SplitAfter(whole, "\n")
		for i := range lines {
			write(t, export, strings.Join(lines[:i], ""))
			a.audit("export", "--file", export).want(0)
			same(t, export, whole)
			if i > 3 {
				break
			}
		}
		if from := a.audit("export", "--from", "3").want(0).stdout; !strings.HasSuffix(whole, from) || !strings.HasPrefix(from, `{"number":3,`) {
			t.Errorf("from the third on: %s", from)
		}
		write(t, anchor, a.audit("checkpoint").want(0).stdout)
		a.audit("verify", "--anchor", anchor).want(0)
		a.audit("verify", "--anchor", export, "--company", "1").want(0)
		a.audit("verify", "--company", "2").fails(1, "no such company")
		a.audit("export", "--from", "0").fails(2, "from 1")
		certificate := filepath.Join(dir, "certificate.pem")
		var published struct{ Certificate string }
		if err := json.Unmarshal(do(t, a.admin, http.MethodGet, public).Body, &published); err != nil {
			t.Fatal(err)
		}
		write(t, certificate, published.Certificate)
		a.audit("verify", "--certificate", certificate).want(0)

		a.server.kill()
		a.audit("verify", "--anchor", anchor).want(0)
		a.change(`UPDATE events SET actor_name = 'mallory' WHERE seq = (SELECT seq FROM event_seals WHERE company = 1 AND number = 5)`)
		a.audit("verify").fails(1, "company 1", "facts: number 5 ", "altered")
		a.change(`UPDATE events SET actor_name = '' WHERE seq = (SELECT seq FROM event_seals WHERE company = 1 AND number = 5)`)
		a.audit("verify").want(0)
		const first = ` > (SELECT MIN(number) FROM event_checkpoints)`
		a.change(`DELETE FROM audit_trail WHERE seq IN (SELECT seq FROM event_seals WHERE company = 1 AND number`+first+`)`,
			`DELETE FROM events WHERE seq IN (SELECT seq FROM event_seals WHERE company = 1 AND number`+first+`)`,
			`DELETE FROM event_seals WHERE company = 1 AND number`+first, `DELETE FROM event_checkpoints WHERE company = 1 AND number`+first)
		a.audit("verify").want(0) // a clean cut
		a.audit("verify", "--anchor", anchor).fails(1, "removed with all behind it")
		a.audit("export", "--file", export).fails(1, "has no sealed fact of number")
	})
}

func same(t *testing.T, file, text string) {
	t.Helper()
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != text {
		t.Fatalf("the file has\n%s\n, not\n%s", got, text)
	}
}

// However often a pod is killed, its chain is whole and goes on.
func TestAuditAfterKills(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		a := newAudited(t, kind)
		for range 4 {
			killed := make(chan struct{})
			go func() {
				defer close(killed)
				for range 8 {
					if a.act() != nil {
						return
					}
				}
			}()
			if err := a.act(); err != nil {
				t.Fatal(err)
			}
			a.server.kill()
			<-killed
			a.audit("verify").want(0)
			a.start()
		}
		a.acts(1)
	})
}
