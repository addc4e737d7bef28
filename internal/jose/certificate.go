package jose

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"time"
	"unicode/utf8"
)

const (
	// backdate lets clients verify with a new certificate although their clocks are slow.
	backdate = time.Hour

	maxCommonName = 64 // characters; X.520
)

// SelfSigned returns the pod certificate, with whose key apps verify identity tokens. It is a
// single self-signed certificate that signs no other, valid from an hour before now until notAfter.
// It fails for a key outside 2048 to 8192 bits, a name that is empty or longer than 64 characters,
// or an end that is past.
func SelfSigned(key *rsa.PrivateKey, commonName string, now, notAfter time.Time) (string, error) {
	if err := checkPublicKey(&key.PublicKey); err != nil {
		return "", err
	}
	if n := utf8.RuneCountInString(commonName); n == 0 || n > maxCommonName || !utf8.ValidString(commonName) {
		return "", errors.New("the name in a certificate has 1 to 64 characters")
	}
	if !notAfter.After(now) {
		return "", errors.New("the certificate would end before it begins")
	}
	template := &x509.Certificate{
		// CreateCertificate chooses the serial number.
		Subject:               pkix.Name{CommonName: commonName},
		NotBefore:             now.Add(-backdate),
		NotAfter:              notAfter,
		KeyUsage:              x509.KeyUsageDigitalSignature,
		BasicConstraintsValid: true,
		SignatureAlgorithm:    x509.SHA256WithRSA,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return "", err
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})), nil
}

// CertificateKey returns the public RSA key of the first certificate of a PEM text. It does not
// check whether the certificate has expired.
func CertificateKey(text string) (*rsa.PublicKey, error) {
	block, _ := pem.Decode([]byte(text))
	if block == nil || block.Type != "CERTIFICATE" {
		return nil, errors.New("it is not a certificate in PEM")
	}
	certificate, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil, err
	}
	key, ok := certificate.PublicKey.(*rsa.PublicKey)
	if !ok {
		return nil, errors.New("it is not a certificate of an RSA key")
	}
	return key, nil
}
