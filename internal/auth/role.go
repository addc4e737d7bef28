package auth

import (
	"slices"
	"strings"

	"podium/internal/wire"
)

// Role is the id of a role, or of a role's optional action: ROLE.ACTION.
type Role string

// Limits of a role's id as clients write it.
func (Role) Limits() wire.Limits { return wire.AtMost(128) }

// Roles that our own code names.
const (
	Individual         Role = "INDIVIDUAL"
	UserProvisioning   Role = "USER_PROVISIONING"
	Administrator      Role = "ADMINISTRATOR"
	SuperAdministrator Role = "SUPER_ADMINISTRATOR"
)

// AccountType tells people from service accounts and distribution lists.
type AccountType string

// The published account types.
const (
	Normal AccountType = "NORMAL" // a person
	System AccountType = "SYSTEM" // a service account: a bot, an integration
	SDL    AccountType = "SDL"    // a distribution list posing as a user
)

// Enum lists the published values.
func (AccountType) Enum() []string { return []string{string(Normal), string(System), string(SDL)} }

var (
	people    = []AccountType{Normal}
	services  = []AccountType{System}
	everybody = []AccountType{Normal, System}
)

// RoleInfo describes a role.
type RoleInfo struct {
	ID       Role
	Name     string        // as people read it
	For      []AccountType // the accounts that may hold it
	Grants   []Right
	Optional []Right // actions given one by one, as ROLE.ACTION
}

// Roles lists every role there is, in the order in which they are shown.
func Roles() []RoleInfo { return slices.Clone(roles) }

// FindRole is the role with an id, or the role of an optional action ROLE.ACTION.
func FindRole(id Role) (RoleInfo, bool) {
	name, action, dotted := strings.Cut(string(id), ".")
	for _, r := range roles {
		if string(r.ID) == name && (!dotted || slices.Contains(r.Optional, Right(action))) {
			return r, true
		}
	}
	return RoleInfo{}, false
}

// RightsOf is the union of what the roles grant. Roles that do not exist grant
// nothing, and an action only counts beside its role.
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

// Granting lists which of the roles held grant all of some rights; where no single one does, those
// that grant any of them. Optional actions count as their role's.
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

// AdministrativeRoles lists the roles a service account of `podium dev` and
// `podium admin create` holds, so that it can do all that any administrator can.
func AdministrativeRoles() []Role {
	var ids []Role
	for _, r := range roles {
		switch r.ID {
		case "AGENT", "KEY_MANAGER", "SYMPHONY_ADMIN": // parts of a pod and its maker, not its administrators
		default:
			ids = append(ids, r.ID)
		}
	}
	return ids
}

// Set is a set of rights.
type Set map[Right]struct{}

// Has tells whether the set holds a right.
func (s Set) Has(r Right) bool {
	_, ok := s[r]
	return ok
}
