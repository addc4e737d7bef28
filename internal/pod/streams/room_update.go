package streams

import (
	"reflect"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/pod/users"
)

var updateRoom = op.Operation[Service]{
	ID:      "updateRoom",
	Route:   "POST /pod/v3/room/{id}/update",
	Tag:     "Streams",
	Summary: "Change the attributes of a room.",
	About: "For owners and administrators. Omitted members remain unchanged; at least one " +
		"must change. Members with the feature for it may also change the view of the " +
		"history.",
	Needs:  auth.AnyUser,
	Opens:  []auth.Permission{auth.ManageRooms},
	Handle: op.Write((*Service).updateRoom),
}

type updateRoomInput struct {
	ID   ID `path:"id"`
	Body RoomAttributes
}

func (in updateRoomInput) Validate() error { return in.Body.Validate() }

func (s *Service) updateRoom(tx *db.Tx, caller auth.Caller, in updateRoomInput) (RoomDetail, error) {
	room, err := s.update(tx, caller, in.ID, in.Body)
	if err != nil {
		return RoomDetail{}, err
	}
	return withGroups(tx, room)
}

// update changes what a room says of itself.
func (s *Service) update(tx *db.Tx, caller auth.Caller, id ID, a RoomAttributes) (Stream, error) {
	room, err := holdRoom(tx, caller, id)
	if err != nil {
		return Stream{}, err
	}
	if err := mayUpdate(tx, caller, room, a); err != nil {
		return Stream{}, err
	}
	if !room.Active {
		return Stream{}, apierr.Invalid("Room is deactivated")
	}
	after, err := a.changed(room.Attributes)
	if err != nil {
		return Stream{}, err
	}
	if err := after.checkTexts(room.Attributes); err != nil {
		return Stream{}, err
	}
	if a.Pinned != nil {
		if after.Pinned, err = pinnable(tx, room.Stream, *a.Pinned); err != nil {
			return Stream{}, err
		}
	}
	if same(after, room.Attributes) {
		return Stream{}, apierr.Invalid("No attribute to update")
	}
	if err := mayShareHistory(after); err != nil {
		return Stream{}, err
	}
	if !room.in {
		caller = by(caller, auth.ActivateAndDeactivateAnyRoom)
	}
	return s.save(tx, caller, room.Stream, after)
}

// save writes a room's attributes, and by what it is found.
func (s *Service) save(tx *db.Tx, caller auth.Caller, room Stream, after Attributes) (Stream, error) {
	before := room
	room.Attributes, room.Modified = after, tx.Now()
	if err := updateAttributes(tx, room); err != nil {
		return Stream{}, err
	}
	tx.OnCommit(s.newWords)
	if err := replaceTerms(tx, before, room); err != nil {
		return Stream{}, err
	}
	place, err := room.place(tx)
	if err != nil {
		return Stream{}, err
	}
	return room, s.Journal.Record(tx, caller, room.Subject(), RoomUpdated{Stream: place, Properties: room.properties(), ByAdministrator: byRight(caller)})
}

// mayUpdate refuses a caller who may not change what is asked for.
func mayUpdate(tx *db.Tx, caller auth.Caller, room seen, a RoomAttributes) error {
	if room.owns() || room.administers(caller, auth.ActivateAndDeactivateAnyRoom) {
		return nil
	}
	if history := (RoomAttributes{ViewHistory: a.ViewHistory}); room.in && a.ViewHistory != nil && reflect.DeepEqual(a, history) {
		return needs(tx, caller, caller.User, users.CanUpdateRoomHistoryProperty)
	}
	return apierr.Forbidden("only an owner may change room %s", room.ID)
}

func same(a, b Attributes) bool {
	a.Keywords, b.Keywords = keywords(a.Keywords), keywords(b.Keywords)
	return reflect.DeepEqual(a, b)
}

var updateRoomV2 = op.Operation[Service]{
	ID:         "updateRoomV2",
	Route:      "POST /pod/v2/room/{id}/update",
	Tag:        "Streams",
	Summary:    "Change the attributes of a room, second form.",
	About:      "Works like updateRoom.",
	Deprecated: true,
	Needs:      auth.AnyUser,
	Opens:      []auth.Permission{auth.ManageRooms},
	Handle:     op.Write((*Service).updateRoomV2),
}

type updateRoomV2Input struct {
	ID   ID `path:"id"`
	Body RoomAttributesV2
}

func (in updateRoomV2Input) Validate() error { return in.Body.attributes().Validate() }

func (s *Service) updateRoomV2(tx *db.Tx, caller auth.Caller, in updateRoomV2Input) (RoomDetailV2, error) {
	room, err := s.update(tx, caller, in.ID, in.Body.attributes())
	return room.detailV2(), err
}

var updateRoomV1 = op.Operation[Service]{
	ID:         "updateRoomV1",
	Route:      "POST /pod/v1/room/{id}/update",
	Tag:        "Streams",
	Summary:    "Change the attributes of a room, first form.",
	About:      "Works like updateRoom.",
	Deprecated: true,
	Needs:      auth.AnyUser,
	Opens:      []auth.Permission{auth.ManageRooms},
	Handle:     op.Write((*Service).updateRoomV1),
}

type updateRoomV1Input struct {
	ID   ID `path:"id"`
	Body RoomAttributesV1
}

func (in updateRoomV1Input) Validate() error { return in.Body.attributes().Validate() }

func (s *Service) updateRoomV1(tx *db.Tx, caller auth.Caller, in updateRoomV1Input) (RoomDetailV1, error) {
	room, err := s.update(tx, caller, in.ID, in.Body.attributes())
	return room.detailV1(), err
}
