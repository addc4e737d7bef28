package main_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"podium/internal/db/dbtest"
)

// into reads what a command printed as JSON.
func (r result) into(v any) {
	r.t.Helper()
	if err := json.Unmarshal([]byte(r.want(0).stdout), v); err != nil {
		r.t.Fatalf("podium %q: %v in\n%s%s", r.args, err, r.stdout, r.stderr)
	}
}

// By itself podium call takes the address, the caller and the key of the podium dev nearby.
func TestCallTheDevNearby(t *testing.T) {
	t.Parallel()
	c := command{folder: t.TempDir()}
	d := dev(t, filepath.Join(c.folder, "podium-dev"))
	var me struct {
		ID       int64
		Username string
	}
	c.run(t, "call", "getSessionInfo").into(&me)
	if me.Username != "acme-admin" {
		t.Errorf("the caller is %+v", me)
	}
	c.run(t, "call", "GETSESSIONINFO").want(0)
	c.run(t, "call", "getSessionInfo", "--username", "acme-bot", "--key", "podium-dev/keys/acme-bot.pem").into(&me)
	if me.Username != "acme-bot" {
		t.Errorf("the caller is %+v", me)
	}
	run(t, "call", "getSessionInfo", "--data", d.folder).want(0)

	d.stop()
	c.run(t, "call", "getSessionInfo").fails(1, "--url", "podium-dev")
	run(t, "call", "getSessionInfo").fails(1, "--url", "podium-dev")
}

func TestCallByTLS(t *testing.T) {
	t.Parallel()
	d := dev(t, t.TempDir(), "--tls")
	run(t, "call", "getSessionInfo", "--data", d.folder).want(0)
	url := "https://" + d.address(0)
	as := []string{"call", "getSessionInfo", "--url", url, "--username", "acme-bot", "--key", filepath.Join(d.folder, "keys", "acme-bot.pem")}
	run(t, append(as, "--ca", filepath.Join(d.folder, "tls", "ca.pem"))...).want(0)
	run(t, as...).fails(1, "certificate")
	run(t, append(as, "--ca", filepath.Join(d.folder, "keys", "acme-bot.pem"))...).fails(1, "holds no certificate")
}

func TestCallBodyAndParameters(t *testing.T) {
	t.Parallel()
	d := dev(t, t.TempDir())
	call := func(operation string, flags ...string) result {
		return run(t, append([]string{"call", operation, "--data", d.folder}, flags...)...)
	}
	type certificate struct {
		CompanyCertInfo struct{ FingerPrint, CommonName string }
	}
	var made, seen certificate
	file := filepath.Join(t.TempDir(), "body.json")
	write(t, file, certificateBody(t, "one"))
	call("createCompanyCert", "--body", file).into(&made)
	command{stdin: certificateBody(t, "two")}.run(t, "call", "createCompanyCert", "--data", d.folder, "--body", "-").want(0)
	print := made.CompanyCertInfo.FingerPrint
	if len(print) != 64 {
		t.Fatalf("%+v", made)
	}
	call("getCompanyCert", "--param", "fingerPrint="+print).into(&seen)
	if seen != made || seen.CompanyCertInfo.CommonName != "one" {
		t.Errorf("made %+v, and there is %+v", made, seen)
	}
	var page []any
	call("listCompanyCerts", "-p", "skip=1", "-p", "limit=1").into(&page)
	if len(page) != 1 {
		t.Errorf("a page of one certificate is %v", page)
	}
	call("listCompanyCerts", "-p", "skip=2").into(&page)
	if len(page) != 0 {
		t.Errorf("after two certificates there is %v", page)
	}

	call("getCompanyCert").fails(1, "getCompanyCert", "fingerPrint")
	call("getCompanyCert", "-p", "fingerPrint=0123").want(1)
	call("createCompanyCert", "--body", filepath.Join(t.TempDir(), "none.json")).fails(1, "none.json")
	bad := command{stdin: `{"pem":`}.run(t, "call", "createCompanyCert", "--data", d.folder, "--body", "-").want(1)
	if !strings.Contains(bad.stderr, "the pod answered 400") || !strings.Contains(bad.stdout, `"code": 400`) {
		t.Errorf("a body that is no JSON: %s%s", bad.stdout, bad.stderr)
	}
	call("noSuchOperation").fails(1, "noSuchOperation", "podium operations")
	call("getSessionInfo", "-p", "nonsense").fails(2, "nonsense")
	run(t, "call").fails(2, "operation")
}

