package session_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"

	"podium/podtest"
)

// TestSessionsOnBehalfEndWithActAsUser checks that a session on behalf of a user needs ACT_AS_USER
// all the time. When the permission is revoked, the session ends for good. The application's own
// session continues.
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

// TestOnBehalfLoginsAreFacts checks that each session that an application opens on behalf of a user
// is a fact about that user, with the application as the actor. A refused one is not.
func TestOnBehalfLoginsAreFacts(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		alice, app := p.User("alice"), p.App("acme-app")
		recorded := func() int64 {
			return p.Number(t, `
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
		if got := p.Number(t, `SELECT COUNT(*) FROM events WHERE kind = 'session.openedOnBehalf'`); got != 2 {
			t.Errorf("%d facts in all", got)
		}
	})
}

// TestActAsUserIsImplicit checks that an application that never named ACT_AS_USER acts on behalf of
// users, also after its permissions are replaced by others without it.
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
		change("GET_BASIC_USER_INFO") // named, and then removed
		u.Get("/pod/v2/sessioninfo").Want(401)
	})
}

// TestAnAccessTokenMakesNoOther checks that an access token, which is valid for five minutes,
// cannot request another, whatever the scopes.
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

// TestNoApplicationActsForADistributionList checks that the id and the name of a distribution list
// are answered like unknown ones.
func TestNoApplicationActsForADistributionList(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		list := p.List("Rates desk")
		app := p.App("acme-app")
		unknown := int64(190)<<36 + 999_999
		for _, path := range []string{"/login/pubkey/app/user/%v/authenticate", "/sessionauth/v1/app/user/%v/authenticate"} {
			got, want := app.Post(fmt.Sprintf(path, list.ID), nil), app.Post(fmt.Sprintf(path, unknown), nil)
			if got.Status != want.Status || string(got.Body) != string(want.Body) || got.Status/100 != 4 {
				t.Errorf("%s: %d %s, of an unknown account %d %s", path, got.Status, got.Body, want.Status, want.Body)
			}
		}
		for _, path := range []string{"/login/pubkey/app/username/%v/authenticate", "/sessionauth/v1/app/username/%v/authenticate"} {
			got, want := app.Post(fmt.Sprintf(path, list.Username), nil), app.Post(fmt.Sprintf(path, "no-such-user"), nil)
			if got.Status != want.Status || string(got.Body) != string(want.Body) || got.Status/100 != 4 {
				t.Errorf("%s: %d %s, of an unknown account %d %s", path, got.Status, got.Body, want.Status, want.Body)
			}
		}
	})
}

// TestNoSessionSlipsPastTheEndOfActAsUser checks that sessions that are opened while ACT_AS_USER is
// revoked end with it, or are not opened.
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
						// without a token there is nothing to try
						_ = json.Unmarshal(answer.Body, &made)
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
