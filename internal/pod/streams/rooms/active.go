package rooms

import (
	"errors"
	"slices"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/pod/streams"
	"podium/internal/pod/streams/admission"
	"podium/internal/pod/streams/facts"
	"podium/internal/pod/streams/lifecycle"
	"podium/internal/wire"
)

var setRoomActive = op.Operation[Service]{
	ID:      "setRoomActive",
	Route:   "POST /pod/v1/room/{id}/setActive",
	Tag:     "Streams",
	Summary: "Deactivate a room, or activate it again.",
	About: "For owners, and for administrators of the company that made the room. No user " +
		"enters or leaves a deactivated room. A room without an owner gets the member who " +
		"has been in it longest.",
	Needs:  auth.AnyUser,
	Opens:  []auth.Permission{auth.ManageRooms},
	Handle: op.Write((*Service).setActive),
}

var setRoomActiveAsAdmin = op.Operation[Service]{
	ID:      "setRoomActiveAsAdmin",
	Route:   "POST /pod/v1/admin/room/{id}/setActive",
	Tag:     "Streams",
	Summary: "Deactivate any room of the company, or activate it again.",
	About:   "Works like setRoomActive, for administrators.",
	Needs:   auth.All(auth.AccessAdminAPI),
	Handle:  op.Write((*Service).setActiveAsAdmin),
}

type setActiveInput struct {
	ID     wire.StreamID `path:"id"`
	Active bool          `query:"active"`
}

func (s *Service) setActive(tx *db.Tx, caller auth.Caller, in setActiveInput) (RoomDetailV1, error) {
	room, err := streams.HoldRoom(tx, caller, in.ID)
	if err != nil {
		return RoomDetailV1{}, err
	}
	grant, err := streams.Allow(tx, caller, room, activating)
	if err != nil {
		return RoomDetailV1{}, err
	}
	return s.toggle(tx, grant, room.Stream, in.Active)
}

var activating = streams.Action{
	Right: auth.ActivateAndDeactivateAnyRoom,
	Own: func(_ *db.Tx, caller auth.Caller, room streams.Seen) (bool, error) {
		return room.Owns() && room.Company == caller.Company, nil
	},
	Refusal: "only an owner may activate and deactivate room %s, in the company that has made it",
}

func (s *Service) setActiveAsAdmin(tx *db.Tx, caller auth.Caller, in setActiveInput) (RoomDetailV1, error) {
	if !caller.May(auth.ActivateAndDeactivateAnyRoom) && !slices.ContainsFunc(caller.Roles, func(r auth.Role) bool {
		return r == auth.Administrator || r == auth.SuperAdministrator
	}) {
		return RoomDetailV1{}, apierr.Forbidden("only administrators may activate and deactivate any room")
	}
	room, err := streams.HoldRoom(tx, caller, in.ID)
	if err == nil && room.Company != caller.Company {
		err = apierr.Forbidden("room %s is another company's", room.ID)
	}
	if err != nil {
		return RoomDetailV1{}, err
	}
	return s.toggle(tx, caller.Granted(), room.Stream, in.Active)
}

func (s *Service) toggle(tx *db.Tx, grant auth.Grant, room streams.Stream, active bool) (RoomDetailV1, error) {
	var err error
	switch {
	case active && room.Separation != 0:
		err = admission.ErrSeparated
	case active && !room.Active:
		err = s.reactivate(tx, grant, &room)
	case !active && room.Open():
		err = s.Lifecycle.Deactivate(tx, grant, &room)
	}
	room.Active = active
	return detailV1(room), err
}

// reactivate activates a room and ensures that it has an owner.
func (s *Service) reactivate(tx *db.Tx, grant auth.Grant, room *streams.Stream) error {
	if room.Members-room.Away == 0 {
		return apierr.Invalid("Room without members cannot be reactivated")
	}
	if room.Owners == 0 {
		heir, err := lifecycle.HeirOf(tx, *room)
		if errors.Is(err, db.ErrNoRow) {
			return apierr.Invalid("Room must have at least one owner")
		}
		if err != nil {
			return err
		}
		if err := s.Lifecycle.Promote(tx, grant, room, heir); err != nil {
			return err
		}
	}
	room.Active, room.Modified = true, tx.Now()
	if err := streams.SaveCounts(tx, *room); err != nil {
		return err
	}
	place, err := facts.PlaceOf(tx, *room)
	if err != nil {
		return err
	}
	return s.Journal.Record(tx, grant, room.Subject(), facts.RoomReactivated{Stream: place, ByAdministrator: grant.UsesRight()})
}
