package session_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/db/dbtest"
	"podium/internal/pod/accounts"
	"podium/internal/pod/apps"
	"podium/internal/pod/certs"
	"podium/internal/pod/companies"
	"podium/internal/wire"
	"podium/podtest"
)

const forbidden = `{"code":403,"message":"The user lacks the required entitlement to perform this operation"}`

// issued is a certificate with its key.
type issued struct {
	*x509.Certificate
	key crypto.Signer
}

// chain is the list of certificates that a client presents, its own first.
type chain []issued

// registry is a pod whose company registers certificates.
type registry struct {
	t          *testing.T
	p          *podtest.Pod
	clock      *podtest.Clock
	registered []issued // at Acme
}

// certificateChange changes a certificate before it is signed.
type certificateChange func(*x509.Certificate)

// ca issues a certificate that may issue others. by is the issuer; nil makes it self-signed.
func (r *registry) ca(name string, by *issued, changes ...certificateChange) *issued {
	r.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		r.t.Fatal(err)
	}
	authority := func(c *x509.Certificate) {
		c.IsCA, c.KeyUsage, c.ExtKeyUsage = true, x509.KeyUsageCertSign, nil
	}
	c := r.issue(name, key, by, append([]certificateChange{authority}, changes...)...)
	return &c
}

// leaf issues a client certificate for the key that all test accounts have.
func (r *registry) leaf(name string, by *issued, changes ...certificateChange) issued {
	r.t.Helper()
	return r.issue(name, podtest.Key(), by, changes...)
}

func (r *registry) issue(name string, key crypto.Signer, by *issued, changes ...certificateChange) issued {
	r.t.Helper()
	serial, err := rand.Int(rand.Reader, big.NewInt(1<<62))
	if err != nil {
		r.t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: name, Organization: []string{"Acme"}},
		NotBefore: r.clock.Now().Add(-time.Hour), NotAfter: r.clock.Now().AddDate(1, 0, 0),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
		BasicConstraintsValid: true,
	}
	for _, change := range changes {
		change(template)
	}
	parent, signer := template, key
	if by != nil {
		parent, signer = by.Certificate, by.key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), signer)
	if err != nil {
		r.t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		r.t.Fatal(err)
	}
	return issued{parsed, key}
}

// register registers a certificate at Acme.
func (r *registry) register(c issued, kind certs.Type, status certs.Status) issued {
	r.t.Helper()
	r.registerAt(acme.Company, c, kind, status)
	r.registered = append(r.registered, c)
	return c
}

func (r *registry) registerAt(company wire.CompanyID, c issued, kind certs.Type, status certs.Status) {
	r.t.Helper()
	r.p.Write(r.t, func(tx *db.Tx) error {
		_, err := r.p.Inner.Certs.Register(tx, auth.Caller{Company: company}, c.Certificate, certs.Attributes{
			Name: c.Subject.CommonName + " ", Type: certs.TypeObject{Type: kind}, Status: certs.StatusObject{Type: status},
		})
		return err
	})
}

// root returns a new authority that Acme trusts.
func (r *registry) root() *issued {
	r.t.Helper()
	ca := r.ca("Acme CA", nil)
	r.register(*ca, certs.UserSigning, certs.Trusted)
	return ca
}

func fingerprint(c *x509.Certificate) string {
	sum := sha256.Sum256(c.Raw)
	return hex.EncodeToString(sum[:])
}

// lastSeen returns the time of the last login by a certificate of Acme.
func (r *registry) lastSeen(c issued) int64 {
	r.t.Helper()
	return r.p.Number(r.t, `SELECT last_seen FROM certificates WHERE company = $1 AND fingerprint = $2`, acme.Company, fingerprint(c.Certificate))
}

// tlsDoor is a listener of Acme that asks for client certificates, as front's does.
type tlsDoor struct{ *httptest.Server }

func newTLSDoor(t *testing.T, p *podtest.Pod) tlsDoor {
	t.Helper()
	server := httptest.NewUnstartedServer(p.Inner.Handler(acme.Company))
	server.TLS = &tls.Config{ClientAuth: tls.RequestClientCert, MinVersion: tls.VersionTLS12}
	server.StartTLS()
	t.Cleanup(server.Close)
	return tlsDoor{server}
}

