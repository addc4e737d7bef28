package pod_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/pod"
	"podium/internal/pod/disclaimers"
	"podium/internal/wire"
	"podium/podtest"
)

// rightsCalls describes how the table of rights calls operations, where that differs from
// sweepCalls. It has the same form; a caller who may call the operation succeeds with these bodies
// and parameters.
var rightsCalls = map[string]string{
	"authenticate":                            `| {"token": {botToken}}`,
	"authenticateKeyManager":                  `| {"token": {botToken}}`,
	"authenticateApp":                         `| {"token": {appToken}}`,
	"authenticateExtensionApp":                `| {"appToken": "3b1f0c9a", "authToken": {appToken}}`,
	"authenticateOnBehalfOfUser":              "userId={alice}",
	"authenticateOnBehalfOfUserByCertificate": "uid={alice}",

	"signInByPassword": `Podium-Console=1 | {"username": {passwordOwner}, "password": "correct horse"}`,
	"signInByLink":     `Podium-Console=1 | {"code": {link}}`,
	"signInDemo":       `Podium-Console=1 | {"username": "bob"}`,
	"signOut":          "Podium-Console=1",

	"createAccessToken": "scope=",
	"createUser": `| {"userAttributes": {"accountType": "NORMAL", "userName": "made{new}", "emailAddress": "made{new}@acme.example",
		"firstName": "Made", "lastName": "Made", "displayName": "Made"}}`,
	"createUserV1": `| {"userAttributes": {"userName": "made{new}", "emailAddress": "made{new}@acme.example", "firstName": "Made",
		"lastName": "Made", "displayName": "Made", "companyName": "Acme"}}`,
	"addUserRole":         `uid={user} | {"id": "USER_PRESENCE_UPDATE"}`,
	"removeUserRole":      `uid={user} | {"id": "USER_PRESENCE_UPDATE"}`,
	"updateUserAvatar":    `uid={user} | {"image": "` + onePixel + `"}`,
	"updateUserDelegates": `uid={user} | {"userId": {alice}, "action": "ADD"}`,
	"followUser":          `uid={user} | {"followers": [{caller}]}`,
	"unfollowUser":        `uid={user} | {"followers": [{caller}]}`,
	"findUsers":           `| {"role": "COMPLIANCE_OFFICER"}`,
	"updateOwnManifest":   `| {"manifest": "{}"}`,
	"getUserV1":           "email=alice@acme.example",
	"getUserByName":       "userName=alice",

	"createApplication":             `| {"applicationInfo": {"appId": "made{new}", "name": "Made {new}", "publisher": "Acme"}, "description": "made"}`,
	"updateApplicationEntitlements": `| [{"appId": {app}, "appName": "x", "enable": true, "listed": true, "install": true}]`,
	"findAppUsers":                  "groupAppId=acme-app",

	"createCompanyCert":      `| {"pem": {pem}, "attributes": {"name": "made{new}", "type": {"type": "USER"}}}`,
	"createCompanyCertV1":    `| {"pem": {pem}, "attributes": {"name": "made{new}", "type": {"type": "USER"}}}`,
	"listCompanyCertsByType": `| [{"type": "USER"}]`,

	"getInspectedCall": "id={call}",

	"readDatafeedV4": "id={oldFeed}",
	"readDatafeedV1": "id={oldFeed}",
	"readDatafeedV2": "id={oldFeed}",
	"readEvents":     `| {"type": "datahose", "tag": {hose}}`,

	"listConnections":  "",
	"createConnection": `| {"userId": {stranger}}`,
	"acceptConnection": `| {"userId": {asking}}`,
	"rejectConnection": `| {"userId": {asking}}`,
	"removeConnection": "uid={connected}",

	"setPresence":   `| {"category": "BUSY"}`,
	"setPresenceV1": `| {"category": "BUSY"}`,
	"listPresence":  "",

	"insertGroup": `| {"type": "SDL", "ownerType": "TENANT", "ownerId": 190, "name": "made{new}", "profile": {"displayName": "made{new}"},
		"members": [{"memberTenant": 190, "memberId": {alice}}]}`,
	"updateGroup":      `groupId={group} If-Match={etag} | {"type": "SDL", "ownerType": "TENANT", "ownerId": 190, "name": "changed{new}"}`,
	"addMemberToGroup": `groupId={group} | {"member": {"memberTenant": 190, "memberId": {user}}}`,
	"listGroups":       "typeId=SDL",
	"getType":          "typeId=SDL",
	"listSDLGroups":    "",

	"getUserOnboardingAvailability": "email=ann@initech.example",
	"searchSponsoredUser":           "email={sponsoredEmail}",
	"createSponsoredUsers":          `| {"companyName": "made{new}", "users": [{"email": "ann@made{new}.example", "firstName": "Ann", "lastName": "Made"}]}`,
	"getSponsoredUser":              "companyId={channel} userId={user}",
	"updateSponsoredUser":           `companyId={channel} userId={user} | {"title": "made{new}"}`,
	"disableSponsoredUser":          "companyId={channel} userId={user}",
	"addSponsoredUserRole":          `companyId={channel} userId={user} | {"id": "USER_PRESENCE_UPDATE"}`,

	"listExportFiles":       "type=ContentExport",
	"getExportFile":         "fileId={export} type=ContentExport",
	"getExportFileMetadata": "fileId={export} type=ContentExport",
	"downloadExportFile":    "fileId={export} expires=1 signature=none",

	"setRetention":                 `| {"messageDays": 365}`,
	"setSsoConfiguration":          `| {"ssoEnabled": false}`,
	"patchSsoConfiguration":        `| {"ssoEnabled": false}`,
	"listPrivilegedUserAuditTrail": "startTimestamp={now}",
	"allowProtocol":                `| {"scheme": "made{new}"}`,
	"disallowProtocol":             "scheme={scheme}",
	"setFileExtension":             `extension=.none | {"extension": ".none", "scope_internal": true}`,

	"createDLPDictionary":        `| {"name": "made{new}", "type": "Word"}`,
	"updateDLPDictionary":        `dictId={words} | {"name": "made{new}"}`,
	"listDLPMessageViolationsV1": "startTime=0",
	"listDLPStreamViolationsV1":  "startTime=0",
	"listDLPSignalViolationsV1":  "startTime=0",
	"listDLPMessageViolations":   "startTime=0",
	"listDLPStreamViolations":    "startTime=0",
	"listDLPSignalViolations":    "startTime=0",
	"getDLPViolationAttachment":  "fileId={violatingFile} violationId={violation}",

	"createDLPPolicyV1": `| {"name": "made{new}", "type": "Block", "scopes": ["Internal"], "contentTypes": ["Messages"], "dictionaryIds": []}`,
	"updateDLPPolicyV1": `policyId={filter} | {"name": "made{new}", "type": "Block", "scopes": ["Internal"], "contentTypes": ["Messages"], "dictionaryIds": [{words}]}`,
	"createDLPPolicy":   `| {"name": "made{new}", "scopes": ["Internal"], "appliesTo": []}`,
	"updateDLPPolicy":   `policyId={filter} | {"name": "made{new}", "scopes": ["Internal"], "appliesTo": [{"dataType": "Messages", "action": "Block", "rules": [{"type": "TEXT_MATCH", "name": "r", "textMatchConfig": {"dictionaries": [{"dictId": {words}}]}}]}]}`,

	"createIMAsAdmin":            "| [{user}, {alice}]",
	"createRoom":                 `| {"name": "made{new}", "description": "made"}`,
	"createRoomV2":               `| {"name": "made{new}", "description": "made"}`,
	"createRoomV1":               `| {"roomAttributes": {"name": "made{new}", "description": "made"}, "immutableRoomAttributes": {"public": false}}`,
	"updateIM":                   `id={im} | {"pinnedMessageId": {saidInIM}}`,
	"submitForm":                 `sid={room} mid={form} | {"formId": "f", "formValues": {"action": "ok"}}`,
	"forwardMessage":             `sid={room} mid={message} | {"streamId": {room}}`,
	"watchTyping":                "sid={room}",
	"updateRoom":                 `id={room} | {"description": "changed {new}"}`,
	"addRoomMember":              `id={room} | {"id": {outsider}}`,
	"addRoomMemberAsAdmin":       `id={room} | {"id": {outsider}}`,
	"removeRoomMember":           `id={room} | {"id": {member}}`,
	"removeRoomMemberAsAdmin":    `id={room} | {"id": {member}}`,
	"promoteRoomOwner":           `id={room} | {"id": {member}}`,
	"demoteRoomOwner":            `id={room} | {"id": {owner}}`,
	"echo":                       `| {"message": "{new}"}`,
	"echoObsolete":               `| {"message": "{new}"}`,
	"blastMessage":               `| {"sids": {im}, "message": "<messageML>{new}</messageML>"}`,
	"getAttachment":              "sid={im} messageId={fileInIM} fileId={file}",
	"createAttachmentV1":         `sid={im} | {"file": {"name": "a.txt", "content": "x{new}"}}`,
	"createAttachmentV3":         `sid={im} | {"file": {"name": "a.txt", "content": "x{new}"}}`,
	"createMessage":              `sid={im} | {"message": "<messageML>{new}</messageML>"}`,
	"updateMessage":              `sid={im} mid={ownInIM} | {"message": "<messageML>{new}</messageML>"}`,
	"listMessages":               "sid={im} since=0",
	"createMessageV1":            `sid={im} | {"message": "<messageML>{new}</messageML>"}`,
	"createMessageV2":            `sid={im} | {"message": "<messageML>{new}</messageML>"}`,
	"createMessageV3":            `sid={im} | {"message": "<messageML>{new}</messageML>"}`,
	"listMessagesV1":             "sid={im} since=0",
	"listMessagesV2":             "sid={im} since=0",
	"searchMessagesByQuery":      "query=hashtag:none",
	"searchMessages":             `| {"hashtag": "none"}`,
	"searchMessagesSemantically": `| {"text": "none"}`,
	"importMessages":             `| []`,
	"importMessagesV1":           `| []`,
	"importMessagesV2":           `| []`,
	"getMessage":                 "id={saidInIM}",
	"updateRoomV1":               `id={room} | {"description": "changed {new}"}`,
	"updateRoomV2":               `id={room} | {"description": "changed {new}"}`,
	"searchRooms":                `| {"query": "made"}`,
	"searchRoomsV2":              `| {"query": "made"}`,
	"listStreams":                `| {}`,
	"listEnterpriseStreams":      `| {}`,
	"listEnterpriseStreamsV1":    `| {}`,
}

