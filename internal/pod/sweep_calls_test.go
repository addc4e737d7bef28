package pod_test

// sweepCalls describes how the sweep calls operations that name things: the parameters and, after a
// bar, the body, with the kind of each id in braces. Operations without parameters are called
// without any. An operation with a path parameter and no line here fails the sweep.
var sweepCalls = map[string]string{
	"authenticateOnBehalfOfUser":                  "userId={user}",
	"authenticateOnBehalfOfUsername":              "username={username}",
	"authenticateOnBehalfOfUserByCertificate":     "uid={user}",
	"authenticateOnBehalfOfUsernameByCertificate": "username={username}",
	"listUserSessions":                            "uid={user}",
	"endUserSession":                              "uid={user} sid={session}",
	"endUserSessions":                             "uid={user}",

	"listUsers":            "uid={user}",
	"getUser":              "uid={user}",
	"getUserV1":            "email={email}",
	"getUserByName":        "userName={username}",
	"searchUsers":          `| {"query": {text}}`,
	"getUserDetail":        "uid={user}",
	"updateUser":           `uid={user} | {"title": "changed"}`,
	"getUserDetailV1":      "uid={user}",
	"updateUserV1":         `uid={user} | {"title": "changed"}`,
	"getUserStatus":        "uid={user}",
	"updateUserStatus":     `uid={user} | {"status": "DISABLED"}`,
	"updateUserSuspension": `userId={user} | {"suspended": false}`,
	"addUserRole":          `uid={user} | {"id": "L1_SUPPORT"}`,
	"removeUserRole":       `uid={user} | {"id": "L1_SUPPORT"}`,
	"listUserDelegates":    "uid={user}",
	"updateUserDelegates":  `uid={user} | {"userId": {user}, "action": "ADD"}`,
	"followUser":           `uid={user} | {"followers": [{user}]}`,
	"unfollowUser":         `uid={user} | {"followers": [{user}]}`,
	"listFollowers":        "uid={user}",
	"listFollowing":        "uid={user}",
	"getUserFeatures":      "uid={user}",
	"updateUserFeatures":   `uid={user} | [{"entitlment": "canCreatePublicRoom", "enabled": false}]`,
	"listUserAvatars":      "uid={user}",
	"updateUserAvatar":     `uid={user} | {"image": "` + onePixel + `"}`,
	"getPicture":           "tenant=191 size=150 uid={user} file=x.png",
	"getDefaultPicture":    "size=150",

	"updateApplication":                 `id={app} | {"description": "changed"}`,
	"deleteApplication":                 "id={app}",
	"getApplication":                    "id={app}",
	"updateApplicationEntitlements":     `| [{"appId": {app}, "appName": "x", "enable": false, "listed": false, "install": false}]`,
	"listUserApplicationEntitlements":   "uid={user}",
	"updateUserApplicationEntitlements": `uid={user} | [{"appId": {app}, "appName": "x", "listed": true, "install": true}]`,
	"patchUserApplicationEntitlements":  `uid={user} | [{"appId": {app}, "listed": "TRUE", "install": "TRUE"}]`,
	"findAppUsers":                      "groupAppId={app}",

	"deleteCompanyCert": `| {"id": {cert}}`,
	"getCompanyCert":    "fingerPrint={cert}",
	"updateCompanyCert": `fingerPrint={cert} | {"name": "changed"}`,
	"listCertsIssuedBy": "fingerPrint={cert}",

	"listConnections":  "userIds={user}",
	"connectionInfo":   "userId={user}",
	"createConnection": `| {"userId": {user}}`,
	"acceptConnection": `| {"userId": {user}}`,
	"rejectConnection": `| {"userId": {user}}`,
	"removeConnection": "uid={user}",

	"getUserPresence":          "uid={user}",
	"getUserPresenceV2":        "uid={user}",
	"getUserPresenceV1":        "uid={user}",
	"listPresence":             "lastUserId={user}",
	"registerPresenceInterest": "| [{user}]",
	"setUserPresence":          `| {"category": "BUSY", "userId": {user}}`,
	"setUserPresenceV1":        `uid={user} | {"category": "BUSY"}`,
	"readPresenceFeed":         "feedId={feed}",
	"deletePresenceFeed":       "feedId={feed}",

	"insertGroup":      `| {"type": "SDL", "ownerType": "TENANT", "ownerId": 190, "name": "swept", "profile": {"displayName": "swept"}, "members": [{"memberTenant": 191, "memberId": {user}}]}`,
	"getGroup":         "groupId={group}",
	"updateGroup":      `groupId={group} If-Match=x | {"type": "SDL", "ownerType": "TENANT", "ownerId": 191, "name": "changed"}`,
	"listGroups":       "typeId={text}",
	"addMemberToGroup": `groupId={group} | {"member": {"memberTenant": 191, "memberId": {user}}}`,
	"updateAvatar":     `groupId={group} | {"image": "` + onePixel + `"}`,
	"getType":          "typeId={text}",
	"listSDLGroups":    "lastGroupId={list}",
	"getSDLGroupById":  "groupId={list}",

	"listBarrierGroupMembers":   "gid={barrier}",
	"addBarrierGroupMembers":    "gid={barrier} | [{user}]",
	"removeBarrierGroupMembers": "gid={barrier} | [{user}]",

	"listPrivilegedUserAuditTrail": "startTimestamp={now} initiatorId={user}",
	"getDisclaimer":                "did={disclaimer}",
	"listDisclaimerUsers":          "did={disclaimer}",
	"getUserDisclaimer":            "uid={user}",
	"updateUserDisclaimer":         `uid={user} | {"id": {disclaimer}}`,
	"removeUserDisclaimer":         "uid={user}",
	"disallowProtocol":             "scheme=none",
	"setFileExtension":             `extension=.none | {"scope_internal": true}`,
	"removeFileExtension":          "extension=.none",

	"createIM":                "| [{user}]",
	"createIMAsAdmin":         "| [{user}, {user}]",
	"updateIM":                `id={im} | {"pinnedMessageId": {message}}`,
	"getIMInfo":               "id={im}",
	"getRoomInfo":             "id={room}",
	"getRoomInfoV2":           "id={room}",
	"getRoomInfoV1":           "id={room}",
	"updateRoom":              `id={room} | {"description": "changed", "pinnedMessageId": {message}}`,
	"updateRoomV2":            `id={room} | {"description": "changed"}`,
	"updateRoomV1":            `id={room} | {"description": "changed"}`,
	"setRoomActive":           "id={room} active=true",
	"setRoomActiveAsAdmin":    "id={room} active=true",
	"listRoomMembers":         "id={room}",
	"listRoomMembersV1":       "id={room}",
	"listRoomMembersAsAdmin":  "id={room} includePastMembers=true",
	"addRoomMember":           `id={room} | {"id": {user}}`,
	"removeRoomMember":        `id={room} | {"id": {user}}`,
	"promoteRoomOwner":        `id={room} | {"id": {user}}`,
	"demoteRoomOwner":         `id={room} | {"id": {user}}`,
	"addRoomMemberAsAdmin":    `id={room} | {"id": {user}}`,
	"removeRoomMemberAsAdmin": `id={room} | {"id": {user}}`,
	"searchRooms":             `includeNonDiscoverable=true | {"query": {text}, "member": {"id": {user}}}`,
	"searchRoomsV2":           `| {"query": {text}, "creator": {"id": {user}}}`,
	"listStreamsOfUser":       "uid={user}",
	"getStreamInfo":           "sid={room}",
	"getStreamInfoV1":         "sid={im}",
	"listStreamMembers":       "id={room}",
	"listStreamAttachments":   "sid={room}",
	"listMessageIds":          "streamId={room}",
	"getMessageStatus":        "mid={message}",
	"getMessageReceipts":      "messageId={message}",
	"listMessageMetadata":     `| {"messageIds": [{message}]}`,
	"getMessageRelationships": "messageId={message}",
	"createMessage":           `sid={room} | {"message": "<messageML>swept</messageML>"}`,
	"updateMessage":           `sid={room} mid={message} | {"message": "<messageML>swept</messageML>"}`,
	"blastMessage":            `| {"sids": {room}, "message": "<messageML>swept</messageML>"}`,
	"getMessage":              "id={message}",
	"listMessages":            "sid={room} since=0",
	"shareInStream":           `sid={room} | {"type": "com.symphony.sharing.article", "content": {"title": "T", "publisher": "P", "author": "A", "appId": "a", "articleUrl": "https://x.example"}}`,
	"suppressMessage":         "id={message}",
}

// onePixel is a picture that can be drawn.
const onePixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

// sweepUncalled lists the operations that the sweep does not call, with the reason.
var sweepUncalled = map[string]string{
	"watchPresence": "its answer does not end; the users of other companies are never in it",
}

// publishedAsOpen lists the operations that may show a known text of users of other companies:
// names of accounts that are open to them.
var publishedAsOpen = map[string]string{
	"listUsers":   "look-ups show names, company and picture (docs/decisions/0008-search.md)",
	"getUser":     "as listUsers",
	"searchUsers": "people of other companies are found by names and user names",
}

// publishedChanges lists the operations that may change rows of the other company, or rows that
// name it, if they are called about things that the caller's company may know.
var publishedChanges = map[string]string{
	"createConnection": "the request, which both see, and the fact of it in both logs",
	"removeConnection": "the request is withdrawn again",

	"removeRoomMember":        "administrators remove users of the own company from any room",
	"removeRoomMemberAsAdmin": "as removeRoomMember",
	"suppressMessage":         "what users of the own company said is suppressed wherever it was said",
}
