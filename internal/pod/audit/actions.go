package audit

import (
	"podium/internal/auth"
)

// action is how a kind of fact stands in the audit trail.
type action struct {
	// line fills in what clients see of a fact beside its initiator.
	line func(f fact, i *Item)

	// rights, if any, are asked for by data (who owns a room), not by the operation: a caller who
	// holds one acts by it.
	rights []auth.Right

	// exceptOwn leaves out what initiators do to themselves.
	exceptOwn bool
}

// The rights over any room of the company.
var (
	activeRooms = []auth.Right{auth.ActivateAndDeactivateAnyRoom}
	members     = []auth.Right{auth.AddAndRemoveUsersInAnyRoom}
	owners      = []auth.Right{auth.PromoteAndDemoteOwnersInAnyRoom}
)

// actions is every kind of fact that is audited. Published are the names createUser,
// createServiceAccount, rsaKeyAdded, profileInfoUpdate, userAppEntitlementInstall and addedMember; the others
// are ours, in their manner.
var actions = map[string]action{
	"user.created":           {line: userCreated},
	"user.keyChanged":        {line: keyChanged},
	"user.profileChanged":    {line: profileChanged},
	"user.nameFlagged":       {line: nameFlagged},
	"user.rolesChanged":      {line: rolesChanged},
	"user.statusChanged":     {line: changed("status")},
	"user.suspensionChanged": {line: suspensionChanged},
	"user.featureChanged":    {line: featureChanged},
	"user.avatarChanged":     {line: changed("avatar"), exceptOwn: true},
	"user.delegateChanged":   {line: delegateChanged},
	"user.followersAdded":    {line: named("userFollowersAdded", "User followers added")},
	"user.followersRemoved":  {line: named("userFollowersRemoved", "User followers removed")},
	"user.disclaimerChanged": {line: changed("disclaimer")},
	"user.loggedOut":         {line: named("userSessionLoggedOut", "User session logged out"), exceptOwn: true},

	"presence.set": {line: named("userPresenceUpdated", "User presence updated"), exceptOwn: true},

	"app.installed":          {line: appInstalled},
	"app.entitlementChanged": {line: appChange("podAppEntitlementUpdate", "App entitlement updated")},
	"app.created":            {line: appChange("appCreated", "App created")},
	"app.changed":            {line: appChange("appUpdated", "App updated")},
	"app.deleted":            {line: appChange("appDeleted", "App deleted")},
	"app.keySaved":           {line: appChange("appRsaKeyAdded", "App RSA Key Added")},
	"app.keyRevoked":         {line: appChange("appRsaKeyRevoked", "App RSA Key Revoked")},
	"app.keyExtended":        {line: appChange("appRsaKeyExtended", "App RSA Key Extended")},
	"app.userChanged":        {line: appUserChanged},

	"stream.imCreated":       {line: room("createdIM", "Created IM")},
	"stream.roomUpdated":     {line: room("updatedRoom", "Updated Room")},
	"stream.roomDeactivated": {line: room("deactivatedRoom", "Deactivated Room"), rights: activeRooms},
	"stream.roomReactivated": {line: room("reactivatedRoom", "Reactivated Room"), rights: activeRooms},
	"stream.memberAdded":     {line: member("addedMember", "Added Member"), rights: members},
	"stream.memberRemoved":   {line: member("removedMember", "Removed Member"), rights: members},
	"stream.groupAdded":      {line: member("addedMember", "Added Member"), rights: members},
	"stream.groupRemoved":    {line: member("removedMember", "Removed Member"), rights: members},
	"stream.ownerPromoted":   {line: member("promotedOwner", "Promoted Owner"), rights: owners},
	"stream.ownerDemoted":    {line: member("demotedOwner", "Demoted Owner"), rights: owners},

	"stream.messageSuppressed": {line: room("suppressedMessage", "Suppressed Message")},

	"protocol.allowed":      {line: setting("uriProtocolAdded", "URI protocol added")},
	"protocol.disallowed":   {line: setting("uriProtocolRemoved", "URI protocol removed")},
	"fileExtension.set":     {line: fileExtensionSet},
	"fileExtension.removed": {line: setting("fileExtensionRemoved", "File extension removed")},

	"barrier.memberAdded":   {line: called("infoBarrierGroupMemberAdded", "Information barrier group member added")},
	"barrier.memberRemoved": {line: called("infoBarrierGroupMemberRemoved", "Information barrier group member removed")},

	"sso.changed": {line: named("ssoConfigurationUpdated", "SSO configuration updated")},

	"certificate.registered": {line: called("companyCertCreated", "Company certificate created")},
	"certificate.changed":    {line: called("companyCertUpdated", "Company certificate updated")},
	"certificate.removed":    {line: called("companyCertDeleted", "Company certificate deleted")},
}

// NotAudited is every other kind of fact, with the reason why the audit trail is without it.
var NotAudited = map[string]string{
	"log.repaired":       operator,
	"company.created":    operator,
	"company.changed":    operator,
	"disclaimer.created": operator,
	"disclaimer.changed": operator,

	"barrier.groupCreated":      operator,
	"barrier.groupRenamed":      operator,
	"barrier.groupDeleted":      operator,
	"barrier.policyCreated":     operator,
	"barrier.policyActivated":   operator,
	"barrier.policyDeactivated": operator,
	"barrier.policyDeleted":     operator,

	"group.created":       groups,
	"group.updated":       groups,
	"group.memberAdded":   groups,
	"group.memberRemoved": groups,

	"connection.requested": people,
	"connection.accepted":  people,
	"connection.rejected":  people,
	"connection.withdrawn": people,
	"connection.restored":  people,
	"connection.removed":   people,

	"stream.roomCreated": people,
	"stream.imUpdated":   people,
	"stream.shared":      people,

	"stream.groupMembersAdded":   list,
	"stream.groupMembersRemoved": list,

	"user.manifestChanged": people,

	"session.openedOnBehalf": application,

	"stream.barred":   barrier,
	"stream.unbarred": barrier,
}

// operator is the reason where no account does it.
const operator = "The operator does it, from the command line, and no account."

// application is the reason of what an application does, by its own permission.
const application = "An application does it, by its own permission, and no account by a role."

// groups is the reason of distribution lists.
const groups = "The role that manages distribution lists is not among the published privileged ones."

// barrier is the reason of what follows from a change of the information barriers.
const barrier = "The change of the barrier is audited."

// list is the reason of what follows from a change of a distribution list, or of one in a room.
const list = "That the list came into the room, or went, is audited; who is on it is not."

// people is the reason of most.
const people = "People do it for themselves, without an administrative right."

// Audits tells whether facts of a kind stand in the audit trail, if an administrator did them.
func Audits(kind string) bool {
	_, ok := actions[kind]
	return ok
}
