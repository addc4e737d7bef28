package rooms

import (
	"context"
	"reflect"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/pod/accounts/features"
	"podium/internal/pod/dlp"
	"podium/internal/pod/streams"
	"podium/internal/pod/streams/facts"
	"podium/internal/wire"
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
	Also:   []int{451},
	Handle: op.Call((*Service).updateRoom),
}

type updateRoomInput struct {
	ID   wire.StreamID `path:"id"`
	Body RoomAttributes
}

func (in updateRoomInput) Validate() error { return in.Body.Validate() }

func (s *Service) updateRoom(ctx context.Context, caller auth.Caller, in updateRoomInput) (RoomDetail, error) {
	return update(ctx, s, caller, in.ID, in.Body, withGroups)
}

// update changes the attributes of a room, unless a policy blocks it. show returns the answer in
// the transaction.
func update[T any](ctx context.Context, s *Service, caller auth.Caller, id wire.StreamID, a RoomAttributes, show func(*db.Tx, streams.Stream) (T, error)) (out T, err error) {
	found, err := s.look(ctx, caller, a)
	if err != nil {
		return out, err
	}
	return dlp.Write(ctx, s.DB, func(tx *db.Tx) (out T, err error) {
		room, err := s.change(tx, caller, id, a, found)
		if err != nil {
			return out, err
		}
		return show(tx, room)
	})
}

// change changes the attributes of a room, in which policies have found something. It locks the
// room.
func (s *Service) change(tx *db.Tx, caller auth.Caller, id wire.StreamID, a RoomAttributes, found dlp.Found) (streams.Stream, error) {
	room, err := streams.HoldRoom(tx, caller, id)
	if err != nil {
		return streams.Stream{}, err
	}
	grant, err := streams.Allow(tx, caller, room, updating(a))
	if err != nil {
		return streams.Stream{}, err
	}
	if !room.Active {
		return streams.Stream{}, apierr.Invalid("Room is deactivated")
	}
	after, err := a.changed(room.Attributes)
	if err != nil {
		return streams.Stream{}, err
	}
	if err := checkTexts(after, room.Attributes); err != nil {
		return streams.Stream{}, err
	}
	if a.Pinned != nil {
		if after.Pinned, err = streams.Pinnable(tx, room.Stream, *a.Pinned); err != nil {
			return streams.Stream{}, err
		}
	}
	if same(after, room.Attributes) {
		return streams.Stream{}, apierr.Invalid("No attribute to update")
	}
	if err := mayShareHistory(after); err != nil {
		return streams.Stream{}, err
	}
	changed := room.Stream
	changed.Attributes = after
	if err := screen(tx, caller, found, changed, "room update"); err != nil {
		return streams.Stream{}, err
	}
	return s.save(tx, grant, room.Stream, after)
}

// save stores a room's attributes and its search terms.
func (s *Service) save(tx *db.Tx, grant auth.Grant, room streams.Stream, after streams.Attributes) (streams.Stream, error) {
	before := room
	room.Attributes, room.Modified = after, tx.Now()
	if err := streams.UpdateAttributes(tx, room); err != nil {
		return streams.Stream{}, err
	}
	if err := s.Index.Replace(tx, before, room); err != nil {
		return streams.Stream{}, err
	}
	place, err := facts.PlaceOf(tx, room)
	if err != nil {
		return streams.Stream{}, err
	}
	return room, s.Journal.Record(tx, grant, room.Subject(), facts.RoomUpdated{Stream: place, Properties: facts.PropertiesOf(room), ByAdministrator: grant.UsesRight()})
}

// updating is to change a room: for owners, and the view of the history alone also for members with
// the entitlement.
func updating(a RoomAttributes) streams.Action {
	historyAlone := a.ViewHistory != nil && reflect.DeepEqual(a, RoomAttributes{ViewHistory: a.ViewHistory})
	refusal := "only an owner may change room %s"
	if historyAlone {
		refusal = "only an owner, and a member with " + string(features.CanUpdateRoomHistoryProperty) + ", may change the history of room %s"
	}
	return streams.Action{
		Right: auth.ActivateAndDeactivateAnyRoom, Refusal: refusal,
		Own: func(tx *db.Tx, caller auth.Caller, room streams.Seen) (bool, error) {
			if room.Owns() || !room.In || !historyAlone {
				return room.Owns(), nil
			}
			return features.Has(tx, caller.User, features.CanUpdateRoomHistoryProperty)
		},
	}
}

func same(a, b streams.Attributes) bool {
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
	Handle:     op.Call((*Service).updateRoomV2),
}

type updateRoomV2Input struct {
	ID   wire.StreamID `path:"id"`
	Body RoomAttributesV2
}

func (in updateRoomV2Input) Validate() error { return in.Body.attributes().Validate() }

func (s *Service) updateRoomV2(ctx context.Context, caller auth.Caller, in updateRoomV2Input) (RoomDetailV2, error) {
	return update(ctx, s, caller, in.ID, in.Body.attributes(), func(_ *db.Tx, room streams.Stream) (RoomDetailV2, error) {
		return DetailV2(room), nil
	})
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
	Handle:     op.Call((*Service).updateRoomV1),
}

type updateRoomV1Input struct {
	ID   wire.StreamID `path:"id"`
	Body RoomAttributesV1
}

func (in updateRoomV1Input) Validate() error { return in.Body.attributes().Validate() }

func (s *Service) updateRoomV1(ctx context.Context, caller auth.Caller, in updateRoomV1Input) (RoomDetailV1, error) {
	return update(ctx, s, caller, in.ID, in.Body.attributes(), func(_ *db.Tx, room streams.Stream) (RoomDetailV1, error) {
		return detailV1(room), nil
	})
}
