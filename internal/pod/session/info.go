package session

import (
	"context"

	"podium/internal/auth"
	"podium/internal/op"
	"podium/internal/pod/directory"
	"podium/internal/wire"
)

var sessionInfo = op.Operation[Service]{
	ID:      "getSessionInfo",
	Route:   "GET /pod/v2/sessioninfo",
	Tag:     "Session",
	Summary: "Read the session's user.",
	Needs:   auth.AnyUser,
	Opens:   []auth.Permission{auth.GetBasicUserInfo},
	Handle:  op.Call((*Service).info),
}

// info answers with the principal that the frame has just found: clients call it to check whether
// they are still logged in.
func (s *Service) info(ctx context.Context, caller auth.Caller, _ nothing) (op.Ready[directory.V2], error) {
	p, err := s.find(ctx, caller.Company, caller.Session)
	if err != nil {
		return op.Ready[directory.V2]{}, err
	}
	if caller.Kind == auth.OnBehalfSession && !caller.Permitted(auth.GetExtendedUserInfo) {
		return op.MakeReady(p.info.Value.WithoutExtended())
	}
	return p.info, nil
}

var sessionInfoV1 = op.Operation[Service]{
	ID:         "getSessionInfoV1",
	Route:      "GET /pod/v1/sessioninfo",
	Tag:        "Session",
	Summary:    "Read the id of the session's user.",
	Needs:      auth.AnyUser,
	Opens:      []auth.Permission{auth.GetBasicUserInfo},
	Deprecated: true,
	Handle:     op.Call((*Service).infoV1),
}

// InfoV1 is the older session info.
type InfoV1 struct {
	UserID wire.UserID `json:"userId"`
}

func (s *Service) infoV1(_ context.Context, caller auth.Caller, _ nothing) (InfoV1, error) {
	return InfoV1{UserID: caller.User}, nil
}
