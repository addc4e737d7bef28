package certs

import (
	"crypto/x509"
	"errors"
	"strings"

	"podium/internal/db"
	"podium/internal/db/lock"
	"podium/internal/wire"
)

// ErrChanged is the error if registrations have changed since a judgement: judge again.
var ErrChanged = errors.New("the company's certificates changed during the login")

// Hold locks the certificates of the company until commit, and stores that the deciding certificate
// was seen. It fails with ErrChanged if a certificate on which the judgement depends was
// registered, changed or removed since. Call it last: its lock comes late in the order.
func (j Judged) Hold(tx *db.Tx, company wire.CompanyID) error {
	if err := tx.Lock(lock.CertificatesOf(company)); err != nil {
		return err
	}
	basis, err := basisOf(tx, company, j.chain)
	if err != nil {
		return err
	}
	if basis != j.basis {
		return ErrChanged
	}
	if j.Fingerprint == "" {
		return nil
	}
	return tx.Exec(`UPDATE certificates SET last_seen = $3 WHERE company = $1 AND fingerprint = $2`, company, j.Fingerprint, tx.Now())
}

// basisOf returns the registrations on which the judgement of a chain depends, as a text to
// compare: those of the chain itself, and all signing certificates of the company. No other data of
// a registered certificate affects a judgement.
func basisOf(tx *db.Tx, company wire.CompanyID, fingerprints []string) (string, error) {
	rows, err := db.All(tx, db.ScanValue[string], `
		SELECT fingerprint || ' ' || type || ' ' || status AS registration FROM certificates WHERE company = $1 AND fingerprint IN ($2)
		UNION
		SELECT fingerprint || ' ' || type || ' ' || status FROM certificates WHERE company = $1 AND type IN ($3)
		ORDER BY registration`,
		company, fingerprints, []string{string(UserSigning), string(OperationsSigning)})
	return strings.Join(rows, "\n"), err
}

func fingerprintsOf(chain []*x509.Certificate) []string {
	list := make([]string, len(chain))
	for i, c := range chain {
		list[i] = digest(c.Raw)
	}
	return list
}
