package auth_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"

	"podium/internal/auth"
)

// granted is a reviewed extract of the published table "Roles and privileges": how many rights each
// role grants, some that it must grant and some that it must not.
var granted = map[auth.Role]struct {
	grants   int
	optional int
	must     []auth.Right
	mustNot  []auth.Right
}{
	"INDIVIDUAL": {1, 0, []auth.Right{auth.LoginWithPassword}, []auth.Right{auth.AccessAdminAPI}},
	"USER_PROVISIONING": {41, 0,
		[]auth.Right{auth.AccessUserProvisioningAPI, auth.AccessAdminAPI, auth.CreateServiceAccount, auth.ManageUserDelegates, auth.ManageInfoBarriers, auth.AdminPresenceUpdate, auth.ViewUserDetail},
		[]auth.Right{auth.LoginWithPassword, auth.ManagePodDisclaimers, auth.ViewPrivilegedUserAuditTrail, auth.ResetServiceAccountKey, auth.SuppressMessage}},
	"SCOPE_MANAGEMENT": {5, 0, []auth.Right{auth.ManageRoleScopes, auth.ViewRoleScopes}, []auth.Right{auth.ModifyEndUserAccount}},
	"CONTENT_MANAGEMENT": {7, 0,
		[]auth.Right{auth.ImportMessages, auth.SuppressMessage, auth.ViewUserEntitlements},
		[]auth.Right{auth.AccessExportedMessageContent}},
	"EF_POLICY_MANAGEMENT": {9, 0,
		[]auth.Right{auth.ManageFileExtensions, auth.ManageExpressionFilters, auth.DLPCryptoKey},
		[]auth.Right{auth.AccessDecryptionKeys}},
	"AUDIT_TRAIL_MANAGEMENT":  {2, 0, []auth.Right{auth.AccessAdminAPI, auth.ViewPrivilegedUserAuditTrail}, []auth.Right{auth.ViewUserDetail}},
	"GROUP_MANAGER":           {3, 0, []auth.Right{auth.CanCreateDistributionList}, []auth.Right{auth.ModifyEndUserAccount}},
	"MALWARE_SCAN_STATE_USER": {2, 0, []auth.Right{auth.SetMalwareScanState, auth.ViewMalwareScanState}, []auth.Right{auth.AccessAdminAPI}},
	"MALWARE_SCAN_MANAGER":    {5, 0, []auth.Right{auth.SetMalwareScanConfig, auth.ViewMalwareScanState}, []auth.Right{auth.SetMalwareScanState}},
	"ADMINISTRATOR": {19, 0,
		[]auth.Right{auth.RebuildIndex, auth.ModifyServiceAccount, auth.BulkManageUsers},
		[]auth.Right{auth.AccessUserProvisioningAPI, auth.CreateServiceAccount, auth.ManageInfoBarriers, auth.AdminResetUserPassword}},
	"SUPER_ADMINISTRATOR": {61, 0,
		[]auth.Right{auth.ResetServiceAccountKey, auth.EnablePodSendFileExternal, auth.DisablePodExternalCommunication, auth.EnableRequireWarningExternalCommunication, auth.ManagePodDisclaimers, auth.ViewUserEntitleableActions},
		[]auth.Right{auth.AccessUserProvisioningAPI, auth.SuppressMessage, auth.AccessDecryptionKeys, auth.ViewConversationAuditTrail}},
	"COMPLIANCE_OFFICER": {15, 4,
		[]auth.Right{auth.AdminSearchRooms, auth.ViewConversationAuditTrail, auth.ViewInfoBarriers},
		[]auth.Right{auth.MonitorRooms, auth.BanAndUnbanRoomMember, auth.ManageInfoBarriers, auth.SuppressMessage}},
	"SUPER_COMPLIANCE_OFFICER": {30, 0,
		[]auth.Right{auth.MonitorRooms, auth.MonitorWallPosts, auth.BanAndUnbanRoomMember, auth.LockAndUnlockRoom, auth.SuppressMessage, auth.ManageInfoBarriers},
		[]auth.Right{auth.ModifyEndUserAccount, auth.LoginWithPassword}},
	"L1_SUPPORT": {15, 0,
		[]auth.Right{auth.AdminResetUserPassword, auth.ViewUserAppsEntitlements},
		[]auth.Right{auth.ModifyEndUserEntitlements, auth.ModifyUserDisclaimers, auth.ViewBlacklist}},
	"L2_SUPPORT": {18, 0,
		[]auth.Right{auth.ModifyEndUserEntitlements, auth.ModifyUserDisclaimers, auth.ViewBlacklist},
		[]auth.Right{auth.ModifyServiceAccount}},
	"CONTENT_EXPORT_SERVICE": {7, 0,
		[]auth.Right{auth.AccessExportedMessageContent, auth.ViewDLPViolation, auth.ViewUserEntitleableActions},
		[]auth.Right{auth.AccessAdminAPI}},
	"CONTENT_EXPORT_READER": {1, 0, []auth.Right{auth.AccessExportedMessageContent}, []auth.Right{auth.AccessDecryptionKeys}},
	"AGENT":                 {2, 0, []auth.Right{auth.GetSessionOnUserBehalf, auth.ViewApps}, []auth.Right{auth.AccessAdminAPI}},
	"KEY_MANAGER": {10, 0,
		[]auth.Right{auth.CreateKeysInKeystore, auth.AccessKsaltKhpassword, auth.UpdateCryptoRotationInfo},
		[]auth.Right{auth.ModifyEndUserAccount}},
	"SYMPHONY_ADMIN": {12, 0,
		[]auth.Right{auth.ViewDirectoryProfile, auth.ViewUsageStatistics},
		[]auth.Right{auth.CreateEndUserAccount}},
	"CEP_VISIBILITY_GROUP_MANAGEMENT": {1, 0, []auth.Right{auth.ManageCEPVisibilityGroups}, nil},
	"USER_PRESENCE_UPDATE":            {1, 0, []auth.Right{auth.AdminPresenceUpdate}, []auth.Right{auth.AccessAdminAPI}},
	"SSO_MANAGER":                     {2, 0, []auth.Right{auth.ManageSSOForPod}, []auth.Right{auth.ModifyPodEntitlements}},
}

