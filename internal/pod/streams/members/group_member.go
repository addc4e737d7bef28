package members

import (
	"errors"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/pod/accounts"
	"podium/internal/pod/groups"
	"podium/internal/pod/streams"
	"podium/internal/pod/streams/facts"
	"podium/internal/wire"
)

// A distribution list is added to a room, and removed, like a user, by its id. Its members are in
// the room while the list is. A member who was in the room before stays when the list is removed.

// addGroup adds a list of the caller's company, and all its members, to a room.
func (s *Service) addGroup(tx *db.Tx, grant auth.Grant, room streams.Stream, list accounts.User) (wire.Success, error) {
	if list.Company != grant.Company {
		return wire.Success{}, accounts.Unknown(db.ErrNoRow, list.ID)
	}
	if list.Company != room.Company && !room.CrossPod {
		return wire.Success{}, apierr.Forbidden("room %s is for one company", room.ID)
	}
	if err := groups.Lock(tx, list.ID); err != nil {
		return wire.Success{}, err
	}
	err := tx.Exec(`
		INSERT INTO stream_groups (stream, group_id, added_by, added)
		VALUES ($1, $2, $3, $4)`, room.Number, list.ID, grant.User, tx.Now())
	if db.Conflict(err) == "stream_groups_pkey" {
		err = apierr.Invalid("Member already part of the room")
	}
	if err != nil {
		return wire.Success{}, err
	}
	on, err := groups.Members(tx, list.Company, list.ID)
	if err != nil {
		return wire.Success{}, err
	}
	brought, err := s.addByList(tx, grant.Caller, &room, on)
	if err != nil {
		return wire.Success{}, err
	}
	place, err := facts.PlaceOf(tx, room)
	if err != nil {
		return wire.Success{}, err
	}
	added := facts.GroupAdded{Stream: place, Group: facts.PersonOf(list), ByAdministrator: grant.UsesRight()}
	if err := s.Journal.Record(tx, grant, room.Subject(), added); err != nil {
		return wire.Success{}, err
	}
	return wire.Done("Member added"), s.recordBrought(tx, grant, room, list.ID, brought)
}

var errNoMember = apierr.Invalid("User is not a member of the room")

// removeGroup removes a list from a room, and all who are in the room only through it.
func (s *Service) removeGroup(tx *db.Tx, grant auth.Grant, room streams.Stream, id wire.UserID) (wire.Success, error) {
	if err := groups.Lock(tx, id); err != nil {
		return wire.Success{}, err
	}
	err := tx.Change(`DELETE FROM stream_groups WHERE stream = $1 AND group_id = $2`, room.Number, id)
	if errors.Is(err, db.ErrNoRow) {
		err = errNoMember
	}
	if err != nil {
		return wire.Success{}, err
	}
	list, err := accounts.Brief(tx, id)
	if err != nil {
		return wire.Success{}, err
	}
	on, err := groups.Members(tx, list.Company, id)
	if err != nil {
		return wire.Success{}, err
	}
	taken, err := s.removeByList(tx, &room, on)
	if err != nil {
		return wire.Success{}, err
	}
	place, err := facts.PlaceOf(tx, room)
	if err != nil {
		return wire.Success{}, err
	}
	removed := facts.GroupRemoved{Stream: place, Group: facts.PersonOf(list), ByAdministrator: grant.UsesRight()}
	if err := s.Journal.Record(tx, grant, room.Subject(), removed); err != nil {
		return wire.Success{}, err
	}
	return wire.Done("Member removed"), s.recordTaken(tx, grant, room, id, taken)
}
