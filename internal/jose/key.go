package jose

import (
	"bytes"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"math/big"
	"strings"
)

// Limits of an RSA key. The time to verify grows with the square of the bits and with the length of
// the exponent. crypto/rsa accepts exponents of at most 31 bits.
const (
	minKeyBits  = 2048
	maxKeyBits  = 8192
	minExponent = 5
	maxExponent = 1<<31 - 1
)

const (
	errNotPublicKey KeyError = "the key is not an RSA public key in PEM"
	errPrivateKey   KeyError = "this is a private key: send the public key, and of a new pair, because this one is no longer secret"
	errEvenModulus  KeyError = "the key is not an RSA key: its modulus is even"
	errExponent     KeyError = "the key's public exponent must be odd, more than 3 and less than 2147483648"
)

// ParsePublicKey reads an RSA public key of 2048 to 8192 bits: one PEM block, SPKI ("PUBLIC KEY")
// or PKCS#1 ("RSA PUBLIC KEY"), with line breaks of any kind or none. Every error is a KeyError.
func ParsePublicKey(text string) (*rsa.PublicKey, error) {
	if len(text) > maxKeyText {
		return nil, errKeyTooLong
	}
	if strings.Contains(text, "PRIVATE KEY") {
		return nil, errPrivateKey
	}
	label, der, ok := unwrap(text)
	if !ok {
		return nil, errNotPublicKey
	}
	if looksPrivate(der) {
		return nil, errPrivateKey
	}
	key, again := decodePublicKey(label, der)
	if key == nil {
		return nil, errNotPublicKey
	}
	if err := checkPublicKey(key); err != nil {
		return nil, err
	}
	// Package x509 ignores bytes after the inner structure. One key has one encoding, so comparing
	// refuses these and any other deviation.
	if !bytes.Equal(again, der) {
		return nil, errNotPublicKey
	}
	return key, nil
}

// decodePublicKey returns the key and its canonical encoding, or nil.
func decodePublicKey(label string, der []byte) (key *rsa.PublicKey, again []byte) {
	switch label {
	case "PUBLIC KEY":
		parsed, err := x509.ParsePKIXPublicKey(der)
		if err != nil {
			return nil, nil
		}
		key, ok := parsed.(*rsa.PublicKey)
		if !ok {
			return nil, nil
		}
		again, err := x509.MarshalPKIXPublicKey(key)
		if err != nil {
			return nil, nil
		}
		return key, again
	case "RSA PUBLIC KEY":
		key, err := x509.ParsePKCS1PublicKey(der)
		if err != nil {
			return nil, nil
		}
		return key, x509.MarshalPKCS1PublicKey(key)
	}
	return nil, nil
}

// checkPublicKey checks a key against the limits above. Every error is a KeyError.
func checkPublicKey(key *rsa.PublicKey) error {
	if key == nil || key.N == nil {
		return errNotPublicKey
	}
	switch bits := key.N.BitLen(); {
	case bits < minKeyBits:
		return KeyError(fmt.Sprintf("the key has %d bits, at least %d are needed", bits, minKeyBits))
	case bits > maxKeyBits:
		return KeyError(fmt.Sprintf("the key has %d bits, at most %d are taken", bits, maxKeyBits))
	case key.N.Bit(0) == 0:
		return errEvenModulus
	case key.E < minExponent || key.E > maxExponent || key.E%2 == 0:
		return errExponent
	}
	return nil
}

// EncodePublicKey returns a public key as SPKI PEM.
func EncodePublicKey(key *rsa.PublicKey) string {
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil { // two integers always have an encoding
		panic(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
}

// Thumbprint returns the key's name (RFC 7638 with SHA-256): 43 URL-safe characters. It is used as
// kid.
func Thumbprint(key *rsa.PublicKey) string {
	n, e := parameters(key)
	sum := sha256.Sum256([]byte(`{"e":"` + e + `","kty":"RSA","n":"` + n + `"}`))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// parameters returns modulus and exponent as a JWK has them (RFC 7518, 6.3.1).
func parameters(key *rsa.PublicKey) (n, e string) {
	return base64.RawURLEncoding.EncodeToString(key.N.Bytes()),
		base64.RawURLEncoding.EncodeToString(big.NewInt(int64(key.E)).Bytes())
}