// present posts a body over a connection on which the client presents a chain.
func (d tlsDoor) present(t *testing.T, path, trace string, chain chain, body string) (status int, text string) {
	t.Helper()
	config := d.Client().Transport.(*http.Transport).TLSClientConfig.Clone()
	config.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
		certificate := &tls.Certificate{}
		for i, c := range chain {
			if i == 0 {
				certificate.PrivateKey = c.key
			}
			certificate.Certificate = append(certificate.Certificate, c.Raw)
		}
		return certificate, nil
	}
	transport := &http.Transport{TLSClientConfig: config}
	defer transport.CloseIdleConnections()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, d.URL+path, bytes.NewReader([]byte(body)))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("X-Trace-Id", trace)
	response, err := transport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(data)
}

// certificateCase is what a client of the service account with a name presents, the expected
// status, and the reason in the log.
type certificateCase struct {
	name    string
	present func(r *registry, name string) chain
	status  int
	reason  string
}

const (
	strange = "no trusted certificate of the company vouches for it"
	between = "one between is revoked, disabled or too weak"
)

// certificateCases are cases that change only certificates.
var certificateCases = []certificateCase{
	{"none", func(*registry, string) chain { return nil }, 401, "no client certificate"},

	// The certificate itself is registered.
	{"trusted", registeredLeaf(certs.User, certs.Trusted), 200, ""},
	{"trusted for operations", registeredLeaf(certs.OperationsUser, certs.Trusted), 200, ""},
	{"known", registeredLeaf(certs.User, certs.Known), 401, strange},
	{"disabled", registeredLeaf(certs.User, certs.Disabled), 401, "the certificate is DISABLED"},
	{"revoked", registeredLeaf(certs.User, certs.Revoked), 401, "the certificate is REVOKED"},
	{"known for operations", registeredLeaf(certs.OperationsUser, certs.Known), 401, strange},
	{"trusted, but for signing", registeredLeaf(certs.UserSigning, certs.Trusted), 401, "for signing only"},
	{"unknown and of its own", func(r *registry, name string) chain { return chain{r.leaf(name, nil)} }, 401, strange},
	{"trusted at another company", func(r *registry, name string) chain {
		c := r.leaf(name, nil)
		r.registerAt(191, c, certs.User, certs.Trusted)
		return chain{c}
	}, 401, strange},
	{"another of the same name as a trusted one", func(r *registry, name string) chain {
		r.register(r.leaf(name, nil), certs.User, certs.Trusted)
		return chain{r.leaf(name, nil)}
	}, 401, strange},
	{"a trusted one behind it", func(r *registry, name string) chain {
		return chain{r.leaf(name, nil), r.register(r.leaf(name, nil), certs.User, certs.Trusted)}
	}, 401, strange},

	// The issuer is registered.
	{"of a trusted issuer", func(r *registry, name string) chain { return chain{r.leaf(name, r.root())} }, 200, ""},
	{"of a trusted issuer, sent along", func(r *registry, name string) chain {
		ca := r.root()
		return chain{r.leaf(name, ca), *ca}
	}, 200, ""},
	{"of an issuer trusted for operations", ofIssuer(certs.OperationsSigning, certs.Trusted), 200, ""},
	{"of an issuer that is known", ofIssuer(certs.UserSigning, certs.Known), 401, strange},
	{"of an issuer that is disabled", ofIssuer(certs.UserSigning, certs.Disabled), 401, strange},
	{"of an issuer that is revoked", ofIssuer(certs.UserSigning, certs.Revoked), 401, strange},
	{"of an issuer trusted as a user", ofIssuer(certs.User, certs.Trusted), 401, strange},
	{"of an issuer of another company", func(r *registry, name string) chain {
		ca := r.ca("Acme CA", nil)
		r.registerAt(191, *ca, certs.UserSigning, certs.Trusted)
		return chain{r.leaf(name, ca), *ca}
	}, 401, strange},
	{"of an issuer with a trusted one's name", func(r *registry, name string) chain {
		r.root()
		ca := r.ca("Acme CA", nil)
		return chain{r.leaf(name, ca), *ca}
	}, 401, strange},
	{"known, of a trusted issuer", func(r *registry, name string) chain {
		return chain{r.register(r.leaf(name, r.root()), certs.User, certs.Known)}
	}, 200, ""},
	{"disabled, of a trusted issuer", func(r *registry, name string) chain {
		return chain{r.register(r.leaf(name, r.root()), certs.User, certs.Disabled)}
	}, 401, "the certificate is DISABLED"},
	{"revoked, of a trusted issuer", func(r *registry, name string) chain {
		return chain{r.register(r.leaf(name, r.root()), certs.OperationsUser, certs.Revoked)}
	}, 401, "the certificate is REVOKED"},
	{"revoked as a signing one, of a trusted issuer", func(r *registry, name string) chain {
		return chain{r.register(r.leaf(name, r.root()), certs.UserSigning, certs.Revoked)}
	}, 401, "the certificate is REVOKED"},

	// Intermediate certificates.
	{"through one between", through(nil), 200, ""},
	{"through one between that is missing", func(r *registry, name string) chain {
		return chain{r.leaf(name, r.ca("Branch", r.root()))}
	}, 401, strange},
	{"through one between that is registered, not sent", func(r *registry, name string) chain {
		ca := r.ca("Branch", r.root())
		r.register(*ca, certs.UserSigning, certs.Known)
		return chain{r.leaf(name, ca)}
	}, 200, ""},
	{"of a trusted one between, whose root is unknown", func(r *registry, name string) chain {
		ca := r.ca("Branch", r.ca("Root", nil))
		r.register(*ca, certs.UserSigning, certs.Trusted)
		return chain{r.leaf(name, ca), *ca}
	}, 200, ""},
	{"through one between that is revoked", through(func(r *registry, ca issued) { r.register(ca, certs.UserSigning, certs.Revoked) }), 401, between},
	{"through one between that is disabled", through(func(r *registry, ca issued) { r.register(ca, certs.OperationsSigning, certs.Disabled) }), 401, between},
	{"through one between that is revoked as a user's", through(func(r *registry, ca issued) { r.register(ca, certs.User, certs.Revoked) }), 401, between},
	{"through one between that is known", through(func(r *registry, ca issued) { r.register(ca, certs.UserSigning, certs.Known) }), 200, ""},
	{"through one between that has expired", through(nil, expired), 401, strange},
	{"through one between that is no authority", through(nil, noAuthority), 401, strange},
	{"through one between for servers", through(nil, purpose(x509.ExtKeyUsageServerAuth)), 401, strange},
	{"through one between with a small RSA key", func(r *registry, name string) chain {
		key, err := rsa.GenerateKey(rand.Reader, 1024)
		if err != nil {
			r.t.Fatal(err)
		}
		ca := r.issue("Branch", key, r.root(), func(c *x509.Certificate) {
			c.IsCA, c.KeyUsage, c.ExtKeyUsage = true, x509.KeyUsageCertSign, nil
		})
		return chain{r.leaf(name, &ca), ca}
	}, 401, between},
	{"through two, one more than the root lets", func(r *registry, name string) chain {
		root := r.ca("Acme CA", nil, func(c *x509.Certificate) { c.MaxPathLen, c.MaxPathLenZero = 0, true })
		r.register(*root, certs.UserSigning, certs.Trusted)
		branch := r.ca("Branch", root)
		return chain{r.leaf(name, branch), *branch}
	}, 401, strange},
	{"of a client's certificate", func(r *registry, name string) chain {
		client := r.leaf("acme-bot", r.root())
		return chain{r.leaf(name, &client), client}
	}, 401, strange},
	{"of a trusted issuer that has expired", ofIssuer(certs.UserSigning, certs.Trusted, expired), 401, strange},
	{"of a trusted issuer that is not valid yet", ofIssuer(certs.UserSigning, certs.Trusted, early), 401, strange},
	{"of a trusted issuer that is no authority", ofIssuer(certs.UserSigning, certs.Trusted, noAuthority), 401, strange},
	{"of a trusted issuer that may not sign", ofIssuer(certs.UserSigning, certs.Trusted, usage(x509.KeyUsageDigitalSignature)), 401, strange},
	{"of a trusted issuer for servers", ofIssuer(certs.UserSigning, certs.Trusted, purpose(x509.ExtKeyUsageServerAuth)), 401, strange},

	// The certificate's own fields.
	{"expired", registeredLeaf(certs.User, certs.Trusted, expired), 401, "the certificate has expired"},
	{"expired, of a trusted issuer", ofRoot(expired), 401, "the certificate has expired"},
	{"not valid yet", registeredLeaf(certs.User, certs.Trusted, early), 401, "the certificate is not valid yet"},
	{"for servers", registeredLeaf(certs.User, certs.Trusted, purpose(x509.ExtKeyUsageServerAuth)), 401, "the certificate is not for clients"},
	{"for servers, of a trusted issuer", ofRoot(purpose(x509.ExtKeyUsageServerAuth)), 401, "the certificate is not for clients"},
	{"for something unheard of", registeredLeaf(certs.User, certs.Trusted, func(c *x509.Certificate) {
		c.ExtKeyUsage, c.UnknownExtKeyUsage = nil, []asn1.ObjectIdentifier{{1, 3, 6, 1, 4, 1, 99999, 1}}
	}), 401, "the certificate is not for clients"},
	{"for servers and clients", ofRoot(purpose(x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth)), 200, ""},
	{"for anything", ofRoot(purpose(x509.ExtKeyUsageAny)), 200, ""},
	{"for nothing in particular", ofRoot(purpose()), 200, ""},
	{"for encryption only", registeredLeaf(certs.User, certs.Trusted, usage(x509.KeyUsageKeyEncipherment)), 401, "key usage"},
	{"for encryption only, of a trusted issuer", ofRoot(usage(x509.KeyUsageKeyEncipherment)), 401, "key usage"},
	{"of any key usage", ofRoot(usage(0)), 200, ""},
	{"with an unknown critical extension", ofRoot(func(c *x509.Certificate) {
		c.ExtraExtensions = []pkix.Extension{{Id: asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 99999, 2}, Critical: true, Value: []byte{5, 0}}}
	}), 401, strange},
	{"of an elliptic curve", func(r *registry, name string) chain {
		key, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
		if err != nil {
			r.t.Fatal(err)
		}
		return chain{r.register(r.issue(name, key, nil), certs.User, certs.Trusted)}
	}, 401, "the certificate's key is not RSA"},
	{"ten certificates", func(r *registry, name string) chain { return r.many(name, 10) }, 200, ""},
	{"eleven certificates", func(r *registry, name string) chain { return r.many(name, 11) }, 401, "too many certificates"},
	{"twenty certificates", func(r *registry, name string) chain { return r.many(name, 20) }, 401, "too many certificates"},

	// The account that it names.
	{"of no account", named("no-such-user"), 401, "there is no account"},
	{"of no name", named(""), 401, "the certificate has no common name"},
	{"a person's", named("alice"), 403, "is not a service account"},
	{"in another case", named("ACME-BOT"), 401, "there is no account"},
	{"in full width", named("\uff41cme-bot"), 401, "there is no account"},
	{"with a space", named("acme-bot "), 401, "there is no account"},
	{"an e-mail address's", named("acme-bot@acme.example"), 401, "there is no account"},
	{"of another company's bot", named("globex-bot"), 401, "there is no account"},
	{"of a disabled bot", named("disabled"), 401, "is disabled or suspended"},
	{"of a suspended bot", named("suspended"), 401, "is disabled or suspended"},
	{"of a bot whose RSA key was revoked", named("revoked"), 200, ""},
	// the company's authority vouches for it
	{"with another bot's name", named("acme-admin"), 200, ""},
	{"of a bot with the name of an application", named("twin"), 200, ""},
	{"of a bot with the name of an application with a certificate", named("certified-twin"), 403, "an application of the name"},
	{"of a bot with the name of a disabled application with a certificate", named("disabled-twin"), 200, ""},
}

