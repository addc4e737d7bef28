package barriers

import (
	"fmt"

	"podium/internal/db"
	"podium/internal/wire"
	"podium/internal/wording"
)

// Load inserts groups with all their members, and active policies between the first and the second
// group, the third and the fourth, and so on. A group must list each member once. It is for data
// that does not come from clients: it checks and records nothing, and ignores streams that exist
// already.
func (s *Service) Load(tx *db.Tx, company wire.CompanyID, list [][]wire.UserID) error {
	numbers, err := tx.NextMany("places", 2*len(list))
	if err != nil {
		return err
	}
	var groups, members, policies, sides [][]any
	walled := make(map[wire.UserID]bool)
	for i, in := range list {
		number, name := numbers[2*i], fmt.Sprintf("Group %d", i)
		groups = append(groups, []any{number, wire.NewHexID(tx.Now()), company, name, wording.Fold(name), len(in), tx.Now(), tx.Now()})
		for _, id := range in {
			members = append(members, []any{id, number})
			walled[id] = true
		}
		if i%2 == 1 {
			policy := numbers[2*i+1]
			policies = append(policies, []any{policy, wire.NewHexID(tx.Now()), company, Block, true, tx.Now(), tx.Now()})
			sides = append(sides, []any{policy, numbers[2*i-2]}, []any{policy, number})
		}
	}
	for _, rows := range []struct {
		into   string
		values [][]any
	}{
		{`INSERT INTO barrier_groups (number, id, company, name, name_folded, members, created, modified) VALUES`, groups},
		{`INSERT INTO barrier_members (user_id, grp) VALUES`, members},
		{`INSERT INTO barrier_policies (number, id, company, type, active, created, modified) VALUES`, policies},
		{`INSERT INTO barrier_policy_groups (policy, grp) VALUES`, sides},
	} {
		if err := tx.InsertAll(rows.into, rows.values, ""); err != nil {
			return err
		}
	}
	ids := make([]wire.UserID, 0, len(walled))
	for id := range walled {
		ids = append(ids, id)
	}
	if err := s.Accounts.SetWalled(tx, ids, true); err != nil {
		return err
	}
	return bumpVersion(tx, company)
}
