package main_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"podium/internal/client"
	"podium/internal/db"
	"podium/internal/db/dbtest"
	"podium/internal/jose"
)

// A pod begins empty, and takes the companies and accounts that the command line makes while it
// runs.
func TestServeBegins(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		database := dbtest.URL(t, kind)
		s := serve(t, database)
		s.says(s.stderr, "no company yet")
		anonymous := holding(t, s.url, "")
		for _, path := range []string{whoami, public, "/nowhere"} {
			isError(t, do(t, anonymous, http.MethodGet, path), 404)
		}
		isError(t, do(t, anonymous, http.MethodPost, "/login/pubkey/authenticate"), 404)

		company(t, database, 7, "Acme")
		eventually(t, "the company is answered", func() bool { return do(t, anonymous, http.MethodGet, public).Status == 200 })
		if err := anonymous.Login(context.Background(), "admin", testKey()); err == nil || !strings.Contains(err.Error(), "401") {
			t.Errorf("before there is an account: %v", err)
		}
		admin(t, database, 7, "admin")
		wants(t, login(t, s.url, "admin"), http.MethodGet, whoami, 200)
		if s.stdout.String() != "" {
			t.Errorf("podium serve prints %q", s.stdout)
		}
	})
}

func TestCompanyCommands(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		database := dbtest.URL(t, kind)
		create := func(flags ...string) result {
			return run(t, append([]string{"company", "create", "--database", database}, flags...)...)
		}
		create("--id", "1", "--name", "Acme", "--host", "a.test,b.test", "--session-lifetime", "2h", "--certificate-bits", "2048").want(0)
		create("--id", "1", "--name", "Again").fails(1, "company 1 exists")
		create("--id", "0", "--name", "Nil").fails(1, "between 1 and")
		create("--id", "131072", "--name", "Many").fails(1, "between 1 and")
		create("--id", "2", "--name", " ").fails(1, "name")
		create("--id", "2", "--name", "Globex", "--session-lifetime", "30m").fails(1, "session lifetime")
		create("--id", "2", "--name", "Globex", "--host", "b.test").fails(1, "b.test", "company 1")
		create("--id", "2", "--name", "Globex", "--host", "Not a host").fails(1, "Not a host")
		create("--id", "two", "--name", "Globex").fails(2, "--id")
		create("--id", "2").fails(2, "--name")
		create("--id", "2", "--name", "Globex", "--no-certificate-login").want(0)
		run(t, "company", "update", "--database", database, "--id", "2", "--listen", "127.0.0.1:0", "--name", "Globex Ltd").want(0)
		run(t, "company", "update", "--database", database, "--id", "2", "--language", "en,de,de").want(0)
		run(t, "company", "update", "--database", database, "--id", "2", "--domain", "globex.example", "--content-export", "daily").want(0)
		run(t, "company", "update", "--database", database, "--id", "2", "--language", "deu").fails(1, "deu")
		run(t, "company", "update", "--database", database, "--id", "2", "--language", "qq").fails(1, "qq")
		run(t, "company", "update", "--database", database, "--id", "3", "--name", "Missing").fails(1, "company 3")

		list := run(t, "company", "list", "--database", database).want(0)
		want := [][]string{
			{"ID", "NAME", "HOSTS", "DOMAINS", "LISTEN", "SESSIONS", "LIVE", "CERTIFICATE", "LOGIN", "MIXED", "SCRIPTS", "LANGUAGES", "CONTENT", "EXPORT"},
			{"1", "Acme", "a.test", "b.test", "2h0m0s", "from", "2048", "bits", "refuse", "en", "fr", "ja", "off"},
			{"2", "Globex", "Ltd", "globex.example", "127.0.0.1:0", "336h0m0s", "no", "refuse", "de", "en", "daily"},
		}
		lines := strings.Split(strings.TrimSpace(list.stdout), "\n")
		if len(lines) != len(want) {
			t.Fatal(list.stdout)
		}
		for i, line := range lines {
			if got := strings.Join(strings.Fields(line), " "); got != strings.Join(want[i], " ") {
				t.Errorf("line %d is %q", i, got)
			}
		}
	})
}

