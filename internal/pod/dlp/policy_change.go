package dlp

import (
	"slices"
	"strings"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/journal"
	"podium/internal/wire"
)

// checkPolicy returns an error for what is no policy, as far as that does not depend on rows.
func checkPolicy(name string, scopes []Scope, applies []Applies) error {
	if err := checkName("Policy", name); err != nil {
		return err
	}
	if len(scopes) == 0 {
		return apierr.Invalid("scopes: at least one is expected")
	}
	for _, scope := range scopes {
		if _, known := enumOf(scope); !known {
			return apierr.Invalid("Invalid scope: %s", scope)
		}
	}
	for i := range applies {
		if err := applies[i].check(); err != nil {
			return err
		}
	}
	return nil
}

// write returns what a request makes of a policy: the name, the scopes, and the rules with the
// dictionaries as they are now. It fails with NotFound for a dictionary that the company does not
// have.
func (p *policy) write(tx *db.Tx, name string, scopes []Scope, applies []Applies) error {
	p.name, p.applies, p.updated = strings.TrimSpace(name), applies, tx.Now()
	p.scopes = slices.Compact(slices.Sorted(slices.Values(scopes)))
	slices.Reverse(p.scopes) // Internal comes first, as published
	known, err := dictionariesOf(tx, p.company)
	if err != nil {
		return err
	}
	for _, a := range applies {
		for _, r := range a.Rules {
			if r.TextMatch == nil {
				continue
			}
			for i, ref := range r.TextMatch.Dictionaries {
				d, ok := known[ref.ID]
				if !ok {
					return apierr.NotFound("Dictionary not found")
				}
				r.TextMatch.Dictionaries[i] = d.ref()
			}
		}
	}
	return nil
}

// create creates a policy of a form, which is disabled.
func (s *Service) create(tx *db.Tx, caller auth.Caller, form int64, name string, scopes []Scope, applies []Applies) (policy, error) {
	if err := hold(tx, caller.Company); err != nil {
		return policy{}, err
	}
	n, err := db.Value[int64](tx, `SELECT COUNT(*) FROM dlp_policies WHERE company = $1`, caller.Company)
	if err != nil {
		return policy{}, err
	}
	if n >= maxPolicies {
		return policy{}, apierr.Invalid("There are %d policies already, which is the most", n)
	}
	p := policy{company: caller.Company, id: newID(tx.Now()), form: form, version: firstVersion, creator: caller.User, created: tx.Now()}
	if form == formV3 {
		p.version = firstVersionV3
	}
	if err := p.write(tx, name, scopes, applies); err != nil {
		return policy{}, err
	}
	if err := p.insert(tx); err != nil {
		return policy{}, err
	}
	return p, s.Journal.Record(tx, caller, journal.Thing(p.id), PolicyCreated{Name: p.name, Scopes: texts(p.scopes)})
}

// replace replaces a policy. If nothing is left to look for, it is disabled.
func (s *Service) replace(tx *db.Tx, caller auth.Caller, form int64, id, name string, scopes []Scope, applies []Applies) (policy, error) {
	if err := hold(tx, caller.Company); err != nil {
		return policy{}, err
	}
	p, err := findPolicy(tx, caller.Company, id, form, 0)
	if err != nil {
		return policy{}, err
	}
	p.form, p.version = form, p.version.next()
	if err := p.write(tx, name, scopes, applies); err != nil {
		return policy{}, err
	}
	if p, err = s.disableEmpty(tx, caller, p); err != nil {
		return policy{}, err
	}
	if err := p.update(tx, true); err != nil {
		return policy{}, err
	}
	if err := s.changed(tx, p.company); err != nil {
		return policy{}, err
	}
	return p, s.Journal.Record(tx, caller, journal.Thing(p.id), PolicyChanged{Name: p.name, Version: p.version.String(), Scopes: texts(p.scopes)})
}

// disableEmpty returns a policy that is disabled if it has nothing to look for.
func (s *Service) disableEmpty(tx *db.Tx, caller auth.Caller, p policy) (policy, error) {
	if !p.active || !p.empty() {
		return p, nil
	}
	p.active, p.disabled = false, tx.Now()
	return p, s.Journal.Record(tx, caller, journal.Thing(p.id), PolicyActivated{Name: p.name})
}

