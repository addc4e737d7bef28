package pod_test

import (
	"encoding/json"
	"testing"

	"podium/internal/journal"
	"podium/internal/pod"
	"podium/internal/pod/audit"
)

// lines is what clients see of a fact beside its initiator and subject.
var lines = []struct{ kind, data, want string }{
	{"user.created", `{"accountType":"NORMAL"}`, `{"action":"End-user account created","actionName":"createUser"}`},
	{"user.created", `{"accountType":"SYSTEM"}`, `{"action":"Service Account Created","actionName":"createServiceAccount"}`},
	{"user.keyChanged", `{"action":"saved"}`, `{"action":"RSA Key Added","actionName":"rsaKeyAdded"}`},
	{"user.keyChanged", `{"action":"revoked"}`, `{"action":"RSA Key Revoked","actionName":"rsaKeyRevoked"}`},
	{"user.keyChanged", `{"action":"extended"}`, `{"action":"RSA Key Extended","actionName":"rsaKeyExtended"}`},
	{"user.profileChanged", `{"attribute":"title","old":"","new":"Head"}`, profile("title", "", "Head")},
	{"user.nameFlagged", `{"attribute":"userName","name":"x","scripts":["Cyrillic","Latin"]}`,
		`{"action":"User name of mixed scripts","actionName":"userNameFlagged","attribute":"userName","newValue":"x"}`},
	{"user.rolesChanged", `{"old":["INDIVIDUAL"],"new":["INDIVIDUAL","COMPLIANCE_OFFICER","COMPLIANCE_OFFICER.MONITOR_ROOMS"]}`,
		profile("roles", "[Individual]", "[Individual,Compliance Officer,Compliance Officer.MONITOR_ROOMS]")},
	{"user.statusChanged", `{"old":"ENABLED","new":"DISABLED"}`, profile("status", "ENABLED", "DISABLED")},
	{"user.suspensionChanged", `{"suspended":true,"until":5,"reason":"away"}`, profile("suspended", "false", "true")},
	{"user.suspensionChanged", `{"suspended":false}`, profile("suspended", "true", "false")},
	{"user.featureChanged", `{"feature":"canUpdateAvatar","old":true,"new":false}`, profile("canUpdateAvatar", "true", "false")},
	{"user.avatarChanged", `{}`, profile("avatar", "", "")},
	{"user.delegateChanged", `{"delegate":7,"action":"INSERT"}`, profile("delegates", "", "7")},
	{"user.delegateChanged", `{"delegate":7,"action":"REMOVE"}`, profile("delegates", "7", "")},
	{"user.disclaimerChanged", `{"old":"","new":"abc"}`, profile("disclaimer", "", "abc")},
	{"user.followersAdded", `{"followers":[1]}`, `{"action":"User followers added","actionName":"userFollowersAdded"}`},
	{"user.followersRemoved", `{"followers":[1]}`, `{"action":"User followers removed","actionName":"userFollowersRemoved"}`},
	{"user.loggedOut", `{"sessions":2}`, `{"action":"User session logged out","actionName":"userSessionLoggedOut"}`},
	{"presence.set", `{"category":"BUSY","soft":false}`, `{"action":"User presence updated","actionName":"userPresenceUpdated"}`},
	{"app.installed", `{"app":"my-app","name":"My App","install":true}`,
		`{"action":"App installed","actionName":"userAppEntitlementInstall","appId":"my-app","appName":"My App"}`},
	{"app.installed", `{"app":"my-app","install":false}`,
		`{"action":"App uninstalled","actionName":"userAppEntitlementUninstall","appId":"my-app"}`},
	{"app.entitlementChanged", `{}`, `{"action":"App entitlement updated","actionName":"podAppEntitlementUpdate","appId":"a+b"}`},
	{"app.created", `{"name":"My App"}`, `{"action":"App created","actionName":"appCreated","appId":"a+b","appName":"My App"}`},
	{"app.changed", `{"enabled":true}`, `{"action":"App updated","actionName":"appUpdated","appId":"a+b"}`},
	{"app.deleted", `{}`, `{"action":"App deleted","actionName":"appDeleted","appId":"a+b"}`},
	{"app.keySaved", `{}`, `{"action":"App RSA Key Added","actionName":"appRsaKeyAdded","appId":"a+b"}`},
	{"app.keyRevoked", `{}`, `{"action":"App RSA Key Revoked","actionName":"appRsaKeyRevoked","appId":"a+b"}`},
	{"stream.imCreated", `{"stream":{"type":"MIM"}}`, `{"action":"Created IM","actionName":"createdIM","threadId":"a%2Bb","scope":"Internal","conversationType":"MIM"}`},
	{"stream.roomUpdated", `{"stream":{"type":"ROOM","name":"Desk","external":true}}`,
		`{"action":"Updated Room","actionName":"updatedRoom","attribute":"Desk","threadId":"a%2Bb","scope":"External","conversationType":"Room"}`},
	{"stream.roomDeactivated", `{"stream":{"type":"ROOM","name":"Desk","external":true}}`,
		`{"action":"Deactivated Room","actionName":"deactivatedRoom","attribute":"Desk","threadId":"a%2Bb","scope":"External","conversationType":"Room"}`},
	{"stream.roomReactivated", `{"stream":{"type":"ROOM","name":"Desk","external":true}}`,
		`{"action":"Reactivated Room","actionName":"reactivatedRoom","attribute":"Desk","threadId":"a%2Bb","scope":"External","conversationType":"Room"}`},
	{"stream.memberAdded", `{"stream":{"type":"ROOM","name":"Desk"},"user":{"id":7,"username":"bob","email":"b@c"}}`,
		`{"action":"Added Member","actionName":"addedMember","attribute":"b@c","threadId":"a%2Bb","scope":"Internal","conversationType":"Room","affectedId":7,"affectedUsername":"bob","affectedEmailAddress":"b@c"}`},
	{"stream.memberRemoved", `{"stream":{"type":"ROOM","name":"Desk"},"user":{"id":7,"username":"bob","email":"b@c"}}`,
		`{"action":"Removed Member","actionName":"removedMember","attribute":"b@c","threadId":"a%2Bb","scope":"Internal","conversationType":"Room","affectedId":7,"affectedUsername":"bob","affectedEmailAddress":"b@c"}`},
	{"stream.groupAdded", `{"stream":{"type":"ROOM","name":"Desk"},"user":{"id":7,"username":"list","email":"b@c"}}`,
		`{"action":"Added Member","actionName":"addedMember","attribute":"b@c","threadId":"a%2Bb","scope":"Internal","conversationType":"Room","affectedId":7,"affectedUsername":"list","affectedEmailAddress":"b@c"}`},
	{"stream.groupRemoved", `{"stream":{"type":"ROOM","name":"Desk"},"user":{"id":7,"username":"list","email":"b@c"}}`,
		`{"action":"Removed Member","actionName":"removedMember","attribute":"b@c","threadId":"a%2Bb","scope":"Internal","conversationType":"Room","affectedId":7,"affectedUsername":"list","affectedEmailAddress":"b@c"}`},
	{"stream.ownerPromoted", `{"stream":{"type":"ROOM","name":"Desk"},"user":{"id":7,"username":"bob","email":"b@c"}}`,
		`{"action":"Promoted Owner","actionName":"promotedOwner","attribute":"b@c","threadId":"a%2Bb","scope":"Internal","conversationType":"Room","affectedId":7,"affectedUsername":"bob","affectedEmailAddress":"b@c"}`},
	{"stream.ownerDemoted", `{"stream":{"type":"ROOM","name":"Desk"},"user":{"id":7,"username":"bob","email":"b@c"}}`,
		`{"action":"Demoted Owner","actionName":"demotedOwner","attribute":"b@c","threadId":"a%2Bb","scope":"Internal","conversationType":"Room","affectedId":7,"affectedUsername":"bob","affectedEmailAddress":"b@c"}`},
	{"app.keyExtended", `{"name":"My App"}`, `{"action":"App RSA Key Extended","actionName":"appRsaKeyExtended","appId":"a+b","appName":"My App"}`},
	{"app.userChanged", `{"app":"my-app","name":"My App","listed":true}`,
		`{"action":"App entitlement updated","actionName":"userAppEntitlementUpdate","appId":"my-app","appName":"My App"}`},
	{"stream.messageSuppressed", `{"stream":{"type":"IM","external":true},"message":"m","author":7,"byAdministrator":true}`,
		`{"action":"Suppressed Message","actionName":"suppressedMessage","threadId":"a%2Bb","scope":"External","conversationType":"IM"}`},
	{"stream.messagesImported", `{"stream":{"type":"ROOM","name":"Desk"},"system":"fooChat","messages":["m"]}`,
		`{"action":"Imported Messages","actionName":"importedMessages","attribute":"Desk","threadId":"a%2Bb","scope":"Internal","conversationType":"Room"}`},
	{"protocol.allowed", `{"scheme":"a+b"}`, `{"action":"URI protocol added","actionName":"uriProtocolAdded","attribute":"a+b"}`},
	{"protocol.disallowed", `{"scheme":"a+b"}`, `{"action":"URI protocol removed","actionName":"uriProtocolRemoved","attribute":"a+b"}`},
	{"fileExtension.set", `{"extension":"a+b","internal":true,"external":false,"crossPod":true,"source":"CUSTOMER"}`,
		`{"action":"File extension updated","actionName":"fileExtensionUpdated","attribute":"a+b","newValue":"[internal,crossPod]"}`},
	{"fileExtension.removed", `{"extension":"a+b"}`, `{"action":"File extension removed","actionName":"fileExtensionRemoved","attribute":"a+b"}`},
	{"dlp.dictionaryCreated", `{"name":"Kitchen","type":"Word"}`,
		`{"action":"DLP dictionary created","actionName":"dlpDictionaryCreated","attribute":"a+b","newValue":"Kitchen"}`},
	{"dlp.dictionaryChanged", `{"name":"Kitchen","version":"1.1","entries":3,"policies":["p"]}`,
		`{"action":"DLP dictionary updated","actionName":"dlpDictionaryUpdated","attribute":"a+b","newValue":"[Kitchen,1.1,3]"}`},
	{"dlp.dictionaryDeleted", `{"name":"Kitchen","policies":[]}`,
		`{"action":"DLP dictionary deleted","actionName":"dlpDictionaryDeleted","attribute":"a+b","newValue":"Kitchen"}`},
	{"dlp.policyCreated", `{"name":"Cooking","scopes":["Internal"]}`,
		`{"action":"DLP policy created","actionName":"dlpPolicyCreated","attribute":"a+b","newValue":"Cooking"}`},
	{"dlp.policyChanged", `{"name":"Cooking","version":"1.1","scopes":["Internal"]}`,
		`{"action":"DLP policy updated","actionName":"dlpPolicyUpdated","attribute":"a+b","newValue":"[Cooking,1.1]"}`},
	{"dlp.policyDeleted", `{"name":"Cooking"}`,
		`{"action":"DLP policy deleted","actionName":"dlpPolicyDeleted","attribute":"a+b","newValue":"Cooking"}`},
	{"dlp.policyActivated", `{"name":"Cooking","active":true}`,
		`{"action":"DLP policy enabled","actionName":"dlpPolicyEnabled","attribute":"a+b","newValue":"Cooking"}`},
	{"dlp.policyActivated", `{"name":"Cooking","active":false}`,
		`{"action":"DLP policy disabled","actionName":"dlpPolicyDisabled","attribute":"a+b","newValue":"Cooking"}`},
	{"barrier.memberAdded", `{"group":"1","name":"Research"}`,
		`{"action":"Information barrier group member added","actionName":"infoBarrierGroupMemberAdded","attribute":"Research"}`},
	{"barrier.memberRemoved", `{"group":"1","name":"Research"}`,
		`{"action":"Information barrier group member removed","actionName":"infoBarrierGroupMemberRemoved","attribute":"Research"}`},
	{"export.metadataRead", `{}`, `{"action":"Content export file metadata read","actionName":"contentExportMetadataRead"}`},
	{"export.linkMade", `{"expires":5}`, `{"action":"Content export file link made","actionName":"contentExportLinkMade"}`},
	{"retention.set", `{"messageDays":30}`, `{"action":"Message retention updated","actionName":"retentionUpdated","newValue":"30"}`},
	{"sso.changed", `{"enabled":true,"changed":["ssoEnabled"]}`, `{"action":"SSO configuration updated","actionName":"ssoConfigurationUpdated"}`},
	{"certificate.registered", `{"name":"CA"}`, `{"action":"Company certificate created","actionName":"companyCertCreated","attribute":"CA"}`},
	{"certificate.changed", `{"name":"CA"}`, `{"action":"Company certificate updated","actionName":"companyCertUpdated","attribute":"CA"}`},
	{"certificate.removed", `{"name":"CA"}`, `{"action":"Company certificate deleted","actionName":"companyCertDeleted","attribute":"CA"}`},
}