// neverSucceeds lists the operations with which no kind of caller succeeds in the table of rights,
// with the reason. Other operations fail the test if no caller succeeds.
var neverSucceeds = map[string]string{
	"deleteAllGroups":                       "switched off: the operation refuses every caller",
	"signInAtProvider":                      "the company has no provider; signin/oidc_test.go calls it",
	"signInFromProvider":                    "as signInAtProvider",
	"downloadExportFile":                    "the signature of a link cannot be guessed",
	"getPicture":                            "the file names of pictures that exist are not to be guessed",
	"authenticateByCertificate":             "the table's callers have no client certificate",
	"authenticateKeyManagerByCertificate":   "as authenticateByCertificate",
	"authenticateAppByCertificate":          "as authenticateByCertificate",
	"authenticateExtensionAppByCertificate": "as authenticateByCertificate",
}

// spent lists which of the things in a call the operation uses up, so that the next call needs new
// ones.
var spent = map[string][]string{
	"endUserSession":       {"session"},
	"signInByLink":         {"link"},
	"endUserSessions":      {"session"},
	"deleteApplication":    {"app"},
	"deleteCompanyCert":    {"cert"},
	"deleteDLPDictionary":  {"words", "filter"},
	"deleteDLPPolicyV1":    {"filter"},
	"deleteDLPPolicy":      {"filter"},
	"acceptConnection":     {"asking"},
	"rejectConnection":     {"asking"},
	"deletePresenceFeed":   {"feed"},
	"deleteDatafeed":       {"datafeed"},
	"updateGroup":          {"group", "etag"},
	"addMemberToGroup":     {"group", "etag"},
	"suppressMessage":      {"message"},
	"deleteSignal":         {"signal"},
	"updateUserStatus":     {"user"},
	"disableSponsoredUser": {"user"},
	"createCompanyCert":    {"pem"},
	"createCompanyCertV1":  {"pem"},
}

