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

// App is an application. A text that was not given is empty.
type App struct {
	Company         wire.CompanyID
	ID              string
	Name            string
	URL             string // begins with https://
	Domain          string // the host of URL, or a domain above it
	Publisher       string
	IconURL         string // begins with https://
	Description     string
	AllowOrigins    string // domains, as given
	NotificationURL string
	NotificationKey string // a secret: it must not be in a fact or a log
	Properties      []Property
	Permissions     []auth.Permission // as given
	// it acts on behalf of users although Permissions does not contain ACT_AS_USER
	ActsUnnamed bool
	Certificate string // PEM
	Enabled     bool   // it may be used in the company
	Listed      bool   // the store shows it to all users
	// installed for all users whose own entitlement does not say otherwise
	Install bool
	Created wire.Time
	// incremented when all its sessions end: sessions of a lower epoch have ended
	Epoch int64
}

// Property is a setting that the application's front end reads.
type Property struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// Limits of attributes, in characters.
const (
	maxID          = 256
	maxName        = 50 // of an entitlement
	maxText        = 2048
	maxPermission  = 64
	maxPermissions = 100 // every token of the application contains them
	maxProperties  = 1000
	maxKey         = 1024
	maxValue       = 4096
)

// Validate returns an error that names the first invalid attribute.
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

// permissionName reports whether a text can name a permission: 1 to 64 upper-case letters, digits
// and underscores.
func permissionName(text string) bool {
	for _, r := range text {
		if (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '_' {
			return false
		}
	}
	return text != "" && len(text) <= maxPermission
}

// subject returns the application as the subject of facts.
func (a App) subject() journal.Subject { return journal.Thing(a.ID) }

// Granted returns the permissions of the application: those given, and ACT_AS_USER if it is
// implicit.
func (a App) Granted() []auth.Permission {
	if a.ActsUnnamed {
		return append([]auth.Permission{auth.ActAsUser}, a.Permissions...)
	}
	return a.Permissions
}

// Acts reports whether the application may act on behalf of users.
func (a App) Acts() bool { return a.ActsUnnamed || a.namesActAsUser() }

func (a App) namesActAsUser() bool { return slices.Contains(a.Permissions, auth.ActAsUser) }

// Find returns a company's application. It fails with db.ErrNoRow.
func Find(tx *db.Tx, company wire.CompanyID, id string) (App, error) {
	return db.One(tx, scanApp, selectApps+` WHERE company = $1 AND id = $2`, company, id)
}

// Lock locks a company's application, with its installations, until commit and returns it. It fails
// with db.ErrNoRow.
func Lock(tx *db.Tx, company wire.CompanyID, id string) (App, error) {
	if err := tx.Lock(lock.App(company, id)); err != nil {
		return App{}, err
	}
	return Find(tx, company, id)
}

// holdEach locks the applications of the caller's company whose ids are keys of the map, whether or
// not they exist.
func holdEach[T any](tx *db.Tx, caller auth.Caller, ids map[string]T) error {
	var keys []lock.Key
	for id := range ids {
		keys = append(keys, lock.App(caller.Company, id))
	}
	return tx.Lock(keys...)
}

// locked locks an application of the caller's company and returns it. It fails with NotFound.
func (s *Service) locked(tx *db.Tx, caller auth.Caller, id string) (App, error) {
	a, err := Lock(tx, caller.Company, id)
	return a, unknown(err)
}

// unknown turns db.ErrNoRow into the refusal of an unknown id. It returns other errors unchanged.
func unknown(err error) error {
	if errors.Is(err, db.ErrNoRow) {
		return apierr.NotFound("Application not found")
	}
	return err
}
