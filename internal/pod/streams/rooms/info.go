package rooms

import (
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/pod/streams"
	"podium/internal/wire"
)

var roomInfo = op.Operation[Service]{
	ID:      "getRoomInfo",
	Route:   "GET /pod/v3/room/{id}/info",
	Tag:     "Streams",
	Summary: "Read a room.",
	About: "For its members, for all users of the company if it is public, and for " +
		"administrators who may see the details of any stream.",
	Needs:  auth.AnyUser,
	Opens:  []auth.Permission{auth.ManageRooms},
	Handle: op.Read((*Service).roomInfo),
}

type roomInput struct {
	ID wire.StreamID `path:"id"`
}

func (s *Service) roomInfo(tx *db.Tx, caller auth.Caller, in roomInput) (RoomDetail, error) {
	room, err := readableRoom(tx, caller, in.ID)
	if err != nil {
		return RoomDetail{}, err
	}
	return withGroups(tx, room.Stream)
}

// readableRoom returns a room that the caller may read.
func readableRoom(tx *db.Tx, caller auth.Caller, id wire.StreamID) (streams.Seen, error) {
	room, err := streams.SeeRoom(tx, caller, id)
	if err == nil && !(room.Public && room.Company == caller.Company) {
		_, err = streams.Allow(tx, caller, room, streams.Reading(auth.ViewAnyStreamDetails))
	}
	return room, err
}

var roomInfoV2 = op.Operation[Service]{
	ID:         "getRoomInfoV2",
	Route:      "GET /pod/v2/room/{id}/info",
	Tag:        "Streams",
	Summary:    "Read a room, second form.",
	About:      "Works like getRoomInfo.",
	Deprecated: true,
	Needs:      auth.AnyUser,
	Opens:      []auth.Permission{auth.ManageRooms},
	Handle:     op.Read((*Service).roomInfoV2),
}

func (s *Service) roomInfoV2(tx *db.Tx, caller auth.Caller, in roomInput) (RoomDetailV2, error) {
	room, err := readableRoom(tx, caller, in.ID)
	return DetailV2(room.Stream), err
}

var roomInfoV1 = op.Operation[Service]{
	ID:         "getRoomInfoV1",
	Route:      "GET /pod/v1/room/{id}/info",
	Tag:        "Streams",
	Summary:    "Read a room, first form.",
	About:      "Works like getRoomInfo.",
	Deprecated: true,
	Needs:      auth.AnyUser,
	Opens:      []auth.Permission{auth.ManageRooms},
	Handle:     op.Read((*Service).roomInfoV1),
}

func (s *Service) roomInfoV1(tx *db.Tx, caller auth.Caller, in roomInput) (RoomDetailV1, error) {
	room, err := readableRoom(tx, caller, in.ID)
	return detailV1(room.Stream), err
}
