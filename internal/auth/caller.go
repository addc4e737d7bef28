package auth

import (
	"slices"
	"strings"

	"podium/internal/wire"
)

// SessionKind tells what a session was opened for.
type SessionKind string

// The kinds of session.
const (
	UserSession     SessionKind = "user"       // a user, opened by the user
	AppSession      SessionKind = "app"        // an application; opens on-behalf-of logins
	OnBehalfSession SessionKind = "obo"        // a user, opened by an application
	KeySession      SessionKind = "keymanager" // a user, at the key manager
)

// Caller is who calls, as the session in the database says it. The zero Caller with a
// Company is somebody not logged in.
type Caller struct {
	Company     wire.CompanyID
	Kind        SessionKind // empty when nobody is logged in
	Session     string      // the session's id
	User        wire.UserID // zero for an application
	Username    string
	Email       string
	AccountType AccountType // of the user
	Walled      bool        // the user is in a group of information barriers
	Roles       []Role
	App         string       // the application of an AppSession or OnBehalfSession
	Permissions []Permission // the application's
	Rights      Set
	ByToken     bool     // an access token came with the request, not a session token
	Scopes      []string // of that access token
	By          []Right  // those of Rights that let the caller in; none where a session was enough
}

// May tells whether the caller holds a right.
func (c Caller) May(r Right) bool { return c.Rights.Has(r) }

// Permitted tells whether the caller's application holds a permission, or each of those of
// Together.
func (c Caller) Permitted(p Permission) bool {
	for name := range strings.SplitSeq(string(p), "+") {
		if !slices.Contains(c.Permissions, Permission(name)) {
			return false
		}
	}
	return true
}
