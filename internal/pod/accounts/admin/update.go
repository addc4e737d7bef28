package admin

import (
	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/pod/accounts"
	"podium/internal/wire"
)

var updateUser = op.Operation[Service]{
	ID:      "updateUser",
	Route:   "POST /pod/v2/admin/user/{uid}/update",
	Tag:     "User",
	Summary: "Change attributes and keys of an account.",
	About: "Only given members change; an empty text or list clears. The type, the password, " +
		"roles, features and the status are not changed here. The caller also needs " +
		"MODIFY_END_USER_ACCOUNT or MODIFY_SERVICE_ACCOUNT.",
	Needs:  administration,
	Handle: op.Write((*Service).updateV2),
}

type updateInput struct {
	UID  wire.UserID `path:"uid"`
	Body AttributesV2
}

func (s *Service) updateV2(tx *db.Tx, caller auth.Caller, in updateInput) (DetailV2, error) {
	u, err := accounts.LockOwn(tx, caller.Company, in.UID)
	if err != nil {
		return DetailV2{}, err
	}
	if err := may(caller, u.AccountType, auth.ModifyEndUserAccount, auth.ModifyServiceAccount); err != nil {
		return DetailV2{}, err
	}
	if t := in.Body.AccountType; t != nil && *t != u.AccountType {
		return DetailV2{}, apierr.Invalid("accountType: it cannot change")
	}
	next := u.Attributes
	in.Body.apply(&next)
	if err := s.Accounts.Update(tx, caller, u, next); err != nil {
		return DetailV2{}, err
	}
	if err := s.changeKeys(tx, caller, u, in.Body); err != nil {
		return DetailV2{}, err
	}
	if u, err = accounts.Get(tx, u.ID); err != nil {
		return DetailV2{}, err
	}
	return detail(tx, u)
}

var updateUserV1 = op.Operation[Service]{
	ID:         "updateUserV1",
	Route:      "POST /pod/v1/admin/user/{uid}/update",
	Tag:        "User",
	Summary:    "Change attributes of an account, first version.",
	Deprecated: true,
	Needs:      administration,
	Handle:     op.Write((*Service).updateV1),
}

type updateInputV1 struct {
	UID  wire.UserID `path:"uid"`
	Body AttributesV1
}

func (s *Service) updateV1(tx *db.Tx, caller auth.Caller, in updateInputV1) (DetailV1, error) {
	d, err := s.updateV2(tx, caller, updateInput{UID: in.UID, Body: AttributesV2{AttributesV1: in.Body}})
	return d.v1(), err
}
