package session_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/db/dbtest"
	"podium/internal/jose"
	"podium/internal/pod"
	"podium/internal/pod/accounts"
	"podium/internal/pod/apps"
	"podium/internal/wire"
	"podium/podtest"
)

// refused is the body of every refused login, byte for byte.
const refused = `{"code":401,"message":"Unauthorized"}`

// doors lists the logins by RSA key, each with an account that may use it.
var doors = []struct {
	path, operation, subject string
	body                     func(token string) any
}{
	{"/login/pubkey/authenticate", "authenticate", "acme-bot", tokenBody},
	{"/relay/pubkey/authenticate", "authenticateKeyManager", "acme-bot", tokenBody},
	{"/login/pubkey/app/authenticate", "authenticateApp", "acme-app", tokenBody},
	{"/login/v1/pubkey/app/authenticate/extensionApp", "authenticateExtensionApp", "acme-app", func(token string) any {
		return map[string]string{"appToken": "3b1f0c9a", "authToken": token}
	}},
}

func tokenBody(token string) any { return map[string]string{"token": token} }

// forgery is an invalid login token, and the reason that the log gives.
type forgery struct {
	name, token, reason string
}

// TestForgedLogins checks that every invalid login gets the same answer, that the log gives the
// reason, and that the login leaves no row.
func TestForgedLogins(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		log := &lines{}
		clock := podtest.NewClock()
		p := podtest.StartOn(t, kind, podtest.WithClock(clock), podtest.WithLog(log))
		barred(t, p)
		tokens := strayTokens(t, p)
		before := rows(t, p)
		for _, door := range doors {
			forgeries := slices.Concat(
				subjectForgeries(t, door.subject, clock.Now()), timeForgeries(t, door.subject, clock.Now()),
				algorithmForgeries(t, door.subject, clock.Now()), formForgeries(t, door.subject, clock.Now()), tokens)
			if len(forgeries) < 60 {
				t.Errorf("only %d forgeries", len(forgeries))
			}
			var first http.Header
			for i, f := range forgeries {
				trace := fmt.Sprintf("%s-%d", door.operation, i)
				status, header, body := send(t, p.URL+door.path, trace, door.body(f.token))
				if status != http.StatusUnauthorized || body != refused {
					t.Errorf("%s: %s: %d %s", door.operation, f.name, status, body)
				}
				header.Del("X-Trace-Id")
				header.Del("Date")
				if first == nil {
					first = header
				}
				if fmt.Sprint(header) != fmt.Sprint(first) {
					t.Errorf("%s: %s: the headers %v are not %v", door.operation, f.name, header, first)
				}
				line := log.of(t, trace)
				if line.Reason == "" || !strings.Contains(line.Reason, f.reason) || line.Operation != door.operation {
					t.Errorf("%s: %s: the log gives the reason %q, not %q", door.operation, f.name, line.Reason, f.reason)
				}
				for segment := range strings.SplitSeq(f.token, ".") {
					if len(segment) > 12 && strings.Contains(line.Reason, segment) {
						t.Errorf("%s: %s: the log quotes the token: %q", door.operation, f.name, line.Reason)
					}
				}
			}
		}
		if after := rows(t, p); after != before {
			t.Errorf("%d sessions and token pairs, before there were %d", after, before)
		}

		// The same token without a fault logs in.
		for _, door := range doors {
			status, _, body := send(t, p.URL+door.path, "good", door.body(signed(t, podtest.Key(), door.subject, clock.Now())))
			if status != http.StatusOK {
				t.Errorf("%s: a good login: %d %s", door.operation, status, body)
			}
		}
		if after := rows(t, p); after != before+len(doors) {
			t.Errorf("%d sessions and token pairs after %d logins, before there were %d", after, len(doors), before)
		}
	})
}

