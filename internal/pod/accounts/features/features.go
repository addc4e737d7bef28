// Package features holds the published features ("entitlements") of accounts: their names, their
// defaults, and whether an account has one. Package accounts enables and disables them.
package features

import (
	"errors"
	"slices"
	"strings"

	"podium/internal/db"
	"podium/internal/wire"
)

// Name is the published name of a feature ("entitlement") of accounts.
type Name string

// Limits returns the limits of a feature's name.
func (Name) Limits() wire.Limits { return wire.AtMost(128) }

// Features that the pod's own code checks.
const (
	CanCreateMultiLateralRoom    Name = "canCreateMultiLateralRoom"
	CanCreatePublicRoom          Name = "canCreatePublicRoom"
	CanCreatePushedSignals       Name = "canCreatePushedSignals"
	CanJoinMultiLateralRoom      Name = "canJoinMultiLateralRoom"
	CanManageSignalSubscription  Name = "canManageSignalSubscription"
	CanShareFilesExternally      Name = "canShareFilesExternally"
	CanSuppressMessage           Name = "canSuppressMessage"
	CanUpdateAvatar              Name = "canUpdateAvatar"
	CanUpdateMessages            Name = "canUpdateMessages"
	CanUpdateRoomHistoryProperty Name = "canUpdateRoomHistoryProperty"
	DelegatesEnabled             Name = "delegatesEnabled"
	IsExternalIMEnabled          Name = "isExternalIMEnabled"
	IsExternalRoomEnabled        Name = "isExternalRoomEnabled"
	PostReadEnabled              Name = "postReadEnabled"
	CanCreateDatahose            Name = "canCreateDatahose"
	CanReadDatahose              Name = "canReadDatahose"
	PostWriteEnabled             Name = "postWriteEnabled"
	SendFilesEnabled             Name = "sendFilesEnabled"
)

// all lists the published features with the defaults of a new account, sorted by name ("Bulk
// user and feature entitlements" of the developer documentation; the defaults are our choice).
var all = sorted([]Default{
	{PostReadEnabled, true},
	{PostWriteEnabled, true},
	{DelegatesEnabled, true},
	{IsExternalIMEnabled, true},
	{IsExternalRoomEnabled, true},
	{CanShareFilesExternally, true},
	{SendFilesEnabled, true},
	{CanCreatePublicRoom, true},
	{CanUpdateAvatar, true},
	{CanCreatePushedSignals, true},
	{CanManageSignalSubscription, true},
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
	{CanCreateDatahose, false},
	{CanReadDatahose, false},
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

// Default says whether a feature is enabled for a new account.
type Default struct {
	Name    Name
	Enabled bool
}

func sorted(list []Default) []Default {
	slices.SortFunc(list, func(a, b Default) int { return strings.Compare(string(a.Name), string(b.Name)) })
	return list
}

// All returns all features with their defaults, sorted by name.
func All() []Default { return slices.Clone(all) }

// Default returns whether the feature is enabled for a new account; ok is false for an unknown
// feature.
func (f Name) Default() (enabled, ok bool) {
	for _, known := range all {
		if known.Name == f {
			return known.Enabled, true
		}
	}
	return false, false
}

// Has reports whether a feature is enabled for an account.
func Has(tx *db.Tx, id wire.UserID, feature Name) (bool, error) {
	enabled, err := db.Value[bool](tx, `SELECT enabled FROM user_features WHERE user_id = $1 AND feature = $2`, id, feature)
	if errors.Is(err, db.ErrNoRow) {
		enabled, _ = feature.Default()
		return enabled, nil
	}
	return enabled, err
}
