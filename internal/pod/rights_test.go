package pod_test

import (
	"fmt"
	"maps"
	"net/http"
	"os"
	"regexp"
	"slices"
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

// TestRights checks testdata/rights.tsv, which is reviewed: which callers may call which
// operations. A cell is the HTTP status of a valid call by a kind of caller: 401 without a session,
// 403 without rights, 2xx where the caller may call.
//
// The column "roles" groups the roles by the status that a user with only that role reaches; roles
// with 403 are left out.
//
// The column "another's user" is what an operation that names a user answers about a user of
// another company to a caller with every right. It is "hidden" if the answer is that for an unknown
// id of that company and differs from that for a colleague; "unreached" if all three are the same;
// "SEEN" otherwise, which is right only for what is published as open to other companies.
//
// An operation without a row fails, and so does one with which no caller succeeds, unless
// neverSucceeds lists it. PODIUM_UPDATE=1 writes the table.
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
			t.Errorf("%s has, but the pod does otherwise: %s", rightsFile, line)
		}
	})
}

// callers holds the callers of the table.
type callers struct {
	*things
	anonymous, user, app, onBehalf, powerless, stranger *podtest.User

	foreign int64 // the id of another company's user
}

// columns lists the columns of the table.
var columns = []string{
	"operation", "anonymous", "user", "self", "app", "on behalf", "on behalf, no permission", "key manager", "other company",
	"another's user", "roles",
}

func rightsTable(t *testing.T, p *podtest.Pod) string {
	t.Helper()
	var table strings.Builder
	table.WriteString("# " + strings.Join(columns, "\t") + "\n")
	roles := make(map[auth.Role]*podtest.User)
	for _, r := range auth.Roles() {
		roles[r.ID] = p.Bot("only-"+strings.ToLower(string(r.ID)), string(r.ID))
	}
	alice := p.User("alice").ID
	onBehalf := func(app string) *podtest.User {
		u := p.OnBehalf(p.App(app), "alice")
		u.ID = alice
		return u
	}
	c := callers{things: newThings(t, p), anonymous: p.Anonymous(), foreign: p.Stranger("globex-bot").ID}
	for _, o := range pod.Catalogue() {
		c.aim(p.Bot("target-" + strings.ToLower(o.ID))) // a call may disable it
		stayIn(&c.admin, func() *podtest.User { return p.Bot("acme-admin") })
		stayIn(&c.user, func() *podtest.User { return p.Bot("plain") })
		stayIn(&c.app, func() *podtest.User { return p.App("acme-app") })
		stayIn(&c.stranger, func() *podtest.User { return p.As(p.Stranger("globex-admin")) })
		// with a session of its own, because the session of c.app may end
		stayIn(&c.onBehalf, func() *podtest.User { return onBehalf("acme-app") })
		stayIn(&c.powerless, func() *podtest.User { return onBehalf(p.PowerlessApp()) })
		self := "-"
		if o.Needs.ExceptSelf() {
			self = c.cell(o, c.target)
		}
		row := []string{
			o.ID, c.cell(o, c.anonymous), c.cell(o, c.user), self, c.cell(o, c.app), c.cell(o, c.onBehalf), c.cell(o, c.powerless),
			c.cell(o, p.KeyManager("plain")), c.cell(o, c.stranger),
		}
		widest := c.admin // the caller with every right
		if o.Needs.OfApps() {
			widest = p.App("acme-app")
			c.aim(p.User("alice"))
		}
		stayIn(&widest, func() *podtest.User { return p.Bot("acme-admin") })
		row = append(row, c.company(o, widest))
		byStatus := map[int][]string{}
		for _, r := range auth.Roles() {
			holder := roles[r.ID]
			again := func() *podtest.User { holder.Login(); return holder }
			stayIn(&holder, again)
			status := c.status(o, holder)
			if status == http.StatusForbidden {
				continue
			}
			byStatus[status] = append(byStatus[status], string(r.ID))
			stayIn(&holder, again)
			if passes(status) && c.company(o, holder) == "SEEN" && row[len(row)-1] != "SEEN" {
				t.Errorf("%s: who holds %s sees another company's user", o.ID, r.ID)
			}
		}
		row = append(row, summary(byStatus, len(roles)))
		line := strings.Join(row, "\t")
		if success := succeeds.MatchString(line); success == (neverSucceeds[o.ID] != "") {
			t.Errorf("some caller succeeds: %v, and neverSucceeds has %q: %s", success, neverSucceeds[o.ID], line)
		}
		table.WriteString(line + "\n")
	}
	return table.String()
}

