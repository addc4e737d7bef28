package session_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/pod/companies"
	"podium/internal/pod/session"
	"podium/internal/wire"
	"podium/podtest"
)

// TestSessionsLiveAsLongAsTheCompanyLetsThem checks that a session lives as long as its company's
// setting at the login, however it is used.
func TestSessionsLiveAsLongAsTheCompanyLetsThem(t *testing.T) {
	t.Parallel()
	for _, lifetime := range []time.Duration{companies.MinSessionLifetime, 36 * time.Hour, companies.MaxSessionLifetime} {
		t.Run(lifetime.String(), func(t *testing.T) {
			t.Parallel()
			eachAt(t, func(t *testing.T, p *podtest.Pod, clock *podtest.Clock) {
				setCompany(t, p, func(c *companies.Company) { c.SessionLifetime = lifetime })
				began := clock.Now()
				user, app := p.User("alice"), p.App("acme-app")
				obo := p.OnBehalf(app, "bob")
				km := login(t, p, "/relay/pubkey/authenticate", "acme-bot")
				setCompany(t, p, func(c *companies.Company) { c.SessionLifetime = 2 * time.Hour })

				for _, step := range []struct {
					at     time.Duration
					status int
				}{{time.Minute, 200}, {lifetime - time.Millisecond, 200}, {lifetime, 401}, {lifetime + time.Hour, 401}} {
					clock.Advance(began.Add(step.at).Sub(clock.Now()))
					user.Get("/pod/v2/sessioninfo").Want(step.status)
					obo.Get("/pod/v2/sessioninfo").Want(step.status)
					app.Get("/pod/v2/sessioninfo").Want(map[int]int{200: 403, 401: 401}[step.status])
				}
				if answer := asking(t, p.Inner.Handler(190), "POST", "/keyauth/v1/logout", headers{"sessionToken": km.Token}); answer.Code != 401 {
					t.Errorf("the key manager's session: %d", answer.Code)
				}
				n, err := p.Inner.Sessions.Live(context.Background())
				if err != nil || n != 0 {
					t.Errorf("%d sessions count as live, %v", n, err)
				}
			})
		})
	}
}

// listed returns a user's sessions as a caller sees them.
func listed(t *testing.T, caller *podtest.User, user int64) []session.Session {
	t.Helper()
	var list session.Sessions
	caller.Get(fmt.Sprintf("/pod/v1/users/%d/sessions", user)).Want(200).Into(&list)
	return list.Sessions
}

// TestListOfSessions checks that a user's list has exactly the sessions that the user or
// applications on the user's behalf opened, oldest first.
func TestListOfSessions(t *testing.T) {
	t.Parallel()
	eachAt(t, func(t *testing.T, p *podtest.Pod, clock *podtest.Clock) {
		admin := p.Bot("acme-admin")
		alice := p.User("alice")
		first := alice.Client.Token
		clock.Advance(time.Second)
		obo := p.OnBehalf(p.App("acme-app"), "alice")
		clock.Advance(time.Second)
		login(t, p, "/relay/pubkey/authenticate", "alice")
		alice.Login()
		p.User("bob")

		want := []string{sessionID(t, first), sessionID(t, obo.Client.Token), sessionID(t, alice.Client.Token)}
		for name, caller := range map[string]*podtest.User{"herself": alice, "an administrator": admin} {
			list := listed(t, caller, alice.ID)
			var got []string
			for _, s := range list {
				got = append(got, s.SessionID)
				if s.UserID != wire.UserID(alice.ID) || s.ClientIP != "127.0.0.1" || s.UserAgent == "" || len(s.DeviceHash) != 64 {
					t.Errorf("%s sees %+v", name, s)
				}
				if s.ExpirationDelay != s.CreationTime.Add(companies.DefaultSessionLifetime) {
					t.Errorf("%s sees a session from %d to %d", name, s.CreationTime, s.ExpirationDelay)
				}
			}
			if fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("%s sees %v, not %v", name, got, want)
			}
		}
		clock.Advance(companies.DefaultSessionLifetime - 2*time.Second)
		admin.Login()
		if list := listed(t, admin, alice.ID); len(list) != 2 {
			t.Errorf("when the first has expired, %d are listed", len(list))
		}
	})
}

