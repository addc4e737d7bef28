package certs

import (
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"fmt"

	"podium/internal/db"
	"podium/internal/wire"
)

// maxChain is the most certificates of a client's chain that are read.
const maxChain = 10

// Refused is the reason, for the log, why a client certificate does not authenticate.
type Refused string

func (r Refused) Error() string { return string(r) }

// Judged is a client certificate that authenticates an account or application.
type Judged struct {
	CommonName  string // the name of the account or application
	Fingerprint string // of the registered certificate that decided; empty if none did

	chain []string // fingerprints of the client's chain
	basis string   // the registrations on which the judgement depends
}

// HasOwn reports whether the application that a certificate names has stored it as its own. Such a
// certificate authenticates as if it were registered and trusted.
type HasOwn func(tx *db.Tx, company wire.CompanyID, leaf *x509.Certificate) (bool, error)

// Judge returns the account name of the certificate that a TLS client presented. chain has the
// client's certificate first, then the others it sent. TLS has proved that the client has the key.
// The certificate must be registered and trusted, or signed through the chain by a trusted signing
// certificate of the company. Neither it nor any intermediate may be revoked, disabled, expired,
// for another purpose, or have an RSA key of fewer than bits bits. Otherwise the error is a
// Refused.
//
// hasOwn, if not nil, is called for a certificate that is not registered as trusted.
func Judge(tx *db.Tx, company wire.CompanyID, bits int, chain []*x509.Certificate, hasOwn HasOwn) (Judged, error) {
	if len(chain) == 0 {
		return Judged{}, Refused("no client certificate")
	}
	if len(chain) > maxChain {
		return Judged{}, Refused("too many certificates")
	}
	leaf := chain[0]
	if err := checkLeaf(tx, leaf, bits); err != nil {
		return Judged{}, err
	}
	judged := Judged{CommonName: leaf.Subject.CommonName, chain: fingerprintsOf(chain)}
	var err error
	if judged.basis, err = basisOf(tx, company, judged.chain); err != nil {
		return Judged{}, err
	}
	registered, err := registeredAmong(tx, company, judged.chain)
	if err != nil {
		return Judged{}, err
	}
	own, ok := registered[digest(leaf.Raw)]
	if ok && (own.Status == Revoked || own.Status == Disabled) {
		return Judged{}, Refused(fmt.Sprintf("the certificate is %s", own.Status))
	}
	if ok && own.Status == Trusted && (own.Type == User || own.Type == OperationsUser) {
		judged.Fingerprint = own.Fingerprint
		return judged, nil
	}
	if hasOwn != nil {
		if has, err := hasOwn(tx, company, leaf); has || err != nil {
			return judged, err
		}
	}
	judged.Fingerprint, err = vouched(tx, company, bits, chain, registered)
	return judged, err
}

// checkLeaf checks the client's certificate by itself.
func checkLeaf(tx *db.Tx, leaf *x509.Certificate, bits int) error {
	key, ok := leaf.PublicKey.(*rsa.PublicKey)
	now := tx.Now().Std()
	switch {
	case !ok:
		return Refused("the certificate's key is not RSA")
	case key.N.BitLen() < bits:
		return Refused(fmt.Sprintf("the certificate's key has %d bits, at least %d are needed", key.N.BitLen(), bits))
	case now.Before(leaf.NotBefore):
		return Refused("the certificate is not valid yet")
	case now.After(leaf.NotAfter):
		return Refused("the certificate has expired")
	case leaf.Subject.CommonName == "":
		return Refused("the certificate has no common name")
	case leaf.KeyUsage != 0 && leaf.KeyUsage&(x509.KeyUsageDigitalSignature|x509.KeyUsageKeyAgreement) == 0:
		return Refused("the certificate's key usage does not allow authentication")
	case !forClients(leaf):
		return Refused("the certificate is not for clients")
	}
	return nil
}

func forClients(leaf *x509.Certificate) bool {
	if len(leaf.ExtKeyUsage) == 0 && len(leaf.UnknownExtKeyUsage) == 0 {
		return true // no restriction
	}
	for _, usage := range leaf.ExtKeyUsage {
		if usage == x509.ExtKeyUsageClientAuth || usage == x509.ExtKeyUsageAny {
			return true
		}
	}
	return false
}

// registeredAmong returns those of the certificates that the company has registered, by
// fingerprint.
func registeredAmong(tx *db.Tx, company wire.CompanyID, fingerprints []string) (map[string]Certificate, error) {
	list, err := db.All(tx, scanCertificate, selectCertificates+` WHERE company = $1 AND fingerprint IN ($2)`, company, fingerprints)
	if err != nil {
		return nil, err
	}
	registered := make(map[string]Certificate, len(list))
	for _, c := range list {
		registered[c.Fingerprint] = c
	}
	return registered, nil
}

// vouched returns the fingerprint of the trusted signing certificate to which the client's chain
// leads. It fails with Refused.
func vouched(tx *db.Tx, company wire.CompanyID, bits int, chain []*x509.Certificate, registered map[string]Certificate) (string, error) {
	signing, err := db.All(tx, scanCertificate, selectCertificates+`
		WHERE company = $1 AND type IN ($2)
		ORDER BY place`, company, []string{string(UserSigning), string(OperationsSigning)})
	if err != nil {
		return "", err
	}
	roots, between := x509.NewCertPool(), x509.NewCertPool()
	refused := map[string]bool{} // fingerprints that must not be in a chain
	for _, c := range registered {
		refused[c.Fingerprint] = c.Status == Revoked || c.Status == Disabled
	}
	for _, c := range signing {
		refused[c.Fingerprint] = c.Status == Revoked || c.Status == Disabled
		parsed, err := parse(c.PEM)
		if err != nil {
			return "", err
		}
		switch {
		case c.Status == Trusted:
			roots.AddCert(parsed)
		case !refused[c.Fingerprint]:
			between.AddCert(parsed)
		}
	}
	for _, c := range chain[1:] {
		between.AddCert(c)
	}
	chains, err := chain[0].Verify(x509.VerifyOptions{
		Roots: roots, Intermediates: between, CurrentTime: tx.Now().Std(),
		KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	})
	if err != nil {
		return "", Refused("no trusted certificate of the company vouches for it: " + reason(err))
	}
	for _, found := range chains {
		// a signing certificate is no account's own
		if len(found) > 1 && clean(found[1:], refused, bits) {
			return digest(found[len(found)-1].Raw), nil
		}
	}
	return "", Refused("the certificate is for signing only, or one between is revoked, disabled or too weak")
}

// clean reports whether the certificates above a client's certificate are acceptable. The key size
// of the last one was checked at its registration.
func clean(above []*x509.Certificate, refused map[string]bool, bits int) bool {
	for i, c := range above {
		key, isRSA := c.PublicKey.(*rsa.PublicKey)
		weak := isRSA && key.N.BitLen() < bits && i < len(above)-1
		if weak || refused[digest(c.Raw)] {
			return false
		}
	}
	return true
}

// reason returns a verification error without names that the client chose.
func reason(err error) string {
	var invalid x509.CertificateInvalidError
	if errors.As(err, &invalid) {
		return fmt.Sprintf("invalid (%d)", invalid.Reason)
	}
	return "unknown authority"
}
