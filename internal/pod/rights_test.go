package pod_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"podium/internal/auth"
	"podium/internal/op"
	"podium/internal/pod"
	"podium/internal/wire"
	"podium/podtest"
)

const rightsFile = "testdata/rights.tsv"

// Who may call what stands in testdata/rights.tsv, which is reviewed: for each operation and each
// kind of caller whether the call is refused for want of a session (401) or of rights (403), or
// gets through to the operation (ok), whatever the operation then says. "another's user" is what an operation that names a user says of
// one of another company, to whoever holds every right: "hidden" if just what it says of nobody, and something else of a
// colleague; "unreached" if it says the same of all three, since it does not get so far; "SEEN" otherwise, which is right for what is
// published as open to other companies, and for nothing else. An operation without a row fails; make update writes the table anew.
func TestRights(t *testing.T) {
	t.Parallel()
	podtest.Each(t, func(t *testing.T, p *podtest.Pod) {
		got := rightsTable(t, p)
		if os.Getenv("PODIUM_UPDATE") == "1" {
			if err := os.WriteFile(rightsFile, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
			return
		}
		want, err := os.ReadFile(rightsFile)
		if err != nil {
			t.Fatal(err)
		}
		reviewed := make(map[string]bool)
		for line := range strings.Lines(string(want)) {
			reviewed[line] = true
		}
		for line := range strings.Lines(got) {
			if !reviewed[line] {
				t.Errorf("%s does not have: %s", rightsFile, line)
			}
			delete(reviewed, line)
		}
		for line := range reviewed {
			t.Errorf("%s has what is not so: %s", rightsFile, line)
		}
	})
}

// callers of the table, in the order of its columns; roles come behind them.
type callers struct {
	anonymous, user, app, onBehalf, powerless, stranger *podtest.User
	target                                              *podtest.User // whom calls concern
	foreign                                             int64         // the id of another company's user
}

// columns of the table, before the roles.
var columns = []string{
	"operation", "anonymous", "user", "self", "app", "on behalf", "on behalf, no permission", "key manager", "other company", "another's user",
}

func rightsTable(t *testing.T, p *podtest.Pod) string {
	t.Helper()
	var table strings.Builder
	table.WriteString("# " + strings.Join(columns, "\t") + "\troles that pass\n")
	roles := make(map[auth.Role]*podtest.User)
	for _, r := range auth.Roles() {
		roles[r.ID] = p.Bot("only-"+strings.ToLower(string(r.ID)), string(r.ID))
	}
	c := callers{anonymous: p.Anonymous(), foreign: p.Stranger("globex-bot").ID}
	var admin *podtest.User
	for _, o := range pod.Catalogue() {
		c.target = p.Bot("target-" + strings.ToLower(o.ID)) // a call may disable it
		stayIn(&c.user, func() *podtest.User { return p.Bot("plain") })
		stayIn(&c.app, func() *podtest.User { return p.App("acme-app") })
		stayIn(&c.stranger, func() *podtest.User { return p.As(p.Stranger("globex-admin")) })
		stayIn(&c.onBehalf, func() *podtest.User { return p.OnBehalf(p.App("acme-app"), "alice") }) // by a session of its own: c.app's may be ended
		stayIn(&c.powerless, func() *podtest.User { return p.OnBehalf(p.App(p.PowerlessApp()), "alice") })
		stayIn(&admin, func() *podtest.User { return p.Bot("acme-admin") })
		self := "-"
		if o.Needs.ExceptSelf() {
			self = c.outcome(o, c.target)
		}
		row := []string{
			o.ID, c.outcome(o, c.anonymous), c.outcome(o, c.user), self, c.outcome(o, c.app), c.outcome(o, c.onBehalf), c.outcome(o, c.powerless),
			c.outcome(o, p.KeyManager("plain")), c.outcome(o, c.stranger), c.company(o, admin, c.target.ID),
		}
		if o.Needs.OfApps() {
			row[len(row)-1] = c.company(o, p.App("acme-app"), p.User("alice").ID)
		}
		var pass []string
		for _, r := range auth.Roles() {
			holder := roles[r.ID]
			again := func() *podtest.User { holder.Login(); return holder }
			stayIn(&holder, again)
			if c.outcome(o, holder) != "ok" {
				continue
			}
			pass = append(pass, string(r.ID))
			stayIn(&holder, again)
			if c.company(o, holder, c.target.ID) == "SEEN" && row[len(row)-1] != "SEEN" {
				t.Errorf("%s: who holds %s sees another company's user", o.ID, r.ID)
			}
		}
		table.WriteString(strings.Join(row, "\t") + "\t")
		switch len(pass) {
		case len(roles):
			table.WriteString("every one\n")
		case 0:
			table.WriteString("none\n")
		default:
			table.WriteString(strings.Join(pass, " ") + "\n")
		}
	}
	return table.String()
}

// stayIn sees to it that a caller has a session: the call before may have ended it. To log in each time would take
// longer than all else.
func stayIn(u **podtest.User, login func() *podtest.User) {
	if *u == nil || (*u).Get("/pod/v2/sessioninfo").Status == http.StatusUnauthorized {
		*u = login()
	}
}

// outcome calls an operation with parameters that are well formed, and no more.
func (c callers) outcome(o op.Bound, u *podtest.User) string {
	answer := call(o, u, c.target.ID)
	var e op.Error
	_ = json.Unmarshal(answer.Body, &e) // an answer of success is no error
	switch {
	case answer.Status == 401 && e.Message == "Invalid session":
		return "401"
	case answer.Status == 403:
		return "403"
	}
	return "ok"
}

// company returns what of another company's users an operation lets out to somebody who may call it.
func (c callers) company(o op.Bound, u *podtest.User, colleague int64) string {
	if len(userParameters(o)) == 0 {
		return "-"
	}
	said := func(id int64) string {
		answer := call(o, u, id)
		text := fmt.Sprintf("%d %s", answer.Status, answer.Body)
		return strings.ReplaceAll(text, strconv.FormatInt(id, 10), "ID")
	}
	nobody := int64(wire.NewUserID(190, wire.MaxSequence))
	foreign := said(c.foreign)
	switch {
	case foreign != said(nobody):
		return "SEEN"
	case foreign == said(colleague):
		return "unreached"
	}
	return "hidden"
}

// call calls an operation about a user, with a body that most take.
func call(o op.Bound, u *podtest.User, user int64) podtest.Answer {
	parameters := map[string]string{}
	for _, name := range userParameters(o) {
		parameters[name] = strconv.FormatInt(user, 10)
	}
	for name, value := range map[string]string{
		"username": "target", "userName": "target", "sid": strings.Repeat("0", 32), "fingerPrint": strings.Repeat("0", 64),
		"id": strings.Repeat("0", 32), "groupAppId": "acme-app",
		"did": strings.Repeat("0", 24), "gid": strings.Repeat("0", 24), "feedId": "0",
		"tenant": "190", "size": "150", "file": "x.png",
		"groupId": "1", "typeId": "SDL", "scheme": "none", "extension": ".none",
	} {
		if strings.Contains(o.Path, "{"+name+"}") {
			parameters[name] = value
		}
	}
	if strings.HasPrefix(o.Tag, "Stream") || strings.HasPrefix(o.Tag, "Room") || o.Tag == "Share" {
		for _, name := range []string{"id", "sid", "streamId"} {
			if strings.Contains(o.Path, "{"+name+"}") {
				parameters[name] = noStream
			}
		}
	}
	if o.Tag == "MessageSuppression" {
		parameters["id"] = noMessage
	}
	for _, name := range []string{"mid", "messageId"} {
		if strings.Contains(o.Path, "{"+name+"}") {
			parameters[name] = noMessage
		}
	}
	if strings.HasSuffix(o.Path, "/setActive") {
		parameters["active"] = "true"
	}
	return u.Call(o, parameters, body(o))
}

// Well-formed ids that no stream and no message has.
const (
	noStream  = "AAAAAAAAAAAAAAAAAAAAAH___mSAw0V3dA"
	noMessage = "AAAAAAAAAAAAAAAAAAAAAH___mSAw0V3bQ"
)

// userParameters returns the names of an operation's parameters that are ids of users.
func userParameters(o op.Bound) []string {
	var names []string
	for i := range o.In.NumField() {
		for _, in := range []string{"path", "query"} {
			if name, ok := o.In.Field(i).Tag.Lookup(in); ok && (name == "uid" || name == "userId") {
				names = append(names, name)
			}
		}
	}
	return names
}

// bodies is what operations need in their body to get as far as the user they name, where the usual one is not enough.
var bodies = map[string]string{}

func body(o op.Bound) []byte {
	if own, ok := bodies[o.ID]; ok {
		return []byte(own)
	}
	if field, ok := o.In.FieldByName("Body"); ok && field.Type.Kind() == reflect.Slice {
		return []byte(`[]`)
	}
	return []byte(`{"id": "INDIVIDUAL", "status": "ENABLED", "suspended": false}`)
}
