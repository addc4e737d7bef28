// Package groups handles distribution lists: their members, profiles and pictures. Each has an
// account of type SDL, which searches in the company find, and which only this package changes.
// Package streams/members follows Joined and Left: it handles lists in rooms.
package groups

import (
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/journal"
	"podium/internal/op"
	"podium/internal/pod/accounts"
	"podium/internal/pod/profiles"
	"podium/internal/wire"
)

// Service is the chapter groups. Package pod sets its fields.
type Service struct {
	DB       *db.DB
	Journal  *journal.Log
	Accounts *accounts.Service
	Profiles *profiles.Service
}

// Joined is told when users become members of a group, also when the group is restored.
type Joined struct {
	By    auth.Caller
	Group wire.UserID
	Users []wire.UserID
}

// News returns when it is told.
func (Joined) News() string {
	return "Users become members of a distribution list, or the list is restored."
}

// Left is told when users stop being members of a group, also when the group is deleted.
type Left struct {
	By    auth.Caller
	Group wire.UserID
	Users []wire.UserID
}

// News returns when it is told.
func (Left) News() string {
	return "Users stop being members of a distribution list, or the list is deleted."
}

// Operations returns the operations of this chapter.
func (s *Service) Operations() []op.Bound {
	return op.Bind(s,
		createGroup, getGroup, updateGroup, listGroups, addMember, updateAvatar, deleteAll, listTypes, getType,
		listDistributionLists, getDistributionList,
	)
}

// scope is the scope of access tokens for this chapter.
const scope = "profile-manager"

// manager is the need of the right to manage distribution lists.
var manager = auth.Scoped(scope, auth.CanCreateDistributionList)

// Members returns the members of an active group of a company, in the order of their ids. It
// returns none for a deleted or unknown group.
func Members(tx *db.Tx, company wire.CompanyID, id wire.UserID) ([]wire.UserID, error) {
	return db.All(tx, db.ScanValue[wire.UserID], `
		SELECT m.user_id
		FROM groups g
		JOIN group_members m ON m.group_id = g.id
		WHERE g.id = $1 AND g.company = $2 AND g.status = $3
		ORDER BY m.user_id`, id, company, Active)
}

// Of returns the active groups of which a user is a member, in the order of their ids.
func Of(tx *db.Tx, user wire.UserID) ([]wire.UserID, error) {
	return db.All(tx, db.ScanValue[wire.UserID], `
		SELECT g.id
		FROM group_members m
		JOIN groups g ON g.id = m.group_id
		WHERE m.user_id = $1 AND g.status = $2
		ORDER BY g.id`, user, Active)
}

// Lock locks a group and its members until commit.
func Lock(tx *db.Tx, id wire.UserID) error { return hold(tx, id) }

// Among returns, for each of the users, of which of the given active groups they are members, in
// the order of the groups' ids.
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