// The address at which the pod listens, in the file of its settings, is no company's.
func TestCompanyDoesNotTakeThePodsAddress(t *testing.T) {
	t.Parallel()
	c := command{folder: t.TempDir()}
	write(t, filepath.Join(c.folder, "podium.yaml"), "listen: 127.0.0.1:1\ndatabase: pod.db\n")
	c.run(t, "company", "create", "--id", "1", "--name", "Acme").want(0)
	c.run(t, "company", "update", "--id", "1", "--name", "Acme Ltd").want(0)
	if !exists(c.folder, "pod.db") {
		t.Error("the file's database is not taken")
	}
	list := c.run(t, "company", "list").want(0).stdout
	if !strings.Contains(list, "Acme Ltd") || strings.Contains(list, "127.0.0.1:1") {
		t.Error(list)
	}
}

// The command line registers public keys that a user has, good ones, and never makes up a
// credential or tells one.
func TestAdminCreateInventsNothing(t *testing.T) {
	t.Parallel()
	database := dbtest.URL(t, dbtest.SQLite)
	company(t, database, 1, "Acme")
	private, secret := privateKey(t)
	weak, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	encoded := func(key any) string {
		der, err := x509.MarshalPKIXPublicKey(key)
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(t.TempDir(), "key.pem")
		write(t, file, string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})))
		return file
	}
	empty := filepath.Join(t.TempDir(), "empty.pem")
	write(t, empty, "")
	create := func(company string, flags ...string) result {
		args := []string{"admin", "create", "--database", database, "--company", company, "--username", "admin", "--email", "admin@example.com"}
		return run(t, append(args, flags...)...)
	}
	create("1").fails(2, "--public-key")
	create("1", "--public-key", filepath.Join(t.TempDir(), "none.pem")).fails(2, "--public-key", "none.pem")
	create("1", "--public-key", empty).fails(1, "public-key", "not an RSA public key")
	create("1", "--public-key", encoded(&weak.PublicKey)).fails(1, "public-key", "1024 bits", "2048")
	create("1", "--public-key", encoded(&curve.PublicKey)).fails(1, "public-key", "not an RSA public key")
	refused := create("1", "--public-key", private)
	refused.fails(1, "public-key", "private key")
	tellsNothing(t, refused.stderr, secret)
	create("2", "--public-key", publicKey(t)).fails(1, "no company 2", "podium company create")

	made := create("1", "--public-key", publicKey(t)).want(0) // nothing of the above is there
	if !strings.HasPrefix(made.stdout, "admin is user ") || strings.Count(made.stdout, "\n") != 1 || made.stderr != "" {
		t.Errorf("podium admin create says %s%s", made.stdout, made.stderr)
	}
	tellsNothing(t, made.stdout, secret, jose.EncodePublicKey(&testKey().PublicKey))
	create("1", "--public-key", publicKey(t)).fails(1, "already in use")
	wants(t, login(t, serve(t, database).url, "admin"), http.MethodGet, whoami, 200)
}

// tellsNothing fails the test if a text has any line of any secret.
func tellsNothing(t testing.TB, text string, secrets ...string) {
	t.Helper()
	for _, secret := range secrets {
		for line := range strings.Lines(secret) {
			line = strings.TrimSpace(line)
			if len(line) > 20 && !strings.HasPrefix(line, "-----") && strings.Contains(text, line) {
				t.Errorf("a secret is told: %s", line)
			}
		}
	}
}

