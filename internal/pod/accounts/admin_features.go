package accounts

import (
	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/journal"
	"podium/internal/op"
	"podium/internal/wire"
)

var listFeatures = op.Operation[Service]{
	ID:      "listFeatures",
	Route:   "GET /pod/v1/admin/system/features/list",
	Tag:     "System",
	Summary: "List the names of all features, in alphabetical order.",
	Needs:   provisioning,
	Handle:  op.Read((*Service).featureNames),
}

func (s *Service) featureNames(*db.Tx, auth.Caller, nothing) ([]Feature, error) {
	names := make([]Feature, len(features))
	for i, f := range features {
		names[i] = f.name
	}
	return names, nil
}

var getFeatures = op.Operation[Service]{
	ID:      "getUserFeatures",
	Route:   "GET /pod/v1/admin/user/{uid}/features",
	Tag:     "User",
	Summary: "List every feature and whether an account has it, in alphabetical order.",
	Needs:   provisioning,
	Handle:  op.Read((*Service).userFeatures),
}

// FeatureState is whether a feature is enabled for an account. The first member is misspelled in
// the published API.
type FeatureState struct {
	Entitlement Feature `json:"entitlment" doc:"The feature's name."`
	Enabled     bool    `json:"enabled"`
}

func (s *Service) userFeatures(tx *db.Tx, caller auth.Caller, in oneInput) ([]FeatureState, error) {
	u, err := Own(tx, caller.Company, in.UID)
	if err != nil {
		return nil, Unknown(err, in.UID)
	}
	states, err := featuresOf(tx, []User{u})
	return states[u.ID], err
}

// featuresOf returns all features of each of some accounts.
func featuresOf(tx *db.Tx, people []User) (map[wire.UserID][]FeatureState, error) {
	ids := make([]wire.UserID, len(people))
	for i, u := range people {
		ids[i] = u.ID
	}
	own, err := db.All(tx, scanOwnFeature, `SELECT user_id, feature, enabled FROM user_features WHERE user_id IN ($1)`, ids)
	if err != nil {
		return nil, err
	}
	different := make(map[ownFeature]bool, len(own))
	for _, f := range own {
		different[f.ownFeature] = f.enabled
	}
	states := make(map[wire.UserID][]FeatureState, len(people))
	for _, id := range ids {
		all := make([]FeatureState, len(features))
		for i, f := range features {
			enabled, set := different[ownFeature{id, f.name}]
			all[i] = FeatureState{Entitlement: f.name, Enabled: set && enabled || !set && f.enabled}
		}
		states[id] = all
	}
	return states, nil
}

type ownFeature struct {
	user wire.UserID
	name Feature
}

type ownFeatureState struct {
	ownFeature
	enabled bool
}

func scanOwnFeature(row db.Row) (f ownFeatureState, err error) {
	return f, row.Scan(&f.user, &f.name, &f.enabled)
}

var updateFeatures = op.Operation[Service]{
	ID:      "updateUserFeatures",
	Route:   "POST /pod/v1/admin/user/{uid}/features/update",
	Tag:     "User",
	Summary: "Enable and disable features of an account.",
	About: "Features that are not named remain unchanged. If a named feature does not exist, " +
		"none changes.",
	Needs:  provisioning,
	Handle: op.Write((*Service).changeFeatures),
}

type featuresInput struct {
	UID  wire.UserID     `path:"uid"`
	Body []FeatureChange `maxItems:"100"`
}

// FeatureChange enables or disables a feature. Both members are required; the first is misspelled
// in the published API.
type FeatureChange struct {
	Entitlement *Feature `json:"entitlment" doc:"The feature's name."`
	Enabled     *bool    `json:"enabled"`
}

func (in featuresInput) Validate() error {
	seen := make(map[Feature]bool, len(in.Body))
	for _, c := range in.Body {
		switch {
		case c.Entitlement == nil:
			return apierr.Invalid("entitlment: it is required")
		case c.Enabled == nil:
			return apierr.Invalid("enabled: it is required")
		case seen[*c.Entitlement]:
			return apierr.Invalid("entitlment: the feature %s is given twice", *c.Entitlement)
		}
		if _, ok := featureByDefault(*c.Entitlement); !ok {
			return apierr.Invalid("entitlment: there is no feature %q", *c.Entitlement)
		}
		seen[*c.Entitlement] = true
	}
	return nil
}

// FeatureChanged is recorded for each feature that is enabled or disabled for an account.
type FeatureChanged struct {
	Feature Feature `json:"feature"`
	Old     bool    `json:"old"`
	New     bool    `json:"new"`
}

// Kind returns the name of this fact in the log.
func (FeatureChanged) Kind() string { return "user.featureChanged" }

// Audience returns the company of the actor.
func (FeatureChanged) Audience() journal.Audience { return journal.Within() }

// AuditLine shows the feature before and after.
func (f FeatureChanged) AuditLine(journal.Entry) journal.Line {
	return journal.Profile(string(f.Feature), f.Old, f.New)
}

func (s *Service) changeFeatures(tx *db.Tx, caller auth.Caller, in featuresInput) (wire.Success, error) {
	u, err := s.locked(tx, caller, in.UID)
	if err != nil {
		return wire.Success{}, err
	}
	for _, c := range in.Body {
		if err := s.setFeature(tx, caller, u, *c.Entitlement, *c.Enabled); err != nil {
			return wire.Success{}, err
		}
	}
	return wire.Done("OK"), nil
}

// setFeature enables or disables a feature of a locked account.
func (s *Service) setFeature(tx *db.Tx, caller auth.Caller, u User, name Feature, enabled bool) error {
	before, err := Has(tx, u.ID, name)
	if err != nil || before == enabled {
		return err
	}
	if byDefault, _ := featureByDefault(name); byDefault == enabled {
		err = tx.Change(`DELETE FROM user_features WHERE user_id = $1 AND feature = $2`, u.ID, name)
	} else {
		err = tx.Exec(`
			INSERT INTO user_features (user_id, feature, enabled, company)
			VALUES ($1, $2, $3, $4)
			ON CONFLICT (user_id, feature) DO UPDATE SET enabled = excluded.enabled`, u.ID, name, enabled, u.Company)
	}
	if err != nil {
		return err
	}
	if err := touch(tx, u); err != nil {
		return err
	}
	return s.Journal.Record(tx, caller, u.Subject(), FeatureChanged{Feature: name, Old: before, New: enabled})
}
