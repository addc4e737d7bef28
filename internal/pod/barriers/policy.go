package barriers

import (
	"errors"
	"slices"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/journal"
	"podium/internal/wire"
)

// maxGroups is the most groups of a policy. The limit is our choice.
const maxGroups = 10_000

// CreatePolicy creates a policy between groups of the caller's company.
func (s *Service) CreatePolicy(tx *db.Tx, caller auth.Caller, p Policy) (Policy, error) {
	slices.Sort(p.Groups)
	p.Groups = slices.Compact(p.Groups)
	switch {
	case !slices.Contains(p.Type.Enum(), string(p.Type)):
		return p, apierr.Invalid("type: one of %v is expected", p.Type.Enum())
	case len(p.Groups) < 2 || len(p.Groups) > maxGroups:
		return p, apierr.Invalid("groups: between 2 and %d are expected", maxGroups)
	}
	if err := lockRules(tx, caller.Company); err != nil {
		return p, err
	}
	p.Company, p.ID, p.Created, p.Modified = caller.Company, wire.NewHexID(tx.Now()), tx.Now(), tx.Now()
	var err error
	if p.Number, err = tx.Next("places"); err != nil {
		return p, err
	}
	rows := make([][]any, len(p.Groups))
	for i, id := range p.Groups {
		g, err := FindGroup(tx, caller.Company, id)
		if errors.Is(err, db.ErrNoRow) {
			err = apierr.Invalid("groups: there is no group %s", id)
		}
		if err != nil {
			return p, err
		}
		rows[i] = []any{p.Number, g.Number}
	}
	err = tx.Exec(`
		INSERT INTO barrier_policies (number, id, company, type, active, created, modified)
		VALUES ($1, $2, $3, $4, FALSE, $5, $5)`, p.Number, p.ID, p.Company, p.Type, p.Created)
	if err != nil {
		return p, err
	}
	if err := tx.InsertAll(`INSERT INTO barrier_policy_groups (policy, grp) VALUES`, rows, ""); err != nil {
		return p, err
	}
	if p.Active {
		if err := s.activate(tx, caller, p); err != nil {
			return p, err
		}
	}
	return p, s.Journal.Record(tx, caller, journal.Thing(p.ID), PolicyCreated{Type: p.Type, Active: p.Active, Groups: p.Groups})
}

// SetPolicyActive activates or deactivates a policy of the caller's company.
func (s *Service) SetPolicyActive(tx *db.Tx, caller auth.Caller, id string, active bool) error {
	p, err := heldPolicy(tx, caller, id)
	if err != nil || p.Active == active {
		return err
	}
	if !active {
		if err := s.deactivate(tx, caller, p); err != nil {
			return err
		}
		return s.Journal.Record(tx, caller, journal.Thing(p.ID), PolicyDeactivated{})
	}
	if err := s.activate(tx, caller, p); err != nil {
		return err
	}
	return s.Journal.Record(tx, caller, journal.Thing(p.ID), PolicyActivated{})
}

// DeletePolicy deletes a policy of the caller's company.
func (s *Service) DeletePolicy(tx *db.Tx, caller auth.Caller, id string) error {
	p, err := heldPolicy(tx, caller, id)
	if err != nil {
		return err
	}
	if p.Active {
		if err := s.deactivate(tx, caller, p); err != nil {
			return err
		}
	}
	if err := tx.Exec(`DELETE FROM barrier_policy_groups WHERE policy = $1`, p.Number); err != nil {
		return err
	}
	if err := tx.Change(`DELETE FROM barrier_policies WHERE number = $1`, p.Number); err != nil {
		return err
	}
	return s.Journal.Record(tx, caller, journal.Thing(p.ID), PolicyDeleted{})
}

func heldPolicy(tx *db.Tx, caller auth.Caller, id string) (Policy, error) {
	if err := lockRules(tx, caller.Company); err != nil {
		return Policy{}, err
	}
	p, err := findPolicy(tx, caller.Company, id)
	if errors.Is(err, db.ErrNoRow) {
		err = apierr.Invalid("Policy not found")
	}
	return p, err
}

// activate activates a policy. It locks all barrier stripes of the company.
func (s *Service) activate(tx *db.Tx, caller auth.Caller, p Policy) error {
	if err := lockAll(tx, p.Company); err != nil {
		return err
	}
	if err := setActive(tx, p, true); err != nil || p.Type != Block {
		return err
	}
	return s.Journal.Tell(tx, Change{By: caller, Landed: p.Number})
}

// deactivate deactivates a policy. It locks all barrier stripes of the company.
func (s *Service) deactivate(tx *db.Tx, caller auth.Caller, p Policy) error {
	if err := lockAll(tx, p.Company); err != nil {
		return err
	}
	if err := setActive(tx, p, false); err != nil || p.Type != Block {
		return err
	}
	return s.Journal.Tell(tx, Change{By: caller, Lifted: true})
}

func setActive(tx *db.Tx, p Policy, active bool) error {
	err := tx.Change(`UPDATE barrier_policies SET active = $2, modified = $3 WHERE number = $1`, p.Number, active, tx.Now())
	if err != nil {
		return err
	}
	return bumpVersion(tx, p.Company)
}
