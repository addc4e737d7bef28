package apps

import (
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/journal"
	"podium/internal/op"
	"podium/internal/wire"
)

var deleteApp = op.Operation[Service]{
	ID:      "deleteApplication",
	Route:   "POST /pod/v1/admin/app/{id}/delete",
	Tag:     "Application",
	Summary: "Delete an application.",
	About: "Deletes its entitlements and keys; ends its sessions, including those on behalf " +
		"of users.",
	Needs:  auth.All(auth.ModifyApps),
	Handle: op.Write((*Service).delete),
}

// Deleted is recorded when an application is deleted.
type Deleted struct {
	Name string `json:"name"`
}

// Kind returns the name of this fact in the log.
func (Deleted) Kind() string { return "app.deleted" }

// Audience returns the company of the actor.
func (Deleted) Audience() journal.Audience { return journal.Within() }

// AuditLine names the application.
func (f Deleted) AuditLine(of journal.Entry) journal.Line {
	return journal.Action("appDeleted", "App deleted").OnApp(of.Subject.ID, f.Name)
}

func (s *Service) delete(tx *db.Tx, caller auth.Caller, in ofApp) (wire.Success, error) {
	a, err := s.locked(tx, caller, in.ID)
	if err != nil {
		return wire.Success{}, err
	}
	if err := s.changed(tx, a, true); err != nil {
		return wire.Success{}, err
	}
	for _, statement := range []string{
		`DELETE FROM app_users WHERE company = $1 AND app = $2`,
		`DELETE FROM app_keys WHERE company = $1 AND app = $2`,
		`DELETE FROM apps WHERE company = $1 AND id = $2`,
	} {
		if err := tx.Exec(statement, a.Company, a.ID); err != nil {
			return wire.Success{}, err
		}
	}
	return wire.Done("OK"), s.Journal.Record(tx, caller, a.subject(), Deleted{Name: a.Name})
}
