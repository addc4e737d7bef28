package accounts

import (
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/wire"
)

var getUser = op.Operation[Admin]{
	ID:      "getUserDetail",
	Route:   "GET /pod/v2/admin/user/{uid}",
	Tag:     "User",
	Summary: "Read an account.",
	Needs:   administration,
	Handle:  op.Read((*Admin).getV2),
}

type oneInput struct {
	UID wire.UserID `path:"uid"`
}

func (s *Admin) getV2(tx *db.Tx, caller auth.Caller, in oneInput) (DetailV2, error) {
	u, err := Own(tx, caller.Company, in.UID)
	if err != nil {
		return DetailV2{}, Unknown(err, in.UID)
	}
	return detail(tx, u)
}

var getUserV1 = op.Operation[Admin]{
	ID:         "getUserDetailV1",
	Route:      "GET /pod/v1/admin/user/{uid}",
	Tag:        "User",
	Summary:    "Read an account, first version.",
	Deprecated: true,
	Needs:      administration,
	Handle:     op.Read((*Admin).getV1),
}

func (s *Admin) getV1(tx *db.Tx, caller auth.Caller, in oneInput) (DetailV1, error) {
	d, err := s.getV2(tx, caller, in)
	return d.v1(), err
}
