package session_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"podium/internal/db"
	"podium/internal/db/dbtest"
	"podium/internal/jose"
	"podium/internal/pod/companies"
	"podium/podtest"
)

// invalid is the body of the answer to every request without a live session, byte for byte.
const invalid = `{"code":401,"message":"Invalid session"}`

// headers holds the credentials of a request.
type headers map[string]string

// asking returns the answer to a request with credentials.
func asking(t *testing.T, handler http.Handler, method, path string, credentials headers) *httptest.ResponseRecorder {
	t.Helper()
	request := httptest.NewRequestWithContext(t.Context(), method, path, nil)
	for name, value := range credentials {
		request.Header.Set(name, value)
	}
	return recorded(handler, request)
}

// TestCredentialsThatAreNone checks that every request with credentials of no live session is
// refused with the same answer.
func TestCredentialsThatAreNone(t *testing.T) {
	t.Parallel()
	eachAt(t, func(t *testing.T, p *podtest.Pod, clock *podtest.Clock) {
		acme, globex := p.Inner.Handler(190), p.Inner.Handler(191)
		open := func() tokens { return login(t, p, "/login/pubkey/authenticate", "acme-bot") }
		bot, km := open(), login(t, p, "/relay/pubkey/authenticate", "acme-bot")
		var other tokens
		body := tokenBody(signed(t, podtest.Key(), "globex-bot", clock.Now()))
		p.Stranger("globex-bot").Post("/login/pubkey/authenticate", body).Want(200).Into(&other)
		ended := open()
		asking(t, acme, "POST", "/sessionauth/v1/logout", headers{"sessionToken": ended.Token})
		bearer := strings.TrimPrefix(bot.AuthorizationToken, "Bearer ")
		loginToken := signed(t, podtest.Key(), "acme-bot", clock.Now())
		head, claims, mac := parts(bot.Token)
		access := func(header, claims string, method jwt.SigningMethod, key any) string {
			text := encode(header) + "." + claims
			signature, err := method.Sign(text, key)
			if err != nil {
				t.Fatal(err)
			}
			return text + "." + encode(string(signature))
		}
		member, _ := p.Inner.Companies.Get(190)
		kid := jose.Thumbprint(&member.PrivateKey.PublicKey)
		_, bearerClaims, _ := parts(bearer)
		public := []byte(jose.EncodePublicKey(&member.PrivateKey.PublicKey))
		unknown, err := jose.SignAccess(member.PrivateKey, jose.AccessClaims{
			Expires: clock.Now().Add(time.Minute), UserID: 13056700579842, PodID: 190, SessionID: jose.NewSessionID(),
		})
		if err != nil {
			t.Fatal(err)
		}

		for name, test := range map[string]headers{
			"nothing":                                      {},
			"an empty session token":                       {"sessionToken": ""},
			"an empty bearer":                              {"Authorization": "Bearer "},
			"garbage":                                      {"sessionToken": "garbage"},
			"a long session token":                         {"sessionToken": strings.Repeat("x", 100_000)},
			"dots":                                         {"sessionToken": strings.Repeat(".", 10_000)},
			"a key manager token":                          {"sessionToken": km.Token},
			"a key manager token as bearer":                {"Authorization": "Bearer " + km.Token},
			"an access token as session token":             {"sessionToken": bearer},
			"an access token with Bearer, so":              {"sessionToken": bot.AuthorizationToken},
			"a session token as bearer":                    {"Authorization": "Bearer " + bot.Token},
			"a login token":                                {"sessionToken": loginToken},
			"a login token as bearer":                      {"Authorization": "Bearer " + loginToken},
			"a session id":                                 {"sessionToken": sessionID(t, bot.Token)},
			"a session token in another scheme":            {"Authorization": "Basic " + bot.Token},
			"an access token in another scheme":            {"Authorization": "Token " + bearer},
			"Bearer twice":                                 {"Authorization": "Bearer Bearer " + bearer},
			"Globex's session token":                       {"sessionToken": other.Token},
			"Globex's access token":                        {"Authorization": other.AuthorizationToken},
			"a session token of before a logout":           {"sessionToken": ended.Token},
			"an access token of before a logout":           {"Authorization": ended.AuthorizationToken},
			"an access token without Bearer, after":        {"Authorization": strings.TrimPrefix(ended.AuthorizationToken, "Bearer ")},
			"a bad session token beside a good bearer":     {"sessionToken": "garbage", "Authorization": bot.AuthorizationToken},
			"a session token with Bearer in front":         {"sessionToken": "Bearer " + bot.Token},
			"a session token with a space":                 {"sessionToken": bot.Token[:40] + " " + bot.Token[40:]},
			"a session token without its end":              {"sessionToken": head + "." + claims},
			"a session token with an empty end":            {"sessionToken": head + "." + claims + "."},
			"a session token of alg none":                  {"sessionToken": encode(`{"alg":"none"}`) + "." + claims + "."},
			"a session token of alg none with the MAC":     {"sessionToken": encode(`{"alg":"none","typ":"JWT"}`) + "." + claims + "." + mac},
			"a session token of RS512 by the pod's key":    {"sessionToken": seal(t, member.PrivateKey, encode(`{"alg":"RS512"}`)+"."+claims)},
			"a session token of RS512 by an account":       {"sessionToken": seal(t, podtest.Key(), encode(`{"alg":"RS512"}`)+"."+claims)},
			"a session token of HS256 by the public key":   {"sessionToken": access(`{"alg":"HS256","typ":"JWT"}`, claims, jwt.SigningMethodHS256, public)},
			"a session token of HS256 by nothing":          {"sessionToken": access(`{"alg":"HS256","typ":"JWT"}`, claims, jwt.SigningMethodHS256, []byte{})},
			"a session token with other claims":            {"sessionToken": head + "." + encode(`{"sub":"acme-admin","iss":"symphony"}`) + "." + mac},
			"the MAC of another session":                   {"sessionToken": head + "." + claims + "." + thirdPart(open().Token)},
			"a session token with a longer MAC":            {"sessionToken": bot.Token + "A"},
			"a session token with padding":                 {"sessionToken": bot.Token + "="},
			"an access token with another key's kid":       {"Authorization": access(`{"kid":"`+jose.Thumbprint(&strangerKey().PublicKey)+`","alg":"RS256"}`, bearerClaims, jwt.SigningMethodRS256, strangerKey())},
			"an access token with a lying kid":             {"Authorization": access(`{"kid":"`+kid+`","alg":"RS256"}`, bearerClaims, jwt.SigningMethodRS256, strangerKey())},
			"an access token without kid":                  {"Authorization": access(`{"alg":"RS256"}`, bearerClaims, jwt.SigningMethodRS256, member.PrivateKey)},
			"an access token of alg none":                  {"Authorization": encode(`{"kid":"`+kid+`","alg":"none"}`) + "." + bearerClaims + "."},
			"an access token of RS512":                     {"Authorization": access(`{"kid":"`+kid+`","alg":"RS512"}`, bearerClaims, jwt.SigningMethodRS512, member.PrivateKey)},
			"an access token of HS256 by the public key":   {"Authorization": access(`{"kid":"`+kid+`","alg":"HS256"}`, bearerClaims, jwt.SigningMethodHS256, public)},
			"an access token with its key beside":          {"Authorization": access(`{"kid":"`+kid+`","alg":"RS256","jwk":{}}`, bearerClaims, jwt.SigningMethodRS256, member.PrivateKey)},
			"an access token of a session there never was": {"Authorization": "Bearer " + unknown},
			"a certificate's user in a header":             {"X-SSL-Client-CN": "acme-bot"},
		} {
			for path, method := range map[string]string{"/pod/v2/sessioninfo": "GET", "/login/idm/tokens": "POST", "/sessionauth/v1/logout": "POST"} {
				answer := asking(t, acme, method, path, test)
				if answer.Code != http.StatusUnauthorized || answer.Body.String() != invalid {
					t.Errorf("%s: %s %s: %d %s", name, method, path, answer.Code, answer.Body)
				}
			}
		}

		// Valid credentials open the pod, and Globex's tokens open Globex.
		for name, test := range map[string]struct {
			at          http.Handler
			credentials headers
		}{
			"a session token":                       {acme, headers{"sessionToken": bot.Token}},
			"a header in lower case":                {acme, headers{"sessiontoken": bot.Token}},
			"an access token":                       {acme, headers{"Authorization": bot.AuthorizationToken}},
			"an access token without Bearer":        {acme, headers{"Authorization": bearer}},
			"an access token, bearer in lower case": {acme, headers{"Authorization": "bearer " + bearer}},
			"an empty session token beside it":      {acme, headers{"sessionToken": "", "Authorization": bearer}},
			"a bad bearer beside a session token":   {acme, headers{"sessionToken": bot.Token, "Authorization": "garbage"}},
			"Globex's session token at Globex":      {globex, headers{"sessionToken": other.Token}},
			"Globex's access token at Globex":       {globex, headers{"Authorization": other.AuthorizationToken}},
		} {
			if answer := asking(t, test.at, "GET", "/pod/v2/sessioninfo", test.credentials); answer.Code != http.StatusOK {
				t.Errorf("%s: %d %s", name, answer.Code, answer.Body)
			}
		}
	})
}

