package signin_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/zitadel/oidc/v3/example/server/exampleop"
	"github.com/zitadel/oidc/v3/example/server/storage"

	"podium/internal/db"
	"podium/internal/oidc"
	"podium/internal/pod/signin"
	"podium/podtest"
)

const (
	callback = "/podium/v1/signin/oidc/callback"
	begin    = "/podium/v1/signin/oidc"
)

// directory is the users of the real provider.
type directory map[string]*storage.User

func (d directory) GetUserByID(id string) *storage.User { return d[id] }

func (d directory) GetUserByUsername(name string) *storage.User {
	for _, u := range d {
		if u.Username == name {
			return u
		}
	}
	return nil
}

func (d directory) ExampleClientID() string { return storage.ServiceUserID }

// realProvider runs the OpenID provider of github.com/zitadel/oidc for Acme's console at an
// address, and returns its issuer.
func realProvider(t *testing.T, address string) string {
	t.Helper()
	var handler http.Handler
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) }))
	t.Cleanup(server.Close)
	users := directory{}
	for name, email := range map[string]string{"alice": "Alice@Acme.Example", "zoe": "zoe@acme.example", "acme-bot": "acme-bot@acme.example"} {
		users["id-"+name] = &storage.User{ID: "id-" + name, Username: name, Password: "secret " + name, Email: email, EmailVerified: true}
	}
	kept := storage.NewStorageWithClients(users, map[string]*storage.Client{"podium": storage.WebClient("podium", "a secret", address+callback)})
	handler = exampleop.SetupServer(server.URL, kept, slog.New(slog.DiscardHandler), false)
	return server.URL
}

func use(t *testing.T, p *podtest.Pod, issuer string, change ...func(*signin.Provider)) {
	t.Helper()
	provider := signin.Provider{Config: oidc.Config{Issuer: issuer, ClientID: "podium", Secret: "a secret"}, Claim: "email", Attribute: signin.Email}
	for _, c := range change {
		c(&provider)
	}
	p.Write(t, func(tx *db.Tx) error { return signin.SetProvider(tx, p.Inner.Journal, 190, provider) })
}

// signInAt signs in at the real provider, as a person does in its page, and returns the address to
// which the provider sends the browser.
func (b *browser) signInAt(issuer, address, username string) string {
	b.t.Helper()
	page := b.do(http.MethodGet, address, nil)
	for page.status == http.StatusFound && strings.HasPrefix(page.location, "/") {
		page = b.do(http.MethodGet, issuer+page.location, nil)
	}
	id := regexp.MustCompile(`name="id" value="([^"]*)"`).FindStringSubmatch(page.body)
	if id == nil {
		b.t.Fatalf("the provider's page: %d %s", page.status, page.body)
	}
	form := url.Values{"id": {id[1]}, "username": {username}, "password": {"secret " + username}}
	r, err := http.NewRequestWithContext(b.t.Context(), http.MethodPost, issuer+"/login/username", strings.NewReader(form.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	got, err := b.client.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	io.Copy(io.Discard, got.Body)
	got.Body.Close()
	back := b.do(http.MethodGet, issuer+strings.TrimPrefix(got.Header.Get("Location"), issuer), nil)
	if back.status != http.StatusFound || !strings.HasPrefix(back.location, b.url) {
		b.t.Fatalf("the provider sends the browser to %d %q %s", back.status, back.location, back.body)
	}
	return back.location
}

// begun begins a sign-in and returns the provider's address.
func (b *browser) begun() string {
	b.t.Helper()
	return b.do(http.MethodGet, begin, nil).want(b.t, http.StatusFound).location
}

// wantError fails the test unless the answer leads to the page with an error.
func (a answer) wantError(t testing.TB, why string) {
	t.Helper()
	if a.status != http.StatusFound || a.location != "/#/signin?error="+why {
		t.Errorf("%d to %q, not with the error %s", a.status, a.location, why)
	}
	for _, c := range a.cookies {
		if c.Name == sessionCookie {
			t.Error("an error comes with a session")
		}
	}
}

// A person signs in at a real provider. Its answer counts once, and in the browser that asked.
func TestRealProvider(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		newBrowser(t, p.URL).do(http.MethodGet, begin, nil).want(t, http.StatusNotFound)
		issuer := realProvider(t, p.URL)
		use(t, p, issuer)
		b := newBrowser(t, p.URL)
		if state := b.do(http.MethodGet, "/podium/v1/signin", nil); !strings.Contains(state.body, `"oidc"`) {
			t.Errorf("the state is %s", state.body)
		}
		address := b.begun()
		for _, part := range []string{"state=", "nonce=", "code_challenge=", "code_challenge_method=S256", "response_type=code"} {
			if !strings.Contains(address, part) {
				t.Errorf("%s lacks %s", address, part)
			}
		}
		back := b.signInAt(issuer, address, "alice")
		newBrowser(t, p.URL).do(http.MethodGet, back, nil).wantError(t, "expired") // another browser, which uses nothing up
		got := b.do(http.MethodGet, back, nil).want(t, http.StatusFound)
		if got.location != "/" || b.who() != http.StatusOK {
			t.Errorf("to %q, and the session is %d", got.location, b.who())
		}
		if b.cookie("podium_oidc_190") != "" {
			t.Error("the cookie of the flow is kept")
		}
		b.do(http.MethodGet, back, nil).wantError(t, "expired") // again
		if facts := strings.Join(p.Facts(p.ID(190, "alice")), "\n"); !strings.Contains(facts, `session.signedIn {"method":"oidc"`) {
			t.Errorf("alice's facts: %s", facts)
		}
		for name, why := range map[string]string{"zoe": "account", "acme-bot": "account"} { // unknown; a service
			b := newBrowser(t, p.URL)
			b.do(http.MethodGet, b.signInAt(issuer, b.begun(), name), nil).wantError(t, why)
			if b.who() != http.StatusUnauthorized {
				t.Errorf("%s is signed in", name)
			}
		}
		// two flows of one browser: the cookie is of the later one
		first := b.begun()
		second := b.begun()
		b.do(http.MethodGet, b.signInAt(issuer, first, "alice"), nil).wantError(t, "expired")
		if at := b.do(http.MethodGet, b.signInAt(issuer, second, "alice"), nil); at.location != "/" {
			t.Errorf("the later flow leads to %s", at.location)
		}
		refused := newBrowser(t, p.URL)
		state, err := url.Parse(refused.begun())
		if err != nil {
			t.Fatal(err)
		}
		refused.do(http.MethodGet, callback+"?error=access_denied&state="+state.Query().Get("state"), nil).wantError(t, "denied")
		use(t, p, issuer, func(c *signin.Provider) { c.Claim, c.Attribute = "preferred_username", signin.Username })
		named := newBrowser(t, p.URL)
		if at := named.do(http.MethodGet, named.signInAt(issuer, named.begun(), "alice"), nil); at.location != "/" || named.who() != http.StatusOK {
			t.Errorf("by user name: %s", at.location)
		}
		use(t, p, issuer, func(c *signin.Provider) { c.Secret = "wrong" })
		wrong := newBrowser(t, p.URL)
		wrong.do(http.MethodGet, wrong.signInAt(issuer, wrong.begun(), "alice"), nil).wantError(t, "provider")
		p.Write(t, func(tx *db.Tx) error { return signin.RemoveProvider(tx, p.Inner.Journal, 190) })
		newBrowser(t, p.URL).do(http.MethodGet, begin, nil).want(t, http.StatusNotFound)
	})
}
