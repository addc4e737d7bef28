package apps

import (
	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/journal"
	"podium/internal/op"
)

var listEntitlements = op.Operation[Service]{
	ID:      "listApplicationEntitlements",
	Route:   "GET /pod/v1/admin/app/entitlement/list",
	Tag:     "AppEntitlement",
	Summary: "List the company's entitlements to all applications.",
	Needs:   auth.All(auth.ViewAppsEntitlements),
	Handle:  op.Read((*Service).listEntitlements),
}

var setEntitlements = op.Operation[Service]{
	ID:      "updateApplicationEntitlements",
	Route:   "POST /pod/v1/admin/app/entitlement/list",
	Tag:     "AppEntitlement",
	Summary: "Enable, list and install applications for the whole company.",
	About: "Omitted applications remain unchanged; the answer contains the given ones. The " +
		"sessions of an application end if it is disabled or no longer installed for the " +
		"whole company. Users with an installation of their own can be logged in again at " +
		"once.",
	Needs:  auth.All(auth.ModifyAppsEntitlements),
	Handle: op.Write((*Service).setEntitlements),
}

// Entitlement is a company's entitlement to an application: the published PodAppEntitlement.
type Entitlement struct {
	AppID   string `json:"appId"`
	AppName string `json:"appName"`
	Enable  bool   `json:"enable" doc:"Whether it may be used."`
	Listed  bool   `json:"listed" doc:"Whether all users see it in the store."`
	Install bool   `json:"install" doc:"Whether it is installed for the whole company."`
}

func (a App) entitlement() Entitlement {
	return Entitlement{AppID: a.ID, AppName: a.Name, Enable: a.Enabled, Listed: a.Listed, Install: a.Install}
}

func (s *Service) listEntitlements(tx *db.Tx, caller auth.Caller, _ struct{}) ([]Entitlement, error) {
	apps, err := all(tx, caller.Company)
	list := make([]Entitlement, len(apps))
	for i, a := range apps {
		list[i] = a.entitlement()
	}
	return list, err
}

type setInput struct {
	Body []GivenEntitlement `maxItems:"1000"`
}

// GivenEntitlement is an Entitlement in a request.
type GivenEntitlement struct {
	AppID   string `json:"appId" maxLength:"256"`
	AppName string `json:"appName" maxLength:"256" doc:"Ignored."`
	Enable  *bool  `json:"enable"`
	Listed  *bool  `json:"listed"`
	Install *bool  `json:"install"`
}

func (in setInput) Validate() error {
	ids := make([]string, len(in.Body))
	for i, e := range in.Body {
		ids[i] = e.AppID
		for _, f := range []struct {
			name  string
			value *bool
		}{{"enable", e.Enable}, {"listed", e.Listed}, {"install", e.Install}} {
			if f.value == nil {
				return apierr.Invalid("%s: it is required, of application %q", f.name, e.AppID)
			}
		}
	}
	return onceEach(ids)
}

// Entitled is the state before or after an EntitlementChanged.
type Entitled struct {
	Enabled bool `json:"enabled"`
	Listed  bool `json:"listed"`
	Install bool `json:"install"`
}

// EntitlementChanged is recorded when an application is enabled, disabled, listed, hidden,
// installed or uninstalled for the whole company.
type EntitlementChanged struct {
	Name string   `json:"name"`
	Old  Entitled `json:"old"`
	New  Entitled `json:"new"`
}

// Kind returns the name of this fact in the log.
func (EntitlementChanged) Kind() string { return "app.entitlementChanged" }

// Audience returns the company of the actor.
func (EntitlementChanged) Audience() journal.Audience { return journal.Within() }

// AuditLine names the application.
func (f EntitlementChanged) AuditLine(of journal.Entry) journal.Line {
	return journal.Action("podAppEntitlementUpdate", "App entitlement updated").OnApp(of.Subject.ID, f.Name)
}

func (s *Service) setEntitlements(tx *db.Tx, caller auth.Caller, in setInput) ([]Entitlement, error) {
	given := make(map[string]GivenEntitlement, len(in.Body))
	for _, e := range in.Body {
		given[e.AppID] = e
	}
	if err := holdEach(tx, caller, given); err != nil {
		return nil, err
	}
	held := make(map[string]App, len(given))
	for _, id := range inOrder(given) {
		a, err := s.locked(tx, caller, id)
		if err != nil {
			return nil, err
		}
		e := given[id]
		if held[id], err = s.entitle(tx, caller, a, Entitled{Enabled: *e.Enable, Listed: *e.Listed, Install: *e.Install}); err != nil {
			return nil, err
		}
	}
	list := make([]Entitlement, len(in.Body))
	for i, e := range in.Body {
		list[i] = held[e.AppID].entitlement()
	}
	return list, nil
}

// entitle sets the company's entitlement to a locked application.
func (s *Service) entitle(tx *db.Tx, caller auth.Caller, a App, to Entitled) (App, error) {
	old := Entitled{Enabled: a.Enabled, Listed: a.Listed, Install: a.Install}
	if old == to {
		return a, nil
	}
	a.Enabled, a.Listed, a.Install = to.Enabled, to.Listed, to.Install
	err := tx.Change(`
		UPDATE apps
		SET enabled = $3, listed = $4, install = $5
		WHERE company = $1 AND id = $2`, a.Company, a.ID, a.Enabled, a.Listed, a.Install)
	if err != nil {
		return a, err
	}
	// This ends also the sessions of users for whom the application is installed by rows of their
	// own. There may be many, and those may log in again.
	if err := s.changed(tx, a, old.Enabled && !to.Enabled || old.Install && !to.Install); err != nil {
		return a, err
	}
	return a, s.Journal.Record(tx, caller, a.subject(), EntitlementChanged{Name: a.Name, Old: old, New: to})
}
