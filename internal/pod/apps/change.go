package apps

import (
	"reflect"
	"slices"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/journal"
	"podium/internal/op"
)

var updateApp = op.Operation[Service]{
	ID:      "updateApplication",
	Route:   "POST /pod/v1/admin/app/{id}/update",
	Tag:     "Application",
	Summary: "Change an application.",
	About: "Absent or null members remain unchanged; arrays replace arrays; an empty text " +
		"removes an optional attribute. Other permissions take effect from the next call. " +
		"If ACT_AS_USER was named and is now omitted, the application may no longer act " +
		"on behalf of users, and those sessions end. A saved key leaves the previous one " +
		"valid for the company's overlap. A revoked key, or a replaced or removed " +
		"certificate, ends the application's sessions.",
	Needs:  auth.All(auth.ModifyApps),
	Handle: op.Write((*Service).update),
}

type updateInput struct {
	ID   string `path:"id" maxLength:"256"`
	Body Detail
}

func (in updateInput) Validate() error {
	if info := in.Body.ApplicationInfo; info != nil && info.AppID != nil && *info.AppID != in.ID {
		return apierr.Invalid("appId: it cannot be changed")
	}
	if err := validateCertificate(in.Body.Cert); err != nil {
		return err
	}
	return in.Body.AuthenticationKeys.validate()
}

func (s *Service) update(tx *db.Tx, caller auth.Caller, in updateInput) (Detail, error) {
	old, err := s.locked(tx, caller, in.ID)
	if err != nil {
		return Detail{}, err
	}
	a, err := in.Body.apply(old)
	if err == nil {
		err = a.checkTexts(old)
	}
	if err != nil {
		return Detail{}, err
	}
	if !reflect.DeepEqual(old, a) {
		if err := s.write(tx, caller, old, a); err != nil {
			return Detail{}, err
		}
	}
	if err := s.changeKeys(tx, caller, a, in.Body.AuthenticationKeys); err != nil {
		return Detail{}, err
	}
	return s.detailOf(tx, a)
}

// Changed is recorded when attributes or permissions of an application change.
type Changed struct {
	Name        string            `json:"name"`
	Enabled     bool              `json:"enabled"`
	Permissions []auth.Permission `json:"permissions"`
	Changed     []string          `json:"changed"` // names of the attributes
}

// Kind returns the name of this fact in the log.
func (Changed) Kind() string { return "app.changed" }

// Audience returns the company of the actor.
func (Changed) Audience() journal.Audience { return journal.Within() }

// AuditLine names the application.
func (f Changed) AuditLine(of journal.Entry) journal.Line {
	return journal.Action("appUpdated", "App updated").OnApp(of.Subject.ID, f.Name)
}

// write stores the new attributes of a locked application, and records the fact.
func (s *Service) write(tx *db.Tx, caller auth.Caller, old, a App) error {
	if err := updateAttributes(tx, a); err != nil {
		return err
	}
	taken := old.Certificate != "" && old.Certificate != a.Certificate
	if taken || !slices.Equal(old.Permissions, a.Permissions) {
		if err := s.changed(tx, a, taken); err != nil {
			return err
		}
	}
	if old.Acts() && !a.Acts() {
		if err := s.Journal.Tell(tx, ActingEnded{a.Company, a.ID}); err != nil {
			return err
		}
	}
	changed := Changed{Name: a.Name, Enabled: a.Enabled, Permissions: a.Permissions, Changed: differing(old, a)}
	return s.Journal.Record(tx, caller, a.subject(), changed)
}

// differing returns the names, in the API, of the attributes in which two applications differ.
func differing(old, a App) []string {
	var names []string
	for _, f := range []struct {
		name string
		same bool
	}{
		{"name", old.Name == a.Name}, {"appUrl", old.URL == a.URL}, {"domain", old.Domain == a.Domain},
		{"publisher", old.Publisher == a.Publisher}, {"iconUrl", old.IconURL == a.IconURL},
		{"description", old.Description == a.Description}, {"allowOrigins", old.AllowOrigins == a.AllowOrigins},
		{"permissions", slices.Equal(old.Permissions, a.Permissions)}, {"cert", old.Certificate == a.Certificate},
		{"notification.url", old.NotificationURL == a.NotificationURL},
		{"notification.apiKey", old.NotificationKey == a.NotificationKey},
		{"properties", slices.Equal(old.Properties, a.Properties)},
	} {
		if !f.same {
			names = append(names, f.name)
		}
	}
	return names
}

// changed tells that data of the application has changed on which its sessions depend. If
// lockedOut, it increments the epoch, and all sessions end.
func (s *Service) changed(tx *db.Tx, a App, lockedOut bool) error {
	if !lockedOut {
		return s.Journal.Tell(tx, AccessChanged{a.Company, a.ID})
	}
	if err := tx.Change(`UPDATE apps SET epoch = epoch + 1 WHERE company = $1 AND id = $2`, a.Company, a.ID); err != nil {
		return err
	}
	if err := s.Journal.Tell(tx, AccessChanged{a.Company, a.ID}); err != nil {
		return err
	}
	return s.Journal.Tell(tx, LockedOut{a.Company, a.ID})
}