// things creates the things that calls of the table of rights name, for use by every caller. Each
// thing is created when a call first names it, for one caller or for all, and kept until a call
// uses it up.
type things struct {
	*testing.T
	p       *podtest.Pod
	made    map[string]string
	n       int
	admin   *podtest.User
	manager *podtest.User // of distribution lists
	globex  *podtest.User
	target  *podtest.User // the user that calls concern
}

func newThings(t *testing.T, p *podtest.Pod) *things {
	return &things{
		T: t, p: p, made: map[string]string{}, admin: p.Bot("acme-admin"), manager: p.Bot("list-keeper", "GROUP_MANAGER"),
		globex: p.Stranger("globex-admin"),
	}
}

// aim makes calls concern another user.
func (w *things) aim(u *podtest.User) {
	w.target = u
	for key := range w.made {
		if kind, _, _ := strings.Cut(key, " "); kind == "session" || kind == "im" || kind == "saidInIM" || kind == "ownInIM" || kind == "fileInIM" || kind == "file" || kind == "channel" {
			delete(w.made, key)
		}
	}
}

// use removes what a call of an operation has used up.
func (w *things) use(o op.Bound, u *podtest.User) {
	for _, kind := range spent[o.ID] {
		delete(w.made, kind+" "+fmt.Sprint(u.ID))
		delete(w.made, kind+" ")
		if kind == "user" {
			w.aim(w.p.Bot("target-" + w.number()))
		}
	}
}