func TestRolesGrantWhatIsPublished(t *testing.T) {
	t.Parallel()
	seen := map[auth.Role]bool{}
	for _, r := range auth.Roles() {
		if seen[r.ID] {
			t.Errorf("role %s is there twice", r.ID)
		}
		seen[r.ID] = true
		want, ok := granted[r.ID]
		if !ok {
			t.Errorf("role %s is not in the reviewed table", r.ID)
			continue
		}
		rights := auth.RightsOf([]auth.Role{r.ID})
		if len(rights) != want.grants || len(r.Grants) != want.grants || len(r.Optional) != want.optional {
			t.Errorf("role %s grants %d rights (%d listed) and %d optional ones, not %d and %d",
				r.ID, len(rights), len(r.Grants), len(r.Optional), want.grants, want.optional)
		}
		for _, right := range want.must {
			if !rights.Has(right) {
				t.Errorf("role %s does not grant %s", r.ID, right)
			}
		}
		for _, right := range want.mustNot {
			if rights.Has(right) {
				t.Errorf("role %s grants %s", r.ID, right)
			}
		}
		if r.Name == "" || len(r.For) == 0 {
			t.Errorf("role %s lacks a name or accounts that may hold it", r.ID)
		}
	}
	for id := range granted {
		if !seen[id] {
			t.Errorf("there is no role %s", id)
		}
	}
}

// TestRolesThatBuildOnOthers checks where the published table says "as this role, plus".
func TestRolesThatBuildOnOthers(t *testing.T) {
	t.Parallel()
	for role, more := range map[auth.Role]struct {
		than auth.Role
		plus []auth.Right
	}{
		"L2_SUPPORT": {"L1_SUPPORT", []auth.Right{auth.ModifyEndUserEntitlements, auth.ModifyUserDisclaimers, auth.ViewBlacklist}},
		"SUPER_COMPLIANCE_OFFICER": {"COMPLIANCE_OFFICER", []auth.Right{
			auth.BanAndUnbanRoomMember, auth.LockAndUnlockRoom, auth.MonitorRooms, auth.MonitorWallPosts,
			auth.AccessDecryptionKeys, auth.DLPCryptoKey, auth.ManageExpressionFilters, auth.ManageInfoBarriers, auth.ModifyApps,
			auth.SuppressMessage, auth.ViewApps, auth.ViewExpressionFilters, auth.ViewProfanityEnforcementAuditTrail,
			auth.ViewSurveillanceSessionDetails, auth.ViewUsagePolicyDetails,
		}},
	} {
		got, want := auth.RightsOf([]auth.Role{role}), auth.RightsOf([]auth.Role{more.than})
		for _, right := range more.plus {
			if want.Has(right) {
				t.Errorf("%s grants %s by itself", more.than, right)
			}
			want[right] = struct{}{}
		}
		if len(got) != len(want) {
			t.Errorf("%s grants %d rights, %s and what is added are %d", role, len(got), more.than, len(want))
		}
		for right := range want {
			if !got.Has(right) {
				t.Errorf("%s does not grant %s", role, right)
			}
		}
	}
}