// activate enables or disables a policy.
func (s *Service) activate(tx *db.Tx, caller auth.Caller, form int64, id string, active bool) (policy, error) {
	if err := hold(tx, caller.Company); err != nil {
		return policy{}, err
	}
	p, err := findPolicy(tx, caller.Company, id, form, 0)
	switch {
	case err != nil || p.active == active:
		return p, err
	case active && p.empty():
		return p, apierr.Invalid("A policy without anything to look for cannot be enabled")
	}
	if p.active = active; !active {
		p.disabled = tx.Now()
	}
	if err := p.update(tx, false); err != nil {
		return p, err
	}
	if err := s.changed(tx, p.company); err != nil {
		return p, err
	}
	return p, s.Journal.Record(tx, caller, journal.Thing(p.id), PolicyActivated{Name: p.name, Active: active})
}

// remove deletes a disabled policy with its versions.
func (s *Service) remove(tx *db.Tx, caller auth.Caller, form int64, id string) (policy, error) {
	if err := hold(tx, caller.Company); err != nil {
		return policy{}, err
	}
	p, err := findPolicy(tx, caller.Company, id, form, 0)
	if err != nil {
		return p, err
	}
	if p.active {
		return p, apierr.Invalid("Only disabled policies can be deleted")
	}
	if err := tx.Change(`DELETE FROM dlp_policies WHERE company = $1 AND id = $2`, p.company, p.id); err != nil {
		return p, err
	}
	if err := tx.Exec(`DELETE FROM dlp_policy_versions WHERE company = $1 AND policy = $2`, p.company, p.id); err != nil {
		return p, err
	}
	p.deleted = true
	return p, s.Journal.Record(tx, caller, journal.Thing(p.id), PolicyDeleted{Name: p.name})
}

// refresh gives the policies that use a dictionary a new version, after the dictionary has changed.
// change changes what names it, or returns false to remove that. It returns the ids of the
// policies.
func (s *Service) refresh(tx *db.Tx, caller auth.Caller, dictionary string, change func(*Ref) bool) ([]string, error) {
	list, err := policiesOf(tx, caller.Company, formV3)
	if err != nil {
		return nil, err
	}
	ids := []string{}
	for _, p := range list {
		if !p.uses(dictionary, change) {
			continue
		}
		p.version, p.updated = p.version.next(), tx.Now()
		if p, err = s.disableEmpty(tx, caller, p); err != nil {
			return nil, err
		}
		if err := p.update(tx, true); err != nil {
			return nil, err
		}
		ids = append(ids, p.id)
	}
	if len(ids) == 0 {
		return ids, nil
	}
	return ids, s.changed(tx, caller.Company)
}

// uses reports whether a policy uses a dictionary, and changes what names it.
func (p policy) uses(dictionary string, change func(*Ref) bool) bool {
	used := false
	for _, a := range p.applies {
		for _, r := range a.Rules {
			if r.TextMatch == nil {
				continue
			}
			kept := []Ref{}
			for _, ref := range r.TextMatch.Dictionaries {
				if ref.ID == dictionary {
					used = true
					if !change(&ref) {
						continue
					}
				}
				kept = append(kept, ref)
			}
			r.TextMatch.Dictionaries = kept
		}
	}
	return used
}

// page returns a page of the policies of a company, and how many pages there are.
func page(tx *db.Tx, company wire.CompanyID, form int64, in pageInput) ([]policy, int64, error) {
	n, err := db.Value[int64](tx, `SELECT COUNT(*) FROM dlp_policies WHERE company = $1 AND form <= $2`, company, form)
	if err != nil {
		return nil, 0, err
	}
	list, err := db.All(tx, scanPolicy, selectPolicies+`
		WHERE p.company = $1 AND p.form <= $2 AND v.version = p.version
		ORDER BY p.place
		LIMIT $3 OFFSET $4`, company, form, in.Limit, in.Page*in.Limit)
	return list, pageCount(n, in.Limit), err
}