func (w *things) number() string {
	w.n++
	return strconv.Itoa(w.n)
}

var thingSlot = regexp.MustCompile(`\{([a-zA-Z]+)\}`)

// request returns an operation's call for a caller.
func (w *things) request(o op.Bound, u *podtest.User) request {
	w.Helper()
	template, own := rightsCalls[o.ID]
	if !own {
		template = sweepCalls[o.ID]
	}
	before, body, _ := strings.Cut(template, "|")
	r := request{parameters: map[string]string{}}
	for _, field := range strings.Fields(before) {
		name, text, _ := strings.Cut(field, "=")
		r.parameters[name] = thingSlot.ReplaceAllStringFunc(text, func(slot string) string { return w.thing(strings.Trim(slot, "{}"), u) })
	}
	r.body = thingSlot.ReplaceAllStringFunc(strings.TrimSpace(body), func(slot string) string {
		kind := strings.Trim(slot, "{}")
		text := w.thing(kind, u)
		if _, err := strconv.ParseInt(text, 10, 64); err != nil {
			data, _ := json.Marshal(text) // a text: it cannot fail
			return string(data)
		}
		return text
	})
	return r
}

// thing returns the id or the name of a thing of a kind.
func (w *things) thing(kind string, u *podtest.User) string {
	w.Helper()
	switch kind {
	case "user":
		return strconv.FormatInt(w.target.ID, 10)
	case "member", "owner", "outsider": // of the room
		for _, path := range map[string][]string{"member": {"add"}, "owner": {"add", "promoteOwner"}, "outsider": {"remove"}}[kind] {
			// fails if the target has that state already
			w.admin.Post("/pod/v1/room/"+w.thing("room", u)+"/membership/"+path, map[string]any{"id": w.target.ID})
		}
		return strconv.FormatInt(w.target.ID, 10)
	case "new":
		return w.number()
	case "now":
		return strconv.FormatInt(time.Now().Add(-time.Hour).UnixMilli(), 10)
	case "caller":
		return strconv.FormatInt(w.member(u).ID, 10)
	}
	owner := ""
	if perCaller[kind] {
		owner = fmt.Sprint(u.ID)
	}
	key := kind + " " + owner
	if _, ok := w.made[key]; !ok {
		make, known := makers[kind]
		if !known {
			w.Fatalf("there is nothing of the kind %s", kind)
		}
		w.made[key] = make(w, u)
	}
	if kind == "room" {
		w.joined(u)
	}
	return w.made[key]
}