func registeredLeaf(kind certs.Type, status certs.Status, changes ...certificateChange) func(*registry, string) chain {
	return func(r *registry, name string) chain {
		return chain{r.register(r.leaf(name, nil, changes...), kind, status)}
	}
}

// ofIssuer returns a certificate of a registered and changed issuer.
func ofIssuer(kind certs.Type, status certs.Status, changes ...certificateChange) func(*registry, string) chain {
	return func(r *registry, name string) chain {
		ca := r.ca("Acme CA", nil, changes...)
		r.register(*ca, kind, status)
		return chain{r.leaf(name, ca)}
	}
}

// ofRoot returns a changed certificate of a trusted issuer.
func ofRoot(changes ...certificateChange) func(*registry, string) chain {
	return func(r *registry, name string) chain { return chain{r.leaf(name, r.root(), changes...)} }
}

// through returns a certificate with an intermediate one between it and the trusted issuer. changes
// apply to the intermediate; register registers it.
func through(register func(*registry, issued), changes ...certificateChange) func(*registry, string) chain {
	return func(r *registry, name string) chain {
		ca := r.ca("Branch", r.root(), changes...)
		if register != nil {
			register(r, *ca)
		}
		return chain{r.leaf(name, ca), *ca}
	}
}

// named returns a certificate of a trusted issuer with another common name.
func named(name string) func(*registry, string) chain {
	return func(r *registry, _ string) chain { return chain{r.leaf(name, r.root())} }
}

