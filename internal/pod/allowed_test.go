package pod_test

import (
	"slices"
	"testing"

	"podium/internal/auth"
	"podium/internal/journal"
	"podium/internal/pod/accounts"
	"podium/internal/pod/audit"
	"podium/internal/pod/companies"
	"podium/internal/pod/profiles"
	"podium/internal/pod/streams/facts"
	"podium/internal/wire"
)

// Who acts by an audited role, and by which of them.
func TestAllowed(t *testing.T) {
	t.Parallel()
	const admin wire.UserID = 7<<36 | 1
	provisioning := []auth.Role{"INDIVIDUAL", "USER_PROVISIONING", "CONTENT_MANAGEMENT", "AUDIT_TRAIL_MANAGEMENT"}
	user, err := auth.All(auth.AccessUserProvisioningAPI, auth.AccessAdminAPI).Check(auth.Caller{
		Kind: auth.UserSession, User: admin, Roles: provisioning, Rights: auth.RightsOf(provisioning),
	}, nil, false)
	if err != nil {
		t.Fatal(err)
	}
	both := user.Granted()
	for _, c := range []struct {
		name    string
		grant   auth.Grant
		subject string
		fact    journal.Fact
		want    []auth.Role
	}{
		{"the role that grants the right", auth.Caller{User: admin, Roles: provisioning}.ByRight(auth.AccessUserProvisioningAPI),
			"5", accounts.Created{}, []auth.Role{"USER_PROVISIONING"}},
		{"a role that grants both rights, not those that grant one", both,
			"5", accounts.Created{}, []auth.Role{"USER_PROVISIONING"}},
		{"no right was asked for", auth.Caller{User: admin, Roles: provisioning}.Granted(), "5", accounts.Created{}, nil},
		{"the pod itself", auth.Caller{Roles: provisioning}.ByRight(auth.AccessUserProvisioningAPI), "5", accounts.Created{}, nil},
		{"a role that is not audited", auth.Caller{User: admin, Roles: []auth.Role{"GROUP_MANAGER"}}.ByRight(auth.AccessAdminAPI), "5", accounts.Created{}, nil},
		{"a kind that is not audited", auth.Caller{User: admin, Roles: provisioning}.ByRight(auth.AccessUserProvisioningAPI), "5", companies.Created{}, nil},
		{"one's own picture", auth.Caller{User: admin, Roles: provisioning}.ByRight(auth.AccessUserProvisioningAPI), admin.String(), profiles.AvatarChanged{}, nil},
		{"a right over any room, in an operation open to all", auth.Caller{User: admin, Roles: provisioning, Rights: auth.RightsOf(provisioning)}.Granted(),
			"5", facts.MemberAdded{}, []auth.Role{"USER_PROVISIONING"}},
		{"a member of a room", auth.Caller{User: admin, Roles: []auth.Role{"INDIVIDUAL"}, Rights: auth.RightsOf([]auth.Role{"INDIVIDUAL"})}.Granted(), "5", facts.MemberAdded{}, nil},
		{"another's picture", auth.Caller{User: admin, Roles: provisioning}.ByRight(auth.AccessUserProvisioningAPI),
			"5", profiles.AvatarChanged{}, []auth.Role{"USER_PROVISIONING"}},
	} {
		if got := audit.Allowed(c.grant, journal.Thing(c.subject), c.fact); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, not %v", c.name, got, c.want)
		}
	}
}
