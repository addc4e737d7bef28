package apps

import (
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/db/lock"
	"podium/internal/journal"
	"podium/internal/wire"
)

// App is an application. A text not given is empty.
type App struct {
	Company         wire.CompanyID
	ID              string
	Name            string
	URL             string // begins with https://
	Domain          string // URL's host, or a domain above it
	Publisher       string
	IconURL         string // begins with https://
	Description     string
	AllowOrigins    string // domains, as they were given
	NotificationURL string
	NotificationKey string // a secret: it stands in no fact and in no log
	Properties      []Property
	Permissions     []auth.Permission // as they were given
	ActsUnnamed     bool              // it acts on behalf of users, although Permissions does not name ACT_AS_USER
	Certificate     string            // PEM
	Enabled         bool              // usable in the company
	Listed          bool              // shown to everybody in the store
	Install         bool              // installed for everybody whose own entitlement does not say otherwise
	Created         wire.Time
	Epoch           int64 // grows when all its sessions end: those of an older one are over
}

// Property is a setting that the application's front end reads.
type Property struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// Limits of attributes, in characters.
const (
	maxID          = 256
	maxName        = 50 // that of an entitlement
	maxText        = 2048
	maxPermission  = 64
	maxPermissions = 100 // they stand in every token of the application
	maxProperties  = 1000
	maxKey         = 1024
	maxValue       = 4096
)

// Validate names the first attribute that cannot be.
func (a App) Validate() error {
	switch {
	case a.ID == "" || utf8.RuneCountInString(a.ID) > maxID:
		return apierr.Invalid("appId: it has between 1 and 256 characters")
	case strings.TrimSpace(a.Name) == "" || utf8.RuneCountInString(a.Name) > maxName:
		return apierr.Invalid("name: it has between 1 and 50 characters")
	case len(a.Permissions) > maxPermissions:
		return apierr.Invalid("permissions: they are more than %d", maxPermissions)
	case len(a.Properties) > maxProperties:
		return apierr.Invalid("properties: they are more than %d", maxProperties)
	}
	for _, f := range []struct{ name, value string }{
		{"appUrl", a.URL}, {"domain", a.Domain}, {"publisher", a.Publisher}, {"iconUrl", a.IconURL},
		{"description", a.Description}, {"allowOrigins", a.AllowOrigins},
		{"notification.url", a.NotificationURL}, {"notification.apiKey", a.NotificationKey},
	} {
		if utf8.RuneCountInString(f.value) > maxText {
			return apierr.Invalid("%s: it has more than %d characters", f.name, maxText)
		}
	}
	for _, p := range a.Permissions {
		if !permissionName(string(p)) {
			return apierr.Invalid("permissions: Invalid permission %s", p)
		}
	}
	if err := a.validateURLs(); err != nil {
		return err
	}
	return validateProperties(a.Properties)
}

func validateProperties(list []Property) error {
	seen := make(map[string]bool, len(list))
	for _, p := range list {
		switch {
		case p.Key == "" || utf8.RuneCountInString(p.Key) > maxKey:
			return apierr.Invalid("properties: a key has between 1 and %d characters", maxKey)
		case utf8.RuneCountInString(p.Value) > maxValue:
			return apierr.Invalid("properties: the value of %s has more than %d characters", p.Key, maxValue)
		case seen[p.Key]:
			return apierr.Invalid("properties: Duplicate property key %s", p.Key)
		}
		seen[p.Key] = true
	}
	return nil
}

// permissionName reports whether a text can name a permission: upper-case letters, digits and
// underscores, 1 to 64 of them.
func permissionName(text string) bool {
	for _, r := range text {
		if (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '_' {
			return false
		}
	}
	return text != "" && len(text) <= maxPermission
}

// subject returns the application as facts name it.
func (a App) subject() journal.Subject { return journal.Thing(a.ID) }

// Granted returns the permissions that the application has: those given, and ACT_AS_USER where it is implicit.
func (a App) Granted() []auth.Permission {
	if a.ActsUnnamed {
		return append([]auth.Permission{auth.ActAsUser}, a.Permissions...)
	}
	return a.Permissions
}

// Acts reports whether the application may act on behalf of users.
func (a App) Acts() bool { return a.ActsUnnamed || a.namesActAsUser() }

func (a App) namesActAsUser() bool { return slices.Contains(a.Permissions, auth.ActAsUser) }

// Find returns a company's application, or db.ErrNoRow.
func Find(tx *db.Tx, company wire.CompanyID, id string) (App, error) {
	return db.One(tx, scanApp, selectApps+` WHERE company = $1 AND id = $2`, company, id)
}

// Hold returns a company's application, which nobody else changes, installs or uninstalls until commit;
// or db.ErrNoRow.
func Hold(tx *db.Tx, company wire.CompanyID, id string) (App, error) {
	if err := tx.Lock(lock.App(company, id)); err != nil {
		return App{}, err
	}
	return Find(tx, company, id)
}

// holdEach locks the applications of the caller's company that a map names, whether or not they exist.
func holdEach[T any](tx *db.Tx, caller auth.Caller, ids map[string]T) error {
	var keys []lock.Key
	for id := range ids {
		keys = append(keys, lock.App(caller.Company, id))
	}
	return tx.Lock(keys...)
}

// locked returns a held application of the caller's company.
func (s *Service) locked(tx *db.Tx, caller auth.Caller, id string) (App, error) {
	a, err := Hold(tx, caller.Company, id)
	return a, unknown(err)
}

// unknown returns the refusal of an id that no application of the company has, where err is
// db.ErrNoRow; other errors stay as they are.
func unknown(err error) error {
	if errors.Is(err, db.ErrNoRow) {
		return apierr.NotFound("Application not found")
	}
	return err
}
