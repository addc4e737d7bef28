package apps

import (
	"errors"
	"maps"
	"reflect"
	"slices"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/journal"
	"podium/internal/pod/accounts"
	"podium/internal/wire"
)

// own is a user's own entitlement to an application. nil means the company's value.
type own struct {
	app      string
	listed   *bool
	install  *bool
	products []Product
}

// empty reports whether the user has no own values.
func (o own) empty() bool { return o.listed == nil && o.install == nil && len(o.products) == 0 }

func (o own) installed(a App) bool { return a.Enabled && valueOr(o.install, a.Install) }

func valueOr(value *bool, otherwise bool) bool {
	if value == nil {
		return otherwise
	}
	return *value
}

func scanOwn(row db.Row) (o own, err error) {
	var products string
	if err := row.Scan(&o.app, &o.listed, &o.install, &products); err != nil {
		return o, err
	}
	o.products, err = readList[Product](products)
	return o, err
}

// ownOf returns a user's own entitlements by application.
func ownOf(tx *db.Tx, user accounts.User) (map[string]own, error) {
	list, err := db.All(tx, scanOwn, `
		SELECT app, listed, install, products
		FROM app_users
		WHERE user_id = $1 AND company = $2`, user.ID, user.Company)
	byApp := make(map[string]own, len(list))
	for _, o := range list {
		byApp[o.app] = o
	}
	return byApp, err
}

// InstalledFor reports whether an application is enabled and installed for a user.
func InstalledFor(tx *db.Tx, a App, user wire.UserID) (bool, error) {
	if !a.Enabled {
		return false, nil
	}
	install, err := db.Value[*bool](tx, `
		SELECT install
		FROM app_users
		WHERE company = $1 AND app = $2 AND user_id = $3`, a.Company, a.ID, user)
	if errors.Is(err, db.ErrNoRow) {
		return a.Install, nil
	}
	return valueOr(install, a.Install), err
}

// Installed is recorded when an application is installed or uninstalled for a user.
type Installed struct {
	App     string `json:"app"`
	Name    string `json:"name"`
	Install bool   `json:"install"` // the new value
}

// Kind returns the name of this fact in the log.
func (Installed) Kind() string { return "app.installed" }

// Audience returns the company of the actor.
func (Installed) Audience() journal.Audience { return journal.Within() }

// AuditLine names the application, and whether it came or went.
func (f Installed) AuditLine(journal.Entry) journal.Line {
	if !f.Install {
		return journal.Action("userAppEntitlementUninstall", "App uninstalled").OnApp(f.App, f.Name)
	}
	return journal.Action("userAppEntitlementInstall", "App installed").OnApp(f.App, f.Name)
}

// UserChanged is recorded when an application is listed or hidden for a user, or its products
// change.
type UserChanged struct {
	App      string    `json:"app"`
	Name     string    `json:"name"`
	Listed   bool      `json:"listed"` // the new value
	Products []Product `json:"products"`
}

// Kind returns the name of this fact in the log.
func (UserChanged) Kind() string { return "app.userChanged" }

// Audience returns the company of the actor.
func (UserChanged) Audience() journal.Audience { return journal.Within() }

// AuditLine names the application.
func (f UserChanged) AuditLine(journal.Entry) journal.Line {
	return journal.Action("userAppEntitlementUpdate", "App entitlement updated").OnApp(f.App, f.Name)
}

// Install installs an application for a user, or uninstalls it: its sessions on that user's behalf
// then end.
func (s *Service) Install(tx *db.Tx, caller auth.Caller, id string, user accounts.User, install bool) error {
	return s.change(tx, caller, user, map[string]func(own) own{
		id: func(o own) own {
			o.install = &install
			return o
		},
	})
}

// change changes a user's own entitlements to the given applications. It locks the applications
// until commit.
func (s *Service) change(tx *db.Tx, caller auth.Caller, user accounts.User, changes map[string]func(own) own) error {
	if err := holdEach(tx, caller, changes); err != nil {
		return err
	}
	held := make(map[string]App, len(changes))
	for _, id := range inOrder(changes) {
		a, err := s.locked(tx, caller, id)
		if err != nil {
			return err
		}
		held[id] = a
	}
	before, err := ownOf(tx, user)
	if err != nil {
		return err
	}
	var gone []string
	for _, id := range inOrder(changes) {
		old := before[id]
		old.app = id
		o := changes[id](old)
		if err := s.put(tx, caller, held[id], user, old, o); err != nil {
			return err
		}
		if !reflect.DeepEqual(old, o) && !o.installed(held[id]) {
			gone = append(gone, id)
		}
	}
	if len(gone) == 0 {
		return nil
	}
	return s.Journal.Tell(tx, Uninstalled{gone, user.ID})
}

// put stores a user's own entitlement to a locked application, and records the facts.
func (s *Service) put(tx *db.Tx, caller auth.Caller, a App, user accounts.User, old, o own) error {
	if reflect.DeepEqual(old, o) {
		return nil
	}
	if err := writeOwn(tx, a, user, o); err != nil {
		return err
	}
	if !reflect.DeepEqual(old.install, o.install) {
		installed := Installed{App: a.ID, Name: a.Name, Install: valueOr(o.install, a.Install)}
		if err := s.Journal.Record(tx, caller, user.Subject(), installed); err != nil {
			return err
		}
	}
	if !reflect.DeepEqual(old.listed, o.listed) || !slices.Equal(old.products, o.products) {
		changed := UserChanged{App: a.ID, Name: a.Name, Listed: valueOr(o.listed, a.Listed), Products: o.products}
		return s.Journal.Record(tx, caller, user.Subject(), changed)
	}
	return nil
}

func writeOwn(tx *db.Tx, a App, user accounts.User, o own) error {
	if o.empty() {
		return tx.Exec(`DELETE FROM app_users WHERE company = $1 AND app = $2 AND user_id = $3`, a.Company, a.ID, user.ID)
	}
	return tx.Exec(`
		INSERT INTO app_users (company, app, user_id, listed, install, products)
		VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (company, app, user_id) DO UPDATE
		SET listed = excluded.listed, install = excluded.install, products = excluded.products`,
		a.Company, a.ID, user.ID, o.listed, o.install, writeList(o.products))
}

// inOrder returns the keys of a map in the order in which applications are locked.
func inOrder[T any](m map[string]T) []string { return slices.Sorted(maps.Keys(m)) }

// onceEach returns an error for a list of applications with a duplicate or an empty id.
func onceEach(ids []string) error {
	seen := make(map[string]bool, len(ids))
	for _, id := range ids {
		if id == "" {
			return apierr.Invalid("appId: it is required")
		}
		if seen[id] {
			return apierr.Invalid("appId: %q is given twice", id)
		}
		seen[id] = true
	}
	return nil
}
