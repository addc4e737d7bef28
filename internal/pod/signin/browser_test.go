package signin_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"podium/podtest"
)

// browser is a browser that shows the console: it keeps cookies, and follows no redirect.
type browser struct {
	t      testing.TB
	url    string
	client *http.Client
	header http.Header // of every request
}

func newBrowser(t testing.TB, address string) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &browser{t: t, url: address, header: http.Header{"Podium-Console": {"1"}}, client: &http.Client{
		Jar:           jar,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// answer is an answer that a browser has read.
type answer struct {
	status   int
	body     string
	location string
	cookies  []*http.Cookie
}

func (b *browser) do(method, path string, body any) answer {
	b.t.Helper()
	address := path
	if strings.HasPrefix(path, "/") {
		address = b.url + path
	}
	var text []byte
	if body != nil {
		var err error
		if text, err = json.Marshal(body); err != nil {
			b.t.Fatal(err)
		}
	}
	r, err := http.NewRequestWithContext(b.t.Context(), method, address, bytes.NewReader(text))
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header = b.header.Clone()
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	got, err := b.client.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer got.Body.Close()
	data, err := io.ReadAll(got.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return answer{got.StatusCode, string(data), got.Header.Get("Location"), got.Cookies()}
}

func (b *browser) password(username, password string) answer {
	b.t.Helper()
	return b.do(http.MethodPost, "/podium/v1/signin/password", map[string]string{"username": username, "password": password})
}

func (b *browser) link(code string) answer {
	b.t.Helper()
	return b.do(http.MethodPost, "/podium/v1/signin/link", map[string]string{"code": code})
}

// who returns the status with which the console reads its user.
func (b *browser) who() int {
	b.t.Helper()
	return b.do(http.MethodGet, "/pod/v2/sessioninfo", nil).status
}

// cookie returns the value of a cookie; empty if the browser has none of the name.
func (b *browser) cookie(name string) string {
	b.t.Helper()
	at, err := url.Parse(b.url + "/podium/v1/signin/oidc/callback")
	if err != nil {
		b.t.Fatal(err)
	}
	for _, c := range b.client.Jar.Cookies(at) {
		if c.Name == name {
			return c.Value
		}
	}
	return ""
}

// setCookie replaces the value of a cookie.
func (b *browser) setCookie(name, value string) {
	b.t.Helper()
	at, err := url.Parse(b.url)
	if err != nil {
		b.t.Fatal(err)
	}
	b.client.Jar.SetCookies(at, []*http.Cookie{{Name: name, Value: value, Path: "/"}})
}

// want fails the test unless the answer has the status.
func (a answer) want(t testing.TB, status int) answer {
	t.Helper()
	if a.status != status {
		t.Fatalf("%d %s, not %d", a.status, a.body, status)
	}
	return a
}

const sessionCookie = "podium_session_190"

// A session of the console ends as every session does, and its cookie opens only what its session
// opens.
func TestTheCookieIsASession(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		b := newBrowser(t, p.URL)
		b.link(p.LoginLink("alice")).want(t, http.StatusOK)
		if got := b.who(); got != http.StatusOK {
			t.Fatalf("with the cookie: %d", got)
		}
		for _, path := range []string{"/agent/v4/datafeed/create", "/agent/v5/datafeeds"} { // no key manager's token
			if got := b.do(http.MethodPost, path, map[string]string{"tag": "t"}).status; got >= 300 {
				t.Errorf("%s: %d", path, got)
			}
		}
		// an operation that asks for an access token asks the console for the right alone
		lists := "/profile-manager/v1/groups/type/SDL"
		if got := b.do(http.MethodGet, lists, nil).status; got != http.StatusForbidden {
			t.Errorf("lists without the right: %d", got)
		}
		admin := newBrowser(t, p.URL)
		admin.link(p.LoginLink("acme-admin")).want(t, http.StatusOK)
		if got := admin.do(http.MethodGet, lists, nil).status; got != http.StatusOK {
			t.Errorf("lists with the right: %d", got)
		}
		if got := admin.do(http.MethodPost, "/login/idm/tokens?scope=profile-manager", nil).status; got != http.StatusForbidden {
			t.Errorf("an access token for a page: %d", got)
		}
		token := b.cookie(sessionCookie)
		for name, wrong := range map[string]string{
			"of another company": p.Stranger("globex-bot").Client.Token, "cut": token[:len(token)-1], "changed": "x" + token[1:], "key manager's": p.KeyManager("acme-bot").Client.Token, "empty": "",
		} {
			other := newBrowser(t, p.URL)
			other.setCookie(sessionCookie, wrong)
			if got := other.who(); got != http.StatusUnauthorized {
				t.Errorf("a cookie %s: %d", name, got)
			}
		}
		globex := newBrowser(t, p.SecondURL)
		globex.setCookie("podium_session_191", token)
		if got := globex.who(); got != http.StatusUnauthorized {
			t.Errorf("Acme's session at Globex: %d", got)
		}
		p.Bot("acme-admin").Post("/pod/v1/admin/user/"+strconv.FormatInt(p.ID(190, "alice"), 10)+"/status/update", map[string]string{"status": "DISABLED"}).Want(http.StatusOK)
		if got := b.who(); got != http.StatusUnauthorized {
			t.Errorf("after the account is disabled: %d", got)
		}
		b.do(http.MethodPost, "/podium/v1/signout", nil).want(t, http.StatusOK)
		if b.cookie(sessionCookie) != "" {
			t.Error("the sign-out leaves the cookie")
		}
	})
}

// Where a pod is not podium dev's, a name alone does not sign in: the operation is not there.
func TestDemoIsOff(t *testing.T) {
	t.Parallel()
	p := podtest.Start(t, podtest.WithConfig(production))
	b := newBrowser(t, p.URL)
	b.do(http.MethodPost, "/podium/v1/signin/demo", map[string]string{"username": "alice"}).want(t, http.StatusNotFound)
	b.password("alice", "x").want(t, http.StatusNotFound)
	state := b.do(http.MethodGet, "/podium/v1/signin", nil).want(t, http.StatusOK)
	if !strings.Contains(state.body, `"methods":["link"]`) || strings.Contains(state.body, "alice") {
		t.Errorf("the state is %s", state.body)
	}
}