// TestTokensOfTheWrongKind checks that a valid token of the wrong kind is answered 403, after which
// no client logs in again.
func TestTokensOfTheWrongKind(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		app := p.App("acme-app")
		obo, user, admin := p.OnBehalf(app, "alice"), p.User("alice"), p.Bot("acme-admin")
		for _, test := range []struct {
			name, method, path string
			caller             *podtest.User
			status             int
		}{
			{"an application reads who it is", "GET", "/pod/v2/sessioninfo", app, 403},
			{"an application lists sessions", "GET", "/pod/v1/users/1/sessions", app, 403},
			{"an application asks for an access token", "POST", "/login/idm/tokens", app, 403},
			{"an application lists certificates", "GET", "/pod/v1/companycert/list", app, 403},
			{"on behalf, on behalf of another", "POST", "/login/pubkey/app/username/bob/authenticate", obo, 403},
			{"on behalf, the older form", "POST", "/sessionauth/v1/app/username/bob/authenticate", obo, 403},
			{"on behalf, its own sessions", "GET", "/pod/v1/users/" + id(user) + "/sessions", obo, 403},
			{"a user, on behalf of another", "POST", "/login/pubkey/app/username/bob/authenticate", user, 403},
			{"an administrator, on behalf of another", "POST", "/login/pubkey/app/username/bob/authenticate", admin, 403},
		} {
			t.Run(test.name, func(t *testing.T) {
				answer := asking(t, p.Inner.Handler(190), test.method, test.path, headers{"sessionToken": test.caller.Client.Token})
				want := `{"code":403,"message":"The user lacks the required entitlement to perform this operation"}`
				if answer.Code != test.status || answer.Body.String() != want || answer.Header().Get("Podium-Reason") == "" {
					t.Errorf("%d %s, the reason %q", answer.Code, answer.Body, answer.Header().Get("Podium-Reason"))
				}
			})
		}
	})
}

