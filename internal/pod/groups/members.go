package groups

import (
	"slices"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/db/lock"
	"podium/internal/pod/accounts"
	"podium/internal/pod/barriers"
	"podium/internal/wire"
)

// admissible returns an error for new members that are not enabled users of the company, or that a
// barrier separates from each other or from current members. holdMoving must have locked them.
func (s *Service) admissible(tx *db.Tx, company wire.CompanyID, staying, fresh []wire.UserID) error {
	if len(fresh) == 0 {
		return nil
	}
	if len(staying)+len(fresh) > maxMembers {
		return apierr.Invalid("members: there would be more than %d", maxMembers)
	}
	found, err := accounts.ByIDs(tx, company, fresh)
	if err != nil {
		return err
	}
	walled := false
	for _, id := range fresh {
		u, ok := found[id]
		switch {
		case !ok || u.AccountType == auth.SDL:
			return apierr.Invalid("memberId: %s is no user of the company", id)
		case u.Status != accounts.Enabled:
			return apierr.Invalid("memberId: user %s is disabled", id)
		}
		walled = walled || u.Walled
	}
	if !walled {
		return nil // the new members are in no barrier group
	}
	return s.mayMeet(tx, staying, fresh)
}

// mayMeet returns apierr.Barrier if a barrier separates any new member from another or from a
// current one.
func (s *Service) mayMeet(tx *db.Tx, staying, fresh []wire.UserID) error {
	separated, err := barriers.AnyNewcomerSeparated(tx, staying, fresh)
	if separated && err == nil {
		err = apierr.Barrier("An information barrier separates members of the group")
	}
	return err
}

// holdMoving locks the accounts of users who join or leave a group, and the barrier state of those
// who join, until commit. The group must be locked before, rooms after.
func (s *Service) holdMoving(tx *db.Tx, company wire.CompanyID, coming, going []wire.UserID) error {
	if err := accounts.HoldAll(tx, slices.Concat(coming, going)); err != nil {
		return err
	}
	found, err := accounts.ByIDs(tx, company, coming)
	if err != nil {
		return err
	}
	var walled []wire.UserID
	for _, u := range found {
		if u.Walled {
			walled = append(walled, u.ID)
		}
	}
	return barriers.LockUsers(tx, walled...)
}

// join adds users to an active group.
func (s *Service) join(tx *db.Tx, caller auth.Caller, g group, list []wire.UserID) error {
	if len(list) == 0 {
		return nil
	}
	if err := insertMembers(tx, g.id, list); err != nil {
		return err
	}
	return s.joined(tx, caller, g.id, list)
}

// leave removes users from a group. Members of a deleted group have already left for followers.
func (s *Service) leave(tx *db.Tx, caller auth.Caller, g group, list []wire.UserID) error {
	if err := deleteMembers(tx, g.id, list); err != nil || g.status == Deleted {
		return err
	}
	return s.left(tx, caller, g.id, list)
}

// joined tells that users have become members of an active group, if there are any.
func (s *Service) joined(tx *db.Tx, caller auth.Caller, id wire.UserID, list []wire.UserID) error {
	if len(list) == 0 {
		return nil
	}
	return s.Journal.Tell(tx, Joined{caller, id, list})
}

// left tells that users have stopped being members of an active group, if there are any.
func (s *Service) left(tx *db.Tx, caller auth.Caller, id wire.UserID, list []wire.UserID) error {
	if len(list) == 0 {
		return nil
	}
	return s.Journal.Tell(tx, Left{caller, id, list})
}

// HoldOf locks the groups of which a user is a member, deleted ones too. Call it before locking the
// account, and HeldAll after.
func HoldOf(tx *db.Tx, user wire.UserID) error {
	ids, err := on(tx, user)
	if err != nil {
		return err
	}
	return holdEach(tx, ids)
}

// HeldAll fails with db.ErrAgain if the user, whose account is locked, has joined another group
// since HoldOf.
func HeldAll(tx *db.Tx, user wire.UserID) error {
	ids, err := on(tx, user)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if !tx.Holds(lock.DistributionList(id)) {
			return db.ErrAgain
		}
	}
	return nil
}

// on returns the groups of which a user is a member, deleted ones too.
func on(tx *db.Tx, user wire.UserID) ([]wire.UserID, error) {
	return db.All(tx, db.ScanValue[wire.UserID], `SELECT group_id FROM group_members WHERE user_id = $1 ORDER BY group_id`, user)
}

func holdEach(tx *db.Tx, ids []wire.UserID) error {
	keys := make([]lock.Key, len(ids))
	for i, id := range ids {
		keys[i] = lock.DistributionList(id)
	}
	return tx.Lock(keys...)
}

// StatusSet removes a disabled user from all groups for good. The published description says:
// "SDL … remove disabled user from group". HoldOf must have locked the groups.
func (s *Service) StatusSet(tx *db.Tx, n accounts.StatusSet) error {
	if n.Status != accounts.Disabled {
		return nil
	}
	caller, user := n.By, n.User
	ids, err := on(tx, user)
	if err != nil {
		return err
	}
	for _, id := range ids {
		g, err := db.One(tx, scanGroup, selectGroups+` WHERE id = $1 AND company = $2`, id, user.Company())
		if err != nil {
			return err
		}
		g = g.changed(tx, caller)
		if err := saveGroup(tx, g); err != nil {
			return err
		}
		if err := s.leave(tx, caller, g, []wire.UserID{user}); err != nil {
			return err
		}
		if err := s.Journal.RecordAll(tx, caller, removed(g, []wire.UserID{user})); err != nil {
			return err
		}
	}
	return nil
}
