package accounts

import (
	"errors"
	"slices"
	"strings"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/journal"
	"podium/internal/wire"
)

// Feature is a published feature ("entitlement") of an account, under its published name.
type Feature string

// Limits returns the limits of a feature's name.
func (Feature) Limits() wire.Limits { return wire.AtMost(128) }

// Features that the pod's own code checks.
const (
	CanCreateMultiLateralRoom    Feature = "canCreateMultiLateralRoom"
	CanCreatePublicRoom          Feature = "canCreatePublicRoom"
	CanJoinMultiLateralRoom      Feature = "canJoinMultiLateralRoom"
	CanShareFilesExternally      Feature = "canShareFilesExternally"
	CanSuppressMessage           Feature = "canSuppressMessage"
	CanUpdateAvatar              Feature = "canUpdateAvatar"
	CanUpdateMessages            Feature = "canUpdateMessages"
	CanUpdateRoomHistoryProperty Feature = "canUpdateRoomHistoryProperty"
	DelegatesEnabled             Feature = "delegatesEnabled"
	IsExternalIMEnabled          Feature = "isExternalIMEnabled"
	IsExternalRoomEnabled        Feature = "isExternalRoomEnabled"
	PostReadEnabled              Feature = "postReadEnabled"
	PostWriteEnabled             Feature = "postWriteEnabled"
	SendFilesEnabled             Feature = "sendFilesEnabled"
)

// features lists the published features with the defaults of a new account, sorted by name ("Bulk
// user and feature entitlements" of the developer documentation; the defaults are our choice).
var features = sorted([]FeatureDefault{
	{PostReadEnabled, true},
	{PostWriteEnabled, true},
	{DelegatesEnabled, true},
	{IsExternalIMEnabled, true},
	{IsExternalRoomEnabled, true},
	{CanShareFilesExternally, true},
	{SendFilesEnabled, true},
	{CanCreatePublicRoom, true},
	{CanUpdateAvatar, true},
	{"canCreatePushedSignals", true},
	{"canManageSignalSubscription", true},
	{"canUseCompactMode", true},
	{"mustBeRecorded", false},
	{"canUseInternalAudio", true},
	{"canUseInternalVideo", true},
	{"canProjectInternalScreenShare", true},
	{"canViewInternalScreenShare", true},
	{"canUseInternalAudioMobile", true},
	{"canUseInternalVideoMobile", true},
	{"canProjectInternalScreenShareMobile", true},
	{"canViewInternalScreenShareMobile", true},
	{CanCreateMultiLateralRoom, true},
	{CanJoinMultiLateralRoom, true},
	{"canUseFirehose", false},
	{"canCreateDatahose", false},
	{"canReadDatahose", false},
	{"canIntegrateEmail", false},
	{CanSuppressMessage, true},
	{"canSwitchToClient20", true},
	{CanUpdateMessages, true},
	{CanUpdateRoomHistoryProperty, true},
	{"canUseEncryptAPI", false},
	{"enableSwiftSearch", false},
	{"sdaDevtoolsEnabled", false},
	{"sdaPermissionsFullScreen", false},
	{"sdaPermissionsGeoLocation", false},
	{"sdaPermissionsMedia", false},
	{"sdaPermissionsMidiSysex", false},
	{"sdaPermissionsNotifications", false},
	{"sdaPermissionsOpenExternalApp", false},
	{"sdaPermissionsPointerLock", false},
})

// FeatureDefault says whether a feature is enabled for a new account.
type FeatureDefault struct {
	Name    Feature
	Enabled bool
}

func sorted(list []FeatureDefault) []FeatureDefault {
	slices.SortFunc(list, func(a, b FeatureDefault) int { return strings.Compare(string(a.Name), string(b.Name)) })
	return list
}

// Features returns all features with their defaults, sorted by name.
func Features() []FeatureDefault { return slices.Clone(features) }

// Default returns whether the feature is enabled for a new account; ok is false for an unknown
// feature.
func (f Feature) Default() (enabled, ok bool) {
	for _, known := range features {
		if known.Name == f {
			return known.Enabled, true
		}
	}
	return false, false
}

// Has reports whether a feature is enabled for an account.
func Has(tx *db.Tx, id wire.UserID, feature Feature) (bool, error) {
	enabled, err := db.Value[bool](tx, `SELECT enabled FROM user_features WHERE user_id = $1 AND feature = $2`, id, feature)
	if errors.Is(err, db.ErrNoRow) {
		enabled, _ = feature.Default()
		return enabled, nil
	}
	return enabled, err
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

// SetFeature enables or disables a feature of a locked account.
func (s *Service) SetFeature(tx *db.Tx, caller auth.Caller, u User, name Feature, enabled bool) error {
	before, err := Has(tx, u.ID, name)
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
