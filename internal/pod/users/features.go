package users

import (
	"errors"
	"slices"
	"strings"

	"podium/internal/db"
	"podium/internal/wire"
)

// Feature is one of the published features ("entitlements") of an account, under its published name.
type Feature string

// Limits of a feature's name as clients write it.
func (Feature) Limits() wire.Limits { return wire.AtMost(128) }

// Features that our own code asks about.
const (
	CanCreateMultiLateralRoom    Feature = "canCreateMultiLateralRoom"
	CanCreatePublicRoom          Feature = "canCreatePublicRoom"
	CanJoinMultiLateralRoom      Feature = "canJoinMultiLateralRoom"
	CanSuppressMessage           Feature = "canSuppressMessage"
	CanUpdateAvatar              Feature = "canUpdateAvatar"
	CanUpdateRoomHistoryProperty Feature = "canUpdateRoomHistoryProperty"
	DelegatesEnabled             Feature = "delegatesEnabled"
	IsExternalIMEnabled          Feature = "isExternalIMEnabled"
	IsExternalRoomEnabled        Feature = "isExternalRoomEnabled"
)

// features is every published feature with what a new account has ("Bulk user and feature
// entitlements" of the developer documentation; the defaults are our choice), sorted by name.
var features = sorted([]featureDefault{
	{"postReadEnabled", true},
	{"postWriteEnabled", true},
	{DelegatesEnabled, true},
	{IsExternalIMEnabled, true},
	{IsExternalRoomEnabled, true},
	{"canShareFilesExternally", true},
	{"sendFilesEnabled", true},
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

// featureByDefault tells what a new account has of a feature; ok is false for a name that is none.
func featureByDefault(name Feature) (enabled, ok bool) {
	for _, f := range features {
		if f.name == name {
			return f.enabled, true
		}
	}
	return false, false
}

// Has tells whether a feature is enabled for an account.
func Has(tx *db.Tx, id wire.UserID, feature Feature) (bool, error) {
	enabled, err := db.Value[bool](tx, `SELECT enabled FROM user_features WHERE user_id = $1 AND feature = $2`, id, feature)
	if errors.Is(err, db.ErrNoRow) {
		enabled, _ = featureByDefault(feature)
		return enabled, nil
	}
	return enabled, err
}
