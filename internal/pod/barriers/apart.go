package barriers

import (
	"errors"
	"slices"

	"podium/internal/db"
	"podium/internal/db/lock"
	"podium/internal/wire"
)

// Two users are kept apart if an active policy of the type BLOCK names a group of the one and another group of the other.
// Groups are of one company, so nobody is kept apart from another company's people.
//
// Who is in no group at all is kept apart from nobody. Accounts say so (users.User.Walled), and callers (auth.Caller.Walled),
// which are read in any case: ask here only about those who are walled, and a company without groups pays nothing.

// stripes is how many locks a company's barriers have. Whoever brings a walled user into company takes one of them, whoever
// changes barriers takes all: so the former rarely wait for one another, and always for the latter.
const stripes = 64

// Hold has barriers stay as they are until commit, as far as they concern the users. It comes before Apart, Among and Opposed wherever they
// decide who is brought together, and after the locks of the stream and of accounts.
func Hold(tx *db.Tx, list ...wire.UserID) error {
	keys := make([]lock.Key, len(list))
	for i, id := range list {
		keys[i] = lock.BarrierStripe(id.Company(), int64(id)%stripes)
	}
	return tx.Lock(keys...)
}

// holdAll has no walled user of a company be brought into company until commit.
func holdAll(tx *db.Tx, company wire.CompanyID) error {
	return tx.Lock(Stripes(company)...)
}

// Stripes lists the locks that a company's barriers have.
func Stripes(company wire.CompanyID) []lock.Key {
	keys := make([]lock.Key, stripes)
	for i := range keys {
		keys[i] = lock.BarrierStripe(company, int64(i))
	}
	return keys
}

// Apart reports whether some two of the users are kept apart.
func Apart(tx *db.Tx, list []wire.UserID) (bool, error) {
	_, err := db.Value[int64](tx, `
		SELECT policy
		FROM barrier_sides
		WHERE user_id IN ($1)
		GROUP BY policy
		HAVING `+Divided+`
		LIMIT 1`, list)
	if errors.Is(err, db.ErrNoRow) {
		return false, nil
	}
	return err == nil, err
}

// Divided is the condition on the rows of barrier_sides that some people have by one policy, under which it keeps some two of them apart: there are two
// people and two sides among the rows. (Where all those of one side are one and the same person, the other person stands on a
// side that is not every side of his.)
const Divided = `MIN(grp) <> MAX(grp) AND MIN(user_id) <> MAX(user_id)`

// Opposed returns the numbers of the groups whose members a user is kept apart from.
func Opposed(tx *db.Tx, user wire.UserID) ([]int64, error) {
	return db.All(tx, db.ScanValue[int64], `
		SELECT DISTINCT o.grp
		FROM barrier_sides s
		JOIN barrier_policy_groups o ON o.policy = s.policy AND o.grp <> s.grp
		WHERE s.user_id = $1`, user)
}

// Hides returns a condition that the user of a column, named with its table, is a member of one of the groups that Opposed gave, which stand as the parameter named. The
// plus sign has the database look at a member's few groups, not at each of the groups named.
func Hides(column, groups string) string {
	return `EXISTS (SELECT 1 FROM barrier_members bm WHERE bm.user_id = ` + column + ` AND +bm.grp IN (` + groups + `))`
}

// List returns a query of the ids of the members of groups, which stand as the parameter named.
func List(groups string) string {
	return `SELECT user_id FROM barrier_members WHERE grp IN (` + groups + `)`
}

// Count returns how many members groups have in all; who is in several counts several times.
func Count(tx *db.Tx, groups []int64) (int64, error) {
	if len(groups) == 0 {
		return 0, nil
	}
	return db.Value[int64](tx, `SELECT CAST(SUM(members) AS BIGINT) FROM barrier_groups WHERE number IN ($1)`, groups)
}

// Among returns which of the given users a user is kept apart from, in no order.
func Among(tx *db.Tx, user wire.UserID, list []wire.UserID) ([]wire.UserID, error) {
	if len(list) == 0 {
		return nil, nil
	}
	opposed, err := Opposed(tx, user)
	if err != nil || len(opposed) == 0 {
		return nil, err
	}
	return db.All(tx, db.ScanValue[wire.UserID], `
		SELECT DISTINCT user_id
		FROM barrier_members
		WHERE user_id IN ($1) AND +grp IN ($2) AND user_id <> $3`, list, opposed, user)
}

// Between reports whether two users are kept apart.
func Between(tx *db.Tx, a, b wire.UserID) (bool, error) { return Apart(tx, []wire.UserID{a, b}) }

// Bars reports whether somebody fresh, who is to come onto a list, is kept apart from another one or from somebody who is on it. The accounts of those who come
// are held, and the barriers of those of them who are walled. Those who are on it may be kept apart from one another: they have been on it since before the barrier.
func Bars(tx *db.Tx, staying, fresh []wire.UserID) (bool, error) {
	apart, err := Apart(tx, slices.Concat(staying, fresh))
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

// Version returns how often it has changed in a company who is kept apart from whom, as a column of any statement of which the parameter
// named is the company; 0: never, and there are no barriers.
func Version(company string) string {
	return `COALESCE((SELECT version FROM barrier_versions WHERE company = ` + company + `), 0)`
}

// GroupsOf returns the groups of those of the users who are in any, by user.
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
