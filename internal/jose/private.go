package jose

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
)

const errNotPrivateKey KeyError = "the key is not an RSA private key in PEM, unencrypted"

// ParsePrivateKey reads an unencrypted RSA private key of 2048 to 8192 bits from PEM: PKCS#8
// ("PRIVATE KEY") or PKCS#1 ("RSA PRIVATE KEY"). It is for the pod's own keys; it is too slow for
// what clients send. Every error is a KeyError.
func ParsePrivateKey(text string) (*rsa.PrivateKey, error) {
	if len(text) > maxKeyText {
		return nil, errKeyTooLong
	}
	label, der, ok := unwrap(text)
	if !ok {
		return nil, errNotPrivateKey
	}
	key := decodePrivateKey(label, der)
	if key == nil {
		return nil, errNotPrivateKey
	}
	if err := checkPublicKey(&key.PublicKey); err != nil {
		return nil, err
	}
	return key, nil
}

func decodePrivateKey(label string, der []byte) *rsa.PrivateKey {
	switch label {
	case "PRIVATE KEY":
		parsed, err := x509.ParsePKCS8PrivateKey(der)
		if err != nil {
			return nil
		}
		key, _ := parsed.(*rsa.PrivateKey)
		return key
	case "RSA PRIVATE KEY":
		key, err := x509.ParsePKCS1PrivateKey(der)
		if err != nil {
			return nil
		}
		return key
	}
	return nil
}

// EncodePrivateKey returns a private key as unencrypted PKCS#8 PEM. It fails for an invalid key.
func EncodePrivateKey(key *rsa.PrivateKey) (string, error) {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return "", err
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})), nil
}