func TestCompaniesByHost(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		database := dbtest.URL(t, kind)
		company(t, database, 1, "Acme", "--host", "acme.test,www.acme.test")
		company(t, database, 2, "Globex", "--host", "globex.test")
		company(t, database, 3, "Hidden")
		admin(t, database, 1, "admin")
		admin(t, database, 2, "admin")
		s := serve(t, database)

		at := func(host, method, path, token, body string) client.Answer {
			t.Helper()
			request, err := http.NewRequest(method, s.url+path, strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			request.Host = host
			request.Header.Set("Content-Type", "application/json")
			if token != "" {
				request.Header.Set("sessionToken", token)
			}
			return send(t, newHTTP(t), request)
		}
		certificate := func(host string) string {
			t.Helper()
			a := at(host, http.MethodGet, public, "", "")
			if a.Status != 200 {
				t.Fatalf("%s: %d %s", host, a.Status, a.Body)
			}
			return string(a.Body)
		}
		acme := certificate("acme.test")
		for _, host := range []string{"www.acme.test", "ACME.test", "acme.test:443", "acme.test."} {
			if certificate(host) != acme {
				t.Errorf("%s is another company's", host)
			}
		}
		if certificate("globex.test") == acme {
			t.Error("two companies have one certificate")
		}
		for _, host := range []string{"", "127.0.0.1", "test", "x.acme.test", "hidden", "localhost"} {
			isError(t, at(host, http.MethodGet, public, "", ""), 404)
			isError(t, at(host, http.MethodGet, whoami, "x", ""), 404)
		}

		token := map[string]string{}
		for _, host := range []string{"acme.test", "globex.test"} {
			c := &client.Client{Base: "http://" + host, HTTP: &http.Client{Transport: toward{strings.TrimPrefix(s.url, "http://"), newHTTP(t)}}}
			if err := c.Login(context.Background(), "admin", testKey()); err != nil {
				t.Fatal(err)
			}
			token[host] = c.Token
		}
		for _, host := range []string{"acme.test", "globex.test"} {
			for owner, token := range token {
				want := 401
				if owner == host {
					want = 200
				}
				if a := at(host, http.MethodGet, whoami, token, ""); a.Status != want {
					t.Errorf("a session of %s at %s: %d %s", owner, host, a.Status, a.Body)
				}
			}
			isError(t, at("unknown.test", http.MethodGet, whoami, token[host], ""), 404)
		}
	})
}

// toward sends every request to one address, whatever host it names.
type toward struct {
	address string
	http    *http.Client
}

func (to toward) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Host, r.URL.Host = r.URL.Host, to.address
	return to.http.Transport.RoundTrip(r)
}

func TestCompanyWithAnAddressOfItsOwn(t *testing.T) {
	t.Parallel()
	database := dbtest.URL(t, dbtest.SQLite)
	found(t, database)
	company(t, database, 2, "Globex", "--host", "globex.test")
	admin(t, database, 2, "globex")
	first := serve(t, database)
	run(t, "company", "update", "--database", database, "--id", "2", "--listen", "127.0.0.1:0").want(0)
	first.kill()

	s := serveDoors(t, 2, database)
	own := s.addresses[0]
	c := login(t, own, "globex") // whatever the host is called
	wants(t, c, http.MethodGet, whoami, 200)
	if a := get(t, own+public, "anything.test"); a.Status != 200 || string(a.Body) != string(get(t, s.url+public, "globex.test").Body) {
		t.Errorf("at the own address: %d %s", a.Status, a.Body)
	}
	isError(t, get(t, s.url+public, "anything.test"), 404)
	if err := holding(t, own, "").Login(context.Background(), "admin", testKey()); err == nil {
		t.Error("Acme's administrator logs in at Globex")
	}

	run(t, "company", "update", "--database", database, "--id", "2", "--listen", strings.TrimPrefix(own, "http://")).want(0)
	run(t, "serve", "--database", database, "--listen", "127.0.0.1:0", "--management", "", "--log-level", "error").
		fails(1, "company 2", "address already in use")
}