// TestDevices checks what is shown of the device that logged in.
func TestDevices(t *testing.T) {
	t.Parallel()
	eachAt(t, func(t *testing.T, p *podtest.Pod, clock *podtest.Clock) {
		handler := p.Inner.Handler(190)
		admin := p.Bot("acme-admin")
		hashes := map[string]bool{}
		for _, test := range []struct{ agent, address, browser, os, device string }{
			{"Symphony-BDK-Java/3.0.0 Java/17.0.9", "10.0.0.1", "Unknown", "Unknown", "Unknown"},
			{"Symphony-BDK-Java/3.0.0 Java/17.0.9", "10.0.0.2", "Unknown", "Unknown", "Unknown"},
			{"", "10.0.0.1", "Unknown", "Unknown", "Unknown"},
			{"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36", "10.0.0.1", "Chrome", "Windows", "Unknown"},
			{"Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Mobile/15E148 Safari/604.1", "2001:db8::1", "Safari", "iOS", "iPhone"},
			{"\xff\xfe" + strings.Repeat("x", 2000), "10.0.0.1", "Unknown", "Unknown", "Unknown"},
		} {
			body := strings.NewReader(`{"token":"` + signed(t, podtest.Key(), "acme-bot", clock.Now()) + `"}`)
			request, err := http.NewRequestWithContext(t.Context(), "POST", "/login/pubkey/authenticate", body)
			if err != nil {
				t.Fatal(err)
			}
			request.Header.Set("User-Agent", test.agent)
			request.RemoteAddr = net.JoinHostPort(test.address, "1234")
			answer := recorded(handler, request)
			if answer.Code != 200 {
				t.Fatalf("%q: %d %s", test.agent, answer.Code, answer.Body)
			}
			bot := p.Bot("acme-bot").ID
			list := listed(t, admin, bot)
			for _, s := range list {
				if s.ClientIP == "127.0.0.1" { // the session of Bot
					continue
				}
				if s.ClientIP != test.address || s.Browser != test.browser || s.OS != test.os || s.Device != test.device || len(s.UserAgent) > 1000 {
					t.Errorf("%.80q: %.400s", test.agent, fmt.Sprintf("%+v", s))
				}
				hashes[s.DeviceHash] = true
			}
			admin.Post(fmt.Sprintf("/pod/v1/users/%d/sessions/logout", bot), nil).Want(200)
		}
		if len(hashes) != 6 {
			t.Errorf("%d devices", len(hashes))
		}
	})
}