// subjectForgeries returns valid tokens of accounts that cannot log in.
func subjectForgeries(t *testing.T, subject string, now time.Time) []forgery {
	t.Helper()
	of := func(name string) string { return signed(t, podtest.Key(), name, now) }
	claim := func(sub string) string {
		return payload(t, fmt.Sprintf(`{"sub":%s,"exp":%d}`, sub, now.Add(time.Minute).Unix()))
	}
	const none = "no key to verify with"
	return []forgery{
		{"an unknown account", of("no-such-user"), none},
		{"an account of Globex", of("globex-bot"), none},
		{"in another case", of(strings.ToUpper(subject)), none},
		{"in full width", of(strings.Replace(subject, "a", "\uff41", 1)), none},
		{"a space behind", of(subject + " "), none},
		{"a space in front", of(" " + subject), none},
		{"an e-mail address", of(subject + "@acme.example"), none},
		{"a wildcard", of("%"), none},
		{"SQL", of("' OR '1'='1"), none},
		{"without a key", of("alice"), none},
		{"without a key, an application", of("keyless-app"), none},
		{"a revoked key", of("revoked"), none},
		{"a colon", of("acme:app"), none},
		{"disabled", of("disabled"), "disabled"},
		{"suspended", of("suspended"), ""},
		{"another key", signed(t, strangerKey(), subject, now), "wrong signature"},
		{"another key, an unknown account", signed(t, strangerKey(), "no-such-user", now), none},
		{"the other kind of account", of(map[string]string{"acme-bot": "acme-app", "acme-app": "acme-bot"}[subject]), none},
		{"no subject", payload(t, fmt.Sprintf(`{"exp":%d}`, now.Add(time.Minute).Unix())), "unusable claims"},
		{"an empty subject", claim(`""`), "unusable claims"},
		{"null", claim(`null`), "unusable claims"},
		{"a number", claim(`13056700579842`), "unusable claims"},
		{"a list", claim(`["` + subject + `"]`), "unusable claims"},
		{"NUL behind", claim(`"` + subject + `\u0000"`), "unusable claims"},
		{"of 257 bytes", claim(`"` + strings.Repeat("x", 257) + `"`), "unusable claims"},
		{"twice", payload(t, fmt.Sprintf(`{"sub":"no-such-user","sub":%q,"exp":%d}`, subject, now.Add(time.Minute).Unix())), "malformed"},
	}
}

// timeForgeries returns tokens that are valid at another time.
func timeForgeries(t *testing.T, subject string, now time.Time) []forgery {
	t.Helper()
	exp := func(text string) string { return payload(t, fmt.Sprintf(`{"sub":%q,"exp":%s}`, subject, text)) }
	in := func(d time.Duration) string { return exp(fmt.Sprint(now.Add(d).Unix())) }
	return []forgery{
		{"expired", in(-10 * time.Second), "not within its time"},
		{"expired long ago", in(-24 * time.Hour), "not within its time"},
		{"good for too long", in(311 * time.Second), "not within its time"},
		{"good for ever", exp("9999999999"), "not within its time"},
		{"no exp", payload(t, fmt.Sprintf(`{"sub":%q}`, subject)), "unusable claims"},
		{"exp a text", exp(fmt.Sprintf(`"%d"`, now.Add(time.Minute).Unix())), "unusable claims"},
		{"exp in milliseconds", exp(fmt.Sprint(now.Add(time.Minute).UnixMilli())), "unusable claims"},
		{"exp null", exp("null"), "unusable claims"},
		{"exp negative", exp("-1"), "unusable claims"},
		{"exp huge", exp("1e300"), "unusable claims"},
	}
}

