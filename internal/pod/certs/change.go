package certs

import (
	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/db/lock"
	"podium/internal/journal"
	"podium/internal/op"
	"podium/internal/wire"
	"podium/internal/wording"
)

var updateCertificate = op.Operation[Service]{
	ID:      "updateCompanyCert",
	Route:   "POST /pod/v1/companycert/{fingerPrint}/update",
	Tag:     "Security",
	Summary: "Change the name, type or status of a company certificate.",
	About:   "Omitted members remain unchanged. Sessions opened by the certificate continue.",
	Needs:   auth.All(auth.AccessCertProvisioningAPI),
	Handle:  op.Write((*Service).update),
}

type updateInput struct {
	FingerPrint string `path:"fingerPrint" maxLength:"256"`
	Body        Attributes
}

// Changed is recorded when a certificate's name, type or status changes.
type Changed struct {
	Name   string `json:"name"`
	Type   Type   `json:"type"`
	Status Status `json:"status"`
}

// Kind returns the name of this fact in the log.
func (Changed) Kind() string { return "certificate.changed" }

// Audience returns the company of the actor.
func (Changed) Audience() journal.Audience { return journal.Within() }

// AuditLine names the certificate.
func (f Changed) AuditLine(journal.Entry) journal.Line {
	return journal.Action("companyCertUpdated", "Company certificate updated").Of(f.Name)
}

func (s *Service) update(tx *db.Tx, caller auth.Caller, in updateInput) (wire.Success, error) {
	if err := tx.Lock(lock.CertificatesOf(caller.Company)); err != nil {
		return wire.Success{}, err
	}
	c, err := find(tx, caller, in.FingerPrint)
	if err != nil {
		return wire.Success{}, err
	}
	a := in.Body
	if a.Name == "" {
		a.Name = c.Name
	}
	if a.Type.Type == "" {
		a.Type.Type = c.Type
	}
	if a.Status.Type == "" {
		a.Status.Type = c.Status
	}
	if err := a.validate(); err != nil {
		return wire.Success{}, err
	}
	if err := wording.Changed(wording.Text{Field: "name", Was: c.Name, Value: a.Name}); err != nil {
		return wire.Success{}, err
	}
	if c.Status == Revoked && a.Status.Type != Revoked {
		return wire.Success{}, apierr.Invalid("status: a revoked certificate stays revoked")
	}
	err = tx.Change(`
		UPDATE certificates
		SET name = $3, type = $4, status = $5, updated = $6, updated_by = $7
		WHERE company = $1 AND fingerprint = $2`,
		c.Company, c.Fingerprint, a.Name, a.Type.Type, a.Status.Type, tx.Now(), caller.User)
	if err != nil {
		return wire.Success{}, err
	}
	changed := Changed{Name: a.Name, Type: a.Type.Type, Status: a.Status.Type}
	return wire.Done("OK"), s.Journal.Record(tx, caller, journal.Thing(c.Fingerprint), changed)
}

var deleteCertificate = op.Operation[Service]{
	ID:      "deleteCompanyCert",
	Route:   "POST /pod/v1/companycert/delete",
	Tag:     "Security",
	Summary: "Remove a company certificate.",
	About:   "Sessions opened by the certificate continue.",
	Needs:   auth.All(auth.AccessCertProvisioningAPI),
	Handle:  op.Write((*Service).delete),
}

type deleteInput struct {
	Body struct {
		ID string `json:"id" maxLength:"256" doc:"The certificate's fingerprint."`
	}
}

func (in deleteInput) Validate() error {
	if in.Body.ID == "" {
		return apierr.Invalid("id: the certificate's fingerprint is required")
	}
	return nil
}

// Removed is recorded when a certificate is removed.
type Removed struct {
	Name string `json:"name"`
}

// Kind returns the name of this fact in the log.
func (Removed) Kind() string { return "certificate.removed" }

// Audience returns the company of the actor.
func (Removed) Audience() journal.Audience { return journal.Within() }

// AuditLine names the certificate.
func (f Removed) AuditLine(journal.Entry) journal.Line {
	return journal.Action("companyCertDeleted", "Company certificate deleted").Of(f.Name)
}

func (s *Service) delete(tx *db.Tx, caller auth.Caller, in deleteInput) (wire.Success, error) {
	if err := tx.Lock(lock.CertificatesOf(caller.Company)); err != nil {
		return wire.Success{}, err
	}
	c, err := find(tx, caller, in.Body.ID)
	if err != nil {
		return wire.Success{}, err
	}
	if err := tx.Change(`DELETE FROM certificates WHERE company = $1 AND fingerprint = $2`, c.Company, c.Fingerprint); err != nil {
		return wire.Success{}, err
	}
	if err := tx.Exec(`UPDATE certificates SET issued_by = '' WHERE company = $1 AND issued_by = $2`, c.Company, c.Fingerprint); err != nil {
		return wire.Success{}, err
	}
	return wire.Done("OK"), s.Journal.Record(tx, caller, journal.Thing(c.Fingerprint), Removed{Name: c.Name})
}