// TestWhoseSessions checks who may see and end whose sessions, and the answers for ids of no
// account or session.
func TestWhoseSessions(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		admin, alice, bob, app := p.Bot("acme-admin"), p.User("alice"), p.User("bob"), p.App("acme-app")
		dave := p.Stranger("globex-bot")
		daves := sessionID(t, dave.Client.Token)
		bobs := sessionID(t, bob.Client.Token)
		km := login(t, p, "/relay/pubkey/authenticate", "bob").Token
		kms := km[4:36] // the session's id follows the prefix
		unknown := fmt.Sprint(int64(190)<<36 + 999_999)
		for _, test := range []struct {
			name             string
			caller           *podtest.User
			uid, sid         string
			list, one, every int
		}{
			{"another's", alice, id(bob), bobs, 403, 403, 403},
			{"another's, on behalf", p.OnBehalf(app, "alice"), id(bob), bobs, 403, 403, 403},
			{"one's own, on behalf", p.OnBehalf(app, "bob"), id(bob), bobs, 403, 403, 403},
			{"an application's", app, id(bob), bobs, 403, 403, 403},
			{"anonymous", p.Anonymous(), id(bob), bobs, 401, 401, 401},
			{"of no account, by a user", alice, unknown, bobs, 403, 403, 403},
			{"of no account", admin, unknown, bobs, 204, 400, 400},
			{"another company's", admin, id(dave), daves, 204, 400, 400},
			{"another company's, small", admin, "1", daves, 204, 400, 400},
			{"not a number", admin, "bob", bobs, 400, 400, 400},
			{"not a number, a user asks", alice, "bob", bobs, 403, 403, 403},
			{"0", admin, "0", bobs, 204, 400, 400},
			{"negative", admin, "-5", bobs, 0, 400, 400},
			{"too large", admin, "99999999999999999999", bobs, 400, 400, 400},
			{"another's session", admin, id(alice), bobs, 200, 400, 0},
			{"another company's session", admin, id(alice), daves, 200, 400, 0},
			{"a key manager's session", admin, id(bob), kms, 200, 400, 0},
			{"no session", admin, id(bob), "x", 200, 400, 0},
			{"SQL", admin, id(bob), "%27%20OR%20%271%27=%271", 200, 400, 0},
		} {
			t.Run(test.name, func(t *testing.T) {
				for request, want := range map[string]int{
					"GET /pod/v1/users/" + test.uid + "/sessions":                          test.list,
					"POST /pod/v1/users/" + test.uid + "/sessions/" + test.sid + "/logout": test.one,
					"POST /pod/v1/users/" + test.uid + "/sessions/logout":                  test.every,
				} {
					if want == 0 {
						continue
					}
					method, path, _ := strings.Cut(request, " ")
					answer := asking(t, p.Inner.Handler(190), method, path, headers{"sessionToken": test.caller.Client.Token})
					if answer.Code != want || want == 204 && answer.Body.Len() > 0 {
						t.Errorf("%s: %d %s instead of %d", request, answer.Code, answer.Body, want)
					}
				}
			})
		}
		for _, u := range []*podtest.User{admin, alice, bob, dave} {
			u.Get("/pod/v2/sessioninfo").Want(200)
		}
		if answer := asking(t, p.Inner.Handler(190), "POST", "/keyauth/v1/logout", headers{"sessionToken": km}); answer.Code != 200 {
			t.Errorf("the key manager's session has ended: %d", answer.Code)
		}
	})
}

// TestEndingSessions checks that one session ends alone, and that all end together, including those
// at the key manager and on behalf.
func TestEndingSessions(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		admin, alice, other, bob := p.Bot("acme-admin"), p.User("alice"), p.User("alice"), p.User("bob")
		app := p.App("acme-app")
		obo, again := p.OnBehalf(app, "alice"), p.OnBehalf(app, "alice")
		one := func(u *podtest.User) string {
			return "/pod/v1/users/" + id(alice) + "/sessions/" + sessionID(t, u.Client.Token) + "/logout"
		}

		alice.Post(one(other), nil).Want(200)
		other.Get("/pod/v2/sessioninfo").Want(401)
		alice.Post(one(other), nil).Want(400)
		admin.Post(one(again), nil).Want(200)
		again.Get("/pod/v2/sessioninfo").Want(401)
		obo.Get("/pod/v2/sessioninfo").Want(200)
		alice.Get("/pod/v2/sessioninfo").Want(200)

		km := login(t, p, "/relay/pubkey/authenticate", "alice").Token
		every := "/pod/v1/users/" + id(alice) + "/sessions/logout"
		admin.Post(every, nil).Want(200)
		for _, u := range []*podtest.User{alice, obo} {
			u.Get("/pod/v2/sessioninfo").Want(401)
		}
		if answer := asking(t, p.Inner.Handler(190), "POST", "/keyauth/v1/logout", headers{"sessionToken": km}); answer.Code != 401 {
			t.Errorf("the key manager's session lives: %d", answer.Code)
		}
		admin.Post(every, nil).Want(200) // there are none
		bob.Get("/pod/v2/sessioninfo").Want(200)
		p.OnBehalf(app, "bob").Get("/pod/v2/sessioninfo").Want(200)

		// A user may end all of their own sessions, including the calling one. That is a fact, too.
		bob.Post("/pod/v1/users/"+id(bob)+"/sessions/logout", nil).Want(200)
		bob.Get("/pod/v2/sessioninfo").Want(401)
		// one was alice's own
		if n := p.Number(t, `SELECT COUNT(*) FROM events WHERE kind = 'user.loggedOut' AND subject = $1`, id(alice)); n != 3 {
			t.Errorf("%d facts of alice's sessions", n)
		}
		if n := p.Number(t, `SELECT COUNT(*) FROM events WHERE kind = 'user.loggedOut' AND subject = $1`, id(bob)); n != 1 {
			t.Errorf("%d facts of bob's sessions", n)
		}
	})
}

