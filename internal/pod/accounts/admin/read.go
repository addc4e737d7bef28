package admin

import (
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/pod/accounts"
	"podium/internal/wire"
)

var getUser = op.Operation[Service]{
	ID:      "getUserDetail",
	Route:   "GET /pod/v2/admin/user/{uid}",
	Tag:     "User",
	Summary: "Read an account.",
	Needs:   administration,
	Handle:  op.Read((*Service).getV2),
}

type oneInput struct {
	UID wire.UserID `path:"uid"`
}

func (s *Service) getV2(tx *db.Tx, caller auth.Caller, in oneInput) (DetailV2, error) {
	u, err := accounts.Own(tx, caller.Company, in.UID)
	if err != nil {
		return DetailV2{}, accounts.Unknown(err, in.UID)
	}
	return detail(tx, u)
}

var getUserV1 = op.Operation[Service]{
	ID:         "getUserDetailV1",
	Route:      "GET /pod/v1/admin/user/{uid}",
	Tag:        "User",
	Summary:    "Read an account, first version.",
	Deprecated: true,
	Needs:      administration,
	Handle:     op.Read((*Service).getV1),
}

func (s *Service) getV1(tx *db.Tx, caller auth.Caller, in oneInput) (DetailV1, error) {
	d, err := s.getV2(tx, caller, in)
	return d.v1(), err
}
