package barriers

import (
	"errors"
	"slices"

	"podium/internal/db"
	"podium/internal/db/lock"
	"podium/internal/wire"
)

// Two users are separated if an active policy of the type BLOCK names a group of each, and the
// groups are not the same. Groups belong to one company, so accounts of different companies are
// never separated.
//
// An account in no group is separated from no other. users.User.Walled and auth.Caller.Walled say
// whether an account is in a group, and are read in any case. Ask here only about accounts that
// are, so that a company without groups pays nothing.

// stripes is how many locks a company's barriers have. A transaction that brings an account with
// barriers together with others takes the account's one; a transaction that changes barriers takes
// all. So the former rarely wait for each other, and always for the latter.
const stripes = 64

// LockUsers locks the barrier state of the given users until commit. Call it before AnySeparated,
// SeparatedFrom or SeparatedGroups when their answer decides whether users may be put together.
// Lock order: accounts, barrier stripes, stream.
func LockUsers(tx *db.Tx, list ...wire.UserID) error {
	keys := make([]lock.Key, len(list))
	for i, id := range list {
		keys[i] = lock.BarrierStripe(id.Company(), int64(id)%stripes)
	}
	return tx.Lock(keys...)
}

// lockAll locks all barrier stripes of a company until commit, so that no account in a group is put
// together with others meanwhile.
func lockAll(tx *db.Tx, company wire.CompanyID) error {
	return tx.Lock(Stripes(company)...)
}

// Stripes returns all barrier locks of a company.
func Stripes(company wire.CompanyID) []lock.Key {
	keys := make([]lock.Key, stripes)
	for i := range keys {
		keys[i] = lock.BarrierStripe(company, int64(i))
	}
	return keys
}

// AnySeparated reports whether any two of the users are separated.
func AnySeparated(tx *db.Tx, list []wire.UserID) (bool, error) {
	_, err := db.Value[int64](tx, `
		SELECT policy
		FROM barrier_sides
		WHERE user_id IN ($1)
		GROUP BY policy
		HAVING `+HavingSeparated+`
		LIMIT 1`, list)
	if errors.Is(err, db.ErrNoRow) {
		return false, nil
	}
	return err == nil, err
}

// HavingSeparated is the HAVING condition on the rows that some users have in barrier_sides for one
// policy. It holds if the policy separates any two of them: the rows have at least two users and
// two groups. (If all rows of one group belong to one user, the other user's group differs from one
// of that user's.)
const HavingSeparated = `MIN(grp) <> MAX(grp) AND MIN(user_id) <> MAX(user_id)`

// SeparatedGroups returns the numbers of the groups whose members a user is separated from.
func SeparatedGroups(tx *db.Tx, user wire.UserID) ([]int64, error) {
	return db.All(tx, db.ScanValue[int64], `
		SELECT DISTINCT o.grp
		FROM barrier_sides s
		JOIN barrier_policy_groups o ON o.policy = s.policy AND o.grp <> s.grp
		WHERE s.user_id = $1`, user)
}

// InGroups returns a SQL condition: the account in column, which includes the table's name, is a
// member of one of the groups. groups is the placeholder of the numbers that SeparatedGroups
// returned. The plus sign makes the database read the account's few groups, not each of the given
// groups.
func InGroups(column, groups string) string {
	return `EXISTS (SELECT 1 FROM barrier_members bm WHERE bm.user_id = ` + column + ` AND +bm.grp IN (` + groups + `))`
}

// MembersQuery returns a SQL query of the ids of the members of groups. groups is the placeholder
// of their numbers.
func MembersQuery(groups string) string {
	return `SELECT user_id FROM barrier_members WHERE grp IN (` + groups + `)`
}

// CountMembers returns the sum of the numbers of members of groups. An account in several groups
// counts once for each.
func CountMembers(tx *db.Tx, groups []int64) (int64, error) {
	if len(groups) == 0 {
		return 0, nil
	}
	return db.Value[int64](tx, `SELECT CAST(SUM(members) AS BIGINT) FROM barrier_groups WHERE number IN ($1)`, groups)
}

// SeparatedFrom returns those of the given users from whom a user is separated, in no order.
func SeparatedFrom(tx *db.Tx, user wire.UserID, list []wire.UserID) ([]wire.UserID, error) {
	if len(list) == 0 {
		return nil, nil
	}
	opposed, err := SeparatedGroups(tx, user)
	if err != nil || len(opposed) == 0 {
		return nil, err
	}
	return db.All(tx, db.ScanValue[wire.UserID], `
		SELECT DISTINCT user_id
		FROM barrier_members
		WHERE user_id IN ($1) AND +grp IN ($2) AND user_id <> $3`, list, opposed, user)
}

// Separated reports whether two users are separated.
func Separated(tx *db.Tx, a, b wire.UserID) (bool, error) {
	return AnySeparated(tx, []wire.UserID{a, b})
}

// AnyNewcomerSeparated reports whether a barrier separates any newcomer from another newcomer or
// from a current member. Existing members may already be separated from each other; that is not
// checked. The caller must have locked the newcomers' accounts and, by LockUsers, the barrier state
// of those in a group.
func AnyNewcomerSeparated(tx *db.Tx, staying, fresh []wire.UserID) (bool, error) {
	apart, err := AnySeparated(tx, slices.Concat(staying, fresh))
	if err != nil || !apart || len(staying) == 0 {
		return apart, err
	}
	_, err = db.Value[int64](tx, `
		SELECT f.policy
		FROM barrier_sides f
		JOIN barrier_sides o ON o.policy = f.policy AND o.grp <> f.grp AND o.user_id <> f.user_id
		WHERE f.user_id IN ($1) AND o.user_id IN ($2)
		LIMIT 1`, fresh, slices.Concat(staying, fresh))
	if errors.Is(err, db.ErrNoRow) {
		return false, nil
	}
	return err == nil, err
}

// Version returns a SQL expression for the company's barrier version: a counter incremented
// whenever the separation of any accounts may have changed, 0 if there have never been barriers.
// company is the placeholder, such as `$1`.
func Version(company string) string {
	return `COALESCE((SELECT version FROM barrier_versions WHERE company = ` + company + `), 0)`
}

// GroupsOf returns the numbers of the users' groups by user. Users in no group are left out.
func GroupsOf(tx *db.Tx, list []wire.UserID) (map[wire.UserID][]int64, error) {
	type row struct {
		user  wire.UserID
		group int64
	}
	rows, err := db.All(tx, func(r db.Row) (m row, err error) { return m, r.Scan(&m.user, &m.group) }, `
		SELECT user_id, grp
		FROM barrier_members
		WHERE user_id IN ($1)`, list)
	groups := make(map[wire.UserID][]int64)
	for _, m := range rows {
		groups[m.user] = append(groups[m.user], m.group)
	}
	return groups, err
}