// perCaller lists the kinds of which every caller needs a thing of their own.
var perCaller = map[string]bool{"im": true, "saidInIM": true, "ownInIM": true, "fileInIM": true, "file": true, "message": true, "signal": true, "feed": true, "datafeed": true, "oldFeed": true, "call": true, "hose": true, "asking": true, "connected": true}

// member returns the caller, or the administrator if the caller is no user of Acme.
func (w *things) member(u *podtest.User) *podtest.User {
	if u.ID == 0 || u.ID>>36 != 190 {
		return w.admin
	}
	return u
}

// joined makes the caller an owner of the room.
func (w *things) joined(u *podtest.User) {
	w.Helper()
	id := w.member(u).ID
	key := "joined " + fmt.Sprint(id)
	if id == w.admin.ID || w.made[key] != "" {
		return
	}
	w.made[key] = "joined"
	for _, path := range []string{"/membership/add", "/membership/promoteOwner"} {
		w.admin.Post("/pod/v1/room/"+w.made["room "]+path, map[string]any{"id": id}).Want(http.StatusOK)
	}
}

var makers map[string]func(w *things, u *podtest.User) string

func init() {
	makers = map[string]func(w *things, u *podtest.User) string{
		"alice":         func(w *things, _ *podtest.User) string { return strconv.FormatInt(w.p.User("alice").ID, 10) },
		"username":      func(*things, *podtest.User) string { return "alice" },
		"stranger":      func(w *things, _ *podtest.User) string { return strconv.FormatInt(w.p.Stranger("dave").ID, 10) },
		"link":          func(w *things, _ *podtest.User) string { return w.p.LoginLink("alice") },
		"passwordOwner": func(w *things, _ *podtest.User) string { return w.p.Person("pat", "correct horse") },
		"botToken": func(w *things, _ *podtest.User) string {
			return podtest.LoginToken(w, "acme-bot", w.p.Inner.DB.Now().Std())
		},
		"appToken": func(w *things, _ *podtest.User) string {
			return podtest.LoginToken(w, "acme-app", w.p.Inner.DB.Now().Std())
		},
		"text": func(*things, *podtest.User) string { return "made" },
		"room": func(w *things, _ *podtest.User) string { return room(w.admin, "shared by all", false) },
		"im": func(w *things, u *podtest.User) string {
			return idOf(w.admin.Post("/pod/v1/admin/im/create", []int64{w.member(u).ID, w.target.ID, w.p.User("bob").ID}))
		},
		"message": func(w *things, u *podtest.User) string { return w.say(u, w.thing("room", u)) },
		"ownInIM": func(w *things, u *podtest.User) string {
			return w.send(w.p.User(w.member(u).Username), w.thing("im", u))
		},
		"fileInIM": func(w *things, u *podtest.User) string {
			message, file := w.sendFile(w.p.User(w.member(u).Username), w.thing("im", u))
			w.made["file "+fmt.Sprint(u.ID)] = file
			return message
		},
		"saidInIM": func(w *things, u *podtest.User) string { return w.say(u, w.thing("im", u)) },
		"signal": func(w *things, u *podtest.User) string {
			own := w.p.User(w.member(u).Username)
			return idOf(own.Post("/agent/v1/signals/create", map[string]any{"name": "made", "query": "hashtag:made"}))
		},
		"form": func(w *things, u *podtest.User) string {
			body := `{"message": "<messageML><form id=\"f\"><button name=\"ok\">OK</button></form></messageML>"}`
			var sent struct {
				ID string `json:"messageId"`
			}
			w.admin.Call(podtest.Operation(w.T, "createMessage"), map[string]string{"sid": w.thing("room", u)}, []byte(body)).Want(http.StatusOK).Into(&sent)
			return sent.ID
		},
		"feed": func(w *things, u *podtest.User) string {
			if a := u.Post("/pod/v1/presence/feed/create", nil); a.Status == http.StatusOK {
				return idOf(a)
			}
			return "abcdef01-2345-4678-9abc-def012345678"
		},
		"datafeed": func(w *things, u *podtest.User) string {
			var feed struct {
				ID string `json:"id"`
			}
			w.p.User(w.member(u).Username).Post("/agent/v5/datafeeds", nil).Want(http.StatusCreated).Into(&feed)
			return feed.ID
		},
		"oldFeed": func(w *things, u *podtest.User) string {
			return idOf(w.p.User(w.member(u).Username).Post("/agent/v4/datafeed/create", nil))
		},
		"call": func(w *things, u *podtest.User) string {
			caller := w.p.User(w.member(u).Username)
			caller.Get("/pod/v2/sessioninfo").Want(http.StatusOK)
			var found struct {
				Calls []struct {
					ID string `json:"id"`
				} `json:"calls"`
			}
			caller.Get(fmt.Sprintf("/podium/v1/inspector/calls?limit=1&account=%d", caller.ID)).Want(http.StatusOK).Into(&found)
			return found.Calls[0].ID
		},
		"hose": func(w *things, u *podtest.User) string { // the features belong to no role
			w.admin.Post(fmt.Sprintf("/pod/v1/admin/user/%d/features/update", w.member(u).ID), []map[string]any{
				{"entitlment": "canCreateDatahose", "enabled": true}, {"entitlment": "canReadDatahose", "enabled": true},
			}).Want(http.StatusOK)
			return "everything"
		},
		"asking": func(w *things, u *podtest.User) string {
			asking := w.p.Stranger("asking-" + w.number())
			asking.Post("/pod/v1/connection/create", map[string]any{"userId": w.member(u).ID}).Want(http.StatusOK)
			return strconv.FormatInt(asking.ID, 10)
		},
		"connected": func(w *things, u *podtest.User) string {
			asking := makers["asking"](w, u)
			// fails if the caller may not
			u.Post("/pod/v1/connection/accept", map[string]any{"userId": json.Number(asking)})
			return asking
		},
		"scheme": func(w *things, _ *podtest.User) string {
			scheme := "made" + w.number()
			w.admin.Post("/pod/v1/admin/system/protocols", map[string]any{"scheme": scheme}).Want(http.StatusOK)
			return scheme
		},
		"app": func(w *things, _ *podtest.User) string {
			id := "app-" + w.number()
			w.p.MakeApp(id)
			return id
		},
		"pem": func(w *things, _ *podtest.User) string { return w.makePEM() },
		"cert": func(w *things, u *podtest.User) string {
			var made answered
			w.admin.Post("/pod/v2/companycert/create", map[string]any{
				"pem": w.makePEM(), "attributes": map[string]any{"name": "cert", "type": map[string]any{"type": "USER"}},
			}).Want(http.StatusOK).Into(&made)
			return made.Info.FingerPrint
		},
		"violation":     func(w *things, _ *podtest.User) string { w.violate(); return w.made["violation "] },
		"violatingFile": func(w *things, _ *podtest.User) string { w.violate(); return w.made["violatingFile "] },
		"words":         func(w *things, _ *podtest.User) string { return w.makeWords() },
		"filter":        func(w *things, _ *podtest.User) string { return w.makeFilter() },
		"group": func(w *things, u *podtest.User) string {
			group := w.insertGroup()
			w.made["etag "], w.made["list "] = group.ETag, group.Profile.ID
			return group.ID
		},
		"etag":    func(w *things, u *podtest.User) string { w.thing("group", u); return w.made["etag "] },
		"list":    func(w *things, u *podtest.User) string { return w.insertGroup().Profile.ID },
		"channel": func(w *things, _ *podtest.User) string { return w.sponsor(w.target.ID) },
		"sponsoredEmail": func(w *things, _ *podtest.User) string {
			w.sponsor(w.p.User("bob").ID)
			return "bob@acme.example"
		},
		"export": func(w *things, _ *podtest.User) string { return exportFile(w, w.p, 190, "made") },
		"disclaimer": func(w *things, _ *podtest.User) string {
			d, err := db.Write(w.Context(), w.p.Inner.DB, func(tx *db.Tx) (disclaimers.Disclaimer, error) {
				return disclaimers.Create(tx, w.p.Inner.Journal, disclaimers.Disclaimer{
					Company: 190, Name: "disclaimer", Content: "content", Format: disclaimers.Text, Hours: 1, Active: true})
			})
			if err != nil {
				w.Fatal(err)
			}
			return d.ID
		},
		"barrier": func(w *things, _ *podtest.User) string { return w.p.Barrier("barrier").Groups[0] },
		"session": func(w *things, _ *podtest.User) string {
			w.target.Login()
			var list struct {
				Sessions []struct {
					SessionID string `json:"sessionId"`
				} `json:"sessions"`
			}
			w.admin.Get(fmt.Sprintf("/pod/v1/users/%d/sessions", w.target.ID)).Want(http.StatusOK).Into(&list)
			return list.Sessions[len(list.Sessions)-1].SessionID
		},
	}
}

