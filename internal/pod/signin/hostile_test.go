package signin_test

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"podium/internal/pod/signin"
	"podium/podtest"
)

// hostile is a provider that answers with whatever ID token a test wants.
type hostile struct {
	*httptest.Server
	key    *rsa.PrivateKey
	nonce  string
	token  func(h *hostile, claims jwt.MapClaims) string
	change func(description map[string]any)
	asked  atomic.Int32 // how often a token was asked for
}

func newHostile(t *testing.T) *hostile {
	t.Helper()
	h := &hostile{key: podtest.Key()}
	mux := http.NewServeMux()
	reply := func(w http.ResponseWriter, body any) {
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(body)
	}
	mux.HandleFunc("/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		description := map[string]any{
			"issuer": h.URL, "authorization_endpoint": h.URL + "/authorize", "token_endpoint": h.URL + "/token", "jwks_uri": h.URL + "/keys",
			"id_token_signing_alg_values_supported": []string{"RS256", "HS256", "none"},
		}
		if h.change != nil {
			h.change(description)
		}
		reply(w, description)
	})
	mux.HandleFunc("/keys", func(w http.ResponseWriter, _ *http.Request) {
		reply(w, map[string]any{"keys": []map[string]string{{
			"kty": "RSA", "alg": "RS256", "use": "sig", "kid": "k", "n": base64.RawURLEncoding.EncodeToString(h.key.N.Bytes()),
			"e": base64.RawURLEncoding.EncodeToString(big.NewInt(int64(h.key.E)).Bytes()),
		}}})
	})
	mux.HandleFunc("/token", func(w http.ResponseWriter, r *http.Request) {
		h.asked.Add(1)
		claims := jwt.MapClaims{
			"iss": h.URL, "sub": "s", "aud": "podium", "nonce": h.nonce, "email": "alice@acme.example",
			"exp": time.Now().Add(time.Hour).Unix(), "iat": time.Now().Unix(),
		}
		reply(w, map[string]any{"access_token": "a", "token_type": "Bearer", "id_token": h.token(h, claims)})
	})
	h.Server = httptest.NewServer(mux)
	t.Cleanup(h.Close)
	return h
}

func (h *hostile) sign(method jwt.SigningMethod, key any, claims jwt.MapClaims) string {
	token := jwt.NewWithClaims(method, claims)
	token.Header["kid"] = "k"
	text, err := token.SignedString(key)
	if err != nil {
		panic(err)
	}
	return text
}

// A provider's answer signs in only with an ID token that the provider has signed, for this pod and
// this sign-in, about a person whose address it has verified.
func TestWrongAnswersOfProviders(t *testing.T) {
	t.Parallel()
	p := podtest.Start(t)
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	rs256 := func(change func(jwt.MapClaims)) func(*hostile, jwt.MapClaims) string {
		return func(h *hostile, c jwt.MapClaims) string {
			change(c)
			return h.sign(jwt.SigningMethodRS256, h.key, c)
		}
	}
	for name, test := range map[string]struct {
		token func(*hostile, jwt.MapClaims) string
		why   string // empty: it signs in
		query string
	}{
		"right":                 {rs256(func(jwt.MapClaims) {}), "", ""},
		"right issuer":          {rs256(func(jwt.MapClaims) {}), "", "&iss=ISSUER"},
		"verified":              {rs256(func(c jwt.MapClaims) { c["email_verified"] = true }), "", ""},
		"two audiences":         {rs256(func(c jwt.MapClaims) { c["aud"], c["azp"] = []string{"x", "podium"}, "podium" }), "", ""},
		"wrong nonce":           {rs256(func(c jwt.MapClaims) { c["nonce"] = "x" }), "provider", ""},
		"no nonce":              {rs256(func(c jwt.MapClaims) { delete(c, "nonce") }), "provider", ""},
		"wrong audience":        {rs256(func(c jwt.MapClaims) { c["aud"] = "another" }), "provider", ""},
		"other client's":        {rs256(func(c jwt.MapClaims) { c["aud"], c["azp"] = []string{"x", "podium"}, "x" }), "provider", ""},
		"audiences, no azp":     {rs256(func(c jwt.MapClaims) { c["aud"] = []string{"x", "podium"} }), "provider", ""},
		"wrong issuer":          {rs256(func(c jwt.MapClaims) { c["iss"] = "https://evil.test" }), "provider", ""},
		"mix-up":                {rs256(func(jwt.MapClaims) {}), "provider", "&iss=https://evil.test"},
		"expired":               {rs256(func(c jwt.MapClaims) { c["exp"] = time.Now().Add(-time.Hour).Unix() }), "provider", ""},
		"unverified":            {rs256(func(c jwt.MapClaims) { c["email_verified"] = false }), "account", ""},
		"unverified, text":      {rs256(func(c jwt.MapClaims) { c["email_verified"] = "false" }), "account", ""},
		"no address":            {rs256(func(c jwt.MapClaims) { delete(c, "email") }), "account", ""},
		"list of addresses":     {rs256(func(c jwt.MapClaims) { c["email"] = []string{"alice@acme.example"} }), "account", ""},
		"address that looks so": {rs256(func(c jwt.MapClaims) { c["email"] = "\uff41lice@acme.example" }), "account", ""},
		"another company's":     {rs256(func(c jwt.MapClaims) { c["email"] = "dave@globex.example" }), "account", ""},
		"none": {func(h *hostile, c jwt.MapClaims) string {
			return h.sign(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, c)
		}, "provider", ""},
		"secret's MAC": {func(h *hostile, c jwt.MapClaims) string { return h.sign(jwt.SigningMethodHS256, []byte("a secret"), c) }, "provider", ""},
		"other key":    {func(h *hostile, c jwt.MapClaims) string { return h.sign(jwt.SigningMethodRS256, other, c) }, "provider", ""},
		"no signature": {func(h *hostile, c jwt.MapClaims) string {
			text := h.sign(jwt.SigningMethodRS256, h.key, c)
			return text[:strings.LastIndexByte(text, '.')+1]
		}, "provider", ""},
		"no token": {func(*hostile, jwt.MapClaims) string { return "" }, "provider", ""},
	} {
		h := newHostile(t)
		h.token = test.token
		use(t, p, h.URL)
		b := newBrowser(t, p.URL)
		at, err := url.Parse(b.begun())
		if err != nil {
			t.Fatal(err)
		}
		h.nonce = at.Query().Get("nonce")
		got := b.do(http.MethodGet, callback+"?code=c&state="+url.QueryEscape(at.Query().Get("state"))+strings.ReplaceAll(test.query, "ISSUER", url.QueryEscape(h.URL)), nil)
		if test.why == "" {
			if got.location != "/" || b.who() != http.StatusOK {
				t.Errorf("%s: to %q", name, got.location)
			}
			continue
		}
		t.Log(name)
		got.wantError(t, test.why)
		if b.who() != http.StatusUnauthorized {
			t.Errorf("%s: a session is open", name)
		}
	}
}

