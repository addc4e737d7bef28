package pod_test

// countersOnly lists the tables that hold only the last numbers given, which refused calls change
// too, or how far a node has looked at the log.
var countersOnly = []string{"sequences", "facts_told"}

// toldBy maps a table to the beginnings of the kinds of facts that describe its changes. A table
// that calls change and that is missing here fails the test.
var toldBy = map[string]string{
	// facts are added, and none is removed
	"events":      "app. barrier. certificate. channel. connection. dlp. export. fileExtension. group. presence. protocol. retention. session. signal. signin. sso. stream. user.",
	"audit_trail": "app. barrier. certificate. dlp. fileExtension. group. presence. protocol. retention. sso. stream. user.",

	"apps":               "app.",
	"app_keys":           "app.key",
	"app_tokens":         "",
	"app_users":          "app.userChanged app.installed",
	"certificates":       "certificate.",
	"sessions":           "session.openedOnBehalf session.signedIn user.loggedOut user.statusChanged user.suspensionChanged user.keyChanged app.",
	"connections":        "connection.",
	"signin_links":       "signin. session.signedIn",
	"signin_tries":       "session.signedIn",
	"sso_configurations": "sso.changed",
	"uri_schemes":        "protocol.",
	"file_extensions":    "fileExtension.",
	"retention":          "retention.set",

	"dlp_dictionaries":        "dlp.dictionary",
	"dlp_dictionary_versions": "dlp.dictionary",
	"dlp_policies":            "dlp.policy dlp.dictionary",
	"dlp_policy_versions":     "dlp.policy dlp.dictionary",
	"dlp_violations":          "",
	"dlp_changes":             "dlp.policy dlp.dictionary",

	"barrier_groups":   "barrier.member",
	"barrier_members":  "barrier.member",
	"barrier_versions": "barrier.member",

	// also its version, which a change of barriers increments
	"users":            "user. group. barrier.member session.signedIn",
	"user_roles":       "user.created user.rolesChanged",
	"user_keys":        "user.keyChanged",
	"user_passwords":   "user.created",
	"user_features":    "user.featureChanged group.created",
	"user_avatars":     "user.avatarChanged group.updated",
	"user_delegates":   "user.delegateChanged",
	"user_disclaimers": "user.disclaimerChanged",
	"user_manifests":   "user.manifestChanged",
	"user_terms":       "user.created user.profileChanged user.statusChanged group.",
	"follows":          "user.followers",
	"follow_stretches": "user.followers",

	"channel_companies": "channel.companyCreated",
	"channel_domains":   "channel.domainAdded",
	"channel_users":     "channel.userSponsored",

	"groups":        "group.",
	"group_members": "group.member",

	"signals":            "signal.created signal.updated signal.deleted",
	"signal_subscribers": "signal.created signal.deleted signal.subscribed signal.unsubscribed",

	"presence":           "presence.set",
	"presence_feeds":     "",
	"feeds":              "",
	"presence_interests": "connection.removed",

	// also how many of its members are not disabled; the first session of an account makes its wall
	"streams":          "stream. user.statusChanged session.signedIn",
	"stream_members":   "session.signedIn stream.roomCreated stream.imCreated stream.member stream.owner stream.group",
	"stream_leavers":   "stream.memberRemoved",
	"stream_companies": "session.signedIn stream.roomCreated stream.imCreated stream.member stream.group",
	"stream_groups":    "stream.group",
	"stream_messages":  "stream.shared stream.messageSuppressed stream.messagesImported happening",
	"message_tags":     "happening stream.messagesImported",
	"message_files":    "happening stream.messagesImported",
	"form_submissions": "happening",
	"read_marks":       "",
	"message_origins":  "stream.messagesImported",
	"blobs":            "happening stream.messagesImported",
	"pending_files":    "happening",
	"happenings":       "happening", // rows are added, and old ones removed
	"room_terms":       "stream.roomCreated stream.roomUpdated",
	"room_words":       "stream.roomCreated stream.roomUpdated",
}

