package streams

import (
	"slices"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/pod/barriers"
	"podium/internal/pod/users"
	"podium/internal/wire"
)

// crowd is those who come into a room by one statement, so that the room does not have them as members yet when they are held against one another.
type crowd struct {
	groups map[wire.UserID][]int64 // of barriers, that each is in
	come   map[int64]bool          // groups of those who may come
}

// newCrowd begins with nobody. The barriers of the people are held.
func newCrowd(tx *db.Tx, people []users.User) (crowd, error) {
	c := crowd{come: map[int64]bool{}}
	walled := walledAmong(people)
	if len(walled) == 0 {
		return c, nil
	}
	if err := barriers.Hold(tx, walled...); err != nil {
		return c, err
	}
	var err error
	c.groups, err = barriers.GroupsOf(tx, walled)
	return c, err
}

// mayCome refuses one of the people who may not be in a room, or not together with those of them who may.
func (c crowd) mayCome(tx *db.Tx, caller auth.Caller, room Stream, u users.User) error {
	if err := mayEnter(tx, caller, room, u); err != nil || !u.Walled {
		return err
	}
	opposed, err := barriers.Opposed(tx, u.ID)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(opposed, func(group int64) bool { return c.come[group] }) {
		return errApart
	}
	if err := mayMeetThose(tx, room, u.ID, opposed); err != nil {
		return err
	}
	for _, group := range c.groups[u.ID] {
		c.come[group] = true
	}
	return nil
}
