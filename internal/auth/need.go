package auth

import (
	"fmt"
	"slices"

	"podium/internal/apierr"
)

// Need is what an operation asks of its caller, as one value. Check, String and Describe all read
// it, so that they cannot disagree about a right. Package op refuses an operation with the zero
// Need, because it decides nothing.
type Need struct {
	// the name of the set of allowed callers if no right is asked; empty with rights
	who      string
	kinds    []SessionKind // the kinds of session that are accepted
	rights   []Right
	any      bool // one of the rights is enough
	self     bool // the rights are not needed for the caller's own data
	onBehalf bool // the rights are not needed by an on-behalf-of session
	// that the access token must have; empty: a session is enough. The console's session needs no
	// access token, because its page must have none: there the rights are enough
	scope   string
	session bool // an access token is not accepted
}

var ofUsers = []SessionKind{UserSession, OnBehalfSession}

var (
	// Anyone needs no session: logins, and public data.
	Anyone = Need{who: "Anyone"}

	// AnyUser needs any live session of a user.
	AnyUser = Need{who: "AnyUser", kinds: ofUsers}

	// AnySession needs any live session, of a user or an application.
	AnySession = Need{who: "AnySession", kinds: []SessionKind{UserSession, OnBehalfSession, AppSession}}

	// AnApp needs the session of an application.
	AnApp = Need{who: "AnApp", kinds: []SessionKind{AppSession}}

	// AnyUserBySession is like AnyUser, but does not accept an access token: what the operation
	// opens lives longer than an access token, or may do more.
	AnyUserBySession = Need{who: "AnyUserBySession", kinds: ofUsers, session: true}
)

// All returns the need of a user's session with all of the rights.
func All(rights ...Right) Need { return Need{rights: rights, kinds: ofUsers} }

// Any returns the need of a user's session with at least one of the rights.
func Any(rights ...Right) Need { return Need{rights: rights, any: true, kinds: ofUsers} }

// SelfOr returns the need of the session of the user that the operation concerns, or of any user's
// session with the rights. The input names the user by a method Concerns.
func SelfOr(rights ...Right) Need { return Need{rights: rights, self: true, kinds: ofUsers} }

// OnBehalfOr returns the need of any on-behalf-of session that the application's permissions admit,
// or of a user's session with the rights. The operation itself limits what the former may do for
// its user.
func OnBehalfOr(rights ...Right) Need { return Need{rights: rights, onBehalf: true, kinds: ofUsers} }

// Scoped returns the need of an access token of a user with all of the rights, made for a scope. A
// session token is not accepted, except in the console's cookie.
func Scoped(scope string, rights ...Right) Need {
	return Need{rights: rights, scope: scope, kinds: ofUsers}
}

// Decided reports whether the need is not the zero Need.
func (n Need) Decided() bool { return n.who != "" || len(n.rights) > 0 }

// Public reports whether no session is needed.
func (n Need) Public() bool { return n.who == Anyone.who }

// OfApps reports whether only the session of an application is accepted.
func (n Need) OfApps() bool { return n.who == AnApp.who }

// ExceptSelf reports whether the rights are not needed for the caller's own data.
func (n Need) ExceptSelf() bool { return n.self }

// Scope returns the scope that the access token must have; empty if a session is enough.
func (n Need) Scope() string { return n.scope }

// BySession reports whether only a session token is accepted, not an access token.
func (n Need) BySession() bool { return n.session }

// Rights returns the rights, and whether one of them is enough.
func (n Need) Rights() (rights []Right, any bool) { return slices.Clone(n.rights), n.any }

// Check returns the caller with the rights by which it acts, as the operation's handler gets it. It
// returns Forbidden for a caller that lacks what is needed. An on-behalf-of session also needs one
// of the application's permissions in opens; without any, the operation is closed to such sessions.
// own reports whether the request concerns the caller's own data.
func (n Need) Check(c Caller, opens []Permission, own bool) (Caller, error) {
	c.by = nil
	if n.Public() {
		return c, nil
	}
	if err := n.checkSession(c, opens); err != nil {
		return c, err
	}
	if n.self && own || n.onBehalf && c.Kind == OnBehalfSession {
		return c, nil
	}
	if n.any && !slices.ContainsFunc(n.rights, c.May) {
		return c, apierr.Forbidden("one of the rights %s is needed", n)
	}
	for _, r := range n.rights {
		if !n.any && !c.May(r) {
			return c, apierr.Forbidden("the right %s is missing", r)
		}
	}
	c.by = n.rights
	c.usage.note(c, n.rights...)
	return c, nil
}

func (n Need) checkSession(c Caller, opens []Permission) error {
	if !n.admits(c.Kind) {
		return apierr.Forbidden("a session of kind %q cannot do this, %s is needed", c.Kind, n)
	}
	if c.Kind == OnBehalfSession {
		if err := permitted(c, opens); err != nil {
			return err
		}
	}
	if n.scope != "" && !c.ByCookie && !slices.Contains(c.Scopes, n.scope) {
		return apierr.Forbidden("the access token is not made for the scope %s", n.scope)
	}
	if n.session && c.ByToken {
		return apierr.Forbidden("a session token is needed, not an access token")
	}
	return nil
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
