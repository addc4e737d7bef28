package barriers

import (
	"errors"
	"slices"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/wire"
)

var listGroups = op.Operation[Service]{
	ID:      "listBarrierGroups",
	Route:   "GET /pod/v1/admin/group/list",
	Tag:     "InfoBarriers",
	Summary: "List the information barrier groups that a policy names, oldest first.",
	Needs:   auth.All(auth.AccessUserProvisioningAPI),
	Handle:  op.Read((*Service).listGroups),
}

func (s *Service) listGroups(tx *db.Tx, caller auth.Caller, _ struct{}) ([]Group, error) {
	groups, err := Groups(tx, caller.Company)
	return slices.DeleteFunc(groups, func(g Group) bool { return len(g.Policies) == 0 }), err
}

var listPolicies = op.Operation[Service]{
	ID:      "listBarrierPolicies",
	Route:   "GET /pod/v1/admin/policy/list",
	Tag:     "InfoBarriers",
	Summary: "List the information barrier policies, active and not, oldest first.",
	Needs:   auth.All(auth.AccessUserProvisioningAPI),
	Handle:  op.Read((*Service).listPolicies),
}

func (s *Service) listPolicies(tx *db.Tx, caller auth.Caller, _ struct{}) ([]Policy, error) {
	return Policies(tx, caller.Company)
}

var listMembers = op.Operation[Service]{
	ID:      "listBarrierGroupMembers",
	Route:   "GET /pod/v1/admin/group/{gid}/membership/list",
	Tag:     "InfoBarriers",
	Summary: "List the ids of the users in an information barrier group, in their order.",
	Needs:   auth.All(auth.AccessUserProvisioningAPI),
	Also:    []int{404},
	Handle:  op.Read((*Service).listMembers),
}

type membersInput struct {
	ID    string `path:"gid" maxLength:"128"`
	Skip  int64  `query:"skip" default:"0" min:"0" max:"1000000000"`
	Limit int64  `query:"limit" default:"10000" min:"1" max:"10000"`
}

func (s *Service) listMembers(tx *db.Tx, caller auth.Caller, in membersInput) ([]wire.UserID, error) {
	g, err := FindGroup(tx, caller.Company, in.ID)
	if errors.Is(err, db.ErrNoRow) {
		return nil, apierr.NotFound("Group not found")
	}
	if err != nil {
		return nil, err
	}
	return Members(tx, g, in.Skip, in.Limit)
}

// Members returns a page of the accounts in a group, in the order of their ids.
func Members(tx *db.Tx, g Group, skip, limit int64) ([]wire.UserID, error) {
	return db.All(tx, db.ScanValue[wire.UserID], `
		SELECT user_id
		FROM barrier_members
		WHERE grp = $1
		ORDER BY user_id
		LIMIT $2 OFFSET $3`, g.Number, limit, skip)
}