// algorithmForgeries returns tokens of another algorithm than RS512, or with a key of their own.
func algorithmForgeries(t *testing.T, subject string, now time.Time) []forgery {
	t.Helper()
	claims := jwt.MapClaims{"sub": subject, "exp": now.Add(time.Minute).Unix()}
	sign := func(method jwt.SigningMethod, key any) string {
		token, err := jwt.NewWithClaims(method, claims).SignedString(key)
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	headed := func(header string, key *rsa.PrivateKey) string {
		return seal(t, key, encode(header)+"."+encode(fmt.Sprintf(`{"sub":%q,"exp":%d}`, subject, now.Add(time.Minute).Unix())))
	}
	ec, err := ecdsa.GenerateKey(elliptic.P521(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	public := []byte(jose.EncodePublicKey(&podtest.Key().PublicKey))
	const wrong = "wrong algorithm"
	return []forgery{
		{"none", sign(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType), wrong},
		{"None over the right signature", headed(`{"alg":"None"}`, podtest.Key()), wrong},
		{"rs512 in lower case", headed(`{"alg":"rs512"}`, podtest.Key()), wrong},
		{"no alg", headed(`{"typ":"JWT"}`, podtest.Key()), wrong},
		{"HS256 by the public key", sign(jwt.SigningMethodHS256, public), wrong},
		{"HS512 by the public key", sign(jwt.SigningMethodHS512, public), wrong},
		{"RS256", sign(jwt.SigningMethodRS256, podtest.Key()), wrong},
		{"RS384", sign(jwt.SigningMethodRS384, podtest.Key()), wrong},
		{"PS512", sign(jwt.SigningMethodPS512, podtest.Key()), wrong},
		{"ES512", sign(jwt.SigningMethodES512, ec), wrong},
		{"its own key", headed(`{"alg":"RS512","jwk":{"kty":"RSA","n":"`+
			base64.RawURLEncoding.EncodeToString(strangerKey().N.Bytes())+`","e":"AQAB"}}`, strangerKey()), "forbidden header"},
		{"an address of keys", headed(`{"alg":"RS512","jku":"http://127.0.0.1:1/keys"}`, podtest.Key()), "forbidden header"},
		{"a critical extension", headed(`{"alg":"RS512","crit":["exp"]}`, podtest.Key()), "forbidden header"},
		{"alg twice", headed(`{"alg":"none","alg":"RS512"}`, podtest.Key()), "malformed"},
	}
}

// formForgeries returns tokens of a wrong form, or changed after signing.
func formForgeries(t *testing.T, subject string, now time.Time) []forgery {
	t.Helper()
	good := signed(t, podtest.Key(), subject, now)
	header, claims, signature := parts(good)
	other := encode(fmt.Sprintf(`{"sub":%q,"exp":%d}`, subject, now.Add(2*time.Minute).Unix()))
	const malformed, signs = "malformed", "wrong signature"
	return []forgery{
		{"garbage", "garbage", malformed},
		{"letters", "a.b.c", malformed},
		{"two dots", "..", malformed},
		{"1 MiB of dots", strings.Repeat(".", 1<<20), malformed},
		{"1 MiB of letters", header + "." + strings.Repeat("A", 1<<20) + "." + signature, malformed},
		{"two segments", header + "." + claims, malformed},
		{"four segments", good + "." + signature, malformed},
		{"no signature", header + "." + claims + ".", malformed},
		{"half a signature", header + "." + claims + "." + signature[:len(signature)/2], malformed},
		{"Bearer in front", "Bearer " + good, malformed},
		{"a space behind", good + " ", malformed},
		{"a line break inside", header + "\n." + claims + "." + signature, malformed},
		{"not ASCII", header + "é." + claims + "." + signature, malformed},
		{"claims changed", header + "." + other + "." + signature, signs},
		{"header changed", encode(`{"alg":"RS512","typ":"jwt"}`) + "." + claims + "." + signature, signs},
		{"signature changed", header + "." + claims + "." + flipped(signature, len(signature)/2), signs},
		{"signature of zeros", header + "." + claims + "." + encode(string(make([]byte, 256))), signs},
	}
}

// strayTokens returns tokens that are valid for other purposes than logging in.
func strayTokens(t *testing.T, p *podtest.Pod) []forgery {
	t.Helper()
	app := p.App("acme-app")
	bot, km := login(t, p, "/login/pubkey/authenticate", "acme-bot"), login(t, p, "/relay/pubkey/authenticate", "acme-bot")
	return []forgery{
		{"a session token", bot.Token, "wrong algorithm"},
		{"an access token", strings.TrimPrefix(bot.AuthorizationToken, "Bearer "), "wrong algorithm"},
		{"a key manager token", km.Token, "malformed"},
		{"an application's session token", app.Client.Token, "wrong algorithm"},
		{"a session token on behalf of a user", p.OnBehalf(app, "alice").Client.Token, "wrong algorithm"},
		{"Globex's session token", p.Stranger("globex-bot").Client.Token, "wrong algorithm"},
	}
}

// TestLoginBodies checks that a body without a login token is refused with the reason, because it
// reveals no account.
func TestLoginBodies(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		for _, test := range []struct {
			name, body string
			status     int
			message    string
		}{
			{"none", "", 400, "The request needs a JSON body"},
			{"not JSON", "token=x", 400, "Malformed request body: it is not valid JSON"},
			{"cut short", `{"token":"x"`, 400, "Malformed request body: it is not valid JSON"},
			{"an array", `["x"]`, 400, "Malformed request body: an object is expected"},
			{"a token that is a number", `{"token":1,"authToken":1}`, 400, "a string is expected"},
			{"not UTF-8", "{\"token\":\"\xff\"}", 400, "The request body is not valid UTF-8"},
			{"deep", strings.Repeat(`{"x":`, 100) + "1" + strings.Repeat("}", 100), 400, "nested"},
			{"over the limit", `{"token":"` + strings.Repeat("x", pod.DefaultMaxBody) + `"}`, 413, "larger than 4194304 bytes"},
		} {
			for _, door := range doors {
				status, _, body := send(t, p.URL+door.path, "x", json.RawMessage(test.body))
				if status != test.status || !strings.Contains(body, test.message) {
					t.Errorf("%s: %s: %d %s", door.operation, test.name, status, body)
				}
			}
		}
		if n := rows(t, p); n != 0 {
			t.Errorf("%d sessions and token pairs", n)
		}
	})
}

// barred creates accounts and applications that cannot log in. All have the usual key, except those
// for which a missing key is the reason.
func barred(t *testing.T, p *podtest.Pod) {
	t.Helper()
	key := jose.EncodePublicKey(&podtest.Key().PublicKey)
	for _, name := range []string{"disabled", "suspended", "revoked"} {
		var u accounts.User
		p.Write(t, func(tx *db.Tx) (err error) {
			u, err = p.Inner.Accounts.Create(tx, acme, accounts.New{Key: key, Attributes: accounts.Attributes{
				AccountType: auth.System, Username: name, Email: name + "@acme.example", DisplayName: name,
			}})
			return err
		})
		p.Write(t, func(tx *db.Tx) (err error) {
			switch name {
			case "disabled":
				err = p.Inner.Accounts.SetStatus(tx, acme, u.ID, accounts.Disabled)
			case "suspended":
				err = p.Inner.Accounts.Suspend(tx, acme, u.ID, tx.Now().Add(time.Hour), "a reason")
			case "revoked":
				err = p.Inner.Accounts.RevokeKey(tx, acme, u, accounts.Current)
			}
			return err
		})
	}
	p.Write(t, func(tx *db.Tx) error {
		for _, a := range []struct {
			id, key string
			enabled bool
		}{{"disabled", key, false}, {"keyless-app", "", true}, {"acme:app", key, true}} {
			app := apps.App{ID: a.id, Name: a.id, Enabled: a.enabled, Permissions: auth.Permissions()}
			if err := p.Inner.Apps.Create(tx, acme, app, a.key); err != nil {
				return err
			}
		}
		return nil
	})
}

// strangerKey is a key that no account has.
var strangerKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

// signed returns a login token as the SDKs make it.
func signed(t *testing.T, key *rsa.PrivateKey, subject string, now time.Time) string {
	t.Helper()
	claims := jwt.MapClaims{"sub": subject, "exp": now.Add(4 * time.Minute).Unix()}
	token, err := jwt.NewWithClaims(jwt.SigningMethodRS512, claims).SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// payload returns a login token with any claims, signed by the usual key.
func payload(t *testing.T, claims string) string {
	t.Helper()
	return seal(t, podtest.Key(), encode(`{"alg":"RS512","typ":"JWT"}`)+"."+encode(claims))
}

// seal adds an RS512 signature.
func seal(t *testing.T, key *rsa.PrivateKey, text string) string {
	t.Helper()
	signature, err := jwt.SigningMethodRS512.Sign(text, key)
	if err != nil {
		t.Fatal(err)
	}
	return text + "." + encode(string(signature))
}

func encode(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }

func parts(token string) (header, payload, signature string) {
	all := strings.Split(token, ".")
	return all[0], all[1], all[2]
}

// flipped returns a text in base64 with one character changed.
func flipped(text string, at int) string {
	other := byte('A')
	if text[at] == other {
		other = 'B'
	}
	return text[:at] + string(other) + text[at+1:]
}

// tokens is the answer of a login.
type tokens struct{ Token, Name, AuthorizationToken string }

// login opens a session with the usual key.
func login(t *testing.T, p *podtest.Pod, path, subject string) tokens {
	t.Helper()
	var opened tokens
	p.Anonymous().Post(path, tokenBody(signed(t, podtest.Key(), subject, p.Inner.DB.Now().Std()))).Want(200).Into(&opened)
	return opened
}

// send posts a body as JSON.
func send(t *testing.T, url, trace string, body any) (status int, header http.Header, text string) {
	t.Helper()
	data, raw := body.(json.RawMessage)
	if !raw {
		var err error
		if data, err = json.Marshal(body); err != nil {
			t.Fatal(err)
		}
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("X-Trace-Id", trace)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, response.Header, string(answer)
}

// rows returns how many sessions and token pairs the database holds.
func rows(t *testing.T, p *podtest.Pod) int {
	t.Helper()
	return int(p.Number(t, `SELECT (SELECT COUNT(*) FROM sessions) + (SELECT COUNT(*) FROM app_tokens)`))
}

// account returns a user of Acme from the database.
func account(t *testing.T, p *podtest.Pod, id int64) accounts.User {
	t.Helper()
	u, err := db.Read(context.Background(), p.Inner.DB, func(tx *db.Tx) (accounts.User, error) { return accounts.Get(tx, wire.UserID(id)) })
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// lines is a log that tests can search.
type lines struct {
	mu  sync.Mutex
	all bytes.Buffer
}

func (l *lines) Write(data []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.Write(data)
}

// line is the log line of a request.
type line struct {
	Message   string `json:"msg"`
	Trace     string
	Operation string
	Reason    string
	Status    int
}

// of returns the only log line of the request with a trace id.
func (l *lines) of(t *testing.T, trace string) line {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	var found []line
	for text := range bytes.SplitSeq(bytes.TrimSpace(l.all.Bytes()), []byte("\n")) {
		var one line
		if err := json.Unmarshal(text, &one); err != nil {
			t.Fatalf("the log is not JSON: %v in %s", err, text)
		}
		if one.Message == "request" && one.Trace == trace {
			found = append(found, one)
		}
	}
	if len(found) != 1 {
		t.Fatalf("the log has %d lines of the request %s", len(found), trace)
	}
	return found[0]
}
