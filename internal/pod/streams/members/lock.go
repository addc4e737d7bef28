package members

import (
	"errors"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/pod/accounts"
	"podium/internal/pod/barriers"
	"podium/internal/pod/directory"
	"podium/internal/pod/groups"
	"podium/internal/pod/streams"
	"podium/internal/pod/streams/admission"
	"podium/internal/wire"
)

// lockForAdding locks a room, and the user who is added to it. It returns the room, the grant of
// the action, and the account, which does not change until commit. The account is empty if the
// caller may know of none with the id. Of a distribution list it locks every user on it. Lock
// order: list, accounts, barriers, room.
func lockForAdding(tx *db.Tx, caller auth.Caller, in memberInput, a streams.Action) (streams.Seen, auth.Grant, accounts.User, error) {
	u, err := directory.Visible(tx, caller, in.Body.ID) // the type of an account never changes
	switch {
	case err == nil && u.AccountType == auth.SDL:
		err = lockList(tx, caller, in, u, a)
	case err == nil:
		err = accounts.HoldAll(tx, []wire.UserID{u.ID})
	}
	if err == nil {
		u, err = directory.Visible(tx, caller, u.ID)
	}
	if err == nil && u.Walled {
		err = barriers.LockUsers(tx, u.ID)
	}
	if errors.Is(err, db.ErrNoRow) {
		u, err = accounts.User{}, nil
	}
	if err != nil {
		return streams.Seen{}, auth.Grant{}, u, err
	}
	room, grant, err := lockAllowed(tx, caller, in, a)
	return room, grant, u, err
}

// lockForRemoving locks a room that a user is to leave. It returns the room, the grant of the
// action, and whether it is a distribution list that is to leave. Of such a list it locks every
// user on it. Lock order: list, accounts, barriers, room.
func lockForRemoving(tx *db.Tx, caller auth.Caller, in memberInput, a streams.Action) (room streams.Seen, grant auth.Grant, isList bool, err error) {
	u, err := accounts.Brief(tx, in.Body.ID)
	if errors.Is(err, db.ErrNoRow) {
		err = nil
	}
	isList = u.AccountType == auth.SDL
	if err == nil && isList {
		err = lockList(tx, caller, in, u, a)
	}
	if err != nil {
		return streams.Seen{}, grant, isList, err
	}
	room, grant, err = lockAllowed(tx, caller, in, a)
	return room, grant, isList, err
}

// lockList locks a distribution list, the accounts of its members, and the barrier state of those
// in a barrier group. It locks nothing for a caller who may not change the room's members.
func lockList(tx *db.Tx, caller auth.Caller, in memberInput, list accounts.User, a streams.Action) error {
	room, err := streams.SeeRoom(tx, caller, in.ID)
	if err != nil {
		return err
	}
	if _, err := streams.Allow(tx, caller, room, a); err != nil {
		return err
	}
	if err := groups.Lock(tx, list.ID); err != nil {
		return err
	}
	on, err := groups.Members(tx, list.Company, list.ID)
	if err != nil {
		return err
	}
	if err := accounts.HoldAll(tx, on); err != nil {
		return err
	}
	people, err := accounts.GetAll(tx, on)
	if err != nil {
		return err
	}
	return barriers.LockUsers(tx, admission.WalledAmong(people)...)
}

// lockAllowed locks a room, and returns the grant of an action on it as it then is. It fails with
// Forbidden.
func lockAllowed(tx *db.Tx, caller auth.Caller, in memberInput, a streams.Action) (streams.Seen, auth.Grant, error) {
	room, err := streams.HoldRoom(tx, caller, in.ID)
	if err != nil {
		return room, auth.Grant{}, err
	}
	grant, err := streams.Allow(tx, caller, room, a)
	return room, grant, err
}
