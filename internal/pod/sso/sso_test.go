package sso

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"strings"
	"testing"
)

// TestCertificate checks that a certificate is accepted in several forms and stored in one, and
// that other PEM content, above all keys, is refused.
func TestCertificate(t *testing.T) {
	t.Parallel()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	usual := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	secret := string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}))
	for name, text := range map[string]string{
		"as it is": usual, "no line breaks": strings.ReplaceAll(usual, "\n", ""), "two characters": strings.ReplaceAll(usual, "\n", `\n`),
		"carriage returns": strings.ReplaceAll(usual, "\n", "\r\n"), "space around it": "\n " + usual + "\n\n",
	} {
		if got, ok := certificate(text); !ok || got != usual {
			t.Errorf("%s: %v %q", name, ok, got)
		}
	}
	for name, text := range map[string]string{
		"nothing": "", "a key": secret, "two of them": usual + usual, "a key behind it": usual + secret, "no armour": strings.Split(usual, "\n")[1],
		"cut short":    usual[:len(usual)/2] + "-----END CERTIFICATE-----",
		"a key inside": strings.ReplaceAll(secret, "PRIVATE KEY", "CERTIFICATE"),
	} {
		if got, ok := certificate(text); ok {
			t.Errorf("%s passes as %q", name, got)
		}
	}
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"https://idp.example/sso": true, "https://idp.example:8443/sso?x=1": true,
		"http://idp.example/sso": false, "https://": false, "//idp.example": false, "/sso": false, "idp.example": false,
		"https://user:pass@idp.example/": false, "javascript:alert(1)": false, "https://idp.example/#x": false, "https://idp example": false,
	} {
		if got := isAddress(text, "https"); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}