// many returns a valid certificate followed by unrelated ones.
func (r *registry) many(name string, n int) chain {
	r.t.Helper()
	list := chain{r.leaf(name, r.root())}
	for len(list) < n {
		list = append(list, *r.ca("Other", nil))
	}
	return list
}

func expired(c *x509.Certificate)     { c.NotAfter = c.NotBefore.Add(59 * time.Minute) }
func early(c *x509.Certificate)       { c.NotBefore = c.NotBefore.Add(61 * time.Minute) }
func noAuthority(c *x509.Certificate) { c.IsCA = false }

func usage(u x509.KeyUsage) certificateChange {
	return func(c *x509.Certificate) { c.KeyUsage = u }
}

func purpose(p ...x509.ExtKeyUsage) certificateChange {
	return func(c *x509.Certificate) { c.ExtKeyUsage = p }
}

func TestCertificateLogins(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		log, clock := &lines{}, podtest.NewClock()
		p := podtest.StartOn(t, kind, podtest.WithClock(clock), podtest.WithLog(log))
		door := newTLSDoor(t, p)
		barred(t, p)
		twins(t, p)
		for i, test := range certificateCases {
			name := fmt.Sprintf("bot-%d", i)
			p.Bot(name)
			r := &registry{t: t, p: p, clock: clock}
			presented := test.present(r, name)
			want := name
			if len(presented) > 0 {
				want = presented[0].Subject.CommonName
			}
			for operation, path := range map[string]string{
				"authenticateByCertificate":           "/sessionauth/v1/authenticate",
				"authenticateKeyManagerByCertificate": "/keyauth/v1/authenticate",
			} {
				trace := fmt.Sprintf("%s-%d", operation, i)
				before := rows(t, p)
				status, body := door.present(t, path, trace, presented, "")
				if status != test.status {
					t.Errorf("%s: %s: %d %s, the reason %q", operation, test.name, status, body, log.of(t, trace).Reason)
					continue
				}
				if status == http.StatusOK {
					if rows(t, p) != before+1 {
						t.Errorf("%s: %s: it opened no session", operation, test.name)
					}
					if path == "/sessionauth/v1/authenticate" {
						r.mustBe(door, body, want)
					}
					continue
				}
				if body != map[int]string{401: refused, 403: forbidden}[status] {
					t.Errorf("%s: %s: %s", operation, test.name, body)
				}
				if reason := log.of(t, trace).Reason; !strings.Contains(reason, test.reason) {
					t.Errorf("%s: %s: the log gives the reason %q, not %q", operation, test.name, reason, test.reason)
				}
				if rows(t, p) != before {
					t.Errorf("%s: %s: a session is left", operation, test.name)
				}
			}
			r.checkLastSeen(test)
		}
	})
}

