package accounts

import (
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/journal"
	"podium/internal/pod/accounts/features"
)

// FeatureChanged is recorded for each feature that is enabled or disabled for an account.
type FeatureChanged struct {
	Feature features.Name `json:"feature"`
	Old     bool          `json:"old"`
	New     bool          `json:"new"`
}

// Kind returns the name of this fact in the log.
func (FeatureChanged) Kind() string { return "user.featureChanged" }

// Audience returns the company of the actor.
func (FeatureChanged) Audience() journal.Audience { return journal.Within() }

// AuditLine shows the feature before and after.
func (f FeatureChanged) AuditLine(journal.Entry) journal.Line {
	return journal.Profile(string(f.Feature), f.Old, f.New)
}

// SetFeature enables or disables a feature of a locked account.
func (s *Service) SetFeature(tx *db.Tx, caller auth.Caller, u User, name features.Name, enabled bool) error {
	before, err := features.Has(tx, u.ID, name)
	if err != nil || before == enabled {
		return err
	}
	if byDefault, _ := name.Default(); byDefault == enabled {
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