func TestServeAddressTaken(t *testing.T) {
	t.Parallel()
	database := dbtest.URL(t, dbtest.SQLite)
	found(t, database)
	s := serve(t, database, "--management", "127.0.0.1:0")
	taken := strings.TrimPrefix(s.url, "http://")
	run(t, "serve", "--database", database, "--listen", taken, "--management", "", "--log-level", "error").
		fails(1, taken, "address already in use")
	taken = strings.TrimPrefix(s.manager(), "http://")
	run(t, "serve", "--database", database, "--listen", "127.0.0.1:0", "--management", taken, "--log-level", "error").
		fails(1, taken, "address already in use")
	wants(t, login(t, s.url, "admin"), http.MethodGet, whoami, 200)
}

// A database that a newer podium has written is left alone.
func TestNewerDatabase(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		database := dbtest.URL(t, kind)
		found(t, database)
		_, err := db.Write(context.Background(), dbtest.OpenAt(t, database), func(tx *db.Tx) (struct{}, error) {
			return struct{}{}, tx.Exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES ($1, TRUE)`, 9999)
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, args := range [][]string{
			{"serve", "--listen", "127.0.0.1:0", "--management", ""},
			{"company", "list"},
			{"company", "create", "--id", "2", "--name", "Globex"},
		} {
			run(t, append(args, "--database", database)...).fails(1, "version 9999", "a newer podium has written it")
		}
	})
}

// The command line works on the file of a pod that is busy.
func TestTwoProcessesOnOneFile(t *testing.T) {
	t.Parallel()
	database := dbtest.URL(t, dbtest.SQLite)
	found(t, database)
	s := serve(t, database)
	ctx, stop := context.WithCancel(context.Background())
	busy := make(chan int)
	for range 4 {
		c := &client.Client{Base: s.url, HTTP: newHTTP(t)}
		go func() {
			logins := 0
			for ; ctx.Err() == nil; logins++ {
				c.Token = ""
				if err := c.Login(context.Background(), "admin", testKey()); err != nil {
					t.Errorf("login %d: %v", logins, err)
					break
				}
			}
			busy <- logins
		}()
	}
	for i := range 10 {
		username := "admin" + strconv.Itoa(i)
		admin(t, database, 1, username)
		wants(t, login(t, s.url, username), http.MethodGet, whoami, 200)
	}
	stop()
	for range 4 {
		if logins := <-busy; logins == 0 {
			t.Error("no user could log in meanwhile")
		}
	}
}

// Behind a trusted proxy the company is that of the host which the client asked for; no other
// client is believed.
func TestCompaniesBehindAProxy(t *testing.T) {
	t.Parallel()
	database := filepath.Join(t.TempDir(), "podium.db")
	company(t, database, 1, "Acme", "--host", "acme.test")
	company(t, database, 2, "Globex", "--host", "globex.test")
	trusting := serve(t, database, "--trusted-proxies", "127.0.0.0/8")
	wary := serve(t, database)
	certificate := func(s *server, host, name, value string) string {
		t.Helper()
		request, err := http.NewRequest(http.MethodGet, s.url+public, nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Host = host
		if name != "" {
			request.Header.Set(name, value)
		}
		a := send(t, newHTTP(t), request)
		return strconv.Itoa(a.Status) + " " + string(a.Body)
	}
	acme, globex := certificate(wary, "acme.test", "", ""), certificate(wary, "globex.test", "", "")
	if acme == globex || !strings.HasPrefix(acme, "200") || !strings.HasPrefix(globex, "200") {
		t.Fatal(acme, globex)
	}
	for _, header := range [][2]string{
		{"X-Forwarded-Host", "globex.test"}, {"X-Forwarded-Host", "globex.test:443"}, {"Forwarded", `for=192.0.2.1;host="globex.test:443";proto=https`},
	} {
		for _, host := range []string{"pod.internal", "acme.test"} {
			if got := certificate(trusting, host, header[0], header[1]); got != globex {
				t.Errorf("%s at %s: %s", header, host, got)
			}
		}
		if got := certificate(wary, "acme.test", header[0], header[1]); got != acme {
			t.Errorf("%s is believed of anybody", header[0])
		}
	}
}