// succeeds matches a cell with a status of success.
var succeeds = regexp.MustCompile(`\t2\d\d\b`)

// summary returns roles by the status that they reach: "200: every one", or "204: A B; 404: C".
func summary(byStatus map[int][]string, all int) string {
	var parts []string
	for _, status := range slices.Sorted(maps.Keys(byStatus)) {
		names := strings.Join(byStatus[status], " ")
		if len(byStatus[status]) == all {
			names = "every one"
		}
		parts = append(parts, fmt.Sprintf("%d: %s", status, names))
	}
	if parts == nil {
		return "none"
	}
	return strings.Join(parts, "; ")
}

// stayIn logs a caller in again if the last call has ended the session. A login for each call would
// take longer than everything else.
func stayIn(u **podtest.User, login func() *podtest.User) {
	if *u == nil || (*u).Get("/pod/v2/sessioninfo").Status == http.StatusUnauthorized {
		*u = login()
	}
}

// passes reports whether a status shows that the caller may call the operation.
func passes(status int) bool {
	return status != http.StatusUnauthorized && status != http.StatusForbidden
}

func (c callers) cell(o op.Bound, u *podtest.User) string { return strconv.Itoa(c.status(o, u)) }

// status performs a valid call of an operation, and returns the status of the answer.
func (c callers) status(o op.Bound, u *podtest.User) int {
	c.Helper()
	r := c.request(o, u)
	answer := u.Call(o, r.parameters, []byte(r.body))
	if answer.Status >= http.StatusInternalServerError {
		c.Errorf("%s: %d %s", o.ID, answer.Status, answer.Body)
	}
	if passes(answer.Status) {
		c.use(o, u)
	}
	return answer.Status
}

// company returns what an operation shows of another company's users to a caller who may call it.
func (c callers) company(o op.Bound, u *podtest.User) string {
	c.Helper()
	names := userParameters(o)
	if len(names) == 0 {
		return "-"
	}
	colleague := c.target.ID
	said := func(id int64) string {
		r := c.request(o, u)
		for _, name := range names {
			r.parameters[name] = strconv.FormatInt(id, 10)
		}
		answer := u.Call(o, r.parameters, []byte(r.body))
		text := fmt.Sprintf("%d %s", answer.Status, answer.Body)
		return strings.ReplaceAll(text, strconv.FormatInt(id, 10), "ID")
	}
	defer c.use(o, u)
	none := said(int64(wire.NewUserID(wire.UserID(c.foreign).Company(), wire.MaxSequence)))
	foreign := said(c.foreign)
	switch {
	case foreign != none:
		return "SEEN"
	case foreign == said(colleague):
		return "unreached"
	}
	return "hidden"
}

// Well-formed ids of no stream and no message.
const (
	noStream  = "AAAAAAAAAAAAAAAAAAAAAH___mSAw0V3dA"
	noMessage = "AAAAAAAAAAAAAAAAAAAAAH___mSAw0V3bQ"
)

// userParameters returns an operation's parameters that are ids of users.
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

// TestTheAgentsOperations checks that the operations of the Agent that need a session, and no
// others, take the key manager's token: the SDKs send it beside the session token, and a wrong one
// has to be refused.
func TestTheAgentsOperations(t *testing.T) {
	t.Parallel()
	for _, o := range pod.Catalogue() {
		if (strings.HasPrefix(o.Path, "/agent/") && !o.Needs.Public()) != o.KeyManagerToken {
			t.Errorf("%s %s takes the key manager's token: %v", o.ID, o.Path, o.KeyManagerToken)
		}
	}
}
