package session_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/db/dbtest"
	"podium/internal/db/lock"
	"podium/internal/pod/certs"
	"podium/podtest"
)

// errHeld rolls back a transaction that only held a lock.
var errHeld = errors.New("the held lock is released")

// waiting returns once n statements wait for a lock.
func waiting(t *testing.T, tx *db.Tx, n int64) error {
	for {
		// otherwise a transaction sees one state of it
		if err := tx.Exec(`SELECT pg_stat_clear_snapshot()`); err != nil {
			return err
		}
		have, err := db.Value[int64](tx, `
			SELECT COUNT(*)
			FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
			WHERE NOT l.granted AND l.locktype IN ('transactionid', 'tuple') AND a.datname = current_database()`)
		if err != nil || have >= n {
			return err
		}
		select {
		case <-time.After(time.Millisecond):
		case <-t.Context().Done():
			return t.Context().Err()
		}
	}
}

// queued starts calls one after another, each when the one before waits for a lock that hold has
// taken. Then it rolls back hold, and returns when the calls have ended. PostgreSQL gives a row to
// waiting transactions in the order of arrival.
func queued(t *testing.T, p *podtest.Pod, hold func(tx *db.Tx) error, calls ...func()) {
	t.Helper()
	var running sync.WaitGroup
	defer running.Wait()
	_, err := db.Write(context.Background(), p.Inner.DB, func(tx *db.Tx) (struct{}, error) {
		if err := hold(tx); err != nil {
			return struct{}{}, err
		}
		if err := waiting(t, tx, 0); err != nil { // hold is sent with the next read
			return struct{}{}, err
		}
		for i, call := range calls {
			running.Go(call)
			if err := waiting(t, tx, int64(i+1)); err != nil {
				return struct{}{}, err
			}
		}
		return struct{}{}, errHeld
	})
	if !errors.Is(err, errHeld) {
		t.Error(err)
	}
}

// onPostgres runs a test only where transactions run concurrently: SQLite has one writer.
func onPostgres(t *testing.T, test func(t *testing.T, p *podtest.Pod, clock *podtest.Clock)) {
	t.Helper()
	dbtest.NeedPostgres(t)
	clock := podtest.NewClock()
	test(t, podtest.StartOn(t, dbtest.Postgres, podtest.WithClock(clock)), clock)
}

// TestNoSessionSlipsPastAChangeOfTheAccount lets a login and a change of the account wait for the
// account's row. If the login is first, its session is ended. If the change is first, the login is
// refused; only the end of all sessions lets it open the first of the next sessions.
func TestNoSessionSlipsPastAChangeOfTheAccount(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(admin *podtest.User, id int64){
		"key revoked": func(admin *podtest.User, id int64) {
			admin.Post(fmt.Sprintf("/pod/v2/admin/user/%d/update", id), map[string]any{"currentKey": map[string]string{"action": "REVOKE"}}).Want(200)
		},
		"disabled": func(admin *podtest.User, id int64) {
			admin.Post(fmt.Sprintf("/pod/v1/admin/user/%d/status/update", id), map[string]string{"status": "DISABLED"}).Want(200)
		},
		"all sessions ended": func(admin *podtest.User, id int64) {
			admin.Post(fmt.Sprintf("/pod/v1/users/%d/sessions/logout", id), nil).Want(200)
		},
		"suspended": func(admin *podtest.User, id int64) {
			admin.Put(fmt.Sprintf("/pod/v1/admin/user/%d/suspension/update", id), map[string]any{
				"suspended": true, "suspendedUntil": time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC).UnixMilli(), "suspensionReason": "x",
			}).Want(200)
		},
	} {
		for _, path := range []string{"/login/pubkey/authenticate", "/relay/pubkey/authenticate"} {
			for _, first := range []string{"login", "change"} {
				t.Run(name+path+", first the "+first, func(t *testing.T) {
					t.Parallel()
					onPostgres(t, func(t *testing.T, p *podtest.Pod, clock *podtest.Clock) {
						admin, bob := p.Bot("acme-admin"), p.User("bob")
						body := tokenBody(signed(t, podtest.Key(), bob.Username, clock.Now()))
						status := 0
						calls := []func(){
							func() { status, _, _ = send(t, p.URL+path, "x", body) },
							func() { change(admin, bob.ID) },
						}
						if first == "change" {
							slices.Reverse(calls)
						}
						queued(t, p, func(tx *db.Tx) error {
							return tx.Change(`UPDATE users SET version = version WHERE id = $1`, bob.ID)
						}, calls...)
						want, sessions := map[string]int{"login": 200, "change": 401}[first], int64(0)
						if first == "change" && name == "all sessions ended" {
							want, sessions = 200, 1
						}
						if status != want {
							t.Errorf("the login answers %d, not %d", status, want)
						}
						if n := p.Number(t, `SELECT COUNT(*) FROM sessions WHERE user_id = $1`, bob.ID); n != sessions {
							t.Errorf("%d sessions live on, not %d", n, sessions)
						}
					})
				})
			}
		}
	}
}