// mustBe checks the user of a login's session.
func (r *registry) mustBe(door tlsDoor, answer, username string) {
	r.t.Helper()
	var opened tokens
	if err := json.Unmarshal([]byte(answer), &opened); err != nil || opened.Name != "sessionToken" {
		r.t.Fatalf("%v in %s", err, answer)
	}
	info := asking(r.t, door.Config.Handler, "GET", "/pod/v2/sessioninfo", headers{"sessionToken": opened.Token})
	if !strings.Contains(info.Body.String(), fmt.Sprintf(`"username":%q`, username)) {
		r.t.Errorf("the session is not that of %s: %s", username, info.Body)
	}
}

// checkLastSeen checks that a login marked only the registered certificate that decided, and a
// refusal none.
func (r *registry) checkLastSeen(test certificateCase) {
	r.t.Helper()
	marked := 0
	for _, c := range r.registered {
		switch at := r.lastSeen(c); at {
		case 0:
		case int64(wire.TimeOf(r.clock.Now())):
			marked++
		default:
			r.t.Errorf("%s: a certificate was seen at %d", test.name, at)
		}
	}
	if want := map[int]int{200: 1}[test.status]; marked != want {
		r.t.Errorf("%s: %d certificates are marked as seen, not %d", test.name, marked, want)
	}
}

