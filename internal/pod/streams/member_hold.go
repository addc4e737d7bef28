package streams

import (
	"errors"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/pod/barriers"
	"podium/internal/pod/groups"
	"podium/internal/pod/users"
	"podium/internal/wire"
)

// may returns the caller as who may change the membership that the input names, or the refusal.
type may func(caller auth.Caller, room seen, in memberInput) (auth.Caller, error)

// holdForAdding locks a room, and the user who is to come into it. It returns the room, the caller as
// may says, and the account, which stays as it is until commit; an empty one if
// the caller may know of none with the id.
// Of a distribution list it locks everybody on it. Locks: list, accounts, barriers, room.
func holdForAdding(tx *db.Tx, caller auth.Caller, in memberInput, may may) (seen, auth.Caller, users.User, error) {
	u, err := users.Visible(tx, caller, in.Body.ID) // the type of an account never changes
	switch {
	case err == nil && u.AccountType == auth.SDL:
		err = holdList(tx, caller, in, u, may)
	case err == nil:
		err = users.HoldAll(tx, []wire.UserID{u.ID})
	}
	if err == nil {
		u, err = users.Visible(tx, caller, u.ID)
	}
	if err == nil && u.Walled {
		err = barriers.Hold(tx, u.ID)
	}
	if errors.Is(err, db.ErrNoRow) {
		u, err = users.User{}, nil
	}
	if err != nil {
		return seen{}, caller, u, err
	}
	room, caller, err := holdAllowed(tx, caller, in, may)
	return room, caller, u, err
}

// holdForRemoving locks a room that a user is to leave. It returns the room, the caller as may says, and
// whether it is a distribution list that is to leave. Of such a list it locks everybody on it. Locks: list, accounts, barriers, room.
func holdForRemoving(tx *db.Tx, caller auth.Caller, in memberInput, may may) (room seen, _ auth.Caller, isList bool, err error) {
	u, err := users.Brief(tx, in.Body.ID)
	if errors.Is(err, db.ErrNoRow) {
		err = nil
	}
	isList = u.AccountType == auth.SDL
	if err == nil && isList {
		err = holdList(tx, caller, in, u, may)
	}
	if err != nil {
		return seen{}, caller, isList, err
	}
	room, caller, err = holdAllowed(tx, caller, in, may)
	return room, caller, isList, err
}

// holdList locks a distribution list, the accounts of everybody on it, and the barriers of those who are
// walled. A caller who may not change the room's members locks nothing: nobody is to wait for it.
func holdList(tx *db.Tx, caller auth.Caller, in memberInput, list users.User, may may) error {
	room, err := seeRoom(tx, caller, in.ID)
	if err != nil {
		return err
	}
	if _, err := may(caller, room, in); err != nil {
		return err
	}
	if err := groups.Hold(tx, list.ID); err != nil {
		return err
	}
	on, err := groups.Members(tx, list.Company, list.ID)
	if err != nil {
		return err
	}
	if err := users.HoldAll(tx, on); err != nil {
		return err
	}
	people, err := users.GetAll(tx, on)
	if err != nil {
		return err
	}
	return barriers.Hold(tx, walledAmong(people)...)
}

// holdAllowed locks a room, and asks may about it as it then is.
func holdAllowed(tx *db.Tx, caller auth.Caller, in memberInput, may may) (seen, auth.Caller, error) {
	room, err := holdRoom(tx, caller, in.ID)
	if err == nil {
		caller, err = may(caller, room, in)
	}
	return room, caller, err
}
