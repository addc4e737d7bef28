package pod_test

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"podium/internal/auth"
	"podium/internal/op"
	"podium/internal/pod"
	"podium/podtest"
)

const rightsFile = "testdata/rights.tsv"

// Who may call what stands in testdata/rights.tsv, which is reviewed: for each operation and each
// kind of caller whether the call is refused for want of a session (401) or of rights (403), or
// gets through to the operation (ok), whatever the operation then says. An operation without a row
// fails; make update writes the table anew.
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
	nobody, user, app, onBehalf, powerless, stranger *podtest.User
	target                                           *podtest.User // whom calls concern
}

func rightsTable(t *testing.T, p *podtest.Pod) string {
	t.Helper()
	var table strings.Builder
	table.WriteString("# operation\tnobody\tuser\tself\tapp\ton behalf\ton behalf, no permission\tkey manager\tother company\troles that pass\n")
	roles := make(map[auth.Role]*podtest.User)
	for _, r := range auth.Roles() {
		roles[r.ID] = p.Bot("only-"+strings.ToLower(string(r.ID)), string(r.ID))
	}
	for _, o := range pod.Catalogue() {
		c := callers{
			nobody: p.Nobody(), user: p.Bot("plain"), target: p.Bot("target"),
			app: p.App("acme-app"), stranger: p.As(p.Stranger("globex-admin")),
		}
		c.onBehalf = p.OnBehalf(p.App("acme-app"), "alice") // by a session of its own: c.app's may be ended
		c.powerless = p.OnBehalf(p.App(p.PowerlessApp()), "alice")
		self := "-"
		if o.Needs.ExceptSelf() {
			self = c.outcome(o, c.target)
			c.target.Login()
		}
		fmt.Fprintf(&table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t", o.ID, c.outcome(o, c.nobody), c.outcome(o, c.user), self,
			c.outcome(o, c.app), c.outcome(o, c.onBehalf), c.outcome(o, c.powerless), c.outcome(o, p.KeyManager("plain")),
			c.outcome(o, c.stranger))
		var pass []string
		for _, r := range auth.Roles() {
			roles[r.ID].Login() // the call before may have ended the session
			if c.outcome(o, roles[r.ID]) == "ok" {
				pass = append(pass, string(r.ID))
			}
		}
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

// outcome calls an operation with parameters that are well formed, and no more.
func (c callers) outcome(o op.Bound, u *podtest.User) string {
	id := strconv.FormatInt(c.target.ID, 10)
	answer := u.Call(o, c.parameters(o, id), []byte("{}"))
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

func (c callers) parameters(o op.Bound, id string) map[string]string {
	known := map[string]string{
		"uid": id, "userId": id, "username": "target", "userName": "target", "sid": strings.Repeat("0", 32), "fingerPrint": strings.Repeat("0", 64),
	}
	parameters := make(map[string]string)
	for name, value := range known {
		if strings.Contains(o.Path, "{"+name+"}") {
			parameters[name] = value
		}
	}
	return parameters
}
