package accounts

import (
	"errors"
	"slices"
	"strings"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/db/lock"
	"podium/internal/journal"
)

// checkRole returns an error for an unknown role, one that the account's type cannot hold, or an
// optional action without its role. field is the name of the field in the request.
func checkRole(field string, role auth.Role, account auth.AccountType, held []auth.Role, bootstrap bool) error {
	info, ok := auth.FindRole(role)
	switch {
	case !ok:
		return apierr.Invalid("%s: there is no role %q", field, role)
	case !bootstrap && !slices.Contains(info.For, account):
		return apierr.Invalid("%s: an account of type %s cannot hold %s", field, account, role)
	case info.ID != role && !slices.Contains(held, info.ID):
		return apierr.Invalid("%s: %s needs the role %s", field, role, info.ID)
	}
	return nil
}

const insertRoles = `
		INSERT INTO user_roles (user_id, role, company, place)
		VALUES`

func roleRow(u User, role auth.Role, place int64) []any { return []any{u.ID, role, u.Company, place} }

// RolesChanged is recorded when a role is given to an account or taken from it.
type RolesChanged struct {
	Old []auth.Role `json:"old"`
	New []auth.Role `json:"new"`
}

// Kind returns the name of this fact in the log.
func (RolesChanged) Kind() string { return "user.rolesChanged" }

// Audience returns the company of the actor.
func (RolesChanged) Audience() journal.Audience { return journal.Within() }

// AuditLine shows roles as people read them: [Individual,Administrator].
func (f RolesChanged) AuditLine(journal.Entry) journal.Line {
	return journal.Profile("roles", roleNames(f.Old), roleNames(f.New))
}

// AddRole gives an account a role, or an optional action of a role that it has. A role that it has
// already is no error.
func (s *Service) AddRole(tx *db.Tx, caller auth.Caller, u User, role auth.Role) error {
	old, err := s.lockedRoles(tx, u)
	if err != nil {
		return err
	}
	if err := checkRole("id", role, u.AccountType, old, false); err != nil || slices.Contains(old, role) {
		return err
	}
	place, err := db.Value[int64](tx, `SELECT COALESCE(MAX(place), 0) + 1 FROM user_roles WHERE user_id = $1`, u.ID)
	if err != nil {
		return err
	}
	if err := tx.InsertAll(insertRoles, [][]any{roleRow(u, role, place)}, ""); err != nil {
		return err
	}
	return s.rolesChanged(tx, caller, u, old, append(slices.Clone(old), role))
}

// RemoveRole takes a role from an account, with its optional actions. A role that it does not have
// is no error; INDIVIDUAL stays.
func (s *Service) RemoveRole(tx *db.Tx, caller auth.Caller, u User, role auth.Role) error {
	if _, ok := auth.FindRole(role); !ok {
		return apierr.Invalid("id: there is no role %q", role)
	}
	if role == auth.Individual {
		return apierr.Invalid("id: the role INDIVIDUAL cannot be removed")
	}
	old, err := s.lockedRoles(tx, u)
	if err != nil {
		return err
	}
	kept := slices.DeleteFunc(slices.Clone(old), func(r auth.Role) bool {
		return r == role || strings.HasPrefix(string(r), string(role)+".")
	})
	if len(kept) == len(old) {
		return nil
	}
	for _, r := range old {
		if slices.Contains(kept, r) {
			continue
		}
		if err := tx.Change(`DELETE FROM user_roles WHERE user_id = $1 AND role = $2`, u.ID, r); err != nil {
			return err
		}
	}
	return s.rolesChanged(tx, caller, u, old, kept)
}

// lockedRoles locks an account until commit and returns its roles.
func (s *Service) lockedRoles(tx *db.Tx, u User) ([]auth.Role, error) {
	if err := tx.Lock(lock.User(u.ID)); err != nil {
		return nil, err
	}
	return Roles(tx, u.ID)
}

func (s *Service) rolesChanged(tx *db.Tx, caller auth.Caller, u User, old, kept []auth.Role) error {
	if err := touch(tx, u); err != nil {
		return err
	}
	if err := s.Journal.Tell(tx, AccessChanged{u.ID}); err != nil {
		return err
	}
	return s.Journal.Record(tx, caller, u.Subject(), RolesChanged{Old: old, New: kept})
}

// touch marks an account as changed, so that a concurrent login begins again.
func touch(tx *db.Tx, u User) error {
	err := tx.Change(`UPDATE users SET updated = $2, version = version + 1 WHERE id = $1`, u.ID, tx.Now())
	if errors.Is(err, db.ErrNoRow) {
		return apierr.Invalid("Invalid user id: %s", u.ID)
	}
	return err
}

// roleNames returns roles as the audit trail shows them: an optional action stays behind its dot.
func roleNames(roles []auth.Role) []string {
	names := make([]string, len(roles))
	for i, role := range roles {
		names[i] = string(role)
		if r, ok := auth.FindRole(role); ok {
			names[i] = r.Name + strings.TrimPrefix(string(role), string(r.ID))
		}
	}
	return names
}
