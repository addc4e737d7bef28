package auth_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"podium/internal/apierr"
	"podium/internal/auth"
)

// TestNeeds checks each need against each kind of session: which pass, and why the others do not.
func TestNeeds(t *testing.T) {
	t.Parallel()
	both := auth.Set{auth.ViewUserDetail: {}, auth.AccessAdminAPI: {}}
	one := auth.Set{auth.ViewUserDetail: {}}
	callers := map[string]auth.Caller{
		"anonymous":         {Company: 7},
		"user":              {Company: 7, Kind: auth.UserSession, User: 1},
		"user, one right":   {Company: 7, Kind: auth.UserSession, User: 1, Rights: one},
		"user, all rights":  {Company: 7, Kind: auth.UserSession, User: 1, Rights: both},
		"token, all rights": {Company: 7, Kind: auth.UserSession, User: 1, ByToken: true, Scopes: []string{"at2", "profile-manager"}, Rights: both},
		"token, one right":  {Company: 7, Kind: auth.UserSession, User: 1, ByToken: true, Scopes: []string{"profile-manager"}, Rights: one},
		"token, no scope":   {Company: 7, Kind: auth.UserSession, User: 1, ByToken: true, Scopes: []string{"at2"}, Rights: both},
		"app":               {Company: 7, Kind: auth.AppSession, App: "bot", Permissions: []auth.Permission{auth.GetPresence}, Rights: both},
		"obo":               {Company: 7, Kind: auth.OnBehalfSession, User: 1, App: "bot", Permissions: []auth.Permission{auth.GetPresence}},
		"obo, all rights":   {Company: 7, Kind: auth.OnBehalfSession, User: 1, App: "bot", Permissions: []auth.Permission{auth.GetPresence}, Rights: both},
		"obo, not allowed":  {Company: 7, Kind: auth.OnBehalfSession, User: 1, App: "bot", Permissions: []auth.Permission{"OUR_OWN"}, Rights: both},
		"key manager":       {Company: 7, Kind: auth.KeySession, User: 1, Rights: both},
		"some other kind":   {Company: 7, Kind: "root", User: 1, Rights: both},
	}
	opened := []auth.Permission{auth.SetPresence, auth.GetPresence}
	const (
		kind       = "kind"
		closed     = "closed to on-behalf-of"
		permission = "the application bot lacks the permission"
		scope      = "not made for the scope profile-manager"
		admin      = "the right ACCESS_ADMIN_API is missing"
		detail     = "the right VIEW_USER_DETAIL is missing"
		bySession  = "a session token is needed"
		either     = "one of the rights ACCESS_ADMIN_API|VIEW_USER_DETAIL is needed"
	)
	for name, c := range map[string]struct {
		need    auth.Need
		opens   []auth.Permission
		own     bool
		refused map[string]string // the caller → the reason; callers that are not listed pass
	}{
		"Anyone": {auth.Anyone, nil, false, nil},
		"AnyUser": {auth.AnyUser, opened, false, map[string]string{
			"anonymous": kind, "app": kind, "key manager": kind, "some other kind": kind, "obo, not allowed": permission,
		}},
		"AnyUser, closed": {auth.AnyUser, nil, false, map[string]string{
			"anonymous": kind, "app": kind, "key manager": kind, "some other kind": kind,
			"obo": closed, "obo, all rights": closed, "obo, not allowed": closed,
		}},
		"AnySession": {auth.AnySession, opened, false, map[string]string{
			"anonymous": kind, "key manager": kind, "some other kind": kind, "obo, not allowed": permission,
		}},
		"AnyUserBySession": {auth.AnyUserBySession, opened, false, map[string]string{
			"anonymous": kind, "app": kind, "key manager": kind, "some other kind": kind, "obo, not allowed": permission,
			"token, all rights": bySession, "token, one right": bySession, "token, no scope": bySession,
		}},
		"AnApp": {auth.AnApp, opened, false, map[string]string{
			"anonymous": kind, "user": kind, "user, one right": kind, "user, all rights": kind, "obo": kind, "obo, all rights": kind,
			"obo, not allowed": kind, "key manager": kind, "some other kind": kind,
			"token, all rights": kind, "token, one right": kind, "token, no scope": kind,
		}},
		"All": {auth.All(auth.ViewUserDetail, auth.AccessAdminAPI), opened, false, map[string]string{
			"anonymous": kind, "app": kind, "key manager": kind, "some other kind": kind, "user": detail, "user, one right": admin,
			"obo": detail, "obo, not allowed": permission,
			"token, one right": admin,
		}},
		"Any": {auth.Any(auth.AccessAdminAPI, auth.ViewUserDetail), opened, false, map[string]string{
			"anonymous": kind, "app": kind, "key manager": kind, "some other kind": kind, "user": either, "obo": either, "obo, not allowed": permission,
		}},
		// the owner of the data does not matter
		"All, own": {auth.All(auth.ViewUserDetail), opened, true, map[string]string{
			"anonymous": kind, "app": kind, "key manager": kind, "some other kind": kind, "user": detail, "obo": detail, "obo, not allowed": permission,
		}},
		"SelfOr, another's": {auth.SelfOr(auth.ViewUserDetail), opened, false, map[string]string{
			"anonymous": kind, "app": kind, "key manager": kind, "some other kind": kind, "user": detail, "obo": detail, "obo, not allowed": permission,
		}},
		"SelfOr, own": {auth.SelfOr(auth.ViewUserDetail), opened, true, map[string]string{
			"anonymous": kind, "app": kind, "key manager": kind, "some other kind": kind, "obo, not allowed": permission,
		}},
		"SelfOr, own, closed": {auth.SelfOr(auth.ViewUserDetail), nil, true, map[string]string{
			"anonymous": kind, "app": kind, "key manager": kind, "some other kind": kind,
			"obo": closed, "obo, all rights": closed, "obo, not allowed": closed,
		}},
		"Scoped": {auth.Scoped("profile-manager", auth.AccessAdminAPI), nil, false, map[string]string{
			"anonymous": kind, "app": kind, "key manager": kind, "some other kind": kind, "user": scope, "user, one right": scope,
			"user, all rights": scope, "token, one right": admin, "token, no scope": scope,
			"obo": closed, "obo, all rights": closed, "obo, not allowed": closed,
		}},
	} {
		for who, caller := range callers {
			_, err := c.need.Check(caller, c.opens, c.own)
			want, refused := c.refused[who]
			if !refused {
				if err != nil {
					t.Errorf("%s: %s is refused: %v", name, who, err)
				}
				continue
			}
			var e *apierr.Error
			if !errors.As(err, &e) || e.Kind != apierr.KindForbidden {
				t.Errorf("%s: %s gets %v", name, who, err)
				continue
			}
			if e.Message != "The user lacks the required entitlement to perform this operation" {
				t.Errorf("%s: %s reads %q", name, who, e.Message)
			}
			if !strings.Contains(e.Reason, want) {
				t.Errorf("%s: %s is refused for %q, not for %q", name, who, e.Reason, want)
			}
		}
	}
}