// twins creates bots with the names of applications.
func twins(t *testing.T, p *podtest.Pod) {
	t.Helper()
	for name, app := range map[string]apps.App{
		"twin":           {Enabled: true},
		"certified-twin": {Enabled: true, Certificate: "a certificate"},
		"disabled-twin":  {Enabled: false, Certificate: "a certificate"},
	} {
		p.Bot(name)
		app.ID, app.Name = name, name
		p.Write(t, func(tx *db.Tx) error { return p.Inner.Apps.Create(tx, acme, app, "") })
	}
}

// TestCertificateLoginsOfApplications checks that applications log in with certificates that name
// them.
func TestCertificateLoginsOfApplications(t *testing.T) {
	t.Parallel()
	eachAt(t, func(t *testing.T, p *podtest.Pod, clock *podtest.Clock) {
		door := newTLSDoor(t, p)
		barred(t, p)
		r := &registry{t: t, p: p, clock: clock}
		ca := r.root()
		const appDoor, extensionDoor = "/sessionauth/v1/app/authenticate", "/sessionauth/v1/authenticate/extensionApp"
		const extensionBody = `{"appToken":"3b1f0c9a"}`
		for _, test := range []struct {
			name    string
			present chain
			status  int
		}{
			{"the application", chain{r.leaf("acme-app", ca)}, 200},
			{"one without an RSA key", chain{r.leaf("keyless-app", ca)}, 200},
			{"trusted by itself", chain{r.register(r.leaf("acme-app", nil), certs.User, certs.Trusted)}, 200},
			{"known only", chain{r.register(r.leaf("acme-app", nil), certs.User, certs.Known)}, 401},
			{"revoked", chain{r.register(r.leaf("acme-app", ca), certs.User, certs.Revoked)}, 401},
			{"of an unknown issuer", chain{r.leaf("acme-app", r.ca("Acme CA", nil))}, 401},
			{"none", nil, 401},
			{"an unknown one", chain{r.leaf("no-such-app", ca)}, 401},
			{"in another case", chain{r.leaf("Acme-App", ca)}, 401},
			{"a disabled one", chain{r.leaf("disabled", ca)}, 401},
			{"one with a colon", chain{r.leaf("acme:app", ca)}, 401},
			{"a bot", chain{r.leaf("acme-bot", ca)}, 401},
			{"expired", chain{r.leaf("acme-app", ca, expired)}, 401},
		} {
			for path, body := range map[string]string{appDoor: "", extensionDoor: extensionBody} {
				before := rows(t, p)
				status, answer := door.present(t, path, "x", test.present, body)
				if status != test.status || status == 401 && answer != refused {
					t.Errorf("%s at %s: %d %s", test.name, path, status, answer)
				}
				if status != 200 && rows(t, p) != before {
					t.Errorf("%s at %s: something is left", test.name, path)
				}
			}
		}
		for _, body := range []string{`{}`, `{"appToken":null}`, `{"appToken":""}`, `{"appToken":"` + strings.Repeat("x", 1025) + `"}`} {
			status, answer := door.present(t, extensionDoor, "x", chain{r.leaf("acme-app", ca)}, body)
			if status != 400 || !strings.Contains(answer, "appToken") {
				t.Errorf("%.40s: %d %s", body, status, answer)
			}
		}

		// It opens a session of the application, which opens others on behalf of users.
		_, answer := door.present(t, appDoor, "x", chain{r.leaf("acme-app", ca)}, "")
		var app, obo tokens
		if err := json.Unmarshal([]byte(answer), &app); err != nil {
			t.Fatal(err)
		}
		onBehalf := asking(t, door.Config.Handler, "POST", "/sessionauth/v1/app/username/alice/authenticate", headers{"sessionToken": app.Token})
		var older struct{ SessionToken string }
		if err := json.Unmarshal(onBehalf.Body.Bytes(), &older); err != nil {
			t.Fatal(err)
		}
		obo.Token = older.SessionToken
		if info := asking(t, door.Config.Handler, "GET", "/pod/v2/sessioninfo", headers{"sessionToken": obo.Token}); info.Code != 200 {
			t.Errorf("on behalf of alice: %d %s", info.Code, info.Body)
		}
	})
}

