package members

import (
	"fmt"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/pod/accounts"
	"podium/internal/pod/streams"
	"podium/internal/pod/streams/facts"
	"podium/internal/wire"
)

var removeMember = op.Operation[Service]{
	ID:      "removeRoomMember",
	Route:   "POST /pod/v1/room/{id}/membership/remove",
	Tag:     "Room Membership",
	Summary: "Remove a user from a room.",
	About: "For owners and administrators; users may remove themselves. The last owner " +
		"cannot leave while others are in the room. A room without members is " +
		"deactivated. A distribution list takes along the members who are in the room " +
		"through it alone.",
	Needs:  auth.AnyUser,
	Opens:  []auth.Permission{auth.ManageRooms},
	Handle: op.Write((*Service).removeMember),
}

var removeMemberAsAdmin = op.Operation[Service]{
	ID:      "removeRoomMemberAsAdmin",
	Route:   "POST /pod/v1/admin/room/{id}/membership/remove",
	Tag:     "Room Membership",
	Summary: "Remove a user from any room.",
	About:   "From a room of another company, only users of the own company.",
	Needs:   auth.All(auth.AddAndRemoveUsersInAnyRoom),
	Handle:  op.Write((*Service).removeMemberAsAdmin),
}

func (s *Service) removeMember(tx *db.Tx, caller auth.Caller, in memberInput) (wire.Success, error) {
	room, grant, isList, err := lockForRemoving(tx, caller, in, removing(in.Body.ID))
	if err != nil {
		return wire.Success{}, err
	}
	return s.remove(tx, grant, room.Stream, in.Body.ID, isList)
}

// removing is to remove a user from a room: for owners, and for users who leave.
func removing(user wire.UserID) streams.Action {
	return streams.Action{
		Right: auth.AddAndRemoveUsersInAnyRoom,
		Own: func(_ *db.Tx, caller auth.Caller, room streams.Seen) (bool, error) {
			return user == caller.User || room.Owns(), nil
		},
		Refusal: "only an owner may remove users from room %s",
	}
}

// removingAsAdmin is to remove a user by the right that the operation asks for: any user from rooms
// of the own company, and users of the own company from every room.
func removingAsAdmin(user wire.UserID) streams.Action {
	return streams.Action{
		Own: func(_ *db.Tx, caller auth.Caller, room streams.Seen) (bool, error) {
			return room.Company == caller.Company || user.Company() == caller.Company, nil
		},
		Refusal: fmt.Sprintf("room %%s and user %s are of other companies", user),
	}
}

func (s *Service) removeMemberAsAdmin(tx *db.Tx, caller auth.Caller, in memberInput) (wire.Success, error) {
	room, grant, isList, err := lockForRemoving(tx, caller, in, removingAsAdmin(in.Body.ID))
	if err != nil {
		return wire.Success{}, err
	}
	return s.remove(tx, grant, room.Stream, in.Body.ID, isList)
}

// remove removes a user or a distribution list from a room. lockForRemoving must have locked both.
func (s *Service) remove(tx *db.Tx, grant auth.Grant, room streams.Stream, id wire.UserID, isList bool) (wire.Success, error) {
	if !room.Open() {
		return wire.Success{}, apierr.Invalid("Cannot remove member from a deactivated room")
	}
	m, in, err := streams.MemberOf(tx, room, id)
	if err != nil {
		return wire.Success{}, err
	}
	if !in && !isList {
		return wire.Success{}, errNoMember
	}
	if !in {
		return s.removeGroup(tx, grant, room, id)
	}
	u, err := accounts.Brief(tx, id)
	if err != nil {
		return wire.Success{}, err
	}
	if err := s.leave(tx, &room, m, u); err != nil {
		return wire.Success{}, err
	}
	place, err := facts.PlaceOf(tx, room)
	if err != nil {
		return wire.Success{}, err
	}
	removed := facts.MemberRemoved{Stream: place, User: facts.PersonOf(u), ByAdministrator: grant.UsesRight()}
	if err := s.Journal.Record(tx, grant, room.Subject(), removed); err != nil {
		return wire.Success{}, err
	}
	return wire.Done("Member removed"), s.vacated(tx, grant, room)
}

// vacated updates a room after members have left: it is deactivated without enabled members, and no
// longer closed by a barrier if the separated members have left.
func (s *Service) vacated(tx *db.Tx, grant auth.Grant, room streams.Stream) error {
	if room.Open() && room.Members == room.Away {
		if err := s.Lifecycle.Deactivate(tx, grant, &room); err != nil {
			return err
		}
	}
	if room.Separation == 0 {
		return nil
	}
	return s.Lifecycle.Release(tx, grant, room)
}

// leave ends a membership. It fails if the room would lose its last owner.
func (s *Service) leave(tx *db.Tx, room *streams.Stream, m streams.Member, u accounts.User) error {
	room.Members--
	if u.Status != accounts.Enabled {
		room.Away--
	}
	if m.Owner {
		room.Owners--
	}
	if room.Owners == 0 && room.Members-room.Away > 0 {
		return apierr.Invalid("Room must have at least one owner")
	}
	room.Modified = tx.Now()
	if err := tx.Change(`DELETE FROM stream_members WHERE stream = $1 AND user_id = $2`, room.Number, m.User); err != nil {
		return err
	}
	err := tx.Exec(`
		INSERT INTO stream_leavers (stream, user_id, joined, left_at)
		VALUES ($1, $2, $3, $4)
		ON CONFLICT (stream, user_id, joined) DO UPDATE SET left_at = excluded.left_at`, room.Number, m.User, m.Joined, tx.Now())
	if err != nil {
		return err
	}
	if err := streams.SaveCounts(tx, *room); err != nil {
		return err
	}
	if err := streams.CountCompany(tx, *room, u.Company, -1); err != nil || u.Company == room.Company {
		return err
	}
	present, err := streams.HasCompany(tx, *room, u.Company)
	if err != nil || present {
		return err
	}
	return s.Index.Remove(tx, *room, u.Company)
}