// certificateBody returns the body of createCompanyCert.
func certificateBody(t testing.TB, name string) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	type object struct {
		Type string `json:"type"`
	}
	body, err := json.Marshal(map[string]any{
		"pem":        string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})),
		"attributes": map[string]any{"name": name, "type": object{"USER"}, "status": object{"KNOWN"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func TestCallRefused(t *testing.T) {
	t.Parallel()
	d := dev(t, t.TempDir())
	key := filepath.Join(d.folder, "keys", "acme-bot.pem")
	as := func(username, key string) result {
		return run(t, "call", "listCompanyCerts", "--data", d.folder, "--username", username, "--key", key)
	}
	r := as("acme-bot", key).want(1)
	if !strings.Contains(r.stderr, "403: the right ACCESS_CERT_PROVISIONING_API is missing") || !strings.Contains(r.stdout, `"code": 403`) {
		t.Errorf("%s%s", r.stdout, r.stderr)
	}
	as("acme-admin", key).fails(1, "acme-admin", "401")
	as("acme-bot", filepath.Join(d.folder, "podium.db")).fails(1, "podium.db", "key")
	as("acme-bot", filepath.Join(d.folder, "none.pem")).fails(1, "none.pem")
	run(t, "call", "listCompanyCerts", "--data", d.folder, "--username", "acme-bot").fails(1, "--username and --key")
	run(t, "call", "listCompanyCerts", "--data", d.folder, "--key", key).fails(1, "--username and --key")
}

// podium call works on any pod, and leaves no session behind.
func TestCallAnyPod(t *testing.T) {
	t.Parallel()
	database := dbtest.URL(t, dbtest.SQLite)
	found(t, database)
	s := serve(t, database)
	key, secret := privateKey(t)
	var me struct{ ID json.Number }
	run(t, "call", "getSessionInfo", "--url", s.url, "--username", "admin", "--key", key).into(&me)
	c := command{env: []string{"PODIUM_URL=" + s.url + "/", "PODIUM_USERNAME=admin", "PODIUM_KEY=" + key}}
	var list struct{ Sessions []any }
	c.run(t, "call", "listUserSessions", "-p", "uid="+me.ID.String()).into(&list)
	if len(list.Sessions) != 1 { // its own
		t.Errorf("%d sessions are live", len(list.Sessions))
	}
	c.run(t, "call", "listUserSessions", "-p", "uid=123456789").want(0) // 204, without a body

	for _, operation := range []string{"getPodCertificate", "listAccessTokenKeys"} { // without a login
		run(t, "call", operation, "--url", s.url).want(0)
	}
	run(t, "call", "getSessionInfo", "--url", s.url).fails(1, "--username and --key")
	tellsNothing(t, s.all(), secret)
	run(t, "call", "getPodCertificate", "--url", "http://"+closedPort(t)).fails(1, "refused")
}

func TestOperations(t *testing.T) {
	t.Parallel()
	lines := strings.Split(strings.TrimSuffix(run(t, "operations").want(0).stdout, "\n"), "\n")
	if lines[0] != "# id\tmethod\tpath\tright\tchapter" || len(lines) < 20 {
		t.Fatalf("%q", lines)
	}
	if want := "authenticate\tPOST\t/login/pubkey/authenticate\t"; !slices.ContainsFunc(lines, func(l string) bool { return strings.HasPrefix(l, want) }) {
		t.Errorf("there is no %s in %q", want, lines)
	}
	var document struct {
		OpenAPI string
		Paths   map[string]map[string]struct{ OperationID string }
	}
	run(t, "openapi").into(&document)
	if !strings.HasPrefix(document.OpenAPI, "3.1") {
		t.Errorf("OpenAPI %q", document.OpenAPI)
	}
	described := 0
	for _, item := range document.Paths {
		described += len(item)
	}
	if described != len(lines)-1 {
		t.Errorf("%d operations are described, %d listed", described, len(lines)-1)
	}
	for _, line := range lines[1:] {
		field := strings.Split(line, "\t")
		if len(field) != 5 || slices.Contains(field, "") {
			t.Errorf("the line is %q", line)
		} else if o := document.Paths[field[2]][strings.ToLower(field[1])]; o.OperationID != field[0] {
			t.Errorf("%s is described as %q", field[0], o.OperationID)
		}
	}
}

func TestVersionAndHelp(t *testing.T) {
	t.Parallel()
	version := run(t, "version").want(0)
	if !regexp.MustCompile(`^podium \(revision \S+, go\S+, \w+/\w+\)\n$`).MatchString(version.stdout) {
		t.Errorf("podium version prints %q", version.stdout)
	}
	if help := run(t, "--help").want(0).stdout; !strings.Contains(help, "podium <command>") || !strings.Contains(help, "demo data") {
		t.Errorf("podium --help prints\n%s", help)
	}
	help := run(t, "serve", "--help").want(0).stdout
	for _, text := range []string{"--drain-delay", "$PODIUM_DRAIN_DELAY", "--database", "--log-format", "--config"} {
		if !strings.Contains(help, text) {
			t.Errorf("podium serve --help lacks %s", text)
		}
	}
}