func TestNeedsAsOperationsShowThem(t *testing.T) {
	t.Parallel()
	for want, c := range map[string]struct {
		need            auth.Need
		decided, public bool
		self            bool
	}{
		"":                                  {auth.Need{}, false, false, false},
		"Anyone":                            {auth.Anyone, true, true, false},
		"AnyUser":                           {auth.AnyUser, true, false, false},
		"AnySession":                        {auth.AnySession, true, false, false},
		"AnApp":                             {auth.AnApp, true, false, false},
		"VIEW_USER_DETAIL":                  {auth.All(auth.ViewUserDetail), true, false, false},
		"VIEW_USER_DETAIL+ACCESS_ADMIN_API": {auth.All(auth.ViewUserDetail, auth.AccessAdminAPI), true, false, false},
		"AnyUserBySession":                  {auth.AnyUserBySession, true, false, false},
		"VIEW_USER_DETAIL|ACCESS_ADMIN_API": {auth.Any(auth.ViewUserDetail, auth.AccessAdminAPI), true, false, false},
		"onBehalf|VIEW_USER_DETAIL":         {auth.OnBehalfOr(auth.ViewUserDetail), true, false, false},
		"at2:VIEW_USER_DETAIL":              {auth.Scoped("at2", auth.ViewUserDetail), true, false, false},
		"self|VIEW_USER_DETAIL":             {auth.SelfOr(auth.ViewUserDetail), true, false, true},
	} {
		n := c.need
		if n.String() != want || n.Decided() != c.decided || n.Public() != c.public || n.ExceptSelf() != c.self {
			t.Errorf("%q: %q, decided %v, public %v, except self %v", want, n, n.Decided(), n.Public(), n.ExceptSelf())
		}
	}
}

