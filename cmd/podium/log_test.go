package main_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"syscall"
	"testing"

	"podium/internal/client"
)

// Every request leaves one line that tells who did what and why not, and no line ever tells a
// secret.
func TestLog(t *testing.T) {
	t.Parallel()
	d := dev(t, t.TempDir(), "--log-level", "debug", "--no-bot")
	admin, bot := newCaller(t, d, "acme-admin"), newCaller(t, d, "acme-bot")
	var me struct{ UserID int64 }
	if err := json.Unmarshal(bot.call(http.MethodGet, whoami, "trace-0").Body, &me); err != nil || me.UserID == 0 {
		t.Fatal(me, err)
	}
	forged := newCaller(t, d, "")
	forged.secrets = append(forged.secrets, bot.token+"x")
	forged.token = bot.token + "x"
	stranger, err := client.SignLogin("stranger", d.key("acme-bot"), inAMinute())
	if err != nil {
		t.Fatal(err)
	}
	forged.secrets = append(forged.secrets, stranger)

	for i, c := range []struct {
		by           *caller
		method, path string
		body         string
		want         map[string]any // nil: the line has no such attribute
		reason       string
	}{
		{bot, "GET", whoami, "", map[string]any{"status": 200., "operation": "getSessionInfoV1", "user": float64(me.UserID), "company": 190.}, ""},
		{bot, "GET", "/pod/v1/companycert/list", "", map[string]any{"status": 403., "operation": "listCompanyCerts", "user": float64(me.UserID)}, "right"},
		{admin, "GET", "/pod/v1/companycert/list", "", map[string]any{"status": 200., "operation": "listCompanyCerts"}, ""},
		{forged, "GET", whoami, "", map[string]any{"status": 401., "operation": "getSessionInfoV1", "user": nil}, "the session token"},
		{forged, "POST", "/login/pubkey/authenticate", `{"token":"` + stranger + `"}`, map[string]any{"status": 401., "operation": "authenticate"}, `"stranger"`},
		{forged, "POST", "/login/pubkey/authenticate", `{"token":`, map[string]any{"status": 400., "operation": "authenticate"}, "JSON"},
		{bot, "GET", "/no/such/path", "", map[string]any{"status": 404., "operation": nil, "path": "/no/such/path", "method": "GET"}, ""},
		{bot, "DELETE", whoami, "", map[string]any{"status": 405., "operation": nil, "method": "DELETE"}, ""},
		{bot, "POST", "/login/idm/tokens?scope=at2", "", map[string]any{"status": 403., "operation": "createAccessToken"}, "at2"},
		{bot, "POST", "/login/idm/tokens", "", map[string]any{"status": 200., "operation": "createAccessToken"}, ""},
		{bot, "POST", logout, "", map[string]any{"status": 200., "operation": "logout", "user": float64(me.UserID)}, ""},
		{bot, "GET", whoami, "", map[string]any{"status": 401., "operation": "getSessionInfoV1"}, "ended"},
	} {
		trace := fmt.Sprintf("Trace_%d", i)
		c.by.body = c.body
		a := c.by.call(c.method, c.path, trace)
		if float64(a.Status) != c.want["status"] {
			t.Errorf("%s %s: %d %s", c.method, c.path, a.Status, a.Body)
		}
		if got := a.Header.Get("X-Trace-Id"); c.want["operation"] != nil && got != trace {
			t.Errorf("%s %s: the answer's trace is %q", c.method, c.path, got)
		}
		c.want["trace"], c.want["msg"], c.want["address"] = trace, "request", "127.0.0.1"
		d.says(d.stderr, `"trace":"`+trace+`"`)
		line := only(t, d, trace)
		for name, want := range c.want {
			if line[name] != want {
				t.Errorf("%s %s: %s is %v in %v", c.method, c.path, name, line[name], line)
			}
		}
		reason, _ := line["reason"].(string)
		if line["took"] == nil || line["time"] == nil || line["level"] != "INFO" || !strings.Contains(reason, c.reason) || c.reason == "" && a.Status == 200 && reason != "" {
			t.Errorf("%s %s: the line is %v", c.method, c.path, line)
		}
	}

	// Of a trace that is no decent one nothing gets into the log.
	for _, bad := range []string{"a b", `a"b`, "<a>", strings.Repeat("a", 65), "é"} {
		a := admin.call(http.MethodGet, whoami, bad)
		if got := a.Header.Get("X-Trace-Id"); got == "" || got == bad {
			t.Errorf("the trace %q is answered by %q", bad, got)
		} else {
			d.says(d.stderr, `"trace":"`+got+`"`)
		}
	}

	d.signal(syscall.SIGTERM)
	if d.code() != 0 {
		t.Fatal(d.all())
	}
	requests := len(linesOf(d.lines(), "request"))
	if made := admin.made + bot.made + forged.made; requests != made {
		t.Errorf("%d lines of %d requests", requests, made)
	}
	for _, c := range []*caller{admin, bot, forged} {
		for _, secret := range c.secrets {
			if len(secret) < 20 || strings.Contains(d.all(), secret) {
				t.Errorf("the log tells %s:\n%s", secret, d.all())
			}
			for part := range strings.SplitSeq(secret, ".") { // of a token, signature and all
				if len(part) > 60 && strings.Contains(d.all(), part) {
					t.Errorf("the log tells the part %s:\n%s", part, d.all())
				}
			}
		}
	}
	for _, file := range files(t, d.folder+"/keys") {
		tellsNothing(t, d.all(), read(t, d.folder, "keys", file))
	}
}

// only returns the one line of a trace.
func only(t *testing.T, d *devPod, trace string) map[string]any {
	t.Helper()
	var found []map[string]any
	for _, line := range d.lines() {
		if line["trace"] == trace {
			found = append(found, line)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%d lines of %s: %v", len(found), trace, found)
	}
	return found[0]
}

// caller is a client that remembers what must not be told of it.
type caller struct {
	t       *testing.T
	http    *http.Client
	base    string
	token   string
	body    string // of the next call
	made    int    // calls
	secrets []string
}

// newCaller returns a caller that has logged in, if an account is named.
func newCaller(t *testing.T, d *devPod, username string) *caller {
	t.Helper()
	c := &caller{t: t, http: newHTTP(t), base: d.acme()}
	if username == "" {
		return c
	}
	signed, err := client.SignLogin(username, d.key(username), inAMinute())
	if err != nil {
		t.Fatal(err)
	}
	c.body = `{"token":"` + signed + `"}`
	var opened struct{ Token, AuthorizationToken string }
	if err := json.Unmarshal(c.call(http.MethodPost, "/login/pubkey/authenticate", "login-"+username).Body, &opened); err != nil {
		t.Fatal(err)
	}
	c.token = opened.Token
	c.secrets = []string{signed, opened.Token, strings.TrimPrefix(opened.AuthorizationToken, "Bearer ")}
	return c
}

func (c *caller) call(method, path, trace string) client.Answer {
	c.t.Helper()
	request, err := http.NewRequestWithContext(context.Background(), method, c.base+path, strings.NewReader(c.body))
	if err != nil {
		c.t.Fatal(err)
	}
	c.body = ""
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("X-Trace-Id", trace)
	request.Header.Set("sessionToken", c.token)
	c.made++
	return send(c.t, c.http, request)
}