// TestLoginByAnApplicationsOwnCertificate checks that an application logs in with its own stored
// certificate, or with any certificate of the stored key. That ends when the certificate is removed
// or registered as refused. No other application logs in with it.
func TestLoginByAnApplicationsOwnCertificate(t *testing.T) {
	t.Parallel()
	eachAt(t, func(t *testing.T, p *podtest.Pod, clock *podtest.Clock) {
		door := newTLSDoor(t, p)
		barred(t, p)
		r := &registry{t: t, p: p, clock: clock}
		admin := p.Bot("acme-admin")
		const path = "/sessionauth/v1/app/authenticate"
		login := func(why string, c issued, want int) (token string) {
			t.Helper()
			status, answer := door.present(t, path, "x", chain{c}, "")
			if status != want {
				t.Errorf("%s: %d %s instead of %d", why, status, answer, want)
			}
			var opened tokens
			_ = json.Unmarshal([]byte(answer), &opened) // a refusal has no token
			return opened.Token
		}
		give := func(cert string) {
			t.Helper()
			admin.Post("/pod/v1/admin/app/keyless-app/update", map[string]any{"applicationInfo": map[string]string{"publisher": "Acme"}, "cert": cert}).Want(200)
		}
		lives := func(token string) bool {
			// 401 when the session has ended
			return asking(t, door.Config.Handler, "GET", "/pod/v2/sessioninfo", headers{"sessionToken": token}).Code == 403
		}
		own, other := r.leaf("keyless-app", nil), r.leaf("keyless-app", nil)
		login("before it has one", own, 401)
		give(inPEM(own))
		first := login("its own", own, 200)
		login("another of its key", other, 401)
		login("one that names another", r.leaf("acme-app", nil), 401)
		login("its own in another's name", r.leaf("acme-bot", nil), 401)
		if status, answer := door.present(t, "/sessionauth/v1/authenticate", "x", chain{own}, ""); status != 401 {
			t.Errorf("as a bot: %d %s", status, answer)
		}
		give(inPEM(own))
		if !lives(first) {
			t.Error("what was answered, sent back, ended a session")
		}
		give(inPEM(other))
		if lives(first) {
			t.Error("a session outlives the certificate that opened it")
		}
		login("the one before", own, 401)
		second := login("the one after", other, 200)
		r.register(other, certs.User, certs.Revoked)
		login("registered as revoked", other, 401)

		spki, err := x509.MarshalPKIXPublicKey(podtest.Key().Public())
		if err != nil {
			t.Fatal(err)
		}
		give(string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: spki})))
		if lives(second) {
			t.Error("a session outlives the certificate that a key replaced")
		}
		third := login("any of its key", r.leaf("keyless-app", nil), 200)
		login("any of its key, expired", r.leaf("keyless-app", nil, expired), 401)
		stranger, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			t.Fatal(err)
		}
		login("of another key", r.issue("keyless-app", stranger, nil), 401)
		give("")
		if lives(third) {
			t.Error("a session outlives the key that was taken away")
		}
		login("when it has none any more", r.leaf("keyless-app", nil), 401)
	})
}

// TestACertificateIsTakenAwayDuringTheLogin checks that no session remains if the certificate is
// removed during the login.
func TestACertificateIsTakenAwayDuringTheLogin(t *testing.T) {
	t.Parallel()
	eachAt(t, func(t *testing.T, p *podtest.Pod, clock *podtest.Clock) {
		door := newTLSDoor(t, p)
		barred(t, p)
		r := &registry{t: t, p: p, clock: clock}
		admin := p.Bot("acme-admin")
		own := r.leaf("keyless-app", nil)
		give := func(cert string) podtest.Answer {
			return admin.Post("/pod/v1/admin/app/keyless-app/update", map[string]any{"applicationInfo": map[string]string{"publisher": "Acme"}, "cert": cert})
		}
		for range 20 {
			give(inPEM(own)).Want(200)
			var login sync.WaitGroup
			var opened tokens
			login.Go(func() {
				if status, answer := door.present(t, "/sessionauth/v1/app/authenticate", "x", chain{own}, ""); status == 200 {
					if err := json.Unmarshal([]byte(answer), &opened); err != nil {
						t.Error(err)
					}
				}
			})
			give("").Want(200)
			login.Wait()
			if opened.Token == "" {
				continue
			}
			if a := asking(t, door.Config.Handler, "GET", "/pod/v2/sessioninfo", headers{"sessionToken": opened.Token}); a.Code != 401 {
				t.Fatalf("the session lives: %d %s", a.Code, a.Body)
			}
		}
	})
}

func inPEM(c issued) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw}))
}

