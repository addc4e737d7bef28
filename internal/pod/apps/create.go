package apps

import (
	"crypto/rand"
	"encoding/hex"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/journal"
	"podium/internal/op"
	"podium/internal/pod/accounts"
)

var createApp = op.Operation[Service]{
	ID:      "createApplication",
	Route:   "POST /pod/v1/admin/app/create",
	Tag:     "Application",
	Summary: "Create an application.",
	About: "It is disabled, not listed and not installed, until the company's entitlements " +
		"change that. It may act on behalf of users (ACT_AS_USER) without naming that " +
		"permission. Its id differs from those of other applications and from all user " +
		"names.",
	Needs:  auth.All(auth.CreateApps),
	Handle: op.Write((*Service).create),
}

type createInput struct {
	Body Detail
}

func (in createInput) Validate() error {
	info := in.Body.ApplicationInfo
	if info == nil {
		return apierr.Invalid("applicationInfo: it is required")
	}
	if info.Name == nil {
		return apierr.Invalid("name: it is required")
	}
	if k := in.Body.AuthenticationKeys; k != nil && k.Previous != nil && k.Previous.action("") != "" {
		return apierr.Invalid("authenticationKeys.previous: a new application has none")
	}
	if k := in.Body.AuthenticationKeys; k != nil && k.Current != nil && k.Current.action(save) == revoke {
		return apierr.Invalid("authenticationKeys.current: there is none to revoke")
	}
	if err := validateCertificate(in.Body.Cert); err != nil {
		return err
	}
	if err := in.Body.AuthenticationKeys.validate(); err != nil {
		return err
	}
	a := App{ID: "made up"}
	replace(&a.ID, info.AppID)
	_, err := in.Body.apply(a)
	return err
}

func (s *Service) create(tx *db.Tx, caller auth.Caller, in createInput) (Detail, error) {
	id := in.Body.ApplicationInfo.AppID
	if id == nil {
		made := newID()
		id = &made
	}
	a, err := in.Body.apply(App{Company: caller.Company, ID: *id})
	if err != nil {
		return Detail{}, err
	}
	taken, err := accounts.NameTaken(tx, caller.Company, a.ID)
	if err != nil {
		return Detail{}, err
	}
	if taken {
		return Detail{}, apierr.Invalid("appId: a user has this name")
	}
	if taken, err = idTaken(tx, caller.Company, a.ID); err != nil {
		return Detail{}, err
	}
	if taken {
		return Detail{}, apierr.Invalid(exists)
	}
	key := ""
	if k := in.Body.AuthenticationKeys; k != nil && k.Current != nil {
		key = k.Current.text()
	}
	if err := s.Create(tx, caller, a, key); err != nil {
		return Detail{}, err
	}
	return s.detailOf(tx, a)
}

func newID() string {
	id := make([]byte, 12)
	rand.Read(id)
	return hex.EncodeToString(id)
}

// detailOf returns an application as clients see it, with its current keys.
func (s *Service) detailOf(tx *db.Tx, a App) (Detail, error) {
	keys, err := slots(tx, a.Company, a.ID, tx.Now())
	if err != nil {
		return Detail{}, err
	}
	return a.detail(keys), oneKind(a, keys)
}

// Created is recorded when an application is created.
type Created struct {
	Name        string            `json:"name"`
	Permissions []auth.Permission `json:"permissions"`
}

// Kind returns the name of this fact in the log.
func (Created) Kind() string { return "app.created" }

// Audience returns the company of the actor.
func (Created) Audience() journal.Audience { return journal.Within() }

// AuditLine names the application.
func (f Created) AuditLine(of journal.Entry) journal.Line {
	return journal.Action("appCreated", "App created").OnApp(of.Subject.ID, f.Name)
}

// Create creates an application in the caller's company, with a public RSA key or without one.
func (s *Service) Create(tx *db.Tx, caller auth.Caller, a App, key string) error {
	if err := a.Validate(); err != nil {
		return err
	}
	if err := a.checkTexts(App{}); err != nil {
		return err
	}
	// If epochs always began at the same number, an application could inherit sessions of a deleted
	// one with its id. Every increment of an epoch records a fact, so the number of the next fact
	// is larger than any earlier epoch.
	epoch, err := tx.Next("events")
	if err != nil {
		return err
	}
	a.Company, a.Created, a.Epoch, a.ActsUnnamed = caller.Company, tx.Now(), epoch, !a.namesActAsUser()
	if err := insertApp(tx, a); err != nil {
		return err
	}
	if err := s.Journal.Record(tx, caller, a.subject(), Created{Name: a.Name, Permissions: a.Permissions}); err != nil {
		return err
	}
	if key == "" {
		return nil
	}
	return s.saveKey(tx, caller, a, key)
}
