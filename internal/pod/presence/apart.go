package presence

import (
	"context"
	"slices"
	"strconv"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/pod/barriers"
	"podium/internal/wire"
)

// Information barriers hide the presence of separated users from each other. A caller who is not in
// a barrier group is separated from no user, which needs no query.

// mayLook fails with Forbidden if a barrier separates a caller in a barrier group from a user.
func mayLook(tx *db.Tx, caller auth.Caller, id wire.UserID) error {
	apart, err := barriers.Separated(tx, caller.User, id)
	if apart && err == nil {
		err = apierr.Forbidden("an information barrier separates users %s and %s", caller.User, id)
	}
	return err
}

// except returns a condition on presence that leaves out the users whom barriers hide from the
// caller, and the statement's parameters with those of the condition.
func except(tx *db.Tx, caller auth.Caller, args []any) (string, []any, error) {
	if !caller.Walled {
		return "", args, nil
	}
	opposed, err := barriers.SeparatedGroups(tx, caller.User)
	if err != nil || len(opposed) == 0 {
		return "", args, err
	}
	viewer, groups := "$"+strconv.Itoa(len(args)+1), "$"+strconv.Itoa(len(args)+2)
	return ` AND (user_id = ` + viewer + ` OR NOT ` + barriers.InGroups("presence.user_id", groups) + `)`, append(args, caller.User, opposed), nil
}

// shown returns the presences that changed, without those that barriers hide from the caller.
func shown(tx *db.Tx, caller auth.Caller, changed []change) ([]Presence, error) {
	var hidden []wire.UserID
	if caller.Walled {
		var err error
		if hidden, err = barriers.SeparatedFrom(tx, caller.User, usersOf(changed)); err != nil {
			return nil, err
		}
	}
	list := make([]Presence, 0, len(changed))
	for _, c := range changed {
		if !slices.Contains(hidden, c.UserID) {
			list = append(list, c.Presence)
		}
	}
	return list, nil
}

func usersOf(changed []change) []wire.UserID {
	ids := make([]wire.UserID, len(changed))
	for i, c := range changed {
		ids[i] = c.UserID
	}
	return ids
}

// viewer caches which barrier groups the user of an open event stream is separated from. Each event
// carries the barrier version it was read at; while that equals the cached version, filtering needs
// no query.
type viewer struct {
	user    wire.UserID
	walled  bool // in a barrier group when the stream began
	version int64
	opposed []int64 // the groups that the user is separated from at that version, in order
}

// seen returns the events that the viewer may see. It calls seenNow if an event has another version
// than the cached one.
func (s *Service) seen(ctx context.Context, v *viewer, events []sentEvent) ([]sentEvent, error) {
	current := true
	for _, e := range events {
		current = current && e.version == v.version
	}
	if current && !v.walled && v.version == 0 {
		return events, nil // there are no barriers
	}
	if !current || v.version == 0 {
		return s.seenNow(ctx, v, events)
	}
	return slices.DeleteFunc(slices.Clone(events), func(e sentEvent) bool { return v.apart(e.user, e.groups) }), nil
}

// seenNow returns the events that the viewer may see by the current state of the database, which it
// caches.
func (s *Service) seenNow(ctx context.Context, v *viewer, events []sentEvent) ([]sentEvent, error) {
	ids := make([]wire.UserID, len(events))
	for i, e := range events {
		ids[i] = e.user
	}
	groups, err := db.Read(ctx, s.DB, func(tx *db.Tx) (groups map[wire.UserID][]int64, err error) {
		if v.version, err = db.Value[int64](tx, `SELECT `+barriers.Version("$1"), v.user.Company()); err != nil {
			return nil, err
		}
		if v.opposed, err = barriers.SeparatedGroups(tx, v.user); err != nil || len(v.opposed) == 0 {
			return nil, err
		}
		slices.Sort(v.opposed)
		return barriers.GroupsOf(tx, ids)
	})
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(events), func(e sentEvent) bool { return v.apart(e.user, groups[e.user]) }), nil
}

// apart reports whether a barrier hides a user in some groups from the viewer.
func (v *viewer) apart(user wire.UserID, groups []int64) bool {
	if user == v.user {
		return false
	}
	for _, g := range groups {
		if _, found := slices.BinarySearch(v.opposed, g); found {
			return true
		}
	}
	return false
}
