package auth

import (
	"fmt"
	"slices"

	"podium/internal/apierr"
)

// Need is what an operation asks of its caller, as one value: Check, String and Describe all read it, so that
// none of them can know of a right that the others do not. The zero Need is not a decision, and package op refuses
// an operation that has it.
type Need struct {
	who      string        // the name of who may call where no right is asked; empty with rights
	kinds    []SessionKind // of sessions
	rights   []Right
	any      bool   // one of the rights is enough
	self     bool   // the rights are not needed for what is the caller's own
	onBehalf bool   // the rights are not needed by an on-behalf-of session
	scope    string // of the access token; empty: a session is enough
	session  bool   // an access token is not taken
}

var ofUsers = []SessionKind{UserSession, OnBehalfSession}

var (
	// Anyone may call: logins, and what is public.
	Anyone = Need{who: "Anyone"}

	// AnyUser is any live session of a user.
	AnyUser = Need{who: "AnyUser", kinds: ofUsers}

	// AnySession is any live session, an application's among them.
	AnySession = Need{who: "AnySession", kinds: []SessionKind{UserSession, OnBehalfSession, AppSession}}

	// AnApp is the session of an application.
	AnApp = Need{who: "AnApp", kinds: []SessionKind{AppSession}}

	// AnyUserBySession is as AnyUser, but an access token is not taken: what the operation opens lives longer than one,
	// or may do more.
	AnyUserBySession = Need{who: "AnyUserBySession", kinds: ofUsers, session: true}
)

// All is a user's session with every one of the rights.
func All(rights ...Right) Need { return Need{rights: rights, kinds: ofUsers} }

// Any is a user's session with at least one of the rights.
func Any(rights ...Right) Need { return Need{rights: rights, any: true, kinds: ofUsers} }

// SelfOr is the session of the very user whom the operation concerns, or any user's with
// the rights. The operation's input says whom it concerns by a method Concerns.
func SelfOr(rights ...Right) Need { return Need{rights: rights, self: true, kinds: ofUsers} }

// OnBehalfOr is any on-behalf-of session that the application's permissions let in, or a user's with
// the rights. What the former may do for its user alone, the operation sees to.
func OnBehalfOr(rights ...Right) Need { return Need{rights: rights, onBehalf: true, kinds: ofUsers} }

// Scoped is an access token that was made for a scope, of a user with every one of the rights. A session
// token is not taken.
func Scoped(scope string, rights ...Right) Need {
	return Need{rights: rights, scope: scope, kinds: ofUsers}
}

// Decided reports whether somebody chose this need.
func (n Need) Decided() bool { return n.who != "" || len(n.rights) > 0 }

// Public reports whether no session is needed.
func (n Need) Public() bool { return n.who == Anyone.who }

// OfApps reports whether only the session of an application is taken.
func (n Need) OfApps() bool { return n.who == AnApp.who }

// ExceptSelf reports whether the rights are not needed for what is the caller's own.
func (n Need) ExceptSelf() bool { return n.self }

// Scope returns what the access token must be made for; empty where a session will do.
func (n Need) Scope() string { return n.scope }

// BySession reports whether a session token is needed, so that an access token is not taken.
func (n Need) BySession() bool { return n.session }

// Rights returns the rights, and whether one of them is enough.
func (n Need) Rights() (rights []Right, any bool) { return slices.Clone(n.rights), n.any }

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
	if n.session && c.ByToken {
		return apierr.Forbidden("a session token is needed, not an access token")
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
