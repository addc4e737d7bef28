package barriers

import (
	"podium/internal/db"
	"podium/internal/pod/directory"
	"podium/internal/wire"
)

// opposed is a group whose members a user is separated from.
type opposed struct {
	number  int64
	members int64 // the number of members
	turns   int64 // how often the members have changed
}

// Hiding returns the conditions by which searches leave out the accounts that a user is separated
// from. It returns the zero value if there are none.
func (s *Service) Hiding(tx *db.Tx, user wire.UserID) (directory.Hiding, error) {
	groups, err := db.All(tx, func(r db.Row) (g opposed, err error) { return g, r.Scan(&g.number, &g.members, &g.turns) }, `
		SELECT DISTINCT g.number, g.members, g.turns
		FROM barrier_sides s
		JOIN barrier_policy_groups o ON o.policy = s.policy AND o.grp <> s.grp
		JOIN barrier_groups g ON g.number = o.grp
		WHERE s.user_id = $1`, user)
	if err != nil || len(groups) == 0 {
		return directory.Hiding{}, err
	}
	known := s.recall.get(groups)
	h := directory.Hiding{Worth: worth(groups, known)}
	if s.Worth != 0 {
		h.Worth = s.Worth
	}
	h.ByGroups = func(column string, add func(any) string) string {
		numbers := make([]int64, len(groups))
		for i, g := range groups {
			numbers[i] = g.number
		}
		return `(` + InGroups(column, add(numbers)) + ` AND ` + column + ` <> ` + add(user) + `)`
	}
	h.ByMarks = func(column string, add func(any) string) (string, error) {
		if err := s.recall.complete(tx, groups, known); err != nil {
			return "", err
		}
		m := marksOf(known)
		if m.marked == nil {
			return h.ByGroups(column, add), nil
		}
		m.clear(user)
		return m.condition(tx, column, add), nil
	}
	return h, nil
}

// readAtOnce is how many members are read without adding to the cost.
const readAtOnce = 2000

// worth returns the number of accounts from which a statement is faster with marks than with the
// groups of each account. Unknown members must be read, but only once: at a thousand accounts marks
// are used in any case.
func worth(groups []opposed, known map[int64]packed) int64 {
	var members, unread int64
	for _, g := range groups {
		members += g.members
		if _, ok := known[g.number]; !ok {
			unread += g.members
		}
	}
	first, last := span(known)
	n := 10 + members/1000 + int64(last-first)>>14
	if unread > readAtOnce {
		n += unread / 10
	}
	return min(n, 1000)
}