// TestNoSessionSlipsPastTheEndOfACertificate checks a login that has found its certificate valid.
// If the certificate or its issuer is changed, removed or registered as revoked before the commit,
// it opens no session and exchanges no tokens.
func TestNoSessionSlipsPastTheEndOfACertificate(t *testing.T) {
	t.Parallel()
	set := func(status certs.Status) func(r *registry, tx *db.Tx, c issued) error {
		return func(_ *registry, tx *db.Tx, c issued) error {
			return tx.Change(`UPDATE certificates SET status = $2 WHERE fingerprint = $1`, fingerprint(c.Certificate), status)
		}
	}
	remove := func(_ *registry, tx *db.Tx, c issued) error {
		return tx.Change(`DELETE FROM certificates WHERE fingerprint = $1`, fingerprint(c.Certificate))
	}
	own := func(r *registry, name string) (chain, issued) {
		c := r.register(r.leaf(name, nil), certs.User, certs.Trusted)
		return chain{c}, c
	}
	issuer := func(r *registry, name string) (chain, issued) {
		ca := r.root()
		return chain{r.leaf(name, ca)}, *ca
	}
	for _, c := range []struct {
		name string
		of   func(r *registry, name string) (chain, issued)
		end  func(r *registry, tx *db.Tx, c issued) error
	}{
		{"its own, revoked", own, set(certs.Revoked)},
		{"its own, disabled", own, set(certs.Disabled)},
		{"its own, removed", own, remove},
		{"its issuer, revoked", issuer, set(certs.Revoked)},
		{"its issuer, removed", issuer, remove},
		{"registered as revoked", func(r *registry, name string) (chain, issued) {
			present := chain{r.leaf(name, r.root())}
			return present, present[0]
		}, func(r *registry, tx *db.Tx, c issued) error {
			_, err := r.p.Inner.Certs.Register(tx, auth.Caller{Company: acme.Company}, c.Certificate, certs.Attributes{
				Type: certs.TypeObject{Type: certs.User}, Status: certs.StatusObject{Type: certs.Revoked},
			})
			return err
		}},
	} {
		for path, name := range map[string]string{
			"/sessionauth/v1/authenticate": "acme-bot", "/keyauth/v1/authenticate": "acme-bot",
			"/sessionauth/v1/app/authenticate": "acme-app", "/sessionauth/v1/authenticate/extensionApp": "acme-app",
		} {
			t.Run(c.name+path, func(t *testing.T) {
				t.Parallel()
				onPostgres(t, func(t *testing.T, p *podtest.Pod, clock *podtest.Clock) {
					door := newTLSDoor(t, p)
					r := &registry{t: t, p: p, clock: clock}
					present, decided := c.of(r, name)
					p.Bot("acme-bot")
					p.App("acme-app")
					before := rows(t, p)
					status, text := 0, ""
					var login sync.WaitGroup
					begin := sync.OnceFunc(func() {
						login.Go(func() { status, text = door.present(t, path, "x", present, `{"appToken":"x"}`) })
					})
					p.Write(t, func(tx *db.Tx) error {
						if err := tx.Lock(lock.CertificatesOf(acme.Company)); err != nil {
							return err
						}
						// the lock is sent with the next read
						if err := waiting(t, tx, 0); err != nil {
							return err
						}
						begin()
						// the login has found the certificate valid
						if err := waiting(t, tx, 1); err != nil {
							return err
						}
						return c.end(r, tx, decided)
					})
					login.Wait()
					if status != 401 {
						t.Errorf("the login answers %d %s", status, text)
					}
					if n := rows(t, p); n != before {
						t.Errorf("%d sessions and pairs of tokens, not %d", n, before)
					}
				})
			})
		}
	}
}