// TestCertificateSettings checks the company's settings: which accounts may log in by certificate,
// and the size of keys.
func TestCertificateSettings(t *testing.T) {
	t.Parallel()
	eachAt(t, func(t *testing.T, p *podtest.Pod, clock *podtest.Clock) {
		door := newTLSDoor(t, p)
		r := &registry{t: t, p: p, clock: clock}
		ca := r.root()
		bot, app := chain{r.leaf("acme-bot", ca)}, chain{r.leaf("acme-app", ca)}
		every := func(want int) {
			t.Helper()
			for path, c := range map[string]chain{
				"/sessionauth/v1/authenticate": bot, "/keyauth/v1/authenticate": bot,
				"/sessionauth/v1/app/authenticate": app, "/sessionauth/v1/authenticate/extensionApp": app,
			} {
				if status, body := door.present(t, path, "x", c, `{"appToken":"x"}`); status != want {
					t.Errorf("%s: %d %s instead of %d", path, status, body, want)
				}
			}
		}
		every(200)
		setCompany(t, p, func(c *companies.Company) { c.CertificateBits = 2049 })
		every(401)
		setCompany(t, p, func(c *companies.Company) { c.CertificateBits, c.Certificates = 2048, false })
		every(403)
		setCompany(t, p, func(c *companies.Company) { c.Certificates = true })
		every(200)
	})
}

// TestRevokingACertificate checks that a revoked or removed certificate opens no session, and that
// open sessions stay.
func TestRevokingACertificate(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(admin *podtest.User, fingerprint string){
		"revoked": func(admin *podtest.User, fingerprint string) {
			admin.Post("/pod/v1/companycert/"+fingerprint+"/update", map[string]any{"status": map[string]string{"type": "REVOKED"}}).Want(200)
		},
		"disabled": func(admin *podtest.User, fingerprint string) {
			admin.Post("/pod/v1/companycert/"+fingerprint+"/update", map[string]any{"status": map[string]string{"type": "DISABLED"}}).Want(200)
		},
		"deleted": func(admin *podtest.User, fingerprint string) {
			admin.Post("/pod/v1/companycert/delete", map[string]string{"id": fingerprint}).Want(200)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			eachAt(t, func(t *testing.T, p *podtest.Pod, clock *podtest.Clock) {
				door := newTLSDoor(t, p)
				r := &registry{t: t, p: p, clock: clock}
				c := r.register(r.leaf("acme-bot", nil), certs.User, certs.Trusted)
				status, answer := door.present(t, "/sessionauth/v1/authenticate", "x", chain{c}, "")
				if status != 200 {
					t.Fatal(status, answer)
				}
				end(p.Bot("acme-admin"), fingerprint(c.Certificate))
				if status, answer := door.present(t, "/sessionauth/v1/authenticate", "y", chain{c}, ""); status != 401 {
					t.Errorf("afterwards: %d %s", status, answer)
				}
				r.mustBe(door, answer, "acme-bot")
			})
		})
	}
}

// TestCertificateLoginLiftsASuspension checks that a login by certificate also lifts an expired
// suspension.
func TestCertificateLoginLiftsASuspension(t *testing.T) {
	t.Parallel()
	eachAt(t, func(t *testing.T, p *podtest.Pod, clock *podtest.Clock) {
		door := newTLSDoor(t, p)
		r := &registry{t: t, p: p, clock: clock}
		present := chain{r.leaf("acme-bot", r.root())}
		bot := p.Bot("acme-bot")
		p.Write(t, func(tx *db.Tx) error {
			return p.Inner.Accounts.Suspend(tx, acme, wire.UserID(bot.ID), tx.Now().Add(time.Hour), "a reason")
		})
		if status, body := door.present(t, "/sessionauth/v1/authenticate", "x", present, ""); status != 401 {
			t.Errorf("suspended: %d %s", status, body)
		}
		clock.Advance(time.Hour)
		if u := account(t, p, bot.ID); !u.Suspended {
			t.Error("the suspension is lifted before the login")
		}
		if status, body := door.present(t, "/sessionauth/v1/authenticate", "x", present, ""); status != 200 {
			t.Errorf("after the suspension: %d %s", status, body)
		}
		u := account(t, p, bot.ID)
		if u.Suspended || u.SuspendedUntil != 0 || u.SuspensionReason != "" || u.LastLogin != wire.TimeOf(clock.Now()) || u.Status != accounts.Enabled {
			t.Errorf("the account is %+v", u)
		}
	})
}
