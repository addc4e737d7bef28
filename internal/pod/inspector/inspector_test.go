package inspector_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"podium/internal/client"
	"podium/internal/pod"
	"podium/internal/pod/inspector"
	"podium/podtest"
)

const calls = "/podium/v1/inspector/calls"

// page is a page of calls.
type page struct {
	Calls []inspector.Call
	More  bool
}

// list returns the calls that a user is shown.
func list(u *podtest.User, query string) page {
	var p page
	u.Get(calls + "?" + query).Want(200).Into(&p)
	return p
}

// detail returns a call that a user is shown.
func detail(u *podtest.User, id string) (d inspector.Detail) {
	u.Get(calls + "/" + id).Want(200).Into(&d)
	return d
}

// newest returns the newest call of an operation.
func newest(t *testing.T, u *podtest.User, operation string) inspector.Detail {
	t.Helper()
	p := list(u, "limit=1&operation="+operation)
	if len(p.Calls) != 1 {
		t.Fatalf("%s: %d calls", operation, len(p.Calls))
	}
	return detail(u, p.Calls[0].ID)
}

// send sends a request as it is.
func send(t *testing.T, p *podtest.Pod, method, path, body string, header http.Header) string {
	t.Helper()
	r, err := http.NewRequest(method, p.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header = header
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	var out bytes.Buffer
	if _, err := out.ReadFrom(a.Body); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestNoSecretIsRecorded logs in in every way, sends secrets wherever a request can carry one, and
// looks for each of them in all that the inspector answers.
func TestNoSecretIsRecorded(t *testing.T) {
	t.Parallel()
	p := podtest.Start(t)
	admin, bot := p.Bot("acme-admin"), p.Bot("acme-bot")
	secrets := map[string]string{}
	meet := func(name, secret string) {
		t.Helper()
		if len(secret) < 6 {
			t.Fatalf("%s: %q is no secret", name, secret)
		}
		secrets[name] = secret
	}
	meet("the administrator's session", admin.Client.Token)
	meet("the bot's session", bot.Client.Token)
	meet("the key manager's session", p.KeyManager("acme-bot").Client.Token)
	app := p.App("acme-app")
	meet("the application's session", app.Client.Token)
	meet("the session on behalf", p.OnBehalf(app, "alice").Client.Token)
	meet("the access token", admin.AccessToken("profile-manager"))
	login := podtest.LoginToken(t, "acme-bot", p.Inner.DB.Now().Std())
	meet("the login token", login)
	var extension struct{ AppToken, SymphonyToken string }
	bot.Post("/login/v1/pubkey/app/authenticate/extensionApp", map[string]string{
		"appToken": "3b1f0c9adeadbeef", "authToken": podtest.LoginToken(t, "acme-app", p.Inner.DB.Now().Std()),
	}).Want(200).Into(&extension)
	meet("the extension's token", extension.AppToken)
	meet("Symphony's token", extension.SymphonyToken)
	meet("a half of a token", login[len(login)/2:])

	token := func(with http.Header) http.Header {
		with.Set("sessionToken", bot.Client.Token)
		return with
	}
	meet("a cookie", "c00kie-secret")
	send(t, p, "GET", "/pod/v2/sessioninfo", "", token(http.Header{"Cookie": {"podium_session_190=c00kie-secret; other=x"}}))
	meet("a bearer's word", "bearers-word-4711")
	send(t, p, "GET", "/pod/v2/sessioninfo", "", http.Header{"Authorization": {"Bearer bearers-word-4711"}})
	send(t, p, "GET", "/pod/v2/sessioninfo", "", http.Header{"Authorization": {"Basic bearers-word-4711"}})
	meet("a token in a query", "query-secret")
	send(t, p, "GET", "/pod/v2/sessioninfo?token=query-secret&x=query-secret&sessionToken=query-secret", "", token(http.Header{}))
	send(t, p, "GET", "/no/such/path?%74oken=query-secret", "", token(http.Header{}))
	meet("a password", "passw0rd-one")
	body := `{"userAttributes":{"userName":"x"},"password":{"hSalt":"passw0rd-one","hPassword":"passw0rd-one","khSalt":"passw0rd-one"},"note":"passw0rd-one"}`
	send(t, p, "POST", "/pod/v2/admin/user/create", body, token(http.Header{}))
	meet("a password of a broken body", "passw0rd-two")
	send(t, p, "POST", "/pod/v2/admin/user/create", `{"a": 1, "pass\u0077ord": "passw0rd-two", }`, token(http.Header{}))
	send(t, p, "POST", "/pod/v2/admin/user/create", `{"a": 1, , "password": "passw0rd-two", "hSalt" : "passw0rd-two`, token(http.Header{}))
	meet("a password of a cut body", "passw0rd-three")
	long := strings.Repeat("x", inspector.MaxBody-40)
	send(t, p, "POST", "/pod/v2/admin/user/create", `{"long": "`+long+`", "password": "passw0rd-three"}`, token(http.Header{}))
	meet("the code of a link", "link-code-4711")
	console := http.Header{"Podium-Console": {"1"}}
	send(t, p, "POST", "/podium/v1/signin/link", `{"code": "link-code-4711"}`, console)
	send(t, p, "POST", "/podium/v1/signin/link", `{"code": "link-code-4711`, console)
	send(t, p, "POST", "/podium/v1/signin/password", `{"username": "alice", "password": "passw0rd-one"}`, console)
	meet("a field of a form", "form-secret")
	form := token(http.Header{"Content-Type": {"application/x-www-form-urlencoded"}})
	send(t, p, "POST", "/agent/v4/stream/x/message/create", "client%5Fsecret=form-secret&b=form-secret", form)
	key := "-----BEGIN RSA PRIVATE KEY-----\\nMIIEpAIBAAKCAQEA\\n-----END RSA PRIVATE KEY-----"
	meet("a private key", "MIIEpAIBAAKCAQEA")
	send(t, p, "POST", "/pod/v1/im/create", `{"pem": "`+key+`"}`, token(http.Header{}))
	bot.Send("/agent/v4/stream/x/message/create", map[string]any{"message": "<messageML>x</messageML>", "data": `{"x": {"type": "t", "token": "passw0rd-one"}}`})

	for name, secret := range secrets {
		if len(secret) > 60 {
			secrets["the end of "+name] = secret[len(secret)-40:]
		}
	}
	seen := 0
	for before := ""; ; {
		listed := admin.Get(calls + "?limit=200" + before).Want(200)
		find(t, secrets, "the list", listed.Body)
		var found page
		listed.Into(&found)
		for _, c := range found.Calls {
			find(t, secrets, c.Operation, admin.Get(calls+"/"+c.ID).Want(200).Body)
			seen++
			before = "&before=" + c.ID
		}
		if !found.More {
			break
		}
	}
	if seen < 20 {
		t.Errorf("only %d calls were recorded", seen)
	}
}

func find(t *testing.T, secrets map[string]string, where string, text []byte) {
	t.Helper()
	for name, secret := range secrets {
		if bytes.Contains(text, []byte(secret)) {
			t.Errorf("%s is shown in %s: %.2000s", name, where, text)
		}
	}
}

// A refusal tells what is missing, which roles give it, and who can grant them.
func TestRefusalIsExplained(t *testing.T) {
	t.Parallel()
	p := podtest.Start(t)
	bot := p.Bot("acme-bot")
	bot.Get(fmt.Sprintf("/pod/v1/admin/user/%d/status", bot.ID)).Want(403)
	d := newest(t, bot, "getUserStatus")
	if d.Missing == nil || len(d.Missing.Rights) == 0 || !strings.Contains(d.Reason, "the right") || d.Status != 403 || d.Username != "acme-bot" {
		t.Fatalf("%+v, missing %+v", d.Call, d.Missing)
	}
	for _, r := range d.Missing.Rights {
		if !slices.Contains(r.Roles, "USER_PROVISIONING") {
			t.Errorf("%+v", r)
		}
	}
	if !slices.Contains(d.Missing.GrantedBy, "USER_PROVISIONING") {
		t.Errorf("granted by %v", d.Missing.GrantedBy)
	}
	p.MakeApp("narrow", "ACT_AS_USER")
	alice := p.OnBehalf(p.App("narrow"), "alice")
	alice.Post("/pod/v1/im/create", []int64{bot.ID}).Want(403)
	admin := p.Bot("acme-admin")
	if d := newest(t, admin, "createIM"); d.Missing == nil || !slices.Contains(d.Missing.Permissions, "SEND_MESSAGES") || d.App != "narrow" || d.Username != "alice" {
		t.Errorf("%+v, missing %+v", d.Call, d.Missing)
	}
	// A dead session's call belongs to the account that its token names.
	dead := *bot.Client
	bot.Post("/sessionauth/v1/logout", nil).Want(200)
	if a, err := dead.Do(context.Background(), http.MethodGet, "/pod/v2/sessioninfo", nil); err != nil || a.Status != 401 {
		t.Fatalf("%d %v", a.Status, err)
	}
	bot.Login()
	d = newest(t, bot, "getSessionInfo")
	if d.Status != 401 || d.Session != "" || int64(d.User) != bot.ID || d.Reason == "" {
		t.Errorf("%+v", d.Call)
	}
}

// A read of a feed has the events that it was given. A later read acknowledges them.
func TestEventsAndTheirAcknowledgement(t *testing.T) {
	t.Parallel()
	p := podtest.Start(t)
	bot, alice := p.Bot("acme-bot"), p.User("alice")
	var made struct{ ID string }
	bot.Post("/agent/v5/datafeeds", nil).Want(201).Into(&made)
	feed := "/agent/v5/datafeeds/" + made.ID + "/read"
	alice.Post("/pod/v1/im/create", []int64{bot.ID}).Want(200).Into(&made)
	alice.Send("/agent/v4/stream/"+made.ID+"/message/create", map[string]any{"message": "<messageML>hello</messageML>"}).Want(200)
	var read struct{ AckID string }
	bot.Post(feed, nil).Want(200).Into(&read)
	first := newest(t, bot, "readDatafeed")
	if first.Events != 2 || len(first.Given) != 2 || first.Given[1].Type != "MESSAGESENT" || first.Acknowledged != 0 || first.AckID != read.AckID {
		t.Fatalf("%+v: %+v", first.Call, first.Given)
	}
	bot.Post(feed, map[string]string{"ackId": read.AckID}).Want(200)
	second := newest(t, bot, "readDatafeed")
	first = detail(bot, first.ID)
	if first.Acknowledged == 0 || first.By != second.ID || !second.AckedEarly {
		t.Errorf("acknowledged %d by %s, not %s", first.Acknowledged, first.By, second.ID)
	}
}

// Users see their own calls; administrators of the company those of all its accounts.
func TestWhoSeesCalls(t *testing.T) {
	t.Parallel()
	p := podtest.Start(t)
	alice, bob, admin, stranger := p.User("alice"), p.User("bob"), p.Bot("acme-admin"), p.Stranger("globex-admin", "USER_PROVISIONING")
	alice.Get("/pod/v2/sessioninfo").Want(200)
	own := newest(t, alice, "getSessionInfo")
	if got := newest(t, admin, "getSessionInfo"); got.ID != own.ID {
		t.Errorf("the administrator sees %+v", got.Call)
	}
	bob.Get(calls + "/" + own.ID).Want(404)
	bob.Get(fmt.Sprintf("%s?account=%d", calls, alice.ID)).Want(403)
	bob.Get(calls + "?app=acme-app").Want(403)
	bob.Get(fmt.Sprintf("%s/events?account=%d", calls, alice.ID)).Want(403)
	for _, c := range list(bob, "limit=200").Calls {
		if int64(c.User) != bob.ID {
			t.Errorf("Bob sees %+v", c)
		}
	}
	stranger.Get(calls + "/" + own.ID).Want(404)
	for _, c := range list(stranger, "limit=200").Calls {
		if c.User.Company() != 191 && c.User != 0 {
			t.Errorf("Globex sees %+v", c)
		}
	}
	if found := list(admin, fmt.Sprintf("account=%d&status=2xx", alice.ID)).Calls; len(found) == 0 {
		t.Error("the administrator finds none of Alice's calls")
	}
}

func TestOpenInspector(t *testing.T) {
	t.Parallel()
	p := podtest.Start(t, podtest.WithConfig(func(c *pod.Config) { c.InspectorOpen = true }))
	alice, bob := p.User("alice"), p.User("bob")
	alice.Get("/pod/v2/sessioninfo").Want(200)
	if d := newest(t, bob, "getSessionInfo"); int64(d.User) != alice.ID {
		t.Errorf("Bob sees %+v", d.Call)
	}
}

// With the setting services, no call of a person is recorded: not even one without a live session.
func TestServicesAlone(t *testing.T) {
	t.Parallel()
	p := podtest.Start(t, podtest.WithConfig(func(c *pod.Config) { c.Inspector = inspector.Services }))
	alice, bot, admin := p.User("alice"), p.Bot("acme-bot"), p.Bot("acme-admin")
	alice.Get("/pod/v2/sessioninfo").Want(200)
	p.OnBehalf(p.App("acme-app"), "alice").Get("/pod/v2/sessioninfo").Want(200)
	alice.Post("/sessionauth/v1/logout", nil).Want(200)
	alice.Get("/pod/v2/sessioninfo").Want(401)
	bot.Get("/pod/v2/sessioninfo").Want(200)
	for _, c := range list(admin, "limit=200&operation=getSessionInfo").Calls {
		if int64(c.User) != bot.ID {
			t.Errorf("recorded: %+v", c)
		}
	}
	if d := newest(t, bot, "getSessionInfo"); d.Status != 200 {
		t.Errorf("%+v", d.Call)
	}
}

func TestInspectorOff(t *testing.T) {
	t.Parallel()
	p := podtest.Start(t, podtest.WithConfig(func(c *pod.Config) { c.Inspector = inspector.None }))
	admin := p.Bot("acme-admin")
	for _, path := range []string{calls, calls + "/x", calls + "/events", "/podium/v1/inspector/rights"} {
		if a := admin.Get(path).Want(404); !strings.Contains(string(a.Body), "the setting inspector") {
			t.Errorf("%s: %s", path, a.Body)
		}
	}
}

// A stream of calls goes on after the last event that the client has received.
func TestWatchedCallsResume(t *testing.T) {
	t.Parallel()
	p := podtest.Start(t)
	alice := p.User("alice")
	alice.Get("/pod/v2/sessioninfo").Want(200)
	begun := newest(t, alice, "getSessionInfo").ID
	for range 3 {
		alice.Get("/pod/v2/sessioninfo").Want(200)
	}
	enough := fmt.Errorf("enough")
	var heard []string
	watch := func(after string, most int) {
		t.Helper()
		n := 0
		_, err := alice.Client.Follow(t.Context(), calls+"/events?operation=getSessionInfo", after, func(e client.Event) error {
			var c inspector.Call
			if err := json.Unmarshal([]byte(e.Data), &c); err != nil || e.Name != "call" || c.ID != e.ID || c.Operation != "getSessionInfo" {
				t.Errorf("%+v %v", e, err)
			}
			heard = append(heard, e.ID)
			if n++; n == most {
				return enough
			}
			return nil
		})
		if err != enough {
			t.Fatal(err)
		}
	}
	watch(begun, 2)
	watch(heard[1], 1)
	want := list(alice, "operation=getSessionInfo&limit=3").Calls
	if len(heard) != 3 || heard[0] != want[2].ID || heard[1] != want[1].ID || heard[2] != want[0].ID {
		t.Errorf("heard %v, not %+v", heard, want)
	}
	watch("of-another-node-7", 4) // all that is recorded
}

// The report names the rights that calls acted by, also those over single rooms, and all others.
func TestLeastPrivilege(t *testing.T) {
	t.Parallel()
	p := podtest.Start(t)
	admin := p.Bot("acme-admin")
	worker := p.Bot("worker", "USER_PROVISIONING", "AUDIT_TRAIL_MANAGEMENT")
	worker.Get(fmt.Sprintf("/pod/v1/admin/user/%d/status", worker.ID)).Want(200)
	var rights inspector.Rights
	admin.Get(fmt.Sprintf("/podium/v1/inspector/rights?account=%d", worker.ID)).Want(200).Into(&rights)
	if len(rights.Used) == 0 || !slices.Contains(rights.Used[0].Operations, "getUserStatus") || rights.Used[0].Calls != 1 {
		t.Errorf("used: %+v", rights.Used)
	}
	if !slices.Contains(rights.Unused, "VIEW_PRIVILEGED_USER_AUDIT_TRAIL") || slices.Contains(rights.Unused, rights.Used[0].Name) {
		t.Errorf("unused: %v", rights.Unused)
	}
	for _, r := range rights.Roles {
		if used := r.Used > 0; used != (r.Role == "USER_PROVISIONING") {
			t.Errorf("%+v", r)
		}
	}
	p.MakeApp("helper", "ACT_AS_USER", "GET_PRESENCE", "SEND_MESSAGES")
	p.OnBehalf(p.App("helper"), "alice").Post("/pod/v1/im/create", []int64{worker.ID}).Want(200)
	admin.Get("/podium/v1/inspector/rights?app=helper").Want(200).Into(&rights)
	if !slices.ContainsFunc(rights.Used, func(u inspector.UsedRight) bool { return u.Name == "SEND_MESSAGES" }) || !slices.Contains(rights.Unused, "GET_PRESENCE") {
		t.Errorf("%+v", rights)
	}
}
