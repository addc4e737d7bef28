// Package apps is the applications of a company: their permissions, the keys they log in
// with, and for whom they are installed. What an application may do on behalf of a user is
// checked by the frame; how it logs in, is in the chapter session.
package apps

import (
	"errors"
	"strings"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/event"
	"podium/internal/op"
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

// Operations is what this package answers.
func (s *Service) Operations() []op.Bound {
	return op.Bind(s)
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