// say sends a message of the caller to a stream, with the user's own session if the caller's may
// not.
func (w *things) say(u *podtest.User, stream string) string {
	path := "/agent/v3/stream/" + stream + "/share"
	article := map[string]any{"type": "com.symphony.sharing.article", "content": map[string]any{
		"title": "T", "publisher": "P", "author": "A", "appId": "a", "articleUrl": "https://x.example"}}
	if a := u.Post(path, article); a.Status == http.StatusOK {
		return idOf(a)
	}
	return idOf(w.p.User(w.member(u).Username).Post(path, article))
}

// send sends a message to a stream in a session of the user's own.
func (w *things) send(u *podtest.User, stream string) string {
	var sent struct {
		ID string `json:"messageId"`
	}
	for _, o := range pod.Catalogue() {
		if o.ID == "createMessage" {
			u.Call(o, map[string]string{"sid": stream}, []byte(`{"message": "<messageML>own</messageML>"}`)).Want(http.StatusOK).Into(&sent)
		}
	}
	return sent.ID
}

// sendFile sends a message with a file in a session of the user's own.
func (w *things) sendFile(u *podtest.User, stream string) (message, file string) {
	var sent struct {
		ID          string     `json:"messageId"`
		Attachments []answered `json:"attachments"`
	}
	body := `{"message": "<messageML>own</messageML>", "attachment": {"name": "a.txt", "content": "own"}}`
	u.Call(podtest.Operation(w.T, "createMessage"), map[string]string{"sid": stream}, []byte(body)).Want(http.StatusOK).Into(&sent)
	return sent.ID, sent.Attachments[0].ID
}

