package admin

import (
	"errors"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/pod/accounts"
	"podium/internal/wire"
)

var listRoles = op.Operation[Service]{
	ID:      "listRoles",
	Route:   "GET /pod/v1/admin/system/roles/list",
	Tag:     "System",
	Summary: "List all roles, with the account types that may hold each.",
	Needs:   auth.All(auth.AccessAdminAPI),
	Handle:  op.Read((*Service).roles),
}

// RoleDetail describes a role.
type RoleDetail struct {
	ID              auth.Role          `json:"id"`
	Name            string             `json:"name"`
	UserTypes       []auth.AccountType `json:"userTypes" doc:"The types of account that may hold it."`
	OptionalActions []auth.Right       `json:"optionalActions" doc:"Actions that may be granted with it, one by one, as ROLE.ACTION."`
}

type nothing struct{}

func (s *Service) roles(*db.Tx, auth.Caller, nothing) ([]RoleDetail, error) {
	all := []RoleDetail{}
	for _, r := range auth.Roles() {
		all = append(all, RoleDetail{
			ID: r.ID, Name: r.Name, UserTypes: append([]auth.AccountType{}, r.For...), OptionalActions: append([]auth.Right{}, r.Optional...),
		})
	}
	return all, nil
}

var addRole = op.Operation[Service]{
	ID:      "addUserRole",
	Route:   "POST /pod/v1/admin/user/{uid}/roles/add",
	Tag:     "User",
	Summary: "Give an account a role, or an optional action of one that it holds.",
	About: "Takes effect at once, in open sessions too. Sessions on behalf of the user do " +
		"not gain rights by it.",
	Needs:  provisioning,
	Handle: op.Write((*Service).giveRole),
}

type roleInput struct {
	UID  wire.UserID `path:"uid"`
	Body RoleID
}

// RoleID names a role, or an optional action of one: ROLE.ACTION.
type RoleID struct {
	ID *auth.Role `json:"id"`
}

func (in roleInput) Validate() error {
	if in.Body.ID == nil {
		return apierr.Invalid("id: it is required")
	}
	return nil
}

func (s *Service) giveRole(tx *db.Tx, caller auth.Caller, in roleInput) (wire.Success, error) {
	u, err := accounts.Own(tx, caller.Company, in.UID)
	if err != nil {
		return wire.Success{}, accounts.Unknown(err, in.UID)
	}
	return wire.Done("Role added"), s.Accounts.AddRole(tx, caller, u, *in.Body.ID)
}

var removeRole = op.Operation[Service]{
	ID:      "removeUserRole",
	Route:   "POST /pod/v1/admin/user/{uid}/roles/remove",
	Tag:     "User",
	Summary: "Remove a role from an account with its optional actions, or one optional action.",
	About:   "Takes effect at once, in open sessions too. INDIVIDUAL remains.",
	Needs:   provisioning,
	Also:    []int{404},
	Handle:  op.Write((*Service).takeRole),
}

func (s *Service) takeRole(tx *db.Tx, caller auth.Caller, in roleInput) (wire.Success, error) {
	u, err := accounts.Own(tx, caller.Company, in.UID)
	if errors.Is(err, db.ErrNoRow) {
		return wire.Success{}, apierr.NotFound("Invalid user id: %s", in.UID)
	}
	if err != nil {
		return wire.Success{}, err
	}
	return wire.Done("Role removed"), s.Accounts.RemoveRole(tx, caller, u, *in.Body.ID)
}
