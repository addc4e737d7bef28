package certs

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"strings"

	"podium/internal/apierr"
)

// maxPEM is the longest certificate, in bytes.
const maxPEM = 64 << 10

// parse parses the only certificate of a PEM text. Like keys, certificates arrive with line breaks
// or with the two characters \n.
func parse(text string) (*x509.Certificate, error) {
	if text == "" {
		return nil, apierr.Invalid("pem: it is required")
	}
	if len(text) > maxPEM {
		return nil, apierr.Invalid("pem: it is longer than %d bytes", maxPEM)
	}
	block, rest := pem.Decode([]byte(strings.ReplaceAll(text, `\n`, "\n")))
	if block == nil || block.Type != "CERTIFICATE" {
		return nil, apierr.Invalid("pem: Invalid certificate")
	}
	if strings.TrimSpace(string(rest)) != "" {
		return nil, apierr.Invalid("pem: Invalid certificate: there is more behind it; register each certificate by itself")
	}
	parsed, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil, apierr.Invalid("pem: Invalid certificate")
	}
	return parsed, nil
}

func encode(parsed *x509.Certificate) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: parsed.Raw}))
}

// digest returns the lower-case hex SHA-256 of DER. For a whole certificate this is its
// fingerprint.
func digest(der []byte) string {
	sum := sha256.Sum256(der)
	return hex.EncodeToString(sum[:])
}
