package front

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestCertificateIsReadAgain(t *testing.T) {
	t.Parallel()
	files, clock := newPair(t, "one"), time.Unix(1e9, 0)
	var logged strings.Builder
	log := slog.New(slog.NewTextHandler(&logged, nil))
	c, err := loadCertificate(files.certFile, files.keyFile, log, func() time.Time { return clock })
	if err != nil {
		t.Fatal(err)
	}
	expect := func(when, name string) {
		t.Helper()
		pair, err := c.forHandshake(nil)
		if err != nil || pair.Leaf.Subject.CommonName != name {
			t.Fatalf("%s: %v, %v, not %s", when, pair.Leaf.Subject, err, name)
		}
	}
	two := newPair(t, "two")
	expect("at the start", "one")
	files.write(t, two.cert, two.key)
	expect("within the second", "one")
	clock = clock.Add(time.Second)
	expect("after a second", "two")

	files.write(t, []byte("no certificate"), two.key)
	clock = clock.Add(time.Second)
	expect("a broken file", "two")
	three := newPair(t, "three")
	files.write(t, three.cert, two.key)
	clock = clock.Add(time.Second)
	expect("the certificate before its key", "two")
	if err := os.Remove(files.keyFile); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		clock = clock.Add(time.Second)
		expect("no key", "two")
	}
	if complaints := strings.Count(logged.String(), "level=WARN"); complaints != 3 {
		t.Errorf("%d complaints about three troubles:\n%s", complaints, logged.String())
	}
	files.write(t, three.cert, three.key)
	clock = clock.Add(time.Second)
	expect("the key after its certificate", "three")
	if strings.Contains(logged.String(), "PRIVATE KEY") {
		t.Error("the log contains the key")
	}
}

func TestNewHandshakesGetTheNewCertificate(t *testing.T) {
	t.Parallel()
	files, two := newPair(t, "one"), newPair(t, "two")
	c := load(t, files)
	address := listen(t, newServer(t, Config{Handler: http.NotFoundHandler(), Certificate: c}).ServeTLS)
	old := handshake(t, address, nil)
	if name := old.ConnectionState().PeerCertificates[0].Subject.CommonName; name != "one" {
		t.Fatalf("at first the server is %s", name)
	}
	files.write(t, two.cert, two.key)
	c.checked.Store(-int64(time.Hour)) // the last check was long ago
	if name := handshake(t, address, nil).ConnectionState().PeerCertificates[0].Subject.CommonName; name != "two" {
		t.Errorf("afterwards the server is %s", name)
	}
	fmt.Fprint(old, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
	if _, err := old.Read(make([]byte, 1)); err != nil {
		t.Errorf("the connection with the old certificate is cut: %v", err)
	}
}

func TestCertificateMustLoadAtTheStart(t *testing.T) {
	t.Parallel()
	one, two := newPair(t, "one"), newPair(t, "two")
	log := slog.New(slog.DiscardHandler)
	for name, files := range map[string][2]string{
		"another key":    {one.certFile, two.keyFile},
		"no certificate": {one.certFile + ".no", one.keyFile},
		"no key":         {one.certFile, one.keyFile + ".no"},
	} {
		if _, err := LoadCertificate(files[0], files[1], log); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestOldTLSIsRefused(t *testing.T) {
	t.Parallel()
	c := Config{Handler: http.NotFoundHandler(), Certificate: load(t, newPair(t, "one"))}
	address := listen(t, newServer(t, c).ServeTLS)
	for version, ok := range map[uint16]bool{tls.VersionTLS11: false, tls.VersionTLS12: true, tls.VersionTLS13: true} {
		config := &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS10, MaxVersion: version}
		conn, err := tls.Dial("tcp", address, config)
		if (err == nil) != ok {
			t.Errorf("%s: %v", tls.VersionName(version), err)
		}
		if err == nil {
			conn.Close()
		}
	}
}

// TestClientCertificate checks that the application sees any certificate that a client presents,
// because only the application knows which to trust. TLS has proved that the client has the key.
func TestClientCertificate(t *testing.T) {
	t.Parallel()
	server, own := newPair(t, "one"), newPair(t, "a bot")
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, c := range r.TLS.PeerCertificates {
			fmt.Fprint(w, c.Subject.CommonName)
		}
	})
	selfSigned, err := tls.X509KeyPair(own.cert, own.key)
	if err != nil {
		t.Fatal(err)
	}
	stolen := selfSigned
	if stolen.PrivateKey, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name      string
		request   bool
		show      []tls.Certificate
		want      string
		wantError bool
	}{
		{"none shown", true, nil, "", false},
		{"self-signed", true, []tls.Certificate{selfSigned}, "a bot", false},
		{"without its key", true, []tls.Certificate{stolen}, "", true},
		{"not asked for", false, []tls.Certificate{selfSigned}, "", false},
	} {
		s := newServer(t, Config{Handler: handler, Certificate: load(t, server), RequestClientCertificates: c.request})
		address := listen(t, s.ServeTLS)
		for version := uint16(tls.VersionTLS12); version <= tls.VersionTLS13; version++ {
			config := &tls.Config{RootCAs: server.pool, Certificates: c.show, MaxVersion: version}
			resp, err := newClient(t, &http.Transport{TLSClientConfig: config, ForceAttemptHTTP2: true}).Get("https://" + address)
			if (err != nil) != c.wantError {
				t.Errorf("%s, %s: %v", c.name, tls.VersionName(version), err)
			}
			if err != nil {
				continue
			}
			if got := text(t, resp); got != c.want || resp.ProtoMajor != 2 {
				t.Errorf("%s, %s: the server saw %q, by %s", c.name, tls.VersionName(version), got, resp.Proto)
			}
		}
	}
}

// pair is a self-signed certificate with its key, in two files.
type pair struct {
	certFile, keyFile string
	cert, key         []byte
	pool              *x509.CertPool
}

func newPair(t *testing.T, name string) pair {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		Subject:      pkix.Name{CommonName: name},
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().Add(time.Hour),
		IPAddresses:  []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	p := pair{
		certFile: filepath.Join(dir, "cert.pem"),
		keyFile:  filepath.Join(dir, "key.pem"),
		cert:     pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		key:      pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER}),
		pool:     x509.NewCertPool(),
	}
	p.pool.AppendCertsFromPEM(p.cert)
	p.write(t, p.cert, p.key)
	return p
}

func (p pair) write(t *testing.T, cert, key []byte) {
	t.Helper()
	for file, data := range map[string][]byte{p.certFile: cert, p.keyFile: key} {
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func load(t *testing.T, p pair) *Certificate {
	t.Helper()
	c, err := LoadCertificate(p.certFile, p.keyFile, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func handshake(t *testing.T, address string, config *tls.Config) *tls.Conn {
	t.Helper()
	if config == nil {
		config = &tls.Config{InsecureSkipVerify: true}
	}
	conn, err := tls.Dial("tcp", address, config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}