// noFact lists the operations that change a table without a fact, with the reason.
var noFact = map[string]map[string]string{
	"sessions": {
		"authenticate":           ownLogin,
		"authenticateApp":        ownLogin,
		"authenticateKeyManager": ownLogin,
		"logout":                 ownLogin,
		"logoutKeyManager":       ownLogin,
		"signOut":                ownLogin,
	},
	"signin_tries": {
		"signInByPassword": tries,
		"signInByLink":     tries,
	},
	"app_tokens": {
		"authenticateExtensionApp": ownLogin,
	},
	"presence": {
		"setPresence":   ownPresence,
		"setPresenceV1": ownPresence,
	},
	"presence_feeds": {
		"createPresenceFeed": cursor,
		"readPresenceFeed":   cursor,
		"deletePresenceFeed": cursor,
	},
	"feeds": {
		"createDatafeed": cursor,
		"readDatafeed":   cursor,
		"deleteDatafeed": cursor,
		"readEvents":     cursor,

		"createDatafeedV4": cursor,
		"createDatafeedV1": cursor,
		"readDatafeedV4":   cursor,
		"readDatafeedV1":   cursor,
		"readDatafeedV2":   cursor,
	},
	"blobs": {
		"createMessage":      violation,
		"createAttachmentV1": pendingFile,
		"createAttachmentV3": pendingFile,
	},
	"dlp_violations": {
		"createMessage":   violation,
		"createMessageV1": violation,
		"updateMessage":   violation,
		"blastMessage":    violation,
		"shareInStream":   violation,
		"createRoom":      violation,
		"updateRoom":      violation,
		"createSignal":    violation,
		"updateSignal":    violation,
		"forwardMessage":  violation,
	},
	"pending_files": {
		"createAttachmentV1": pendingFile,
		"createAttachmentV3": pendingFile,
	},
	"read_marks": {
		"markMessageRead": cursor,
	},
	"presence_interests": {
		"registerPresenceInterest": cursor,
		"getUserPresence":          cursor,
	},
}

const (
	// ownLogin is the reason of logins and logouts.
	ownLogin = "the holder logs in or out with their own credentials: the row is the session itself, gone when it ends; the log has a line"

	// ownPresence is the reason of the presence that users set for themselves.
	ownPresence = "presence that users set for themselves changes with each hour; its rows are numbered, and feeds follow them; that set for others is a fact"

	// pendingFile is the reason of uploads before their message.
	pendingFile = "no message has the file yet: only its owner can name it, and it is deleted after a day"

	// violation is the reason of what policies have found.
	violation = "the row is what compliance reads; it is kept for 90 days, and the log never has what users say"

	// tries is the reason of what refused sign-ins count.
	tries = "it counts failed sign-ins, for a few minutes; the log has a line for each"

	// cursor is the reason of what clients have read.
	cursor = "it is how far, or of whom, a client has read"
)

// changesNothing lists the operations that begin transactions of their own and change no row, with
// the reason.
var changesNothing = map[string]string{
	"createAccessToken":        "the token is signed, not kept",
	"listAccessTokenKeys":      read,
	"getPodCertificate":        read,
	"getPodCertificateForApps": read,
	"getAttachment":            read,

	"getDLPViolationAttachment": read,
	"getSessionInfo":            read,
	"getSessionInfoV1":          read,
	"getUser":                   read,
	"listUsers":                 read,
	"listLanguages":             read,
	"getUserPresenceV1":         read,
	"getUserPresenceV2":         read,
	"getAgentInfo":              read,
	"getSignIn":                 read,
	"getAgentHealth":            read,
	"getAgentExtendedHealth":    read,
	"getAgentHealthV1":          read,
	"getAgentHealthV2":          read,
	"echo":                      read,
	"echoObsolete":              read,
}

const read = "it only reads"

// notCalled lists the operations that no transcript calls with success, with the reason.
var notCalled = map[string]string{
	"authenticateByCertificate":             clientCertificate,
	"authenticateAppByCertificate":          clientCertificate,
	"authenticateExtensionAppByCertificate": clientCertificate,
	"authenticateKeyManagerByCertificate":   clientCertificate,
	"deleteAllGroups":                       "it is always refused",
	"getExportFile":                         exported,
	"getExportFileMetadata":                 exported,
	"downloadExportFile":                    exported,
	"signInAtProvider":                      "it needs a provider: signin/oidc_test.go runs one",
	"signInFromProvider":                    "as signInAtProvider",
	"signInByLink":                          "the operator makes links, and no operation does; signin/link_test.go uses them",
	"getPicture":                            "it reads a picture, whose address has a name made by chance",
	"watchPresence":                         "its answer does not end",
	"watchEvents":                           "its answer does not end",
	"watchInspectedCalls":                   "its answer does not end",
	"watchNodeHealth":                       "its answer does not end",
	"watchTyping":                           "its answer does not end",
}

// exported is the reason of operations on files that the pod makes in the background.
const exported = "the pod makes the file in the background; contentexport/contentexport_test.go calls it and counts its facts"

const clientCertificate = "it asks for a client's certificate over TLS (session/certificate_test.go); it opens sessions as the login by key does"