// TestNoPairOfTokensSlipsPastTheEndOfAKey checks that an exchange of tokens that has read a valid
// key writes no pair once the application has lost the key.
func TestNoPairOfTokensSlipsPastTheEndOfAKey(t *testing.T) {
	t.Parallel()
	onPostgres(t, func(t *testing.T, p *podtest.Pod, clock *podtest.Clock) {
		p.App("acme-app")
		before, status := rows(t, p), 0
		body := map[string]string{"appToken": "x", "authToken": signed(t, podtest.Key(), "acme-app", clock.Now())}
		var login sync.WaitGroup
		begin := sync.OnceFunc(func() {
			login.Go(func() { status, _, _ = send(t, p.URL+"/login/v1/pubkey/app/authenticate/extensionApp", "x", body) })
		})
		p.Write(t, func(tx *db.Tx) error {
			if err := tx.Lock(lock.App(acme.Company, "acme-app")); err != nil {
				return err
			}
			const pair = `INSERT INTO app_tokens (company, app, app_token, symphony_token, expires) VALUES (190, 'acme-app', 'x', 'held', 1)`
			if err := tx.Exec(pair); err != nil {
				return err
			}
			begin()
			if err := waiting(t, tx, 1); err != nil { // the exchange has read that the key is good
				return err
			}
			for _, statement := range []string{
				`DELETE FROM app_tokens WHERE symphony_token = 'held'`, `DELETE FROM app_keys WHERE app = 'acme-app'`,
				`UPDATE apps SET epoch = epoch + 1 WHERE id = 'acme-app'`,
			} {
				if err := tx.Exec(statement); err != nil {
					return err
				}
			}
			return nil
		})
		login.Wait()
		if status != 401 {
			t.Errorf("the exchange answers %d", status)
		}
		if n := rows(t, p); n != before {
			t.Errorf("%d sessions and pairs of tokens, not %d", n, before)
		}
	})
}

// TestSessionsEndInTheOrderOfTheirIds checks that sessions are locked in the order of their ids by
// every way of ending them. So a transaction never holds a later session while it waits for an
// earlier one.
func TestSessionsEndInTheOrderOfTheirIds(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(p *podtest.Pod, app, alice *podtest.User){
		"by the account": func(p *podtest.Pod, _, alice *podtest.User) {
			p.Bot("acme-admin").Post(fmt.Sprintf("/pod/v1/users/%d/sessions/logout", alice.ID), nil).Want(200)
		},
		"by the application": func(p *podtest.Pod, _, _ *podtest.User) {
			p.Bot("acme-admin").Post("/pod/v1/admin/app/actor/update", map[string]any{"permissions": []string{"GET_BASIC_USER_INFO"}}).Want(200)
		},
		"by the parent": func(_ *podtest.Pod, app, _ *podtest.User) { app.Post("/sessionauth/v1/logout", nil).Want(200) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onPostgres(t, func(t *testing.T, p *podtest.Pod, _ *podtest.Clock) {
				p.MakeApp("actor", "ACT_AS_USER", "GET_BASIC_USER_INFO")
				app, alice, admin := p.App("actor"), p.User("alice"), p.Bot("acme-admin")
				admin.Get("/pod/v2/sessioninfo").Want(200)
				for range 8 {
					p.OnBehalf(app, "alice")
				}
				// The rows are stored in reverse order of their ids.
				var ids []string
				p.Write(t, func(tx *db.Tx) (err error) {
					if ids, err = db.All(tx, db.ScanValue[string], `SELECT id FROM sessions WHERE app = 'actor' ORDER BY id DESC`); err != nil {
						return err
					}
					for _, id := range ids {
						if err := tx.Exec(`UPDATE sessions SET created = created WHERE id = $1`, id); err != nil {
							return err
						}
					}
					return nil
				})
				ids, err := db.Read(context.Background(), p.Inner.DB, func(tx *db.Tx) ([]string, error) {
					return db.All(tx, db.ScanValue[string], `SELECT id FROM sessions WHERE app = 'actor' AND user_id <> 0 ORDER BY id`)
				})
				if err != nil || len(ids) != 8 {
					t.Fatal(ids, err)
				}
				// While the first is locked, an end that waits for it holds none of the others.
				free := 0
				queued(t, p, func(tx *db.Tx) error {
					return tx.Change(`UPDATE sessions SET epoch = epoch WHERE id = $1`, ids[0])
				}, func() { end(p, app, alice) }, func() {
					p.Write(t, func(tx *db.Tx) error {
						list, err := db.All(tx, db.ScanValue[string], `SELECT id FROM sessions WHERE id IN ($1) FOR UPDATE SKIP LOCKED`, ids[1:])
						free = len(list)
						return err
					})
					// its waiting shows that it has read the sessions
					p.Write(t, func(tx *db.Tx) error {
						_, err := db.All(tx, db.ScanValue[string], `SELECT id FROM sessions WHERE id = $1 FOR UPDATE`, ids[0])
						return err
					})
				})
				if free != len(ids)-1 {
					t.Errorf("%d of the %d later sessions are free", free, len(ids)-1)
				}
				for _, id := range ids {
					if n := p.Number(t, `SELECT COUNT(*) FROM sessions WHERE id = $1`, id); n != 0 {
						t.Errorf("the session %s lives on", id)
					}
				}
			})
		})
	}
}
