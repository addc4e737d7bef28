package session

import (
	"errors"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/pod/users"
	"podium/internal/wire"
)

var sessionInfo = op.Operation[Service]{
	ID:      "getSessionInfo",
	Route:   "GET /pod/v2/sessioninfo",
	Tag:     "Session",
	Summary: "Read who the session's user is.",
	Needs:   auth.AnyUser,
	Opens:   []auth.Permission{auth.GetBasicUserInfo},
	Handle:  op.Read((*Service).info),
}

func (s *Service) info(tx *db.Tx, caller auth.Caller, _ nothing) (users.V2, error) {
	u, err := users.Own(tx, caller.Company, caller.User)
	if errors.Is(err, db.ErrNoRow) {
		return users.V2{}, apierr.InvalidSession("the session's user is gone")
	}
	info := u.Self(caller.Roles)
	if caller.Kind == auth.OnBehalfSession && !caller.Permitted(auth.GetExtendedUserInfo) {
		info = info.WithoutExtended()
	}
	return info, err
}

var sessionInfoV1 = op.Operation[Service]{
	ID:         "getSessionInfoV1",
	Route:      "GET /pod/v1/sessioninfo",
	Tag:        "Session",
	Summary:    "Read the id of the session's user.",
	Needs:      auth.AnyUser,
	Opens:      []auth.Permission{auth.GetBasicUserInfo},
	Deprecated: true,
	Handle:     op.Read((*Service).infoV1),
}

// InfoV1 is the older session info.
type InfoV1 struct {
	UserID wire.UserID `json:"userId"`
}

func (s *Service) infoV1(_ *db.Tx, caller auth.Caller, _ nothing) (InfoV1, error) {
	return InfoV1{UserID: caller.User}, nil
}