// TestWhoMayHoldARole checks that people hold roles for people, and service accounts those for
// services.
func TestWhoMayHoldARole(t *testing.T) {
	t.Parallel()
	for id, want := range map[auth.Role][]auth.AccountType{
		"INDIVIDUAL":               {auth.Normal, auth.System},
		"ADMINISTRATOR":            {auth.Normal},
		"SUPER_ADMINISTRATOR":      {auth.Normal},
		"COMPLIANCE_OFFICER":       {auth.Normal},
		"SUPER_COMPLIANCE_OFFICER": {auth.Normal},
		"L1_SUPPORT":               {auth.Normal},
		"L2_SUPPORT":               {auth.Normal},
		"USER_PROVISIONING":        {auth.System},
		"CONTENT_MANAGEMENT":       {auth.System},
		"SCOPE_MANAGEMENT":         {auth.System},
		"AUDIT_TRAIL_MANAGEMENT":   {auth.System},
		"AGENT":                    {auth.System},
	} {
		r, ok := auth.FindRole(id)
		if !ok || !slices.Equal(r.For, want) {
			t.Errorf("%s is for %v, not %v", id, r.For, want)
		}
	}
}

func TestFindRole(t *testing.T) {
	t.Parallel()
	for id, want := range map[auth.Role]auth.Role{
		"COMPLIANCE_OFFICER":                             "COMPLIANCE_OFFICER",
		"COMPLIANCE_OFFICER.MONITOR_ROOMS":               "COMPLIANCE_OFFICER",
		"COMPLIANCE_OFFICER.":                            "",
		"COMPLIANCE_OFFICER.SUPPRESS_MESSAGE":            "", // not one of its actions
		"COMPLIANCE_OFFICER.ADMIN_SEARCH_ROOMS":          "", // granted with the role, not an action
		"COMPLIANCE_OFFICER.MONITOR_ROOMS.MONITOR_ROOMS": "",
		"SUPER_COMPLIANCE_OFFICER.MONITOR_ROOMS":         "",
		"compliance_officer":                             "",
		"Compliance Officer":                             "",
		".MONITOR_ROOMS":                                 "",
		"":                                               "",
		".":                                              "",
	} {
		r, ok := auth.FindRole(id)
		if ok != (want != "") || r.ID != want {
			t.Errorf("%q is %q (%v), not %q", id, r.ID, ok, want)
		}
	}
}

func TestRightsOf(t *testing.T) {
	t.Parallel()
	officer := auth.RightsOf([]auth.Role{"COMPLIANCE_OFFICER"})
	for name, c := range map[string]struct {
		held []auth.Role
		want int
		has  []auth.Right
		not  []auth.Right
	}{
		"no role":          {nil, 0, nil, []auth.Right{auth.LoginWithPassword, ""}},
		"an unknown role":  {[]auth.Role{"KING", "", ".", "INDIVIDUAL "}, 0, nil, []auth.Right{""}},
		"one known":        {[]auth.Role{"KING", "INDIVIDUAL"}, 1, []auth.Right{auth.LoginWithPassword}, nil},
		"twice":            {[]auth.Role{"INDIVIDUAL", "INDIVIDUAL"}, 1, []auth.Right{auth.LoginWithPassword}, nil},
		"an action":        {[]auth.Role{"COMPLIANCE_OFFICER", "COMPLIANCE_OFFICER.MONITOR_ROOMS"}, len(officer) + 1, []auth.Right{auth.MonitorRooms}, []auth.Right{auth.MonitorWallPosts}},
		"before its role":  {[]auth.Role{"COMPLIANCE_OFFICER.MONITOR_ROOMS", "COMPLIANCE_OFFICER"}, len(officer) + 1, []auth.Right{auth.MonitorRooms}, nil},
		"without its role": {[]auth.Role{"COMPLIANCE_OFFICER.MONITOR_ROOMS"}, 0, nil, []auth.Right{auth.MonitorRooms, auth.AccessAdminAPI}},
		"beside another's": {[]auth.Role{"COMPLIANCE_OFFICER.MONITOR_ROOMS", "INDIVIDUAL"}, 1, nil, []auth.Right{auth.MonitorRooms}},
		"not its action":   {[]auth.Role{"COMPLIANCE_OFFICER", "COMPLIANCE_OFFICER.SUPPRESS_MESSAGE"}, len(officer), nil, []auth.Right{auth.SuppressMessage}},
		"of no role":       {[]auth.Role{"INDIVIDUAL", "INDIVIDUAL.MONITOR_ROOMS"}, 1, nil, []auth.Right{auth.MonitorRooms}},
		"a union": {[]auth.Role{"L1_SUPPORT", "SSO_MANAGER"}, 16,
			[]auth.Right{auth.ManageSSOForPod, auth.ViewUserDetail}, []auth.Right{auth.ManageInfoBarriers}},
	} {
		rights := auth.RightsOf(c.held)
		if len(rights) != c.want {
			t.Errorf("%s: %d rights, not %d", name, len(rights), c.want)
		}
		for _, right := range c.has {
			if !rights.Has(right) {
				t.Errorf("%s: %s is missing", name, right)
			}
		}
		for _, right := range c.not {
			if rights.Has(right) {
				t.Errorf("%s: %q is there", name, right)
			}
		}
	}
}