func profile(attribute, before, after string) string {
	return `{"action":"Profile info update","actionName":"profileInfoUpdate","attribute":"` + attribute +
		`","oldValue":"` + before + `","newValue":"` + after + `"}`
}

func TestLines(t *testing.T) {
	t.Parallel()
	kinds := kindsOf(t)
	trail := audit.Service{Kinds: kinds}
	seen := map[string]bool{}
	for _, c := range lines {
		seen[c.kind] = true
		i, err := trail.Show(journal.Entry{Kind: c.kind, Data: c.data, Subject: journal.Thing("a+b"), Actor: 1})
		if err != nil {
			t.Errorf("%s %s: %v", c.kind, c.data, err)
			continue
		}
		i.Timestamp, i.InitiatorID = "", ""
		var got, want, none map[string]any
		text, _ := json.Marshal(i)
		json.Unmarshal(text, &got)
		json.Unmarshal([]byte(c.want), &want)
		text, _ = json.Marshal(audit.Item{})
		json.Unmarshal(text, &none)
		for name := range none {
			if _, ok := want[name]; !ok {
				delete(got, name)
			}
		}
		gotText, _ := json.Marshal(got)
		wantText, _ := json.Marshal(want)
		if string(gotText) != string(wantText) {
			t.Errorf("%s %s\n is %s,\nnot %s", c.kind, c.data, gotText, wantText)
		}
	}
	for _, f := range kinds.Facts() {
		line := f.AuditLine(journal.Entry{})
		if audited := line.Why == ""; audited != seen[f.Kind()] || audited != (line.Name != "" && line.Title != "") {
			t.Errorf("%s: it is audited: %v; it has a case here: %v", f.Kind(), audited, seen[f.Kind()])
		}
	}
}

func TestBrokenFactIsAnError(t *testing.T) {
	t.Parallel()
	trail := audit.Service{Kinds: kindsOf(t)}
	for _, e := range []journal.Entry{{Kind: "user.created", Data: "{"}, {Kind: "user.unheardOf", Data: "{}"}} {
		if _, err := trail.Show(e); err == nil {
			t.Errorf("%s %s passes", e.Kind, e.Data)
		}
	}
}

func kindsOf(t *testing.T) *journal.Kinds {
	t.Helper()
	kinds, err := journal.NewKinds(pod.Facts()...)
	if err != nil {
		t.Fatal(err)
	}
	return kinds
}
