package accounts

import (
	"podium/internal/auth"
	"podium/internal/journal"
	"podium/internal/wire"
)

// Status is whether an account may be used.
type Status string

// The published statuses.
const (
	Enabled  Status = "ENABLED"
	Disabled Status = "DISABLED"
)

// Enum returns the published values.
func (Status) Enum() []string { return []string{string(Enabled), string(Disabled)} }

// Attributes holds the attributes of an account. A text that was not given is empty.
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
	Suspended        bool      // it stays set after SuspendedUntil, until the next login
	SuspendedUntil   wire.Time // 0 while not suspended
	SuspensionReason string
	Created          wire.Time
	CreatedBy        wire.UserID // 0: the pod itself
	Updated          wire.Time
	LastLogin        wire.Time // 0 before the first login
	PasswordReset    wire.Time // when the password was last set; 0: never
	Deactivated      wire.Time // 0 while enabled
	Version          int64     // incremented by each change on which a login depends
	Avatar           string    // identifies the picture in its address; empty for none
	Walled           bool      // in a barrier group; an account in none is separated from no other
}

// LockedOut reports whether the account is locked out at a given time.
func (u User) LockedOut(now wire.Time) bool {
	return u.Status != Enabled || (u.Suspended && u.SuspendedUntil > now)
}

// Subject returns the account as the subject of facts.
func (u User) Subject() journal.Subject {
	return journal.Subject{ID: u.ID.String(), Name: u.Username, Email: u.Email}
}

// Approachable reports whether the account is enabled and belongs to a person or a service.
func (u User) Approachable() bool { return u.Status == Enabled && u.AccountType != auth.SDL }
