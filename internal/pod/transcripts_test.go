package pod_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"errors"
	"math/big"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"podium/internal/client"
	"podium/internal/db/dbtest"
	"podium/internal/jose"
	"podium/internal/openapi/published"
	"podium/internal/transcript"
	"podium/podtest"
)

// TestTranscripts runs every transcript of every chapter on each kind of database, each on its own
// pod with a stopped clock. It also checks the answers against the published description, and on
// SQLite that each call that changes rows records a fact of it.
func TestTranscripts(t *testing.T) {
	t.Parallel()
	files := transcripts(t)
	spec, w := published.Load(t), newWitness()
	t.Cleanup(func() {
		if w.transcripts == len(files) { // not where -run names some of them
			w.wantAll(t)
		}
	})
	for _, file := range files {
		t.Run(strings.TrimSuffix(file, ".http"), func(t *testing.T) {
			t.Parallel()
			dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
				p := podtest.StartOn(t, kind, podtest.WithClock(podtest.NewClock()))
				needed := calling(t, file)
				config := transcript.Config{Actors: actors(p, needed), Variables: variables(t, p, needed), After: spec.ValidateResponse}
				if kind == dbtest.Postgres {
					config.After = func(method, path string, status int, body []byte) error {
						p.Settle(t)
						return spec.ValidateResponse(method, path, status, body)
					}
				}
				if kind == dbtest.SQLite {
					compare := w.compare(t, p)
					config.After = func(method, path string, status int, body []byte) error {
						return errors.Join(spec.ValidateResponse(method, path, status, body), compare(method, path, status, body))
					}
				}
				transcript.Run(t, doors(p), file, config)
				if kind == dbtest.SQLite {
					w.wholly()
				}
			})
		})
	}
}

// transcripts returns the files of all transcripts, of chapters and of parts of chapters.
func transcripts(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("*/testdata/*.http")
	if err != nil || len(files) == 0 {
		t.Fatalf("no transcripts: %v", err)
	}
	deeper, err := filepath.Glob("*/*/testdata/*.http")
	if err != nil {
		t.Fatal(err)
	}
	return append(files, deeper...)
}

// doors returns the handler of the pod: Acme's, except for actors of Globex.
func doors(p *podtest.Pod) http.Handler {
	acme, globex := p.Inner.Handler(190), p.Inner.Handler(191)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Host == globexHost {
			globex.ServeHTTP(w, r)
			return
		}
		acme.ServeHTTP(w, r)
	})
}

const globexHost = "globex.test"

// tellsLogins lists the folders of transcripts whose answers depend on who has logged in.
var tellsLogins = []string{"apps", "audit", "session"}

// calling returns a function that reports whether an actor is needed by a transcript: the actor
// calls something, or answers depend on who has logged in.
func calling(t *testing.T, file string) func(actor string) bool {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	folder, _, _ := strings.Cut(file, "/testdata/")
	all := slices.Contains(tellsLogins, folder) || bytes.Contains(text, []byte("lastLoginDate"))
	return func(actor string) bool {
		return all || bytes.Contains(text, []byte("\n"+actor+"> ")) || bytes.HasPrefix(text, []byte(actor+"> "))
	}
}

// actors returns the actors of transcripts that are needed: opening a session takes longer than
// most requests. The stranger calls Acme; Dave, Erin and Globex's administrator call Globex.
func actors(p *podtest.Pod, needed func(actor string) bool) map[string]transcript.Actor {
	all := make(map[string]transcript.Actor)
	add := func(name string, login func() *podtest.User) {
		if needed(name) {
			token := login().Client.Token
			all[name] = func(r *http.Request) { r.Header.Set("sessionToken", token) }
		}
	}
	for _, name := range []string{"alice", "bob", "carol", "adam"} {
		add(name, func() *podtest.User { return p.User(name) })
	}
	add("bot", func() *podtest.User { return p.Bot("acme-bot") })
	add("admin", func() *podtest.User { return p.Bot("acme-admin") })
	app := sync.OnceValue(func() *podtest.User { return p.App("acme-app") })
	add("app", app)
	add("alice-by-app", func() *podtest.User { return p.OnBehalf(app(), "alice") })
	add("alice-by-powerless", func() *podtest.User { return p.OnBehalf(p.App(p.PowerlessApp()), "alice") })
	add("stranger", func() *podtest.User { return p.Stranger("globex-admin") })
	add("keymanager", func() *podtest.User { return p.KeyManager("acme-bot") })
	if needed("manager") {
		token := p.Bot("acme-admin").AccessToken("profile-manager")
		all["manager"] = func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token) }
	}
	for name, scope := range map[string]string{"partner": "community:accounts:onboard", "archive": "sym-files"} {
		if needed(name) {
			token := p.Bot("acme-admin").AccessToken(scope)
			all[name] = func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token) }
		}
	}
	for name, username := range map[string]string{"dave": "dave", "erin": "erin", "globex": "globex-admin"} {
		if !needed(name) {
			continue
		}
		u := p.Stranger(username)
		all[name] = func(r *http.Request) {
			r.Header.Set("sessionToken", u.Client.Token)
			r.Host = globexHost
		}
	}
	return all
}

