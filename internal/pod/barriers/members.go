package barriers

import (
	"errors"
	"slices"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/pod/accounts"
	"podium/internal/wire"
)

var addMembers = op.Operation[Service]{
	ID:      "addBarrierGroupMembers",
	Route:   "POST /pod/v1/admin/group/{gid}/membership/add",
	Tag:     "InfoBarriers",
	Summary: "Put users into an information barrier group.",
	About: "The body is an array of user ids. The answer has a text for each, in the same " +
		"order: empty if the user is now in the group, else the reason. If an active " +
		"policy now separates users, their common IMs and rooms become inactive at once.",
	Needs:  auth.All(auth.AccessUserProvisioningAPI),
	Handle: op.Write((*Service).addMembers),
}

var removeMembers = op.Operation[Service]{
	ID:      "removeBarrierGroupMembers",
	Route:   "POST /pod/v1/admin/group/{gid}/membership/remove",
	Tag:     "InfoBarriers",
	Summary: "Remove users from an information barrier group.",
	About: "Works like addBarrierGroupMembers. A user whose account is disabled remains in " +
		"the group.",
	Needs:  auth.All(auth.AccessUserProvisioningAPI),
	Handle: op.Write((*Service).removeMembers),
}

type changeInput struct {
	ID   string        `path:"gid" maxLength:"128"`
	Body []wire.UserID `maxItems:"150000" refusal:"Request body too large"`
}

// maxChange is the most ids in one call: what fits the published 2 MB.
const maxChange = 150_000

func (in changeInput) Validate() error {
	if len(in.Body) > maxChange {
		return apierr.Invalid("Request body too large")
	}
	return nil
}

// Outcome is whether everything in the request was done.
type Outcome string

// The published outcomes.
const (
	Success Outcome = "SUCCESS"
	Fail    Outcome = "FAIL"
)

// Enum returns the published values.
func (Outcome) Enum() []string { return []string{string(Success), string(Fail)} }

// Result holds the outcome for each id: the published BulkActionResult.
type Result struct {
	Overall Outcome  `json:"overallResult" doc:"FAIL if an id failed; the others took effect nevertheless."`
	Results []string `json:"results" doc:"For each id, in the order of the request: empty, or the reason of its failure."`
}

func (s *Service) addMembers(tx *db.Tx, caller auth.Caller, in changeInput) (Result, error) {
	return s.Add(tx, caller, in.ID, in.Body)
}

func (s *Service) removeMembers(tx *db.Tx, caller auth.Caller, in changeInput) (Result, error) {
	return s.remove(tx, caller, in.ID, in.Body, func(u accounts.User) string {
		if u.Status != accounts.Enabled {
			return "User is not active"
		}
		return ""
	})
}

// Add adds accounts to a group of the caller's company. It locks the barrier rules, the accounts
// and all barrier stripes.
func (s *Service) Add(tx *db.Tx, caller auth.Caller, id string, list []wire.UserID) (Result, error) {
	c, err := begin(tx, caller, id, list)
	if err != nil {
		return Result{}, err
	}
	r, changed := c.judge(list, func(u accounts.User, in bool) string {
		if in {
			return "User already in group"
		}
		return ""
	})
	if len(changed) == 0 {
		return r, nil
	}
	rows := make([][]any, len(changed))
	for i, u := range changed {
		rows[i] = []any{u.ID, c.group.Number}
	}
	if err := tx.InsertAll(`INSERT INTO barrier_members (user_id, grp) VALUES`, rows, ""); err != nil {
		return r, err
	}
	// Remove removes accounts from a group of the caller's company, disabled ones too. It takes the
	// locks of Add.
	return r, s.finish(tx, caller, c.group, changed, int64(len(changed)), Change{By: caller, Joined: idsOf(changed)})
}

// Remove takes users out of a group of the caller's company, disabled ones too.
func (s *Service) Remove(tx *db.Tx, caller auth.Caller, id string, list []wire.UserID) (Result, error) {
	return s.remove(tx, caller, id, list, func(accounts.User) string { return "" })
}

func (s *Service) remove(tx *db.Tx, caller auth.Caller, id string, list []wire.UserID, mayNot func(accounts.User) string) (Result, error) {
	c, err := begin(tx, caller, id, list)
	if err != nil {
		return Result{}, err
	}
	r, changed := c.judge(list, func(u accounts.User, in bool) string {
		if !in {
			return "User not in group"
		}
		return mayNot(u)
	})
	if len(changed) == 0 {
		return r, nil
	}
	for part := range slices.Chunk(idsOf(changed), atOnce) {
		if err := tx.Exec(`DELETE FROM barrier_members WHERE grp = $1 AND user_id IN ($2)`, c.group.Number, part); err != nil {
			return r, err
		}
	}
	return r, s.finish(tx, caller, c.group, changed, -int64(len(changed)), Change{By: caller, Lifted: true})
}

