package users

import (
	"podium/internal/auth"
	"podium/internal/journal"
	"podium/internal/wire"
)

// Status tells whether an account may be used.
type Status string

// The published statuses.
const (
	Enabled  Status = "ENABLED"
	Disabled Status = "DISABLED"
)

// Enum lists the published values.
func (Status) Enum() []string { return []string{string(Enabled), string(Disabled)} }

// Attributes is what an account says of its owner. A text not given is empty.
type Attributes struct {
	AccountType    auth.AccountType
	Username       string
	Email          string
	DisplayName    string
	FirstName      string
	LastName       string
	CompanyName    string
	Title          string
	Department     string
	Division       string
	Location       string
	JobFunction    string
	WorkPhone      string
	MobilePhone    string
	SMS            string
	TwoFactorPhone string
	Language       string
	AssetClasses   []string
	Industries     []string
	MarketCoverage []string
	Responsibility []string
	Function       []string
	Instrument     []string
}

// User is an account.
type User struct {
	ID      wire.UserID
	Company wire.CompanyID
	Attributes
	Status           Status
	Suspended        bool      // stays set after SuspendedUntil, until the next login
	SuspendedUntil   wire.Time // 0 while not suspended
	SuspensionReason string
	Created          wire.Time
	CreatedBy        wire.UserID // 0 for the pod itself
	Updated          wire.Time
	LastLogin        wire.Time // 0 before the first
	PasswordReset    wire.Time // when the password was last set; 0: never
	Deactivated      wire.Time // 0 while enabled
	Version          int64     // grows with each change that a login depends on
	SessionsEnded    int64     // how often all its sessions were ended at once
	Avatar           string    // tells the picture from others, in its address; empty for none
	Walled           bool      // in a group of information barriers: whoever is not, is kept apart from nobody
}

// Barred tells whether the account may not be used at a moment.
func (u User) Barred(now wire.Time) bool {
	return u.Status != Enabled || (u.Suspended && u.SuspendedUntil > now)
}

// Subject is the account as facts name it.
func (u User) Subject() journal.Subject {
	return journal.Subject{ID: u.ID.String(), Name: u.Username, Email: u.Email}
}
