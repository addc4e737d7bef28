package certs

import (
	"crypto/x509"
	"slices"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/db/lock"
	"podium/internal/journal"
	"podium/internal/op"
	"podium/internal/wire"
	"podium/internal/wording"
)

var createCertificate = op.Operation[Service]{
	ID:      "createCompanyCert",
	Route:   "POST /pod/v2/companycert/create",
	Tag:     "Security",
	Summary: "Register a company certificate.",
	About:   "An expired certificate is refused.",
	Needs:   auth.All(auth.AccessCertProvisioningAPI),
	Handle:  op.Write((*Service).create),
}

var createCertificateV1 = op.Operation[Service]{
	ID:         "createCompanyCertV1",
	Route:      "POST /pod/v1/companycert/create",
	Tag:        "Security",
	Summary:    "Register a company certificate, expired or not.",
	Needs:      auth.All(auth.AccessCertProvisioningAPI),
	Deprecated: true,
	Handle:     op.Write((*Service).createV1),
}

type createInput struct {
	Body createBody
}

type createBody struct {
	PEM        string     `json:"pem" maxLength:"65536" doc:"One X.509 certificate in PEM."`
	Attributes Attributes `json:"attributes"`
}

func (s *Service) create(tx *db.Tx, caller auth.Caller, in createInput) (Detail, error) {
	parsed, err := parse(in.Body.PEM)
	if err != nil {
		return Detail{}, err
	}
	if wire.TimeOf(parsed.NotAfter) <= tx.Now() {
		return Detail{}, apierr.Invalid("pem: Certificate has expired")
	}
	c, err := s.Register(tx, caller, parsed, in.Body.Attributes)
	return c.detail(parsed), err
}

func (s *Service) createV1(tx *db.Tx, caller auth.Caller, in createInput) (wire.Success, error) {
	parsed, err := parse(in.Body.PEM)
	if err != nil {
		return wire.Success{}, err
	}
	_, err = s.Register(tx, caller, parsed, in.Body.Attributes)
	return wire.Done("OK"), err
}

// Registered is recorded when a certificate is registered.
type Registered struct {
	Name       string `json:"name"`
	Type       Type   `json:"type"`
	Status     Status `json:"status"`
	CommonName string `json:"commonName"`
}

// Kind returns the name of this fact in the log.
func (Registered) Kind() string { return "certificate.registered" }

// Audience returns the company of the actor.
func (Registered) Audience() journal.Audience { return journal.Within() }

// AuditLine names the certificate.
func (f Registered) AuditLine(journal.Entry) journal.Line {
	return journal.Action("companyCertCreated", "Company certificate created").Of(f.Name)
}

// Register registers a certificate for the caller's company. It links the certificate with the
// registered one that signed it and with those that it signed.
func (s *Service) Register(tx *db.Tx, caller auth.Caller, parsed *x509.Certificate, a Attributes) (Certificate, error) {
	if a.Status.Type == "" {
		a.Status.Type = Known
	}
	if a.Name == "" {
		a.Name = parsed.Subject.CommonName
	}
	if err := a.validate(); err != nil {
		return Certificate{}, err
	}
	if err := wording.Line("attributes.name", a.Name); err != nil {
		return Certificate{}, err
	}
	if err := tx.Lock(lock.CertificatesOf(caller.Company)); err != nil {
		return Certificate{}, err
	}
	place, err := tx.Next("certificates")
	if err != nil {
		return Certificate{}, err
	}
	c := Certificate{
		Company: caller.Company, Fingerprint: digest(parsed.Raw), Name: a.Name, Type: a.Type.Type, Status: a.Status.Type,
		PEM: encode(parsed), CommonName: parsed.Subject.CommonName, Subject: digest(parsed.RawSubject),
		Issuer: digest(parsed.RawIssuer), Expires: wire.TimeOf(parsed.NotAfter), Place: place,
	}
	if c.IssuedBy, err = issuerOf(tx, c, parsed); err != nil {
		return Certificate{}, err
	}
	if err := insert(tx, c); err != nil {
		return Certificate{}, err
	}
	if err := adopt(tx, c, parsed); err != nil {
		return Certificate{}, err
	}
	registered := Registered{Name: c.Name, Type: c.Type, Status: c.Status, CommonName: c.CommonName}
	return c, s.Journal.Record(tx, caller, journal.Thing(c.Fingerprint), registered)
}

func (a Attributes) validate() error {
	switch {
	case a.Type.Type == "":
		return apierr.Invalid("attributes.type: it is required")
	case !slices.Contains(a.Type.Type.Enum(), string(a.Type.Type)):
		return apierr.Invalid("attributes.type: one of %v is expected", a.Type.Type.Enum())
	case !slices.Contains(a.Status.Type.Enum(), string(a.Status.Type)):
		return apierr.Invalid("attributes.status: one of %v is expected", a.Status.Type.Enum())
	case len(a.Name) > 256:
		return apierr.Invalid("attributes.name: it has more than 256 characters")
	}
	return nil
}

// issuerOf returns the fingerprint of the registered certificate that signed c; empty if none.
func issuerOf(tx *db.Tx, c Certificate, parsed *x509.Certificate) (string, error) {
	candidates, err := db.All(tx, scanCertificate, selectCertificates+` WHERE company = $1 AND subject = $2 ORDER BY place`, c.Company, c.Issuer)
	if err != nil {
		return "", err
	}
	for _, candidate := range candidates {
		if candidate.Fingerprint == c.Fingerprint {
			continue
		}
		if issuer, err := parse(candidate.PEM); err == nil && parsed.CheckSignatureFrom(issuer) == nil {
			return candidate.Fingerprint, nil
		}
	}
	return "", nil
}

// adopt makes c the issuer of earlier registered certificates that it signed.
func adopt(tx *db.Tx, c Certificate, parsed *x509.Certificate) error {
	orphans, err := db.All(tx, scanCertificate, selectCertificates+` WHERE company = $1 AND issuer = $2 AND issued_by = '' ORDER BY place`, c.Company, c.Subject)
	if err != nil {
		return err
	}
	for _, orphan := range orphans {
		issued, err := parse(orphan.PEM)
		if err != nil || orphan.Fingerprint == c.Fingerprint || issued.CheckSignatureFrom(parsed) != nil {
			continue
		}
		err = tx.Change(`UPDATE certificates SET issued_by = $3 WHERE company = $1 AND fingerprint = $2`, c.Company, orphan.Fingerprint, c.Fingerprint)
		if err != nil {
			return err
		}
	}
	return nil
}

func insert(tx *db.Tx, c Certificate) error {
	err := tx.Exec(`
		INSERT INTO certificates (company, fingerprint, name, type, status, pem, common_name, subject, issuer, issued_by,
			expires, last_seen, updated, updated_by, place)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
		c.Company, c.Fingerprint, c.Name, c.Type, c.Status, c.PEM, c.CommonName, c.Subject, c.Issuer, c.IssuedBy,
		c.Expires, c.LastSeen, c.Updated, c.UpdatedBy, c.Place)
	if db.Conflict(err) == "certificates_pkey" {
		return apierr.Invalid("pem: Certificate already exists")
	}
	return err
}