// TestRolesAreNotShared checks that a change to what Roles or RightsOf returned changes no
// account's rights.
func TestRolesAreNotShared(t *testing.T) {
	t.Parallel()
	auth.Roles()[0].ID = "CHANGED"
	rights := auth.RightsOf([]auth.Role{auth.Individual})
	rights[auth.AccessAdminAPI] = struct{}{}
	if _, ok := auth.FindRole(auth.Individual); !ok {
		t.Error("a caller changed a role")
	}
	if auth.RightsOf([]auth.Role{auth.Individual}).Has(auth.AccessAdminAPI) {
		t.Error("a caller changed a role's rights")
	}
}

func TestAdministrativeRoles(t *testing.T) {
	t.Parallel()
	held := auth.AdministrativeRoles()
	rights := auth.RightsOf(held)
	for _, id := range []auth.Role{"AGENT", "KEY_MANAGER", "SYMPHONY_ADMIN"} {
		if slices.Contains(held, id) {
			t.Errorf("%s is no administrator", id)
		}
	}
	if len(held) != len(granted)-3 {
		t.Errorf("%d roles", len(held))
	}
	for _, right := range []auth.Right{auth.AccessUserProvisioningAPI, auth.ManageInfoBarriers, auth.ViewPrivilegedUserAuditTrail, auth.ManageSSOForPod} {
		if !rights.Has(right) {
			t.Errorf("the administrative roles lack %s", right)
		}
	}
}

// TestEveryRightIsGranted checks that a role grants each right, and that each name declares one
// right.
func TestEveryRightIsGranted(t *testing.T) {
	t.Parallel()
	by := map[auth.Right][]auth.Role{}
	for _, r := range auth.Roles() {
		listed := map[auth.Right]bool{}
		for _, right := range slices.Concat(r.Grants, r.Optional) {
			if listed[right] {
				t.Errorf("role %s lists %s twice", r.ID, right)
			}
			listed[right] = true
			by[right] = append(by[right], r.ID)
		}
	}
	declared := declaredRights(t)
	for name, right := range declared {
		if len(by[right]) == 0 {
			t.Errorf("no role grants %s (%s)", right, name)
		}
	}
	values := map[auth.Right]string{}
	for name, right := range declared {
		if values[right] != "" {
			t.Errorf("%s and %s are both %s", name, values[right], right)
		}
		values[right] = name
		if strings.ToUpper(string(right)) != string(right) || strings.ContainsAny(string(right), " .-") {
			t.Errorf("%q is not in upper case with underscores", right)
		}
		if short := strings.ReplaceAll(string(right), "_", ""); !strings.EqualFold(short, name) {
			t.Errorf("the constant %s is the right %s", name, right)
		}
	}
	for right := range by {
		if values[right] == "" {
			t.Errorf("the right %s, granted by %v, is not declared", right, by[right])
		}
	}
}

// declaredRights parses rights.go, because Go cannot list constants at run time.
func declaredRights(t *testing.T) map[string]auth.Right {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "rights.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	rights := map[string]auth.Right{}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		value, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		rights[spec.Names[0].Name] = auth.Right(value)
		return true
	})
	if len(rights) < 100 {
		t.Fatalf("only %d rights found", len(rights))
	}
	return rights
}

func TestPermissions(t *testing.T) {
	t.Parallel()
	seen := map[auth.Permission]bool{}
	for _, p := range auth.Permissions() {
		if seen[p] {
			t.Errorf("%s is listed twice", p)
		}
		seen[p] = true
	}
	for _, p := range []auth.Permission{auth.ActAsUser, auth.GetPresence, auth.TrustApp} {
		if !seen[p] {
			t.Errorf("%s is not listed", p)
		}
	}
	if len(seen) != 17 {
		t.Errorf("%d permissions, 17 are published", len(seen))
	}
}
