package inspector

import (
	"slices"

	"podium/internal/auth"
	"podium/internal/op"
)

// Missing is what a caller lacks for an operation, and who can grant it.
type Missing struct {
	Needs       string            `json:"needs" doc:"What the operation needs, as a sentence."`
	Scope       string            `json:"scope,omitempty" doc:"An access token made for it is needed."`
	Rights      []MissingRight    `json:"rights,omitempty"`
	OneIsEnough bool              `json:"oneIsEnough,omitempty" doc:"One of the rights is enough."`
	Permissions []auth.Permission `json:"permissions,omitempty" doc:"Of the application: one of them."`
	GrantedBy   []auth.Role       `json:"grantedBy,omitempty" doc:"The roles of those who can grant what is missing."`
}

// MissingRight is a right with the roles that give it.
type MissingRight struct {
	Right auth.Right  `json:"right"`
	Roles []auth.Role `json:"roles" doc:"Those that an account of the caller's type can hold."`
}

func missing(b op.Bound, c auth.Caller) *Missing {
	lacks := b.Needs.Missing(c, b.Opens)
	m := &Missing{Needs: b.Needs.Describe(), Scope: lacks.Scope, OneIsEnough: lacks.Any, Permissions: lacks.Permissions}
	if c.Kind == auth.OnBehalfSession {
		m.Needs += " " + auth.DescribeOpens(b.Opens)
	}
	for _, r := range lacks.Rights {
		m.Rights = append(m.Rights, MissingRight{r, rolesWith(r, c.AccountType)})
	}
	switch {
	case len(lacks.Rights) > 0: // as addUserRole needs
		m.GrantedBy = holders(auth.AccessUserProvisioningAPI)
	case len(lacks.Permissions) > 0: // as updateApplication needs
		m.GrantedBy = holders(auth.ModifyApps)
	}
	return m
}

func rolesWith(r auth.Right, of auth.AccountType) []auth.Role {
	roles := auth.GrantedBy(r, of)
	if roles == nil {
		return []auth.Role{}
	}
	return roles
}

// holders returns the roles that give a right to people or to service accounts.
func holders(r auth.Right) []auth.Role {
	roles := auth.GrantedBy(r, auth.Normal)
	for _, role := range auth.GrantedBy(r, auth.System) {
		if !slices.Contains(roles, role) {
			roles = append(roles, role)
		}
	}
	return roles
}