// TestUndecidedNeedRefusesEverySession checks the zero Need, though package op refuses it before.
func TestUndecidedNeedRefusesEverySession(t *testing.T) {
	t.Parallel()
	for _, kind := range []auth.SessionKind{"", auth.UserSession, auth.AppSession, auth.OnBehalfSession, auth.KeySession} {
		if _, err := (auth.Need{}).Check(auth.Caller{Kind: kind}, nil, true); err == nil {
			t.Errorf("a session of kind %q passes", kind)
		}
	}
}

// A caller acts by the rights of the need, but for what it may do without them. A handler cannot
// lose or add any: what the need found stays with the caller.
func TestTheNeedSaysByWhichRightsACallerActs(t *testing.T) {
	t.Parallel()
	admin := auth.Caller{Kind: auth.UserSession, Rights: auth.Set{auth.ViewUserDetail: {}, auth.AccessAdminAPI: {}}}
	onBehalf := auth.Caller{Kind: auth.OnBehalfSession, Permissions: []auth.Permission{auth.ActAsUser}}
	both := []auth.Right{auth.ViewUserDetail, auth.AccessAdminAPI}
	for name, c := range map[string]struct {
		need   auth.Need
		caller auth.Caller
		own    bool
		want   []auth.Right
	}{
		"any user":         {auth.AnyUser, admin, false, nil},
		"all":              {auth.All(both...), admin, false, both},
		"self":             {auth.SelfOr(both...), admin, true, nil},
		"not self":         {auth.SelfOr(both...), admin, false, both},
		"on behalf":        {auth.OnBehalfOr(both...), onBehalf, false, nil},
		"not on behalf":    {auth.OnBehalfOr(both...), admin, false, both},
		"checked before":   {auth.AnyUser, checked(t, admin, auth.All(both...)), false, nil},
		"public, and such": {auth.Anyone, checked(t, admin, auth.All(both...)), false, nil},
	} {
		caller, err := c.need.Check(c.caller, []auth.Permission{auth.ActAsUser}, c.own)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if grant := caller.Granted(); !slices.Equal(grant.By(), c.want) || grant.UsesRight() != (c.want != nil) {
			t.Errorf("%s: by %v, not %v", name, grant.By(), c.want)
		}
		if grant := caller.AsConsequence(); grant.UsesRight() {
			t.Errorf("%s: a consequence acts by %v", name, grant.By())
		}
		if grant := caller.ByRight(auth.SuppressMessage); !slices.Equal(grant.Granted().By(), []auth.Right{auth.SuppressMessage}) {
			t.Errorf("%s: by a right of its own: %v", name, grant.By())
		}
	}
}

func checked(t *testing.T, c auth.Caller, n auth.Need) auth.Caller {
	t.Helper()
	c, err := n.Check(c, nil, false)
	if err != nil {
		t.Fatal(err)
	}
	return c
}
