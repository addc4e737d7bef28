package auth

import (
	"slices"
	"strings"

	"podium/internal/wire"
)

// SessionKind is the purpose for which a session was opened.
type SessionKind string

// The kinds of session.
const (
	UserSession SessionKind = "user" // a session of a user, opened by the user
	// a session of an application; it opens on-behalf-of sessions
	AppSession      SessionKind = "app"
	OnBehalfSession SessionKind = "obo"        // a session of a user, opened by an application
	KeySession      SessionKind = "keymanager" // a session of a user at the key manager
)

// Caller is the account or application whose session a request carries, as the database describes
// it. The zero Caller with a Company has no session.
type Caller struct {
	Company     wire.CompanyID
	Kind        SessionKind // empty without a session
	Session     string      // the session's id
	User        wire.UserID // zero for an application
	Username    string
	Email       string
	AccountType AccountType // of the user
	Walled      bool        // the user is in a group of information barriers
	Roles       []Role
	App         string       // the application of an AppSession or OnBehalfSession
	Permissions []Permission // of the application
	Rights      Set
	ByToken     bool     // an access token came with the request, not a session token
	Scopes      []string // of that access token
	ByCookie    bool     // the console's cookie came with the request, and no token

	usage *Usage // notes the rights that the call acts by; nil: nothing does

	by []Right // those of Rights that the operation asked for; none where a session was enough
}

// May reports whether the caller holds a right.
func (c Caller) May(r Right) bool { return c.Rights.Has(r) }

// Permitted reports whether the caller's application holds a permission, or all permissions that
// Together joined in p.
func (c Caller) Permitted(p Permission) bool {
	for name := range strings.SplitSeq(string(p), "+") {
		if !slices.Contains(c.Permissions, Permission(name)) {
			return false
		}
	}
	return true
}
