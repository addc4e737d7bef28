package apps

import (
	"errors"
	"slices"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/event"
	"podium/internal/pod/users"
	"podium/internal/wire"
)

// Changed is recorded when an application was enabled, disabled or given other permissions.
type Changed struct {
	Enabled     bool              `json:"enabled"`
	Permissions []auth.Permission `json:"permissions"`
}

// Kind is the name of this fact in the log.
func (Changed) Kind() string { return "app.changed" }

// Change enables or disables an application and sets its permissions. The sessions of a
// disabled one end; other permissions hold from the next call on.
func (s *Service) Change(tx *db.Tx, caller auth.Caller, id string, enabled bool, permissions []auth.Permission) error {
	a, err := s.locked(tx, caller, id)
	if err != nil {
		return err
	}
	a.Permissions = slices.Clone(permissions)
	if err := a.Validate(); err != nil {
		return err
	}
	err = tx.Change(`
		UPDATE apps
		SET enabled = $3, permissions = $4
		WHERE company = $1 AND id = $2`, a.Company, a.ID, enabled, joined(permissions))
	if err != nil {
		return err
	}
	if err := s.changed(tx, a, !enabled); err != nil {
		return err
	}
	return s.Events.Record(tx, caller, event.Thing(a.ID), Changed{Enabled: enabled, Permissions: permissions})
}

// KeyRevoked is recorded when an application's key was taken away.
type KeyRevoked struct{}

// Kind is the name of this fact in the log.
func (KeyRevoked) Kind() string { return "app.keyRevoked" }

// RevokeKey takes an application's key away; all its sessions end.
func (s *Service) RevokeKey(tx *db.Tx, caller auth.Caller, id string) error {
	a, err := s.locked(tx, caller, id)
	if err != nil {
		return err
	}
	err = tx.Change(`DELETE FROM app_keys WHERE company = $1 AND app = $2 AND slot = 'current'`, a.Company, a.ID)
	if errors.Is(err, db.ErrNoRow) {
		return apierr.Invalid("authenticationKeys.current: there is none to revoke")
	}
	if err != nil {
		return err
	}
	if err := s.changed(tx, a, true); err != nil {
		return err
	}
	return s.Events.Record(tx, caller, event.Thing(a.ID), KeyRevoked{})
}

// Installed is recorded when an application was installed for a user, or uninstalled.
type Installed struct {
	App     string `json:"app"`
	Install bool   `json:"install"`
}

// Kind is the name of this fact in the log.
func (Installed) Kind() string { return "app.installed" }

// Install installs an application for a user, or uninstalls it: its sessions on that user's
// behalf then end.
func (s *Service) Install(tx *db.Tx, caller auth.Caller, id string, user users.User, install bool) error {
	a, err := s.locked(tx, caller, id)
	if err != nil {
		return err
	}
	err = tx.Exec(`
		INSERT INTO app_users (company, app, user_id, listed, install)
		VALUES ($1, $2, $3, NULL, $4)
		ON CONFLICT (company, app, user_id) DO UPDATE SET install = excluded.install`, a.Company, a.ID, user.ID, install)
	if err != nil {
		return err
	}
	if !install {
		for _, f := range s.Uninstalled {
			if err := f(tx, a.ID, user.ID); err != nil {
				return err
			}
		}
	}
	return s.Events.Record(tx, caller, user.Subject(), Installed{App: a.ID, Install: install})
}

// changed tells those who hold sessions of the application; when it is barred, they all end.
func (s *Service) changed(tx *db.Tx, a App, barred bool) error {
	tell := s.Changed
	if barred {
		if err := tx.Change(`UPDATE apps SET epoch = epoch + 1 WHERE company = $1 AND id = $2`, a.Company, a.ID); err != nil {
			return err
		}
		tell = append(slices.Clone(tell), s.Barred...)
	}
	for _, f := range tell {
		if err := f(tx, a.Company, a.ID); err != nil {
			return err
		}
	}
	return nil
}

// Hold is a company's application, which nobody else changes, installs or uninstalls until commit;
// or db.ErrNoRow.
func Hold(tx *db.Tx, company wire.CompanyID, id string) (App, error) {
	if err := tx.Lock("app " + company.String() + " " + id); err != nil {
		return App{}, err
	}
	return Find(tx, company, id)
}

// locked is a held application of the caller's company.
func (s *Service) locked(tx *db.Tx, caller auth.Caller, id string) (App, error) {
	a, err := Hold(tx, caller.Company, id)
	if errors.Is(err, db.ErrNoRow) {
		return a, apierr.Invalid("Application not found")
	}
	return a, err
}
