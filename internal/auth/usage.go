package auth

import (
	"slices"
	"sync"
)

// Usage notes by which rights a call acts. The zero Usage is ready to use.
type Usage struct {
	mu     sync.Mutex
	rights []Right
}

// Noting returns the caller whose use of rights u notes: those that an operation needs, and those
// of the grants of ByRight.
func (c Caller) Noting(u *Usage) Caller {
	c.usage = u
	return c
}

// Rights returns the rights that were used, in no order.
func (u *Usage) Rights() []Right {
	u.mu.Lock()
	defer u.mu.Unlock()
	return slices.Clone(u.rights)
}

// note adds those of the rights that the caller holds. A nil Usage notes nothing.
func (u *Usage) note(c Caller, rights ...Right) {
	if u == nil {
		return
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, r := range rights {
		if c.May(r) && !slices.Contains(u.rights, r) {
			u.rights = append(u.rights, r)
		}
	}
}

// Missing is what a caller lacks for an operation. It is empty for a caller with all of it.
type Missing struct {
	Session     bool    // another kind of session is needed
	Scope       string  // an access token made for the scope is needed
	Rights      []Right // all of them; with Any, one of them
	Any         bool
	Permissions []Permission // of the application: one of them
}

// Missing returns what a caller lacks. It reads the same as Check, without the exceptions for a
// user's own data.
func (n Need) Missing(c Caller, opens []Permission) Missing {
	m := Missing{}
	if n.Public() {
		return m
	}
	if !n.admits(c.Kind) || n.session && c.ByToken {
		m.Session = true
		return m
	}
	if c.Kind == OnBehalfSession && permitted(c, opens) != nil {
		m.Permissions, m.Session = opens, len(opens) == 0
	}
	if n.scope != "" && !slices.Contains(c.Scopes, n.scope) {
		m.Scope = n.scope
	}
	if n.onBehalf && c.Kind == OnBehalfSession {
		return m
	}
	for _, r := range n.rights {
		if c.May(r) && n.any {
			m.Rights = nil
			return m
		}
		if !c.May(r) {
			m.Rights = append(m.Rights, r)
		}
	}
	m.Any = n.any && len(m.Rights) > 0
	return m
}

// GrantedBy returns the roles that grant a right to accounts of a type. An optional action is
// ROLE.ACTION.
func GrantedBy(r Right, of AccountType) []Role {
	var ids []Role
	for _, role := range roles {
		switch {
		case !slices.Contains(role.For, of):
		case slices.Contains(role.Grants, r):
			ids = append(ids, role.ID)
		case slices.Contains(role.Optional, r):
			ids = append(ids, role.ID+"."+Role(r))
		}
	}
	return ids
}