func idOf(a podtest.Answer) string {
	var made answered
	a.Want(http.StatusOK).Into(&made)
	return made.ID
}

// keeper returns an account that manages the policies and dictionaries of data loss prevention.
func (w *things) keeper() *podtest.User { return w.p.Bot("dlp-keeper", "EF_POLICY_MANAGEMENT") }

// makeWords creates a dictionary.
func (w *things) makeWords() string {
	var made answered
	w.keeper().Post("/agent/v1/dlp/dictionaries", map[string]any{"name": "words" + w.number(), "type": "Word"}).Want(http.StatusOK).Into(&made)
	return made.Data.Ref.ID
}

// makeFilter creates a policy with a dictionary of its own.
func (w *things) makeFilter() string {
	var made answered
	w.keeper().Post("/agent/v1/dlp/policies", map[string]any{"name": "filter" + w.number(), "type": "Block", "scopes": []string{"Internal"},
		"contentTypes": []string{"Messages"}, "dictionaryIds": []string{w.makeWords()}}).Want(http.StatusOK).Into(&made)
	return made.Data.Policy
}

// violate makes a violation, if there is none yet.
func (w *things) violate() {
	if w.made["violation "] == "" {
		w.made["violation "], w.made["violatingFile "] = violate(w.keeper(), "violated")
	}
}

