package auth_test

import (
	"slices"
	"testing"

	"podium/internal/auth"
)

// TestMissing checks what each need says that a caller lacks, and that it says so exactly where
// Check refuses.
func TestMissing(t *testing.T) {
	t.Parallel()
	user := auth.Caller{Company: 7, Kind: auth.UserSession, User: 1, Rights: auth.Set{auth.ViewUserDetail: {}}}
	app := auth.Caller{Company: 7, Kind: auth.AppSession, App: "a"}
	onBehalf := auth.Caller{Company: 7, Kind: auth.OnBehalfSession, User: 1, App: "a", Permissions: []auth.Permission{auth.ActAsUser}}
	byToken := user
	byToken.ByToken = true
	opens := []auth.Permission{auth.SendMessages}
	for name, c := range map[string]struct {
		need   auth.Need
		caller auth.Caller
		opens  []auth.Permission
		want   auth.Missing
	}{
		"nothing":         {auth.All(auth.ViewUserDetail), user, nil, auth.Missing{}},
		"public":          {auth.Anyone, auth.Caller{}, nil, auth.Missing{}},
		"one of two":      {auth.All(auth.ViewUserDetail, auth.AccessAdminAPI), user, nil, auth.Missing{Rights: []auth.Right{auth.AccessAdminAPI}}},
		"any, held":       {auth.Any(auth.AccessAdminAPI, auth.ViewUserDetail), user, nil, auth.Missing{}},
		"any":             {auth.Any(auth.AccessAdminAPI, auth.ViewApps), user, nil, auth.Missing{Rights: []auth.Right{auth.AccessAdminAPI, auth.ViewApps}, Any: true}},
		"another session": {auth.AnyUser, app, nil, auth.Missing{Session: true}},
		"no session":      {auth.AnyUser, auth.Caller{Company: 7}, nil, auth.Missing{Session: true}},
		"access token":    {auth.AnyUserBySession, byToken, nil, auth.Missing{Session: true}},
		"scope":           {auth.Scoped("s", auth.ViewUserDetail), user, nil, auth.Missing{Scope: "s"}},
		"permission":      {auth.AnyUser, onBehalf, opens, auth.Missing{Permissions: opens}},
		"closed":          {auth.AnyUser, onBehalf, nil, auth.Missing{Session: true}},
	} {
		got := c.need.Missing(c.caller, c.opens)
		if got.Session != c.want.Session || got.Scope != c.want.Scope || got.Any != c.want.Any ||
			!slices.Equal(got.Rights, c.want.Rights) || !slices.Equal(got.Permissions, c.want.Permissions) {
			t.Errorf("%s: %+v", name, got)
		}
		lacks := got.Session || got.Scope != "" || got.Rights != nil || got.Permissions != nil
		if _, err := c.need.Check(c.caller, c.opens, false); (err != nil) != lacks {
			t.Errorf("%s: Check says %v", name, err)
		}
	}
}

func TestUsage(t *testing.T) {
	t.Parallel()
	var usage auth.Usage
	caller := auth.Caller{Company: 7, Kind: auth.UserSession, User: 1, Rights: auth.Set{auth.ViewUserDetail: {}, auth.SuppressMessage: {}}}.Noting(&usage)
	for _, need := range []auth.Need{auth.AnyUser, auth.Any(auth.ViewUserDetail, auth.AccessAdminAPI), auth.SelfOr(auth.SuppressMessage)} {
		if _, err := need.Check(caller, nil, true); err != nil {
			t.Fatal(err)
		}
	}
	if got := usage.Rights(); !slices.Equal(got, []auth.Right{auth.ViewUserDetail}) {
		t.Errorf("used: %v", got)
	}
	caller.ByRight(auth.SuppressMessage)
	if got := usage.Rights(); !slices.Contains(got, auth.SuppressMessage) || len(got) != 2 {
		t.Errorf("used: %v", got)
	}
}

func TestGrantedBy(t *testing.T) {
	t.Parallel()
	if got := auth.GrantedBy(auth.AccessUserProvisioningAPI, auth.System); !slices.Equal(got, []auth.Role{auth.UserProvisioning}) {
		t.Errorf("%v", got)
	}
	for _, of := range []auth.AccountType{auth.Normal, auth.System} {
		for _, r := range []auth.Right{auth.ViewUserDetail, auth.SuppressMessage, auth.ManageInfoBarriers} {
			for _, role := range auth.GrantedBy(r, of) {
				info, ok := auth.FindRole(role)
				if !ok || !slices.Contains(info.For, of) || !auth.RightsOf([]auth.Role{info.ID, role}).Has(r) {
					t.Errorf("%s does not give %s to %s", role, r, of)
				}
			}
		}
	}
}
