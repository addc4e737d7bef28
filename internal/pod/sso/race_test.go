package sso_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"net/http"
	"sync"
	"testing"

	"podium/internal/pod"
	"podium/podtest"
)

const (
	path = "/pod/v1/admin/sso/configuration"

	// rounds is how often two calls are run concurrently.
	rounds = 15
)

type configuration map[string]any

// administrators returns two accounts that may configure single sign-on.
func administrators(p *podtest.Pod) (one, other *podtest.User) {
	return p.Bot("acme-admin"), p.Bot("sso-manager", "SSO_MANAGER")
}

func patch(u *podtest.User, c configuration) podtest.Answer {
	body, _ := json.Marshal(c) // plain values: it cannot fail
	for _, o := range pod.Catalogue() {
		if o.ID == "patchSsoConfiguration" {
			return u.Call(o, nil, body)
		}
	}
	panic("no such operation")
}

// atOnce makes two calls concurrently and returns their statuses.
func atOnce(one, other func() podtest.Answer) (first, second int) {
	var both sync.WaitGroup
	both.Go(func() { first = one().Status })
	both.Go(func() { second = other().Status })
	both.Wait()
	return first, second
}

func read(u *podtest.User) (c configuration) {
	u.Get(path).Want(http.StatusOK).Into(&c)
	return c
}

// TestWrittenAtOnce writes the whole configuration twice concurrently: the result is one of the
// two, unmixed.
func TestWrittenAtOnce(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		a, b := administrators(p)
		for round := range rounds {
			first, second := atOnce(
				func() podtest.Answer { return a.Post(path, configuration{"idpEntityId": "one", "forceAuthn": true}) },
				func() podtest.Answer {
					return b.Post(path, configuration{"idpEntityId": "other", "symphonyEntityId": "https://other.example"})
				},
			)
			c := read(a)
			one := c["idpEntityId"] == "one" && c["forceAuthn"] == true && c["symphonyEntityId"] != "https://other.example"
			other := c["idpEntityId"] == "other" && c["forceAuthn"] == false && c["symphonyEntityId"] == "https://other.example"
			if first != 200 || second != 200 || !one && !other {
				t.Fatalf("round %d: %d, %d, and then %v", round, first, second, c)
			}
		}
	})
}

// TestChangedAtOnce changes two fields concurrently: both apply. The first change creates the
// configuration.
func TestChangedAtOnce(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		a, b := administrators(p)
		for round := range rounds {
			force := round%2 == 0
			name := map[bool]string{true: "even", false: "odd"}[force]
			first, second := atOnce(
				func() podtest.Answer { return patch(a, configuration{"forceAuthn": force}) },
				func() podtest.Answer { return patch(b, configuration{"idpEntityId": name}) },
			)
			if c := read(b); first != 200 || second != 200 || c["forceAuthn"] != force || c["idpEntityId"] != name {
				t.Fatalf("round %d: %d, %d, and then %v", round, first, second, c)
			}
		}
	})
}

// TestSwitchedOnAndTakenAwayAtOnce enables single sign-on while another caller removes the
// configuration. It is never enabled while incomplete.
func TestSwitchedOnAndTakenAwayAtOnce(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		a, b := administrators(p)
		ready := configuration{
			"ssoEnabled": false, "idpEntityId": "idp", "idpSsoEndpoint": "https://idp.example/sso", "idpSigningCertificate": selfSigned(t),
		}
		for round := range rounds {
			a.Post(path, ready).Want(200)
			on, away := atOnce(
				func() podtest.Answer { return patch(a, configuration{"ssoEnabled": true}) },
				func() podtest.Answer { return b.Post(path, configuration{}) },
			)
			c := read(a)
			if on != 200 && on != 400 || away != 200 || c["ssoEnabled"] != false || c["idpSsoEndpoint"] != nil {
				t.Fatalf("round %d: %d, %d, and then %v", round, on, away, c)
			}
		}
	})
}

func selfSigned(t *testing.T) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
}