func (w *things) makePEM() string {
	_, leaf := certificates(w.T, time.Now())
	return strings.ReplaceAll(leaf, `\n`, "\n")
}

func (w *things) insertGroup() (made answered) {
	w.Helper()
	body := fmt.Sprintf(`{"type": "SDL", "ownerType": "TENANT", "ownerId": 190, "name": "list %s", "profile": {"displayName": "list"}, "members": []}`, w.number())
	w.manager.Call(podtest.Operation(w.T, "insertGroup"), nil, []byte(body)).Want(http.StatusCreated).Into(&made)
	return made
}

// sponsor puts an account into a new channel company, and returns the company's number.
func (w *things) sponsor(user int64) string {
	w.Helper()
	id, err := db.Write(w.Context(), w.p.Inner.DB, func(tx *db.Tx) (int64, error) {
		id, err := tx.Next("places")
		if err != nil {
			return 0, err
		}
		name := "channel " + strconv.FormatInt(id, 10)
		err = tx.Exec(`INSERT INTO channel_companies (id, company, name, name_folded, created) VALUES ($1, 190, $2, $2, 0)`, id, name)
		if err != nil {
			return 0, err
		}
		return id, tx.Exec(`INSERT INTO channel_users (user_id, channel) VALUES ($1, $2)`, user, id)
	})
	if err != nil {
		w.Fatal(err)
	}
	return strconv.FormatInt(id, 10)
}

// exportFile inserts the row of a content export file of a company, and returns its id.
func exportFile(t podtest.Failer, p *podtest.Pod, company wire.CompanyID, name string) string {
	t.Helper()
	id := strings.Repeat("0", 25) + name
	p.Write(t, func(tx *db.Tx) error {
		return tx.Exec(`
			INSERT INTO export_files (id, company, job, part, name, name_folded, size, sha256, job_type, format, starts, ends, uploaded,
				generated, expires)
			VALUES ($1, $2, $1, 1, $3, $3, 1, '', 'ADHOC', 'SYMPHONY', 0, 1, 1, '2026-01-02', 9000000000000)`, id, company, name)
	})
	return id
}

// violate has a keeper of policies send a file that a policy finds. It returns the ids of the
// violation and of the file.
func violate(keeper *podtest.User, name string) (violation, file string) {
	var made answered
	keeper.Post("/agent/v3/dlp/policies", map[string]any{"name": name, "scopes": []string{"Internal"}, "appliesTo": []any{map[string]any{
		"dataType": "FileMeta", "action": "LogOnly", "rules": []any{map[string]any{
			"type": "FILE_EXTENSION", "name": "r", "fileExtensionConfig": map[string]any{"blockLists": []string{".txt"}}}}}}}).Want(http.StatusOK).Into(&made)
	path := "/agent/v3/dlp/policies/" + made.Data.Policy
	keeper.Post(path+"/enable", nil).Want(http.StatusOK)
	body := `{"message": "<messageML>` + name + `</messageML>", "attachment": {"name": "` + name + `.txt", "content": "own"}}`
	for _, o := range pod.Catalogue() {
		if o.ID == "createMessage" {
			keeper.Call(o, map[string]string{"sid": room(keeper, name, false)}, []byte(body)).Want(http.StatusOK)
		}
	}
	keeper.Post(path+"/disable", nil).Want(http.StatusOK)
	var found struct {
		Violations []struct {
			Violation struct {
				ID string `json:"enforcementEventID"`
			} `json:"violation"`
			Message struct {
				Attachments []answered `json:"attachments"`
			} `json:"message"`
		} `json:"violations"`
	}
	keeper.Get("/agent/v3/dlp/violations/message?startTime=0").Want(http.StatusOK).Into(&found)
	return found.Violations[0].Violation.ID, found.Violations[0].Message.Attachments[0].ID
}