// TestFlippedTokensNeverReachTheDatabase checks that a token with any flipped bit is refused
// without a query: the database is closed here. A valid token needs the database.
func TestFlippedTokensNeverReachTheDatabase(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		bot, km := login(t, p, "/login/pubkey/authenticate", "acme-bot"), login(t, p, "/relay/pubkey/authenticate", "acme-bot")
		bearer := strings.TrimPrefix(bot.AuthorizationToken, "Bearer ")
		if err := p.Inner.DB.Close(); err != nil {
			t.Fatal(err)
		}
		handler := p.Inner.Handler(190)
		for _, test := range []struct {
			name, header, token, method, path string
			bits                              []byte
		}{
			{"session token", "sessionToken", bot.Token, "GET", "/pod/v2/sessioninfo", []byte{1, 2, 4, 8, 16, 32, 64, 128}},
			// RSA is slow
			{"access token", "Authorization", bearer, "GET", "/pod/v2/sessioninfo", []byte{1, 32}},
			// beyond ASCII it is not text: 400
			{"key manager token", "sessionToken", km.Token, "POST", "/keyauth/v1/logout", []byte{1, 2, 4, 8, 16, 32, 64}},
		} {
			flips := 0
			for at := range len(test.token) {
				for _, bit := range test.bits {
					wrong := []byte(test.token)
					wrong[at] ^= bit
					answer := asking(t, handler, test.method, test.path, headers{test.header: string(wrong)})
					if answer.Code != http.StatusUnauthorized || answer.Body.String() != invalid {
						t.Errorf("%s with bit %d of byte %d flipped: %d %s", test.name, bit, at, answer.Code, answer.Body)
					}
					flips++
				}
			}
			if flips < 100 {
				t.Errorf("%s: only %d flips", test.name, flips)
			}
			answer := asking(t, handler, test.method, test.path, headers{test.header: test.token})
			if answer.Code < 500 {
				t.Errorf("a good %s is answered without a database: %d %s", test.name, answer.Code, answer.Body)
			}
		}
	})
}

