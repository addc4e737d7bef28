package auth

import (
	"fmt"
	"slices"
	"strings"

	"podium/internal/apierr"
)

// Need is what an operation asks of its caller. The zero Need is not a decision, and
// package op refuses an operation that has it.
type Need struct {
	name     string
	rights   []Right
	any      bool   // one of the rights will do
	self     bool   // the rights are not needed for what is the caller's own
	onBehalf bool   // the rights are not needed by an on-behalf-of session
	scope    string // of the access token; empty: a session will do
	kinds    []SessionKind
}

var (
	// Anyone may call: logins, and what is public.
	Anyone = Need{name: "Anyone"}

	// AnyUser is any live session of a user.
	AnyUser = Need{name: "AnyUser", kinds: []SessionKind{UserSession, OnBehalfSession}}

	// AnySession is any live session, an application's among them.
	AnySession = Need{name: "AnySession", kinds: []SessionKind{UserSession, OnBehalfSession, AppSession}}

	// AnApp is the session of an application.
	AnApp = Need{name: "AnApp", kinds: []SessionKind{AppSession}}
)

// All is a user's session with every one of the rights.
func All(rights ...Right) Need {
	return Need{name: join(rights), rights: rights, kinds: AnyUser.kinds}
}

// Any is a user's session with at least one of the rights.
func Any(rights ...Right) Need {
	n := All(rights...)
	n.name, n.any = strings.ReplaceAll(n.name, "+", "|"), true
	return n
}

// SelfOr is the session of the very user whom the operation concerns, or any user's with
// the rights. The operation's input says whom it concerns by a method Concerns.
func SelfOr(rights ...Right) Need {
	return Need{name: "self|" + join(rights), rights: rights, self: true, kinds: AnyUser.kinds}
}

// OnBehalfOr is any on-behalf-of session that the application's permissions let in, or a user's with
// the rights. What the former may do for its user alone, the operation sees to.
func OnBehalfOr(rights ...Right) Need {
	return Need{name: "onBehalf|" + join(rights), rights: rights, onBehalf: true, kinds: AnyUser.kinds}
}

// Scoped is an access token that was made for a scope, of a user with every one of the rights. A session
// token is not taken.
func Scoped(scope string, rights ...Right) Need {
	return Need{name: scope + ":" + join(rights), rights: rights, scope: scope, kinds: AnyUser.kinds}
}

func join(rights []Right) string {
	names := make([]string, len(rights))
	for i, r := range rights {
		names[i] = string(r)
	}
	return strings.Join(names, "+")
}

// String is the need as docs/operations.txt shows it.
func (n Need) String() string { return n.name }

// Decided tells whether somebody chose this need.
func (n Need) Decided() bool { return n.name != "" }

// Public tells whether no session is needed.
func (n Need) Public() bool { return n.name == Anyone.name }

// ExceptSelf tells whether the rights are not needed for what is the caller's own.
func (n Need) ExceptSelf() bool { return n.self }

// ExceptOnBehalf tells whether the rights are not needed on behalf of a user.
func (n Need) ExceptOnBehalf() bool { return n.onBehalf }

// Scope is what the access token must be made for; empty where a session will do.
func (n Need) Scope() string { return n.scope }

// Check refuses a caller that lacks what is needed. An on-behalf-of session also needs
// the application's permission that opens the operation; none given closes it to them.
func (n Need) Check(c Caller, opens []Permission, own bool) error {
	if n.Public() {
		return nil
	}
	if !n.admits(c.Kind) {
		return apierr.Forbidden("a session of kind %q cannot do this, %s is needed", c.Kind, n)
	}
	if c.Kind == OnBehalfSession {
		if err := permitted(c, opens); err != nil {
			return err
		}
	}
	if n.scope != "" && !slices.Contains(c.Scopes, n.scope) {
		return apierr.Forbidden("the access token is not made for the scope %s", n.scope)
	}
	if n.self && own || n.onBehalf && c.Kind == OnBehalfSession {
		return nil
	}
	if n.any && !slices.ContainsFunc(n.rights, c.May) {
		return apierr.Forbidden("one of the rights %s is needed", n)
	}
	for _, r := range n.rights {
		if !n.any && !c.May(r) {
			return apierr.Forbidden("the right %s is missing", r)
		}
	}
	return nil
}

// Used lists the rights by which a caller that Check does not refuse gets through, of Any all that would do; none for
// what is the caller's own, or open to everybody.
func (n Need) Used(own bool) []Right {
	if n.self && own {
		return nil
	}
	return n.rights
}

func (n Need) admits(kind SessionKind) bool {
	for _, k := range n.kinds {
		if k == kind {
			return true
		}
	}
	return false
}

func permitted(c Caller, opens []Permission) error {
	if len(opens) == 0 {
		return apierr.Forbidden("the operation is closed to on-behalf-of sessions")
	}
	for _, p := range opens {
		if c.Permitted(p) {
			return nil
		}
	}
	return apierr.Forbidden("the application %s lacks the permission %s", c.App, fmt.Sprint(opens))
}