// The state is checked before the provider is asked.
func TestForgedStates(t *testing.T) {
	t.Parallel()
	p := podtest.Start(t)
	h := newHostile(t)
	h.token = func(h *hostile, c jwt.MapClaims) string { return h.sign(jwt.SigningMethodRS256, h.key, c) }
	use(t, p, h.URL)
	b := newBrowser(t, p.URL)
	at, err := url.Parse(b.begun())
	if err != nil {
		t.Fatal(err)
	}
	state := at.Query().Get("state")
	for _, query := range []string{"", "?code=c", "?code=c&state=", "?code=c&state=x" + state, "?code=c&state=" + strings.ToLower(state)} {
		b.do(http.MethodGet, callback+query, nil).wantError(t, "expired")
	}
	// an attacker's own flow in the browser of another person
	attacker := newBrowser(t, p.URL)
	theirs, err := url.Parse(attacker.begun())
	if err != nil {
		t.Fatal(err)
	}
	victim := newBrowser(t, p.URL)
	victim.begun()
	victim.do(http.MethodGet, callback+"?code=c&state="+theirs.Query().Get("state"), nil).wantError(t, "expired")
	if n := h.asked.Load(); n != 0 {
		t.Errorf("the provider was asked for %d tokens", n)
	}
}

// The pod asks no host but the issuer's and those that the operator has named.
func TestOtherHostsAreNotAsked(t *testing.T) {
	t.Parallel()
	p := podtest.Start(t)
	elsewhere := newHostile(t)
	elsewhere.token = func(h *hostile, c jwt.MapClaims) string { return "" }
	h := newHostile(t)
	h.change = func(d map[string]any) { d["token_endpoint"] = elsewhere.URL + "/token" }
	use(t, p, h.URL)
	b := newBrowser(t, p.URL)
	call := func() {
		at, err := url.Parse(b.begun())
		if err != nil {
			t.Fatal(err)
		}
		b.do(http.MethodGet, callback+"?code=c&state="+at.Query().Get("state"), nil).wantError(t, "provider")
	}
	call()
	if n := elsewhere.asked.Load(); n != 0 {
		t.Errorf("another host was asked %d times", n)
	}
	use(t, p, h.URL, func(c *signin.Provider) { c.Hosts = []string{strings.TrimPrefix(elsewhere.URL, "http://")} })
	call()
	if n := elsewhere.asked.Load(); n != 1 {
		t.Errorf("a host that the operator has named was asked %d times", n)
	}
	for _, wrong := range []string{"http://login.example", "login.example", "https://user:x@login.example", "https://login.example?x", ""} {
		c := signin.Provider{Claim: "email", Attribute: signin.Email}
		c.Issuer, c.ClientID, c.Secret = wrong, "podium", "s"
		if c.Validate() == nil {
			t.Errorf("the issuer %q is accepted", wrong)
		}
	}
}
