package pod_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"podium/internal/auth"
	"podium/internal/op"
	"podium/internal/openapi"
	"podium/internal/pod"
)

// TestDescriptionsNameTheRightsThatOpen checks that the description of each operation states the
// rights and permissions that the frame checks. It reads the names from the description: the named
// rights open the operation, all together or each alone, as the sentence says. Without one of those
// needed together, or with all others, it stays closed. The same applies to permissions.
func TestDescriptionsNameTheRightsThatOpen(t *testing.T) {
	t.Parallel()
	described := make(map[string]string)
	document := openapi.Describe(pod.Catalogue(), openapi3.Info{})
	for _, item := range document.Paths.Map() {
		for _, o := range item.Operations() {
			described[o.OperationID] = o.Description
		}
	}
	for _, o := range pod.Catalogue() {
		paragraphs := strings.Split(described[o.ID], "\n\n")
		needs, opens := paragraphs[len(paragraphs)-1], ""
		if !o.Needs.Public() && !o.Needs.OfApps() {
			needs, opens = paragraphs[len(paragraphs)-2], paragraphs[len(paragraphs)-1]
		}
		testRights(t, o, needs)
		testPermissions(t, o, opens)
	}
}

// names matches names of rights and permissions.
var names = regexp.MustCompile(`\b[A-Z0-9]+(_[A-Z0-9]+)+\b`)

func testRights(t *testing.T, o op.Bound, sentence string) {
	t.Helper()
	var named []auth.Right
	for _, name := range names.FindAllString(sentence, -1) {
		named = append(named, auth.Right(name))
	}
	caller := auth.Caller{Company: 190, Kind: auth.UserSession, User: 1}
	if scope := o.Needs.Scope(); scope != "" {
		if !strings.Contains(sentence, "the scope "+scope+",") {
			t.Errorf("%s: the scope %s is not described: %s", o.ID, scope, sentence)
		}
		caller.ByToken, caller.Scopes = true, []string{scope}
	}
	passes := func(rights ...auth.Right) bool {
		caller.Rights = auth.Set{}
		for _, r := range rights {
			caller.Rights[r] = struct{}{}
		}
		_, err := o.Needs.Check(caller, o.Opens, false)
		return err == nil
	}
	if o.Needs.OfApps() {
		return
	}
	if len(named) == 0 {
		if !passes() {
			t.Errorf("%s: needs a right, and the description names none: %s", o.ID, sentence)
		}
		return
	}
	var others []auth.Right
	for right := range everyRight() {
		if !slices.Contains(named, right) {
			others = append(others, right)
		}
	}
	if passes(others...) {
		t.Errorf("%s: opens without any right of %q", o.ID, sentence)
	}
	if !passes(named...) {
		t.Errorf("%s: stays closed with all rights of %q", o.ID, sentence)
	}
	oneIsEnough := strings.Contains(sentence, "one of the rights")
	for i, right := range named {
		if oneIsEnough && !passes(right) {
			t.Errorf("%s: stays closed with %s, of %q", o.ID, right, sentence)
		}
		if rest := slices.Delete(slices.Clone(named), i, i+1); !oneIsEnough && passes(append(rest, others...)...) {
			t.Errorf("%s: opens without %s, of %q", o.ID, right, sentence)
		}
	}
}

func testPermissions(t *testing.T, o op.Bound, sentence string) {
	t.Helper()
	if o.Needs.Public() || o.Needs.OfApps() {
		return
	}
	caller := auth.Caller{Company: 190, Kind: auth.OnBehalfSession, User: 1, App: "app", Rights: everyRight()}
	if scope := o.Needs.Scope(); scope != "" {
		caller.ByToken, caller.Scopes = true, []string{scope}
	}
	passes := func(permissions ...auth.Permission) bool {
		caller.Permissions = permissions
		_, err := o.Needs.Check(caller, o.Opens, false)
		return err == nil
	}
	if sentence == "Closed to sessions on behalf of a user." {
		if passes(auth.Permissions()...) {
			t.Errorf("%s: is described as closed to on-behalf-of sessions, and opens", o.ID)
		}
		return
	}
	var named []auth.Permission
	_, list, _ := strings.Cut(sentence, "with the permission ")
	for _, alternative := range strings.Split(strings.TrimSuffix(list, "."), " or ") {
		var together []auth.Permission
		for _, name := range names.FindAllString(alternative, -1) {
			together = append(together, auth.Permission(name))
		}
		if len(together) == 0 {
			t.Errorf("%s: no permission is named in %q", o.ID, sentence)
		}
		if !passes(together...) {
			t.Errorf("%s: stays closed with %v, of %q", o.ID, together, sentence)
		}
		for i := range together {
			if len(together) > 1 && passes(slices.Delete(slices.Clone(together), i, i+1)...) {
				t.Errorf("%s: opens without %s, of %q", o.ID, together[i], sentence)
			}
		}
		named = append(named, together...)
	}
	others := slices.DeleteFunc(auth.Permissions(), func(p auth.Permission) bool { return slices.Contains(named, p) })
	if passes(others...) {
		t.Errorf("%s: opens without any permission of %q", o.ID, sentence)
	}
}

// everyRight returns all rights that roles grant.
func everyRight() auth.Set {
	all := auth.Set{}
	for _, role := range auth.Roles() {
		for _, right := range slices.Concat(role.Grants, role.Optional) {
			all[right] = struct{}{}
		}
	}
	return all
}