// TestTokensExpire checks that access tokens expire after five minutes, and all tokens with their
// session.
func TestTokensExpire(t *testing.T) {
	t.Parallel()
	eachAt(t, func(t *testing.T, p *podtest.Pod, clock *podtest.Clock) {
		setCompany(t, p, func(c *companies.Company) { c.SessionLifetime = time.Hour })
		bot, km := login(t, p, "/login/pubkey/authenticate", "acme-bot"), login(t, p, "/relay/pubkey/authenticate", "acme-bot")
		handler := p.Inner.Handler(190)
		status := func(credentials headers) int {
			return asking(t, handler, "GET", "/pod/v2/sessioninfo", credentials).Code
		}
		bySession, byAccess := headers{"sessionToken": bot.Token}, headers{"Authorization": bot.AuthorizationToken}
		clock.Advance(5*time.Minute - time.Millisecond)
		if s, a := status(bySession), status(byAccess); s != 200 || a != 200 {
			t.Errorf("just before five minutes: %d and %d", s, a)
		}
		clock.Advance(time.Millisecond)
		if s, a := status(bySession), status(byAccess); s != 200 || a != 401 {
			t.Errorf("after five minutes: %d and %d", s, a)
		}

		// An access token made shortly before the session's end expires with the session.
		clock.Advance(time.Hour - 5*time.Minute - 2*time.Minute)
		var access struct {
			ExpiresIn   int64  `json:"expires_in"`
			AccessToken string `json:"access_token"`
		}
		late := p.Anonymous()
		late.Client.Token = bot.Token
		late.Post("/login/idm/tokens", nil).Want(200).Into(&access)
		if access.ExpiresIn != 120 {
			t.Errorf("the access token is good for %d seconds, not for the 120 that are left", access.ExpiresIn)
		}
		byAccess = headers{"Authorization": access.AccessToken}
		clock.Advance(2*time.Minute - time.Millisecond)
		if s, a := status(bySession), status(byAccess); s != 200 || a != 200 {
			t.Errorf("just before the session's end: %d and %d", s, a)
		}
		clock.Advance(time.Millisecond)
		if s, a := status(bySession), status(byAccess); s != 401 || a != 401 {
			t.Errorf("at the session's end: %d and %d", s, a)
		}
		if answer := asking(t, handler, "POST", "/keyauth/v1/logout", headers{"sessionToken": km.Token}); answer.Code != 401 {
			t.Errorf("the key manager's session at its end: %d %s", answer.Code, answer.Body)
		}
	})
}

// eachAt runs a test on a pod on each kind of database, with a stopped clock.
func eachAt(t *testing.T, test func(t *testing.T, p *podtest.Pod, clock *podtest.Clock)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		clock := podtest.NewClock()
		test(t, podtest.StartOn(t, kind, podtest.WithClock(clock)), clock)
	})
}

// setCompany changes Acme's settings.
func setCompany(t *testing.T, p *podtest.Pod, change func(*companies.Company)) {
	t.Helper()
	member, _ := p.Inner.Companies.Get(190)
	c := member.Company
	change(&c)
	p.Write(t, func(tx *db.Tx) error { return companies.Update(tx, p.Inner.Journal, c) })
	if err := p.Inner.Companies.Refresh(context.Background()); err != nil {
		t.Fatal(err)
	}
}

// sessionID returns the id of a token's session.
func sessionID(t *testing.T, token string) string {
	t.Helper()
	_, payload, _ := parts(token)
	data, err := base64.RawURLEncoding.DecodeString(payload)
	if err != nil {
		t.Fatal(err)
	}
	var claims struct {
		SessionID string `json:"sessionId"`
	}
	if err := json.Unmarshal(data, &claims); err != nil || claims.SessionID == "" {
		t.Fatalf("%v in %s", err, data)
	}
	return claims.SessionID
}

func thirdPart(token string) string {
	_, _, third := parts(token)
	return third
}

func id(u *podtest.User) string { return strconv.FormatInt(u.ID, 10) }

func recorded(handler http.Handler, request *http.Request) *httptest.ResponseRecorder {
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, request)
	return recorder
}