// variables returns the variables of transcripts: ids of users, login tokens, certificates.
func variables(t *testing.T, p *podtest.Pod, needed func(actor string) bool) map[string]string {
	t.Helper()
	now := p.Inner.DB.Now().Std()
	sign := func(subject string, life time.Duration) string {
		key := subject + now.Add(life).String()
		if token, ok := signed.Load(key); ok {
			return token.(string)
		}
		token, err := client.SignLogin(subject, podtest.Key(), now.Add(life))
		if err != nil {
			t.Fatal(err)
		}
		signed.Store(key, token)
		return token
	}
	v := map[string]string{
		"jwt_bot": sign("acme-bot", 4*time.Minute), "jwt_app": sign("acme-app", 4*time.Minute),
		"jwt_unknown": sign("no-such-bot", 4*time.Minute), "jwt_past": sign("acme-bot", -time.Minute), "jwt_far": sign("acme-bot", time.Hour),
	}
	for name, username := range map[string]string{"alice": "alice", "bob": "bob", "carol": "carol", "adam": "adam", "bot": "acme-bot", "admin": "acme-admin"} {
		if needed(name) {
			p.User(username) // another session of theirs, which lists of sessions show
		}
		v[name] = strconv.FormatInt(p.ID(190, username), 10)
	}
	for name, username := range map[string]string{"stranger": "globex-admin", "dave": "dave", "erin": "erin"} {
		if needed(name) {
			p.Stranger(username)
		}
		v[name] = strconv.FormatInt(p.ID(191, username), 10)
	}
	for name, key := range publicKeys() {
		v[name] = key
	}
	v["key_of_all"] = jose.EncodePublicKey(&podtest.Key().PublicKey)
	v["ca_pem"], v["leaf_pem"] = certificates(t, now)
	v["old_pem"], _ = certificates(t, now.AddDate(-20, 0, 0))
	return v
}

// signed caches login tokens by subject and end: signing one takes longer than most requests.
var signed sync.Map

// publicKeys returns public keys to register: two valid ones, one of them also without line breaks
// and with line breaks written as a backslash and an n, and one that is too short. They are made
// once, because that takes longer than most transcripts.
var publicKeys = sync.OnceValue(func() map[string]string {
	make := func(bits int) string {
		key, err := rsa.GenerateKey(rand.Reader, bits)
		if err != nil {
			panic(err)
		}
		der, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
		if err != nil {
			panic(err)
		}
		return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
	}
	one, other, third := make(2048), make(2048), make(2048)
	return map[string]string{
		"key_one": one, "key_other": other, "key_third": third, "key_short": make(1024),
		"key_unbroken": strings.ReplaceAll(other, "\n", ""), "key_escaped": strings.ReplaceAll(other, "\n", `\n`),
	}
})

// certificates returns a CA and a certificate that it issued, valid for ten years from a given
// time, in PEM as a JSON text has it.
func certificates(t *testing.T, from time.Time) (ca, leaf string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	root := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: from.Add(-time.Hour), NotAfter: from.AddDate(10, 0, 0), IsCA: true,
		BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
		Subject: pkix.Name{Country: []string{"GB"}, Organization: []string{"Acme"}, CommonName: "acme_ca"},
	}
	issue := func(c *x509.Certificate, public any) string {
		der, err := x509.CreateCertificate(rand.Reader, c, root, public, key)
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})))
		if err != nil {
			t.Fatal(err)
		}
		return strings.Trim(string(text), `"`)
	}
	user := &x509.Certificate{
		SerialNumber: big.NewInt(2), NotBefore: from.Add(-time.Hour), NotAfter: from.AddDate(10, 0, 0),
		Subject: pkix.Name{Country: []string{"GB"}, Organization: []string{"Acme"}, CommonName: "acme-bot"},
	}
	return issue(root, key.Public()), issue(user, &podtest.Key().PublicKey)
}