// atOnce is the most accounts in one statement.
const atOnce = 1000

// change holds a group before a change of its members, and those of the given accounts that exist.
// Both are locked until commit.
type change struct {
	group    Group
	accounts map[wire.UserID]accounts.User
	members  map[wire.UserID]bool
}

func begin(tx *db.Tx, caller auth.Caller, id string, list []wire.UserID) (change, error) {
	c := change{accounts: make(map[wire.UserID]accounts.User), members: make(map[wire.UserID]bool)}
	if err := lockRules(tx, caller.Company); err != nil {
		return c, err
	}
	var err error
	if c.group, err = FindGroup(tx, caller.Company, id); err != nil {
		return c, unknownGroup(err)
	}
	own := slices.DeleteFunc(slices.Clone(list), func(id wire.UserID) bool { return id.Company() != caller.Company })
	if err := accounts.HoldAll(tx, own); err != nil {
		return c, err
	}
	if err := lockAll(tx, caller.Company); err != nil {
		return c, err
	}
	for part := range slices.Chunk(own, atOnce) {
		found, err := accounts.ByIDs(tx, caller.Company, part)
		if err != nil {
			return c, err
		}
		for id, u := range found {
			if u.AccountType != auth.SDL {
				c.accounts[id] = u
			}
		}
		members, err := db.All(tx, db.ScanValue[wire.UserID], `
			SELECT user_id
			FROM barrier_members
			WHERE grp = $1 AND user_id IN ($2)`, c.group.Number, part)
		if err != nil {
			return c, err
		}
		for _, id := range members {
			c.members[id] = true
		}
	}
	return c, nil
}

// unknownGroup returns the refusal of an unknown group, for operations without a published 404.
func unknownGroup(err error) error {
	if errors.Is(err, db.ErrNoRow) {
		return apierr.Invalid("Group not found")
	}
	return err
}

// judge returns the outcome for each id, and the accounts to change. An account that is named twice
// is changed once.
func (c change) judge(list []wire.UserID, wrong func(u accounts.User, in bool) string) (Result, []accounts.User) {
	r := Result{Overall: Success, Results: make([]string, len(list))}
	var changed []accounts.User
	for i, id := range list {
		u, ok := c.accounts[id]
		if !ok {
			r.Results[i] = "User not found"
		} else if r.Results[i] = wrong(u, c.members[id]); r.Results[i] == "" {
			changed = append(changed, u)
			c.members[id] = !c.members[id]
		}
		if r.Results[i] != "" {
			r.Overall = Fail
		}
	}
	return r, changed
}

func idsOf(list []accounts.User) []wire.UserID {
	ids := make([]wire.UserID, len(list))
	for i, u := range list {
		ids[i] = u.ID
	}
	return ids
}

// finish updates the group, the accounts and the barrier version after a change of members, and
// records the facts.
func (s *Service) finish(tx *db.Tx, caller auth.Caller, g Group, changed []accounts.User, by int64, c Change) error {
	err := tx.Change(`
		UPDATE barrier_groups
		SET members = members + $2, turns = turns + 1, modified = $3
		WHERE number = $1`, g.Number, by, tx.Now())
	if err != nil {
		return err
	}
	if err := s.noteWalled(tx, changed); err != nil {
		return err
	}
	if err := bumpVersion(tx, g.Company); err != nil {
		return err
	}
	keeps, err := blocked(tx, g.Number)
	if err != nil {
		return err
	}
	if keeps {
		if err := s.Journal.Tell(tx, c); err != nil {
			return err
		}
	}
	return s.Journal.RecordAll(tx, caller, moved(g, changed, by > 0))
}

// noteWalled updates in the accounts whether they are in any group.
func (s *Service) noteWalled(tx *db.Tx, changed []accounts.User) error {
	walled := make(map[wire.UserID]bool)
	for part := range slices.Chunk(idsOf(changed), atOnce) {
		in, err := db.All(tx, db.ScanValue[wire.UserID], `SELECT DISTINCT user_id FROM barrier_members WHERE user_id IN ($1)`, part)
		if err != nil {
			return err
		}
		for _, id := range in {
			walled[id] = true
		}
	}
	var in, out []wire.UserID
	for _, u := range changed {
		switch {
		case walled[u.ID] && !u.Walled:
			in = append(in, u.ID)
		case !walled[u.ID] && u.Walled:
			out = append(out, u.ID)
		}
	}
	if err := s.Accounts.SetWalled(tx, in, true); err != nil {
		return err
	}
	return s.Accounts.SetWalled(tx, out, false)
}
