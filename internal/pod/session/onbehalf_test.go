package session_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"

	"podium/podtest"
)

// A session on behalf of a user needs ACT_AS_USER as long as it lives, not only when it is opened: with the permission the
// session ends, for good. What the application does for itself goes on.
func TestSessionsOnBehalfEndWithActAsUser(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		admin := p.Bot("acme-admin")
		p.MakeApp("actor", "ACT_AS_USER", "GET_BASIC_USER_INFO")
		app := p.App("actor")
		first := p.OnBehalf(app, "alice")
		first.Get("/pod/v2/sessioninfo").Want(200)
		change := func(permissions ...string) {
			admin.Post("/pod/v1/admin/app/actor/update", map[string]any{"permissions": permissions}).Want(200)
		}

		change("GET_BASIC_USER_INFO")
		first.Get("/pod/v2/sessioninfo").Want(401)
		app.Post("/login/pubkey/app/username/alice/authenticate", nil).Want(403)
		change("ACT_AS_USER", "GET_BASIC_USER_INFO")
		first.Get("/pod/v2/sessioninfo").Want(401)
		p.OnBehalf(app, "alice").Get("/pod/v2/sessioninfo").Want(200)
	})
}

// Each session that an application opens on behalf of a user is a fact of that user, recorded as the application's act. A refused one
// is none.
func TestOnBehalfLoginsAreFacts(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		alice, app := p.User("alice"), p.App("acme-app")
		recorded := func() int64 {
			return read(t, p, `
				SELECT COUNT(*)
				FROM events
				WHERE kind = 'session.openedOnBehalf' AND company = 190 AND subject = $1 AND subject_name = 'alice' AND actor = 0
					AND app = 'acme-app' AND data = '{"app":"acme-app"}'`, id(alice))
		}
		for n, open := range []string{"/login/pubkey/app/username/alice/authenticate", "/login/pubkey/app/user/" + id(alice) + "/authenticate"} {
			app.Post(open, nil).Want(200)
			if got := recorded(); got != int64(n+1) {
				t.Errorf("%s: %d facts, not %d", open, got, n+1)
			}
		}
		alice.Post("/login/pubkey/app/username/alice/authenticate", nil).Want(403)
		if got := read(t, p, `SELECT COUNT(*) FROM events WHERE kind = 'session.openedOnBehalf'`); got != 2 {
			t.Errorf("%d facts in all", got)
		}
	})
}

// ACT_AS_USER is implicit: an application that never named it acts on behalf of users, and goes on when its permissions are
// replaced by others that do not name it either.
func TestActAsUserIsImplicit(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		admin := p.Bot("acme-admin")
		p.MakeApp("silent", "LIST_USER_STREAMS")
		u := p.OnBehalf(p.App("silent"), "alice")
		u.Post("/pod/v1/streams/list", nil).Want(200)
		change := func(permissions ...string) {
			admin.Post("/pod/v1/admin/app/silent/update", map[string]any{"permissions": permissions}).Want(200)
		}
		change("GET_BASIC_USER_INFO")
		u.Post("/pod/v1/streams/list", nil).Want(403)
		u.Get("/pod/v2/sessioninfo").Want(200)
		change("GET_BASIC_USER_INFO", "ACT_AS_USER")
		u.Get("/pod/v2/sessioninfo").Want(200)
		change("GET_BASIC_USER_INFO") // named, and taken away
		u.Get("/pod/v2/sessioninfo").Want(401)
	})
}

// An access token, good for five minutes, makes no other ones, of whatever scopes, and so opens nothing for longer than
// that.
func TestAnAccessTokenMakesNoOther(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		admin := p.Bot("acme-admin")
		for _, scopes := range []string{"", "at2", "profile-manager at2"} {
			token := admin.AccessToken(scopes)
			for _, wanted := range []string{"", "?scope=at2", "?scope=profile-manager%20at2"} {
				request, err := http.NewRequestWithContext(t.Context(), "POST", p.URL+"/login/idm/tokens"+wanted, nil)
				if err != nil {
					t.Fatal(err)
				}
				request.Header.Set("Authorization", "Bearer "+token)
				answer, err := http.DefaultClient.Do(request)
				if err != nil {
					t.Fatal(err)
				}
				answer.Body.Close()
				if answer.StatusCode != 403 {
					t.Errorf("with a token of %q for %q: %d", scopes, wanted, answer.StatusCode)
				}
			}
		}
	})
}

// Nobody acts on behalf of a distribution list: its id and its name are answered as ids and names that nobody has.
func TestNobodyActsForADistributionList(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		list := p.List("Rates desk")
		app := p.App("acme-app")
		nobody := int64(190)<<36 + 999_999
		for _, path := range []string{"/login/pubkey/app/user/%v/authenticate", "/sessionauth/v1/app/user/%v/authenticate"} {
			got, want := app.Post(fmt.Sprintf(path, list.ID), nil), app.Post(fmt.Sprintf(path, nobody), nil)
			if got.Status != want.Status || string(got.Body) != string(want.Body) || got.Status/100 != 4 {
				t.Errorf("%s: %d %s, of nobody %d %s", path, got.Status, got.Body, want.Status, want.Body)
			}
		}
		for _, path := range []string{"/login/pubkey/app/username/%v/authenticate", "/sessionauth/v1/app/username/%v/authenticate"} {
			got, want := app.Post(fmt.Sprintf(path, list.Username), nil), app.Post(fmt.Sprintf(path, "nobody"), nil)
			if got.Status != want.Status || string(got.Body) != string(want.Body) || got.Status/100 != 4 {
				t.Errorf("%s: %d %s, of nobody %d %s", path, got.Status, got.Body, want.Status, want.Body)
			}
		}
	})
}

// Sessions that are opened beside the change that takes ACT_AS_USER away end with it, or are not opened.
func TestNoSessionSlipsPastTheEndOfActAsUser(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		admin := p.Bot("acme-admin")
		p.MakeApp("actor", "ACT_AS_USER", "GET_BASIC_USER_INFO")
		app := p.App("actor")
		p.User("alice")
		change := func(permissions ...string) {
			admin.Post("/pod/v1/admin/app/actor/update", map[string]any{"permissions": permissions}).Want(200)
		}
		opened := 0
		for range 10 {
			tokens := make(chan string, 8)
			for range cap(tokens) {
				go func() {
					answer, err := app.Client.Do(t.Context(), "POST", "/login/pubkey/app/username/alice/authenticate", nil)
					var made struct{ Token string }
					if err == nil && answer.Status == 200 {
						_ = json.Unmarshal(answer.Body, &made) // without a token there is nothing to try
					}
					tokens <- made.Token
				}()
			}
			change("GET_BASIC_USER_INFO")
			for range cap(tokens) {
				token := <-tokens
				if token == "" {
					continue
				}
				opened++
				if answer := asking(t, p.Inner.Handler(190), "GET", "/pod/v2/sessioninfo", headers{"sessionToken": token}); answer.Code != 401 {
					t.Errorf("a session lives: %d", answer.Code)
				}
			}
			change("ACT_AS_USER", "GET_BASIC_USER_INFO")
		}
		t.Logf("%d sessions were opened", opened)
	})
}
