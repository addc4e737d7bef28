// Package apps is the applications of a company: their permissions, the keys they log in
// with, and for whom they are installed. What an application may do on behalf of a user is
// checked by the frame; how it logs in, is in the chapter session.
package apps

import (
	"errors"
	"slices"
	"strings"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/event"
	"podium/internal/jose"
	"podium/internal/wire"
)

// Service is this chapter, filled in by package pod.
type Service struct {
	Events *event.Log

	// Changed is called, in the same transaction, when something changed that the
	// application's open sessions depend on.
	Changed []func(tx *db.Tx, company wire.CompanyID, app string) error

	// Barred is called, in the same transaction, when the application may not be used any
	// longer, or not with the key it had: its sessions end.
	Barred []func(tx *db.Tx, company wire.CompanyID, app string) error

	// Uninstalled is called, in the same transaction, when the application is no longer
	// installed for a user: its sessions on that user's behalf end.
	Uninstalled []func(tx *db.Tx, app string, user wire.UserID) error
}

// App is an application.
type App struct {
	Company     wire.CompanyID
	ID          string
	Name        string
	Permissions []auth.Permission
	Certificate string // PEM
	Enabled     bool   // usable in the company
	Listed      bool   // shown to everybody in the store
	Install     bool   // installed for everybody whose own entitlement does not say otherwise
	Created     wire.Time
	Epoch       int64 // grows when all its sessions end: those of an older one are over
}

// Validate names the first attribute that cannot be.
func (a App) Validate() error {
	switch {
	case a.ID == "" || len(a.ID) > 256:
		return apierr.Invalid("appId: it has between 1 and 256 characters")
	case strings.TrimSpace(a.Name) == "" || len(a.Name) > 50:
		return apierr.Invalid("name: it has between 1 and 50 characters")
	}
	for _, p := range a.Permissions {
		if !permissionName(string(p)) {
			return apierr.Invalid("permissions: Invalid permission %s", p)
		}
	}
	return nil
}

// permissionName tells whether a text can name a permission: upper-case letters, digits and
// underscores, 1 to 64 of them.
func permissionName(text string) bool {
	for _, r := range text {
		if (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '_' {
			return false
		}
	}
	return text != "" && len(text) <= 64
}

const selectApps = `SELECT company, id, name, permissions, certificate, enabled, listed, install, created, epoch FROM apps`

func scanApp(row db.Row) (a App, err error) {
	var permissions string
	err = row.Scan(&a.Company, &a.ID, &a.Name, &permissions, &a.Certificate, &a.Enabled, &a.Listed, &a.Install, &a.Created, &a.Epoch)
	for _, p := range strings.Fields(permissions) {
		a.Permissions = append(a.Permissions, auth.Permission(p))
	}
	return a, err
}

func joined(permissions []auth.Permission) string {
	words := make([]string, len(permissions))
	for i, p := range permissions {
		words[i] = string(p)
	}
	return strings.Join(words, " ")
}

// Find is a company's application, or db.ErrNoRow.
func Find(tx *db.Tx, company wire.CompanyID, id string) (App, error) {
	return db.One(tx, scanApp, selectApps+` WHERE company = $1 AND id = $2`, company, id)
}

// KeysOf is the public keys that an application logs in with at a moment, the current one
// first.
func KeysOf(tx *db.Tx, company wire.CompanyID, id string, now wire.Time) ([]string, error) {
	return db.All(tx, db.ScanValue[string], `
		SELECT pem
		FROM app_keys
		WHERE company = $1 AND app = $2 AND (expires = 0 OR expires > $3)
		ORDER BY slot`, company, id, now)
}

// InstalledFor tells whether an enabled application is installed for a user.
func InstalledFor(tx *db.Tx, a App, user wire.UserID) (bool, error) {
	if !a.Enabled {
		return false, nil
	}
	own, err := db.Value[*bool](tx, `
		SELECT install
		FROM app_users
		WHERE company = $1 AND app = $2 AND user_id = $3`, a.Company, a.ID, user)
	if errors.Is(err, db.ErrNoRow) || (err == nil && own == nil) {
		return a.Install, nil
	}
	return err == nil && *own, err
}

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
	return s.Events.Record(tx, caller, a.ID, Created{Name: a.Name, Permissions: a.Permissions})
}

func putKey(tx *db.Tx, company wire.CompanyID, app, pem string) error {
	return tx.Exec(`
		INSERT INTO app_keys (company, app, slot, pem, expires)
		VALUES ($1, $2, 'current', $3, 0)
		ON CONFLICT (company, app, slot) DO UPDATE SET pem = excluded.pem, expires = excluded.expires`, company, app, pem)
}

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
	return s.Events.Record(tx, caller, a.ID, Changed{Enabled: enabled, Permissions: permissions})
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
	return s.Events.Record(tx, caller, a.ID, KeyRevoked{})
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
func (s *Service) Install(tx *db.Tx, caller auth.Caller, id string, user wire.UserID, install bool) error {
	a, err := s.locked(tx, caller, id)
	if err != nil {
		return err
	}
	err = tx.Exec(`
		INSERT INTO app_users (company, app, user_id, listed, install)
		VALUES ($1, $2, $3, NULL, $4)
		ON CONFLICT (company, app, user_id) DO UPDATE SET install = excluded.install`, a.Company, a.ID, user, install)
	if err != nil {
		return err
	}
	if !install {
		for _, f := range s.Uninstalled {
			if err := f(tx, a.ID, user); err != nil {
				return err
			}
		}
	}
	return s.Events.Record(tx, caller, user.String(), Installed{App: a.ID, Install: install})
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

// locked is an application of the caller's company, which nobody else changes until commit.
func (s *Service) locked(tx *db.Tx, caller auth.Caller, id string) (App, error) {
	if err := tx.Lock("app " + caller.Company.String() + " " + id); err != nil {
		return App{}, err
	}
	a, err := Find(tx, caller.Company, id)
	if errors.Is(err, db.ErrNoRow) {
		return a, apierr.Invalid("Application not found")
	}
	return a, err
}
