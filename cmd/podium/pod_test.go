package main_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"io"
	"net/http"
	"path/filepath"
	"strconv"
	"sync"
	"testing"

	"podium/internal/client"
	"podium/internal/jose"
)

// server is a running podium serve.
type server struct {
	*process
	url       string   // where clients connect
	addresses []string // of companies with one of their own
}

// serve starts podium serve at a port of the system's choice.
func serve(t testing.TB, database string, flags ...string) *server {
	t.Helper()
	return serveDoors(t, 1, database, flags...)
}

// serveDoors is serve for a pod of which some companies have an address of their own.
func serveDoors(t testing.TB, doors int, database string, flags ...string) *server {
	t.Helper()
	return command{}.serveDoors(t, doors, database, flags...)
}

func (c command) serveDoors(t testing.TB, doors int, database string, flags ...string) *server {
	t.Helper()
	args := []string{"serve", "--database", database, "--listen", "127.0.0.1:0", "--log-format", "json", "--rate", "0"}
	if !contains(flags, "--management") {
		args = append(args, "--management", "")
	}
	s := &server{process: c.start(t, append(args, flags...)...)}
	s.await(s.stderr, "listening", func(text string) bool { return len(linesOf(parseLines(t, text), "listening")) == doors })
	for _, line := range linesOf(s.lines(), "listening") {
		s.addresses = append(s.addresses, "http://"+line["address"].(string))
	}
	s.url, s.addresses = s.addresses[doors-1], s.addresses[:doors-1]
	return s
}

func contains(list []string, one string) bool {
	for _, s := range list {
		if s == one {
			return true
		}
	}
	return false
}

// manager returns the address of the management listener, which --management asked for.
func (s *server) manager() string {
	s.t.Helper()
	lines := linesOf(s.lines(), "management")
	if len(lines) != 1 {
		s.t.Fatalf("no management listener\n%s", s.all())
	}
	return lines[0]["address"].(string)
}

// testKey is the key of accounts that tests make: making one takes longer than most tests.
var testKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

// publicKey returns a file with the public half of testKey.
func publicKey(t testing.TB) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "public.pem")
	write(t, file, jose.EncodePublicKey(&testKey().PublicKey))
	return file
}

// privateKey returns a file with testKey, and its text.
func privateKey(t testing.TB) (file, text string) {
	t.Helper()
	text, err := jose.EncodePrivateKey(testKey())
	if err != nil {
		t.Fatal(err)
	}
	file = filepath.Join(t.TempDir(), "private.pem")
	write(t, file, text)
	return file, text
}

// company adds a company by the command line.
func company(t testing.TB, database string, id int, name string, flags ...string) {
	t.Helper()
	args := []string{"company", "create", "--database", database, "--id", strconv.Itoa(id), "--name", name}
	run(t, append(args, flags...)...).want(0)
}

// admin adds the administrator of a company by the command line.
func admin(t testing.TB, database string, company int, username string) {
	t.Helper()
	run(t, "admin", "create", "--database", database, "--company", strconv.Itoa(company), "--username", username,
		"--email", username+"@example.com", "--public-key", publicKey(t)).want(0)
}

// found makes a pod of one company, 1, whose administrator is called admin.
func found(t testing.TB, database string) {
	t.Helper()
	company(t, database, 1, "Acme")
	admin(t, database, 1, "admin")
}

// newHTTP returns a client with connections of its own.
func newHTTP(t testing.TB) *http.Client {
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, Timeout: patience}
}

// login opens a session of an account that has testKey.
func login(t testing.TB, base, username string) *client.Client {
	t.Helper()
	return loginBy(t, base, username, testKey())
}

func loginBy(t testing.TB, base, username string, key *rsa.PrivateKey) *client.Client {
	t.Helper()
	c := &client.Client{Base: base, HTTP: newHTTP(t)}
	if err := c.Login(context.Background(), username, key); err != nil {
		t.Fatal(err)
	}
	return c
}

// holding calls a pod with a session token that there is already.
func holding(t testing.TB, base, token string) *client.Client {
	return &client.Client{Base: base, HTTP: newHTTP(t), Token: token}
}

// do sends a request without a body.
func do(t testing.TB, c *client.Client, method, path string) client.Answer {
	t.Helper()
	a, err := c.Do(context.Background(), method, path, nil)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// wants fails the test unless a request is answered by the status.
func wants(t testing.TB, c *client.Client, method, path string, status int) client.Answer {
	t.Helper()
	a := do(t, c, method, path)
	if a.Status != status {
		t.Fatalf("%s %s: %d instead of %d: %s", method, path, a.Status, status, a.Body)
	}
	return a
}

const (
	whoami = "/pod/v1/sessioninfo"
	logout = "/sessionauth/v1/logout"
	public = "/pod/v1/podcert" // answered without a session
)

// get reads a page, addressed to a host if one is given.
func get(t testing.TB, url, host string) client.Answer {
	t.Helper()
	request, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Host = host
	return send(t, newHTTP(t), request)
}

func send(t testing.TB, c *http.Client, request *http.Request) client.Answer {
	t.Helper()
	response, err := c.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return client.Answer{Status: response.StatusCode, Header: response.Header, Body: body}
}

// isError fails the test unless an answer is the published error of a status.
func isError(t testing.TB, a client.Answer, status int) {
	t.Helper()
	var body struct {
		Code    int
		Message string
	}
	decoder := json.NewDecoder(bytes.NewReader(a.Body))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&body); err != nil || a.Status != status || body.Code != status || body.Message == "" {
		t.Fatalf("not the error %d: %d %s (%v)", status, a.Status, a.Body, err)
	}
}
