// Package certs handles the certificates that a company's administrators register: which accounts
// may log in with which client certificate. It judges certificates; the chapter session handles the
// login.
package certs

import (
	"errors"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/journal"
	"podium/internal/op"
	"podium/internal/wire"
)

// Service is the chapter certs. Package pod sets its fields.
type Service struct {
	Journal *journal.Log
}

// Operations returns the operations of this chapter.
func (s *Service) Operations() []op.Bound {
	return op.Bind(s, listCertificates, createCertificate, createCertificateV1, deleteCertificate, getCertificate,
		updateCertificate, listIssuedBy, listPodManaged, listByType)
}

// Type is the purpose of a certificate.
type Type string

// The published types: a certificate of an account, or one that signs certificates of accounts.
const (
	UserSigning       Type = "USERSIGNING"
	User              Type = "USER"
	OperationsSigning Type = "OPERATIONSSIGNING"
	OperationsUser    Type = "OPERATIONSUSER"
)

// Enum returns the published values.
func (Type) Enum() []string {
	return []string{string(UserSigning), string(User), string(OperationsSigning), string(OperationsUser)}
}

// Status is how far a certificate is trusted.
type Status string

// The published statuses.
const (
	Trusted  Status = "TRUSTED"  // authenticates its account, or the certificates that it signed
	Known    Status = "KNOWN"    // is registered without effect
	Revoked  Status = "REVOKED"  // is refused for good
	Disabled Status = "DISABLED" // is refused for the time being
)

// Enum returns the published values.
func (Status) Enum() []string {
	return []string{string(Trusted), string(Known), string(Revoked), string(Disabled)}
}

// Certificate is a registered certificate.
type Certificate struct {
	Company     wire.CompanyID
	Fingerprint string // lower-case hex SHA-256 of its DER
	Name        string
	Type        Type
	Status      Status
	PEM         string
	CommonName  string
	Subject     string // a digest, like Issuer
	Issuer      string
	IssuedBy    string // fingerprint of the registered certificate that signed it; empty if none
	Expires     wire.Time
	LastSeen    wire.Time // 0: never
	Updated     wire.Time // 0: never
	UpdatedBy   wire.UserID
	Place       int64
}

const selectCertificates = `
	SELECT company, fingerprint, name, type, status, pem, common_name, subject, issuer, issued_by, expires, last_seen,
		updated, updated_by, place
	FROM certificates`

func scanCertificate(row db.Row) (c Certificate, err error) {
	return c, row.Scan(&c.Company, &c.Fingerprint, &c.Name, &c.Type, &c.Status, &c.PEM, &c.CommonName, &c.Subject, &c.Issuer,
		&c.IssuedBy, &c.Expires, &c.LastSeen, &c.Updated, &c.UpdatedBy, &c.Place)
}

// find returns a certificate of the caller's company. It fails with NotFound.
func find(tx *db.Tx, caller auth.Caller, fingerprint string) (Certificate, error) {
	c, err := db.One(tx, scanCertificate, selectCertificates+` WHERE company = $1 AND fingerprint = $2`, caller.Company, fingerprint)
	if errors.Is(err, db.ErrNoRow) {
		return c, apierr.NotFound("Certificate not found")
	}
	return c, err
}
