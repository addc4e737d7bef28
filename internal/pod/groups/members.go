package groups

import (
	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/pod/users"
	"podium/internal/wire"
)

// admissible refuses new members of a group that are no enabled users of its company, or whom an information
// barrier keeps apart from one another or from those who stay. Until commit nobody disables them.
func (s *Service) admissible(tx *db.Tx, company wire.CompanyID, staying, fresh []wire.UserID) error {
	if len(fresh) == 0 {
		return nil
	}
	if len(staying)+len(fresh) > maxMembers {
		return apierr.Invalid("members: there would be more than %d", maxMembers)
	}
	if err := users.HoldAll(tx, fresh); err != nil {
		return err
	}
	accounts, err := users.ByIDs(tx, company, fresh)
	if err != nil {
		return err
	}
	walled := false
	for _, id := range fresh {
		u, ok := accounts[id]
		switch {
		case !ok || u.AccountType == auth.SDL:
			return apierr.Invalid("memberId: %s is no user of the company", id)
		case u.Status != users.Enabled:
			return apierr.Invalid("memberId: user %s is disabled", id)
		}
		walled = walled || u.Walled
	}
	if !walled {
		return nil // whoever comes is kept apart from nobody
	}
	return s.mayMeet(tx, staying, fresh)
}

// mayMeet refuses a group if an information barrier keeps fresh members of it apart from one another or from those who stay.
func (s *Service) mayMeet(tx *db.Tx, staying, fresh []wire.UserID) error {
	if s.Barred == nil {
		return nil
	}
	barred, err := s.Barred(tx, staying, fresh)
	if barred && err == nil {
		err = apierr.Barrier("An information barrier stands between members of the group")
	}
	return err
}

// join puts users on an active group.
func (s *Service) join(tx *db.Tx, caller auth.Caller, g group, list []wire.UserID) error {
	if len(list) == 0 {
		return nil
	}
	if err := insertMembers(tx, g.id, list); err != nil {
		return err
	}
	return tell(s.Joined, tx, caller, g.id, list)
}

// leave takes users off a group; of a deleted one they have left before.
func (s *Service) leave(tx *db.Tx, caller auth.Caller, g group, list []wire.UserID) error {
	if err := deleteMembers(tx, g.id, list); err != nil || g.status == Deleted {
		return err
	}
	return tell(s.Left, tx, caller, g.id, list)
}

// tell calls each of the functions that follow a change of members.
func tell(functions []func(*db.Tx, auth.Caller, wire.UserID, []wire.UserID) error, tx *db.Tx, caller auth.Caller, id wire.UserID, list []wire.UserID) error {
	if len(list) == 0 {
		return nil
	}
	for _, f := range functions {
		if err := f(tx, caller, id, list); err != nil {
			return err
		}
	}
	return nil
}

// Leave takes a user who was disabled off all groups, for good: "SDL … remove disabled user from group" says
// the published description.
func (s *Service) Leave(tx *db.Tx, caller auth.Caller, user wire.UserID) error {
	ids, err := db.All(tx, db.ScanValue[wire.UserID], `SELECT group_id FROM group_members WHERE user_id = $1 ORDER BY group_id`, user)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := lock(tx, id); err != nil {
			return err
		}
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
		if err := s.Events.RecordAll(tx, caller, removed(g, []wire.UserID{user})); err != nil {
			return err
		}
	}
	return nil
}
