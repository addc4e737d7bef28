package members

import (
	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/db/lock"
	"podium/internal/op"
	"podium/internal/pod/accounts"
	"podium/internal/pod/accounts/features"
	"podium/internal/pod/streams"
	"podium/internal/pod/streams/admission"
	"podium/internal/pod/streams/facts"
	"podium/internal/pod/streams/lifecycle"
	"podium/internal/wire"
)

var promoteOwner = op.Operation[Service]{
	ID:      "promoteRoomOwner",
	Route:   "POST /pod/v1/room/{id}/membership/promoteOwner",
	Tag:     "Room Membership",
	Summary: "Make a member an owner.",
	About: "For owners and administrators, also of a deactivated room. An owner of a public " +
		"room needs the feature to create one.",
	Needs:  auth.AnyUser,
	Opens:  []auth.Permission{auth.ManageRooms},
	Handle: op.Write((*Service).promoteOwner),
}

func (s *Service) promoteOwner(tx *db.Tx, caller auth.Caller, in memberInput) (wire.Success, error) {
	if err := tx.Lock(lock.User(in.Body.ID)); err != nil { // so that it is not disabled meanwhile
		return wire.Success{}, err
	}
	room, grant, err := lockForOwners(tx, caller, in.ID)
	if err != nil {
		return wire.Success{}, err
	}
	m, member, err := streams.MemberOf(tx, room.Stream, in.Body.ID)
	if err == nil && !member {
		err = apierr.Invalid("User is not a member of the room")
	}
	if err != nil || m.Owner {
		return wire.Done("Member promoted to owner"), err
	}
	u, err := admission.ActiveUser(tx, m.User)
	if err != nil {
		return wire.Success{}, err
	}
	if room.Public {
		if err := admission.Needs(tx, caller, u.ID, features.CanCreatePublicRoom); err != nil {
			return wire.Success{}, err
		}
	}
	return wire.Done("Member promoted to owner"), s.Lifecycle.Promote(tx, grant, &room.Stream, u)
}

var choosingOwners = streams.Action{
	Right: auth.PromoteAndDemoteOwnersInAnyRoom, Own: streams.AsOwner, Refusal: "only an owner may choose the owners of room %s",
}

// lockForOwners locks a room until commit, and returns the grant by which the caller may choose its
// owners. It fails with Forbidden.
func lockForOwners(tx *db.Tx, caller auth.Caller, id wire.StreamID) (streams.Seen, auth.Grant, error) {
	room, err := streams.HoldRoom(tx, caller, id)
	if err != nil {
		return room, auth.Grant{}, err
	}
	grant, err := streams.Allow(tx, caller, room, choosingOwners)
	return room, grant, err
}

var demoteOwner = op.Operation[Service]{
	ID:      "demoteRoomOwner",
	Route:   "POST /pod/v1/room/{id}/membership/demoteOwner",
	Tag:     "Room Membership",
	Summary: "Make an owner an ordinary member.",
	About: "For owners, also of themselves, and for administrators. The last owner remains " +
		"an owner.",
	Needs:  auth.AnyUser,
	Opens:  []auth.Permission{auth.ManageRooms},
	Handle: op.Write((*Service).demoteOwner),
}

func (s *Service) demoteOwner(tx *db.Tx, caller auth.Caller, in memberInput) (wire.Success, error) {
	room, grant, err := lockForOwners(tx, caller, in.ID)
	if err != nil {
		return wire.Success{}, err
	}
	m, _, err := streams.MemberOf(tx, room.Stream, in.Body.ID)
	switch {
	case err != nil:
		return wire.Success{}, err
	case !m.Owner:
		return wire.Success{}, apierr.Invalid("User is not an owner of the room")
	case room.Owners == 1:
		return wire.Success{}, apierr.Invalid("Room must have at least one owner")
	}
	u, err := accounts.Brief(tx, m.User)
	if err != nil {
		return wire.Success{}, err
	}
	if err := lifecycle.SetOwner(tx, room.Stream, m.User, false); err != nil {
		return wire.Success{}, err
	}
	room.Owners, room.Modified = room.Owners-1, tx.Now()
	if err := streams.SaveCounts(tx, room.Stream); err != nil {
		return wire.Success{}, err
	}
	place, err := facts.PlaceOf(tx, room.Stream)
	if err != nil {
		return wire.Success{}, err
	}
	demoted := facts.OwnerDemoted{Stream: place, User: facts.PersonOf(u), ByAdministrator: grant.UsesRight()}
	return wire.Done("Owner demoted"), s.Journal.Record(tx, grant, room.Subject(), demoted)
}
