package members

import (
	"cmp"
	"math"
	"slices"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/pod/streams"
	"podium/internal/wire"
)

// stay is the time of a membership, including both ends.
type stay struct{ from, to wire.Time }

// former is a membership that has ended.
type former struct {
	user wire.UserID
	stay
}

// everMembersOf returns all current and former members of a room, each once, in the order in which
// they joined. A current member appears with the current membership, a former one with the last.
// For another company's room it leaves out those who were members only while the caller's company
// had none, because the company did not know of the room then.
func everMembersOf(tx *db.Tx, caller auth.Caller, s streams.Stream) ([]streams.Member, error) {
	members, err := streams.MembersOf(tx, s)
	if err != nil {
		return nil, err
	}
	left, err := db.All(tx, func(row db.Row) (f former, err error) { return f, row.Scan(&f.user, &f.from, &f.to) }, `
		SELECT user_id, joined, left_at
		FROM stream_leavers
		WHERE stream = $1`, s.Number)
	if err != nil {
		return nil, err
	}
	present := make(map[wire.UserID]bool, len(members))
	for _, m := range members {
		present[m.User] = true
	}
	own := []stay{{0, math.MaxInt64}}
	if s.Company != caller.Company {
		own = staysOf(caller.Company, members, left)
	}
	last := map[wire.UserID]wire.Time{}
	for _, f := range left {
		if !present[f.user] && overlaps(own, f.stay) {
			last[f.user] = max(last[f.user], f.from)
		}
	}
	for user, joined := range last {
		members = append(members, streams.Member{User: user, Joined: joined})
	}
	slices.SortFunc(members, func(a, b streams.Member) int {
		return cmp.Or(cmp.Compare(a.Joined, b.Joined), cmp.Compare(a.User, b.User))
	})
	return members, nil
}

// staysOf returns the times at which a company had members in a room, in order and without
// overlaps.
func staysOf(company wire.CompanyID, members []streams.Member, left []former) []stay {
	var stays []stay
	for _, m := range members {
		if m.User.Company() == company {
			stays = append(stays, stay{m.Joined, math.MaxInt64})
		}
	}
	for _, f := range left {
		if f.user.Company() == company {
			stays = append(stays, f.stay)
		}
	}
	slices.SortFunc(stays, func(a, b stay) int { return cmp.Compare(a.from, b.from) })
	var merged []stay
	for _, s := range stays {
		if n := len(merged); n > 0 && s.from <= merged[n-1].to {
			merged[n-1].to = max(merged[n-1].to, s.to)
			continue
		}
		merged = append(merged, s)
	}
	return merged
}

// overlaps reports whether a stay overlaps one of several, which are in order and disjoint.
func overlaps(stays []stay, s stay) bool {
	i, _ := slices.BinarySearchFunc(stays, s.from, func(one stay, from wire.Time) int { return cmp.Compare(one.to, from) })
	return i < len(stays) && stays[i].from <= s.to
}
