package auth

import (
	"slices"
	"strings"

	"podium/internal/wire"
)

// Role is the id of a role, or of an optional action of a role: ROLE.ACTION.
type Role string

// Limits returns the limits of a role's id.
func (Role) Limits() wire.Limits { return wire.AtMost(128) }

// Roles that the pod's own code names.
const (
	Individual         Role = "INDIVIDUAL"
	UserProvisioning   Role = "USER_PROVISIONING"
	Administrator      Role = "ADMINISTRATOR"
	SuperAdministrator Role = "SUPER_ADMINISTRATOR"
)

// AccountType distinguishes people, service accounts and distribution lists.
type AccountType string

// The published account types.
const (
	Normal AccountType = "NORMAL" // a person
	System AccountType = "SYSTEM" // a service account: a bot, an integration
	SDL    AccountType = "SDL"    // a distribution list in the form of a user
)

// Enum returns the published values.
func (AccountType) Enum() []string { return []string{string(Normal), string(System), string(SDL)} }

var (
	people    = []AccountType{Normal}
	services  = []AccountType{System}
	everybody = []AccountType{Normal, System}
)

// RoleInfo describes a role.
type RoleInfo struct {
	ID       Role
	Name     string        // the name that people read
	For      []AccountType // the accounts that may hold it
	Grants   []Right
	Optional []Right // actions that are granted one by one, as ROLE.ACTION
}

// Roles returns all roles, in the order in which they are shown.
func Roles() []RoleInfo { return slices.Clone(roles) }

// FindRole returns the role with an id, or the role of an optional action ROLE.ACTION. It reports
// whether there is one.
func FindRole(id Role) (RoleInfo, bool) {
	name, action, dotted := strings.Cut(string(id), ".")
	for _, r := range roles {
		if string(r.ID) == name && (!dotted || slices.Contains(r.Optional, Right(action))) {
			return r, true
		}
	}
	return RoleInfo{}, false
}

// RightsOf returns the union of the rights that the roles grant. Unknown roles grant nothing, and
// an action counts only beside its role.
func RightsOf(held []Role) Set {
	rights := Set{}
	for _, id := range held {
		r, ok := FindRole(id)
		if !ok || !slices.Contains(held, r.ID) {
			continue
		}
		if _, action, dotted := strings.Cut(string(id), "."); dotted {
			rights[Right(action)] = struct{}{}
			continue
		}
		for _, right := range r.Grants {
			rights[right] = struct{}{}
		}
	}
	return rights
}

// Granting returns those of the held roles that grant all of the rights; if there is none, those
// that grant any of them. An optional action counts as its role's.
func Granting(held []Role, rights []Right) []Role {
	var all, some []Role
	for _, id := range held {
		r, ok := FindRole(id)
		if !ok || r.ID != id {
			continue
		}
		n := 0
		for _, right := range rights {
			if slices.Contains(r.Grants, right) || slices.Contains(r.Optional, right) && slices.Contains(held, id+"."+Role(right)) {
				n++
			}
		}
		if n > 0 {
			some = append(some, id)
		}
		if n > 0 && n == len(rights) {
			all = append(all, id)
		}
	}
	if all != nil {
		return all
	}
	return some
}

// AdministrativeRoles returns the roles of the service account that `podium dev` and `podium admin
// create` make, so that it can do all that any administrator can.
func AdministrativeRoles() []Role {
	var ids []Role
	for _, r := range roles {
		switch r.ID {
		// roles of the pod's own parts and of its maker, not of its administrators
		case "AGENT", "KEY_MANAGER", "SYMPHONY_ADMIN":
		default:
			ids = append(ids, r.ID)
		}
	}
	return ids
}

// Set is a set of rights.
type Set map[Right]struct{}

// Has reports whether the set holds a right.
func (s Set) Has(r Right) bool {
	_, ok := s[r]
	return ok
}
