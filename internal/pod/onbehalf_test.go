package pod_test

import (
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"podium/internal/auth"
	"podium/internal/pod"
	"podium/podtest"
)

// TestPermissionsOpenTheirOperations checks testdata/onbehalf.tsv, which is written by hand after
// the published table: a permission, or several needed together, and the operations that it opens
// to on-behalf-of sessions. An application with only these permissions calls every operation of the
// pod on behalf of a user. The listed ones accept it, and all others refuse it with 403.
// ACT_AS_USER is implicit, so no application of the test names it.
func TestPermissionsOpenTheirOperations(t *testing.T) {
	t.Parallel()
	want := onBehalfTable(t)
	p := podtest.Start(t)
	sets := []string{""}
	for _, permission := range auth.Permissions() {
		sets = append(sets, string(permission))
	}
	for set := range want {
		if !slices.Contains(sets, set) {
			sets = append(sets, set)
		}
	}
	c := callers{things: newThings(t, p)}
	c.aim(p.Bot("target"))
	for i, set := range sets {
		open := map[string]bool{}
		for named, operations := range want {
			if within(named, set) {
				for _, id := range operations {
					open[id] = true
				}
			}
		}
		id := "only-" + string(rune('a'+i))
		p.MakeApp(id, permissionsOf(set)...)
		app, user := p.App(id), p.User("holder", "USER_PROVISIONING")
		act := func() *podtest.User {
			u := p.OnBehalf(app, user.Username)
			u.ID = user.ID
			return u
		}
		u := act()
		for _, o := range pod.Catalogue() {
			if o.Needs.Public() || o.Needs.OfApps() {
				continue
			}
			got := c.status(o, u)
			if got == http.StatusUnauthorized {
				u = act()
				got = c.status(o, u)
			}
			if passes(got) != open[o.ID] {
				t.Errorf("%s with %q: %d", o.ID, set, got)
			}
		}
	}
}

// within reports whether all permissions in named, joined by +, are in set.
func within(named, set string) bool {
	held := permissionsOf(set)
	return !slices.ContainsFunc(permissionsOf(named), func(p auth.Permission) bool {
		return p != auth.ActAsUser && !slices.Contains(held, p)
	})
}

func permissionsOf(set string) []auth.Permission {
	var list []auth.Permission
	for name := range strings.SplitSeq(set, "+") {
		if name != "" {
			list = append(list, auth.Permission(name))
		}
	}
	return list
}

func onBehalfTable(t *testing.T) map[string][]string {
	t.Helper()
	text, err := os.ReadFile("testdata/onbehalf.tsv")
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, o := range pod.Catalogue() {
		known[o.ID] = true
	}
	table := map[string][]string{}
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		set, operations, _ := strings.Cut(strings.TrimSpace(line), "\t")
		table[set] = strings.Fields(operations)
		for _, id := range table[set] {
			if !known[id] {
				t.Errorf("there is no operation %s", id)
			}
		}
	}
	return table
}
