// Package groups is distribution lists: who is on them, what they say of themselves, and their pictures. Each
// has an account of type SDL, which package users finds and shows, within the company, and which is changed here alone. Where a
// list takes part in conversations is the chapter streams' business, which follows Joined and Left.
package groups

import (
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/journal"
	"podium/internal/op"
	"podium/internal/pod/users"
	"podium/internal/wire"
)

// Service is this chapter, filled in by package pod.
type Service struct {
	DB      *db.DB
	Journal *journal.Log
	Users   *users.Service

	// Barred, if set, reports whether an information barrier keeps somebody fresh apart from another one or from somebody who stays.
	Barred func(tx *db.Tx, staying, fresh []wire.UserID) (bool, error)

	// HoldBarriers, if set, locks the information barriers of users until commit.
	HoldBarriers func(tx *db.Tx, list ...wire.UserID) error

	// Joined and Left are called, in the same transaction, when users became members of a group or are
	// members no longer. When a group is deleted all have left, and when it is set back they have joined.
	Joined, Left []func(tx *db.Tx, caller auth.Caller, group wire.UserID, list []wire.UserID) error
}

// Operations returns what this package answers.
func (s *Service) Operations() []op.Bound {
	return op.Bind(s,
		createGroup, getGroup, updateGroup, listGroups, addMember, updateAvatar, deleteAll, listTypes, getType,
		listDistributionLists, getDistributionList,
	)
}

// scope is what access tokens for this chapter are made for.
const scope = "profile-manager"

// manager is who may do anything with groups.
var manager = auth.Scoped(scope, auth.CanCreateDistributionList)

// Members is who is on an active group of a company, in the order of their ids; nobody for an id that is
// no group's, or a deleted one's.
func Members(tx *db.Tx, company wire.CompanyID, id wire.UserID) ([]wire.UserID, error) {
	return db.All(tx, db.ScanValue[wire.UserID], `
		SELECT m.user_id
		FROM groups g
		JOIN group_members m ON m.group_id = g.id
		WHERE g.id = $1 AND g.company = $2 AND g.status = $3
		ORDER BY m.user_id`, id, company, Active)
}

// Of returns the active groups that a user is on, in the order of their ids.
func Of(tx *db.Tx, user wire.UserID) ([]wire.UserID, error) {
	return db.All(tx, db.ScanValue[wire.UserID], `
		SELECT g.id
		FROM group_members m
		JOIN groups g ON g.id = m.group_id
		WHERE m.user_id = $1 AND g.status = $2
		ORDER BY g.id`, user, Active)
}

// Hold keeps a group and its members as they are until commit.
func Hold(tx *db.Tx, id wire.UserID) error { return hold(tx, id) }

// Among is on which of some active groups each of some users is, in the order of their ids.
func Among(tx *db.Tx, groups, list []wire.UserID) (map[wire.UserID][]wire.UserID, error) {
	on := map[wire.UserID][]wire.UserID{}
	if len(groups) == 0 || len(list) == 0 {
		return on, nil
	}
	_, err := db.All(tx, func(row db.Row) (none struct{}, err error) {
		var user, group wire.UserID
		if err = row.Scan(&user, &group); err == nil {
			on[user] = append(on[user], group)
		}
		return none, err
	}, `
		SELECT m.user_id, m.group_id
		FROM group_members m
		JOIN groups g ON g.id = m.group_id
		WHERE m.group_id IN ($1) AND m.user_id IN ($2) AND g.status = $3
		ORDER BY m.user_id, m.group_id`, groups, list, Active)
	return on, err
}
