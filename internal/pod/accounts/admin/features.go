package admin

import (
	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/pod/accounts"
	"podium/internal/pod/accounts/features"
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

func (s *Service) featureNames(*db.Tx, auth.Caller, nothing) ([]features.Name, error) {
	all := features.All()
	names := make([]features.Name, len(all))
	for i, f := range all {
		names[i] = f.Name
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
	Entitlement features.Name `json:"entitlment" doc:"The feature's name."`
	Enabled     bool          `json:"enabled"`
}

func (s *Service) userFeatures(tx *db.Tx, caller auth.Caller, in oneInput) ([]FeatureState, error) {
	u, err := accounts.Own(tx, caller.Company, in.UID)
	if err != nil {
		return nil, accounts.Unknown(err, in.UID)
	}
	states, err := featuresOf(tx, []accounts.User{u})
	return states[u.ID], err
}

// featuresOf returns all features of each of some accounts.
func featuresOf(tx *db.Tx, people []accounts.User) (map[wire.UserID][]FeatureState, error) {
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
	defaults := features.All()
	states := make(map[wire.UserID][]FeatureState, len(people))
	for _, id := range ids {
		all := make([]FeatureState, len(defaults))
		for i, f := range defaults {
			enabled, set := different[ownFeature{id, f.Name}]
			all[i] = FeatureState{Entitlement: f.Name, Enabled: set && enabled || !set && f.Enabled}
		}
		states[id] = all
	}
	return states, nil
}

type ownFeature struct {
	user wire.UserID
	name features.Name
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
	Entitlement *features.Name `json:"entitlment" doc:"The feature's name."`
	Enabled     *bool          `json:"enabled"`
}

func (in featuresInput) Validate() error {
	seen := make(map[features.Name]bool, len(in.Body))
	for _, c := range in.Body {
		switch {
		case c.Entitlement == nil:
			return apierr.Invalid("entitlment: it is required")
		case c.Enabled == nil:
			return apierr.Invalid("enabled: it is required")
		case seen[*c.Entitlement]:
			return apierr.Invalid("entitlment: the feature %s is given twice", *c.Entitlement)
		}
		if _, ok := c.Entitlement.Default(); !ok {
			return apierr.Invalid("entitlment: there is no feature %q", *c.Entitlement)
		}
		seen[*c.Entitlement] = true
	}
	return nil
}

func (s *Service) changeFeatures(tx *db.Tx, caller auth.Caller, in featuresInput) (wire.Success, error) {
	u, err := accounts.LockOwn(tx, caller.Company, in.UID)
	if err != nil {
		return wire.Success{}, err
	}
	for _, c := range in.Body {
		if err := s.Accounts.SetFeature(tx, caller, u, *c.Entitlement, *c.Enabled); err != nil {
			return wire.Success{}, err
		}
	}
	return wire.Done("OK"), nil
}