// TestAnExpiredSessionCannotBeEnded checks that an expired session counts as absent although its
// row may exist.
func TestAnExpiredSessionCannotBeEnded(t *testing.T) {
	t.Parallel()
	eachAt(t, func(t *testing.T, p *podtest.Pod, clock *podtest.Clock) {
		setCompany(t, p, func(c *companies.Company) { c.SessionLifetime = time.Hour })
		bob := p.User("bob")
		clock.Advance(time.Hour)
		admin := p.Bot("acme-admin")
		admin.Post("/pod/v1/users/"+id(bob)+"/sessions/"+sessionID(t, bob.Client.Token)+"/logout", nil).Want(400)
		if p.Number(t, `SELECT COUNT(*) FROM sessions WHERE user_id = $1`, bob.ID) != 1 {
			t.Error("the test shows nothing: the row is gone")
		}
	})
}

// TestSweep checks that the sweep deletes all expired rows, in several steps, and no live ones.
func TestSweep(t *testing.T) {
	t.Parallel()
	eachAt(t, func(t *testing.T, p *podtest.Pod, clock *podtest.Clock) {
		setCompany(t, p, func(c *companies.Company) { c.SessionLifetime = time.Hour })
		login(t, p, "/login/pubkey/authenticate", "acme-bot")
		const expired = 2*session.SweepMost + 7
		p.Write(t, func(tx *db.Tx) error {
			for i := range expired {
				err := tx.Exec(`
					INSERT INTO sessions (id, company, kind, user_id, app, parent, epoch, method, created, expires, address, user_agent)
					VALUES ($1, 190, $2, 1, '', '', 0, 'rsa', 0, $3, '', '')`, fmt.Sprintf("%032x", i), auth.UserSession, tx.Now().Add(-time.Duration(i)*time.Millisecond))
				if err != nil {
					return err
				}
			}
			for i := range session.SweepMost + 1 {
				err := tx.Exec(`
					INSERT INTO app_tokens (company, app, app_token, symphony_token, expires)
					VALUES (190, 'acme-app', $1, 'x', $2)`, fmt.Sprint(i), tx.Now())
				if err != nil {
					return err
				}
			}
			return tx.Exec(`INSERT INTO app_tokens (company, app, app_token, symphony_token, expires) VALUES (190, 'acme-app', 'live', 'x', $1)`, tx.Now()+1)
		})
		if err := p.Inner.Sessions.SweepOnce(context.Background()); err != nil {
			t.Fatal(err)
		}
		if n := rows(t, p); n != 2 {
			t.Errorf("%d sessions and token pairs are left, not the two that live", n)
		}
		clock.Advance(time.Hour)
		if err := p.Inner.Sessions.SweepOnce(context.Background()); err != nil {
			t.Fatal(err)
		}
		if n := rows(t, p); n != 0 {
			t.Errorf("%d sessions and token pairs are left", n)
		}
	})
}

// TestSweepRuns checks that Sweep begins at once and ends with its context.
func TestSweepRuns(t *testing.T) {
	t.Parallel()
	eachAt(t, func(t *testing.T, p *podtest.Pod, clock *podtest.Clock) {
		login(t, p, "/login/pubkey/authenticate", "acme-bot")
		clock.Advance(companies.MaxSessionLifetime)
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() {
			p.Inner.Sessions.Sweep(ctx)
			close(done)
		}()
		for rows(t, p) > 0 { // the test's own deadline ends it
			select {
			case <-done:
				t.Fatal("the sweep has ended by itself")
			default:
			}
		}
		stop()
		<-done
	})
}
