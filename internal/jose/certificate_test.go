package jose

import (
	"crypto/x509"
	"encoding/pem"
	"strings"
	"testing"
	"time"
)

func parseCertificate(t *testing.T, text string) *x509.Certificate {
	t.Helper()
	block, rest := pem.Decode([]byte(text))
	if block == nil || block.Type != "CERTIFICATE" || len(rest) > 0 {
		t.Fatalf("not one certificate: %s", text)
	}
	certificate, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return certificate
}

func TestSelfSigned(t *testing.T) {
	t.Parallel()
	own := ownKey()
	text, err := SelfSigned(own, "pod.acme.example", noon, noon.AddDate(10, 0, 0))
	if err != nil {
		t.Fatal(err)
	}
	c := parseCertificate(t, text)
	if c.Subject.CommonName != "pod.acme.example" || c.Issuer.CommonName != c.Subject.CommonName || c.IsCA {
		t.Errorf("subject %v, issuer %v, CA %v", c.Subject, c.Issuer, c.IsCA)
	}
	if !own.PublicKey.Equal(c.PublicKey) || c.SerialNumber.Sign() <= 0 {
		t.Errorf("key %T, serial number %v", c.PublicKey, c.SerialNumber)
	}
	if err := c.CheckSignature(c.SignatureAlgorithm, c.RawTBSCertificate, c.Signature); err != nil {
		t.Error(err)
	}
	if !c.NotBefore.Equal(noon.Add(-time.Hour)) || !c.NotAfter.Equal(noon.AddDate(10, 0, 0)) {
		t.Errorf("from %v to %v", c.NotBefore, c.NotAfter)
	}
}

func TestSelfSignedRefuses(t *testing.T) {
	t.Parallel()
	own := ownKey()
	end := noon.AddDate(1, 0, 0)
	if _, err := SelfSigned(generate(1024), "pod", noon, end); err == nil {
		t.Error("signed with 1024 bits")
	}
	for _, name := range []string{"", strings.Repeat("x", 65), "\xff"} {
		if _, err := SelfSigned(own, name, noon, end); err == nil {
			t.Errorf("took the name %q", name)
		}
	}
	if _, err := SelfSigned(own, strings.Repeat("é", 64), noon, end); err != nil {
		t.Errorf("64 characters: %v", err)
	}
	for _, end := range []time.Time{noon, noon.Add(-time.Second), {}} {
		if _, err := SelfSigned(own, "pod", noon, end); err == nil {
			t.Errorf("ends at %v", end)
		}
	}
}
