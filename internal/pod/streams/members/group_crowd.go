package members

import (
	"slices"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/pod/accounts"
	"podium/internal/pod/barriers"
	"podium/internal/pod/streams"
	"podium/internal/pod/streams/admission"
	"podium/internal/wire"
)

// crowd holds users who join a room by one statement. They are not members yet while they are
// checked for barriers against each other.
type crowd struct {
	groups map[wire.UserID][]int64 // the barrier groups of each user
	come   map[int64]bool          // the barrier groups of those who may join
}

// newCrowd returns a crowd in which no one may join yet. The caller must have locked the barrier
// state of the people.
func newCrowd(tx *db.Tx, people []accounts.User) (crowd, error) {
	c := crowd{come: map[int64]bool{}}
	walled := admission.WalledAmong(people)
	if len(walled) == 0 {
		return c, nil
	}
	if err := barriers.LockUsers(tx, walled...); err != nil {
		return c, err
	}
	var err error
	c.groups, err = barriers.GroupsOf(tx, walled)
	return c, err
}

// mayCome returns an error if u may not be in the room, or is separated from one who may join.
func (c crowd) mayCome(tx *db.Tx, caller auth.Caller, room streams.Stream, u accounts.User) error {
	if err := admission.MayEnter(tx, caller, room, u); err != nil || !u.Walled {
		return err
	}
	opposed, err := barriers.SeparatedGroups(tx, u.ID)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(opposed, func(group int64) bool { return c.come[group] }) {
		return admission.ErrSeparated
	}
	if err := admission.MayMeetThose(tx, room, u.ID, opposed); err != nil {
		return err
	}
	for _, group := range c.groups[u.ID] {
		c.come[group] = true
	}
	return nil
}
