package accounts

import (
	"errors"
	"slices"
	"strings"

	"podium/internal/db"
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
var features = sorted([]featureDefault{
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

type featureDefault struct {
	name    Feature
	enabled bool
}

func sorted(list []featureDefault) []featureDefault {
	slices.SortFunc(list, func(a, b featureDefault) int { return strings.Compare(string(a.name), string(b.name)) })
	return list
}

// featureByDefault returns whether a feature is enabled for a new account; ok is false for an
// unknown feature.
func featureByDefault(name Feature) (enabled, ok bool) {
	for _, f := range features {
		if f.name == name {
			return f.enabled, true
		}
	}
	return false, false
}

// Has reports whether a feature is enabled for an account.
func Has(tx *db.Tx, id wire.UserID, feature Feature) (bool, error) {
	enabled, err := db.Value[bool](tx, `SELECT enabled FROM user_features WHERE user_id = $1 AND feature = $2`, id, feature)
	if errors.Is(err, db.ErrNoRow) {
		enabled, _ = featureByDefault(feature)
		return enabled, nil
	}
	return enabled, err
}
