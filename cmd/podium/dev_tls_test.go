package main_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"software.sslmate.com/src/go-pkcs12"

	"podium/internal/client"
)

// inAMinute returns when tokens expire that tests sign.
func inAMinute() time.Time { return time.Now().Add(time.Minute) }

const (
	certificateLogin    = "/sessionauth/v1/authenticate"
	appCertificateLogin = "/sessionauth/v1/app/authenticate"
)

// byTLS returns a client that trusts the pod's CA, and shows the certificate of an account if one
// is named.
func (d *devPod) byTLS(i int, account string) *client.Client {
	d.t.Helper()
	config := &tls.Config{RootCAs: x509.NewCertPool()}
	if !config.RootCAs.AppendCertsFromPEM([]byte(read(d.t, d.folder, "tls", "ca.pem"))) {
		d.t.Fatal("ca.pem holds no certificate")
	}
	if account != "" {
		file := filepath.Join(d.folder, "tls", account+".pem")
		pair, err := tls.LoadX509KeyPair(file, file)
		if err != nil {
			d.t.Fatal(err)
		}
		config.Certificates = []tls.Certificate{pair}
	}
	transport := &http.Transport{TLSClientConfig: config}
	d.t.Cleanup(transport.CloseIdleConnections)
	return &client.Client{Base: "https://" + d.address(i), HTTP: &http.Client{Transport: transport, Timeout: patience}}
}

// loginByTLS logs in by certificate.
func (d *devPod) loginByTLS(i int, account, path string) *client.Client {
	d.t.Helper()
	c := d.byTLS(i, account)
	var opened struct{ Token, Name string }
	if err := json.Unmarshal(wants(d.t, c, http.MethodPost, path, 200).Body, &opened); err != nil || opened.Name != "sessionToken" {
		d.t.Fatalf("%+v %v", opened, err)
	}
	c.Token = opened.Token
	return c
}

// worksByTLS fails the test unless accounts can log in by certificate, and by key.
func (d *devPod) worksByTLS() {
	d.t.Helper()
	wants(d.t, d.loginByTLS(0, "acme-bot", certificateLogin), http.MethodGet, whoami, 200)
	wants(d.t, d.loginByTLS(1, "globex-bot", certificateLogin), http.MethodGet, whoami, 200)
	d.loginByTLS(0, "acme-app", appCertificateLogin)
	byKey := d.byTLS(0, "")
	if err := byKey.Login(context.Background(), "acme-admin", d.key("acme-admin")); err != nil {
		d.t.Fatal(err)
	}
	wants(d.t, byKey, http.MethodGet, whoami, 200)
}

func TestDevTLS(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	d := dev(t, folder, "--tls")
	d.worksByTLS()
	isError(t, do(t, d.byTLS(0, ""), http.MethodPost, certificateLogin), 401)
	isError(t, do(t, d.byTLS(1, "acme-bot"), http.MethodPost, certificateLogin), 401)
	isError(t, do(t, d.byTLS(0, "acme-app"), http.MethodPost, certificateLogin), 401)
	if _, err := holding(t, "https://"+d.address(0), "").Do(context.Background(), http.MethodGet, public, nil); err == nil {
		t.Error("anybody trusts the development CA")
	}

	want := []string{
		"acme-app.p12", "acme-app.pem", "acme-bot.p12", "acme-bot.pem", "acme-ca.pem", "ca.pem", "globex-bot.p12", "globex-bot.pem",
		"globex-ca.pem", "ready", "server-key.pem", "server.pem", "truststore.p12",
	}
	if got := files(t, filepath.Join(folder, "tls")); !slices.Equal(got, want) {
		t.Errorf("the folder tls holds %q", got)
	}
	for _, name := range want {
		if info, err := os.Stat(filepath.Join(folder, "tls", name)); err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("others may read tls/%s: %v %v", name, info.Mode(), err)
		}
	}
}

func TestDevTLSKits(t *testing.T) {
	t.Parallel()
	d := dev(t, t.TempDir(), "--tls")
	file := func(name string) string { return filepath.Join(d.folder, "tls", name) }
	for kit, credentialOf := range map[string]func(name string) credential{
		"python": func(name string) credential { return credential{Path: file(name + ".pem")} },
		"java":   func(name string) credential { return credential{Path: file(name + ".p12"), Password: "changeit"} },
	} {
		want := bdk{Scheme: "https", Host: "127.0.0.1", Port: d.port}
		want.SSL.TrustStore = credential{Path: file("ca.pem")}
		if kit == "java" {
			want.SSL.TrustStore = credential{Path: file("truststore.p12"), Password: "changeit"}
		}
		want.Bot.Username, want.Bot.Certificate = "acme-bot", credentialOf("acme-bot")
		want.App.AppID, want.App.Certificate = "acme-app", credentialOf("acme-app")
		if got := readBDK(t, d.folder, kit, "acme-bot-certificate.yaml"); got != want {
			t.Errorf("%s: %+v", kit, got)
		}
		byKey := readBDK(t, d.folder, kit, "globex-bot.yaml")
		if byKey.Scheme != "https" || byKey.Port != d.port+1 || byKey.SSL != want.SSL || byKey.Bot.PrivateKey.Path == "" {
			t.Errorf("%s by key: %+v", kit, byKey)
		}
		other := readBDK(t, d.folder, kit, "globex-bot-certificate.yaml")
		if other.Bot.Certificate != credentialOf("globex-bot") || other.App.AppID != "" {
			t.Errorf("%s, Globex: %+v", kit, other)
		}
	}
	trusted, err := pkcs12.DecodeTrustStore([]byte(read(t, file("truststore.p12"))), "changeit")
	if err != nil || len(trusted) != 1 || !trusted[0].IsCA {
		t.Errorf("truststore.p12: %v %v", trusted, err)
	}
	key, certificate, issuers, err := pkcs12.DecodeChain([]byte(read(t, file("acme-bot.p12"))), "changeit")
	if err != nil || certificate.Subject.CommonName != "acme-bot" || len(issuers) != 1 {
		t.Fatalf("acme-bot.p12: %v %v", certificate, err)
	}
	if !d.key("acme-bot").Equal(key) || certificate.CheckSignatureFrom(issuers[0]) != nil {
		t.Error("acme-bot.p12 holds another key, or what its CA has not signed")
	}
}

// One folder serves runs with TLS and without, in any order.
func TestDevSwitchesTLS(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	plain := dev(t, folder)
	token := plain.login(plain.acme(), "acme-bot").Token
	plain.stop()

	secure := dev(t, folder, "--tls")
	secure.worksByTLS()
	c := secure.byTLS(0, "")
	c.Token = token
	wants(t, c, http.MethodGet, whoami, 200)
	token = secure.loginByTLS(0, "acme-bot", certificateLogin).Token
	ca, certificate := read(t, folder, "tls", "ca.pem"), read(t, folder, "tls", "acme-bot.pem")
	secure.stop()

	plain = dev(t, folder)
	plain.works()
	wants(t, holding(t, plain.acme(), token), http.MethodGet, whoami, 200)
	isError(t, do(t, holding(t, plain.acme(), ""), http.MethodPost, certificateLogin), 401)
	plain.stop()

	secure = dev(t, folder, "--tls")
	secure.worksByTLS()
	if read(t, folder, "tls", "ca.pem") != ca || read(t, folder, "tls", "acme-bot.pem") != certificate {
		t.Error("the certificates are other ones now")
	}
	secure.stop()
	dev(t, folder, "--tls", "--fresh").worksByTLS()
	if read(t, folder, "tls", "ca.pem") == ca {
		t.Error("--fresh kept the CA")
	}
}
