package op

import (
	"context"
	"crypto/tls"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"podium/internal/auth"
	"podium/internal/wire"
)

// cookied returns a frame with an operation that needs a session and one that sets cookies. seen
// holds the credentials that the frame passes on.
func cookied(seen *Credentials) http.Handler {
	f := &Frame{
		Log: slog.New(slog.DiscardHandler), MaxBody: 1 << 10,
		Company: func(*http.Request) (wire.CompanyID, bool) { return 190, true },
		Address: func(*http.Request) string { return "192.0.2.1" },
		Authenticate: func(_ context.Context, _ wire.CompanyID, c Credentials) (auth.Caller, error) {
			*seen = c
			return auth.Caller{Company: 190, Kind: auth.UserSession, User: wire.NewUserID(190, 7)}, nil
		},
	}
	type input struct{ Peer Peer }
	type none struct{}
	declared := func(id, route string, needs auth.Need, h Handler[none]) Operation[none] {
		return Operation[none]{ID: id, Route: route, Tag: "T", Summary: "S.", Needs: needs, Handle: h}
	}
	return f.Handler(Bind(&none{},
		declared("use", "GET /use", auth.AnyUser, Call(func(*none, context.Context, auth.Caller, input) (struct{}, error) {
			return struct{}{}, nil
		})),
		declared("set", "GET /set", auth.Anyone, Call(func(*none, context.Context, auth.Caller, input) (Cookied[struct{}], error) {
			return Cookied[struct{}]{Cookies: []Cookie{
				{Name: "kept", Value: "v", Age: time.Minute}, {Name: "lax", Value: "w", Path: "/p", Age: time.Hour, Lax: true}, {Name: "gone"},
			}}, nil
		}))))
}

// TestWhoseCookieIsTaken checks which requests may use the session cookie: those that the console's
// page sends, with the one cookie of the company, and without other credentials.
func TestWhoseCookieIsTaken(t *testing.T) {
	t.Parallel()
	const own = "podium_session_190=token"
	for name, c := range map[string]struct {
		headers http.Header
		secure  bool
		taken   bool
	}{
		"page":                   {http.Header{"Podium-Console": {"1"}, "Cookie": {own}}, false, true},
		"browser's page":         {http.Header{"Podium-Console": {"1"}, "Cookie": {own}, "Sec-Fetch-Site": {"same-origin"}, "Origin": {"http://pod.test"}}, false, true},
		"over TLS":               {http.Header{"Podium-Console": {"1"}, "Cookie": {own}, "Origin": {"https://POD.test"}}, true, true},
		"untold TLS":             {http.Header{"Podium-Console": {"1"}, "Cookie": {own}, "Origin": {"https://pod.test"}}, false, true},
		"among others":           {http.Header{"Podium-Console": {"1"}, "Cookie": {"a=b; " + own, "c=d"}}, false, true},
		"no header":              {http.Header{"Cookie": {own}}, false, false},
		"no header, same origin": {http.Header{"Cookie": {own}, "Sec-Fetch-Site": {"same-origin"}}, false, false},
		"other header":           {http.Header{"Podium-Console": {"0"}, "Cookie": {own}}, false, false},
		"cross-site":             {http.Header{"Podium-Console": {"1"}, "Cookie": {own}, "Sec-Fetch-Site": {"cross-site"}}, false, false},
		"same site":              {http.Header{"Podium-Console": {"1"}, "Cookie": {own}, "Sec-Fetch-Site": {"same-site"}}, false, false},
		"navigation":             {http.Header{"Podium-Console": {"1"}, "Cookie": {own}, "Sec-Fetch-Site": {"none"}}, false, false},
		"two sites":              {http.Header{"Podium-Console": {"1"}, "Cookie": {own}, "Sec-Fetch-Site": {"same-origin", "cross-site"}}, false, false},
		"other origin":           {http.Header{"Podium-Console": {"1"}, "Cookie": {own}, "Origin": {"http://evil.test"}}, false, false},
		"other port":             {http.Header{"Podium-Console": {"1"}, "Cookie": {own}, "Origin": {"http://pod.test:8081"}}, false, false},
		"null origin":            {http.Header{"Podium-Console": {"1"}, "Cookie": {own}, "Origin": {"null"}}, false, false},
		"broken origin":          {http.Header{"Podium-Console": {"1"}, "Cookie": {own}, "Origin": {"http://pod.test:a"}}, false, false},
		"other scheme":           {http.Header{"Podium-Console": {"1"}, "Cookie": {own}, "Origin": {"file://pod.test"}}, false, false},
		"two origins":            {http.Header{"Podium-Console": {"1"}, "Cookie": {own}, "Origin": {"http://pod.test", "http://evil.test"}}, false, false},
		"page without TLS":       {http.Header{"Podium-Console": {"1"}, "Cookie": {own}, "Origin": {"http://pod.test"}}, true, false},
		"other company":          {http.Header{"Podium-Console": {"1"}, "Cookie": {"podium_session_191=token"}}, false, false},
		"two cookies":            {http.Header{"Podium-Console": {"1"}, "Cookie": {own + "; podium_session_190=other"}}, false, false},
		"beside a session token": {http.Header{"Podium-Console": {"1"}, "Cookie": {own}, "Sessiontoken": {"x"}}, false, false},
		"empty session token":    {http.Header{"Podium-Console": {"1"}, "Cookie": {own}, "Sessiontoken": {""}}, false, false},
		"beside an access token": {http.Header{"Podium-Console": {"1"}, "Cookie": {own}, "Authorization": {"Bearer x"}}, false, false},
	} {
		var seen Credentials
		r := httptest.NewRequest(http.MethodGet, "/use", nil)
		r.Host, r.Header = "pod.test", c.headers
		if c.secure {
			r.TLS = &tls.ConnectionState{}
		}
		cookied(&seen).ServeHTTP(httptest.NewRecorder(), r)
		if taken := seen.Cookie && seen.SessionToken == "token"; taken != c.taken || seen.Cookie != c.taken {
			t.Errorf("%s: taken %v: %+v", name, taken, seen)
		}
	}
}

func TestCookiesAreSet(t *testing.T) {
	t.Parallel()
	var seen Credentials
	for _, secure := range []bool{false, true} {
		w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/set", nil)
		if secure {
			r.URL.Scheme = "https" // as a trusted proxy reports
		}
		cookied(&seen).ServeHTTP(w, r)
		want := "kept=v; Path=/; Max-Age=60; HttpOnly; SameSite=Strict|lax=w; Path=/p; Max-Age=3600; HttpOnly; SameSite=Lax|gone=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict"
		if secure {
			want = strings.ReplaceAll(want, "HttpOnly;", "HttpOnly; Secure;")
		}
		if got := strings.Join(w.Header().Values("Set-Cookie"), "|"); got != want {
			t.Errorf("over TLS %v: %s, not %s", secure, got, want)
		}
	}
}
