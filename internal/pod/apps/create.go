package apps

import (
	"errors"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/event"
	"podium/internal/jose"
	"podium/internal/wire"
)

// Created is recorded when an application is added.
type Created struct {
	Name        string            `json:"name"`
	Permissions []auth.Permission `json:"permissions"`
}

// Kind is the name of this fact in the log.
func (Created) Kind() string { return "app.created" }

// Create adds an application to the caller's company, with a public RSA key or none.
func (s *Service) Create(tx *db.Tx, caller auth.Caller, a App, key string) error {
	if err := a.Validate(); err != nil {
		return err
	}
	err := tx.Exec(`
		INSERT INTO apps (company, id, name, permissions, certificate, enabled, listed, install, created, epoch)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0)`,
		caller.Company, a.ID, a.Name, joined(a.Permissions), a.Certificate, a.Enabled, a.Listed, a.Install, tx.Now())
	if errors.Is(err, db.ErrExists) {
		return apierr.Invalid("appId: Application already exists")
	}
	if err != nil {
		return err
	}
	if key != "" {
		if _, err := jose.ParsePublicKey(key); err != nil {
			return apierr.Invalid("authenticationKeys.current.key: %s", err)
		}
		if err := putKey(tx, caller.Company, a.ID, key); err != nil {
			return err
		}
	}
	return s.Events.Record(tx, caller, event.Thing(a.ID), Created{Name: a.Name, Permissions: a.Permissions})
}

func putKey(tx *db.Tx, company wire.CompanyID, app, pem string) error {
	return tx.Exec(`
		INSERT INTO app_keys (company, app, slot, pem, expires)
		VALUES ($1, $2, 'current', $3, 0)
		ON CONFLICT (company, app, slot) DO UPDATE SET pem = excluded.pem, expires = excluded.expires`, company, app, pem)
}
