package rooms

import (
	"context"

	"podium/internal/auth"
	"podium/internal/op"
)

var createRoomV2 = op.Operation[Service]{
	ID:         "createRoomV2",
	Route:      "POST /pod/v2/room/create",
	Tag:        "Streams",
	Summary:    "Create a room, second form.",
	About:      "Works like createRoom.",
	Deprecated: true,
	Needs:      auth.AnyUser,
	Opens:      []auth.Permission{auth.ManageRooms, auth.CreateUserStream},
	Handle:     op.Call((*Service).createRoomV2),
}

type createRoomV2Input struct {
	Body RoomAttributesV2
}

func (in createRoomV2Input) Validate() error { return validateNew(in.Body.attributes()) }

func (s *Service) createRoomV2(ctx context.Context, caller auth.Caller, in createRoomV2Input) (RoomDetailV2, error) {
	room, err := s.create(ctx, caller, in.Body.attributes())
	return DetailV2(room), err
}

var createRoomV1 = op.Operation[Service]{
	ID:         "createRoomV1",
	Route:      "POST /pod/v1/room/create",
	Tag:        "Streams",
	Summary:    "Create a room, first form.",
	About:      "Works like createRoom.",
	Deprecated: true,
	Needs:      auth.AnyUser,
	Opens:      []auth.Permission{auth.ManageRooms, auth.CreateUserStream},
	Handle:     op.Call((*Service).createRoomV1),
}

type createRoomV1Input struct {
	Body struct {
		Attributes RoomAttributesV1      `json:"roomAttributes"`
		Immutable  ImmutableAttributesV1 `json:"immutableRoomAttributes"`
	}
}

func (in createRoomV1Input) attributes() RoomAttributes {
	a := in.Body.Attributes.attributes()
	i := in.Body.Immutable
	a.Public, a.ReadOnly, a.CopyProtected = i.Public, i.ReadOnly, i.CopyProtected
	return a
}

func (in createRoomV1Input) Validate() error { return validateNew(in.attributes()) }

func (s *Service) createRoomV1(ctx context.Context, caller auth.Caller, in createRoomV1Input) (RoomDetailV1, error) {
	room, err := s.create(ctx, caller, in.attributes())
	return detailV1(room), err
}
