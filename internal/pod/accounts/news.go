package accounts

import (
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/wire"
)

// AccessChanged is told when data changes on which the open sessions of an account depend.
type AccessChanged struct{ User wire.UserID }

// News returns when it is told.
func (AccessChanged) News() string {
	return "Data changes on which the open sessions of an account depend: roles, state, barrier groups, what session info shows."
}

// LockedOut is told when an account is disabled or suspended.
type LockedOut struct{ User wire.UserID }

// News returns when it is told.
func (LockedOut) News() string { return "An account is disabled or suspended: its sessions end." }

// KeyRevoked is told when a key of an account is revoked.
type KeyRevoked struct{ User wire.UserID }

// News returns when it is told.
func (KeyRevoked) News() string { return "A key of an account is revoked." }

// StatusSet is told when a caller disables or enables an account, after LockedOut or AccessChanged.
type StatusSet struct {
	By     auth.Caller
	User   wire.UserID
	Status Status
}

// News returns when it is told.
func (StatusSet) News() string {
	return "A caller disables or enables an account: its memberships follow."
}

// FirstSession is told when a session of an account is opened that has never logged in. It may be
// told more than once.
type FirstSession struct{ User User }

// News returns when it is told.
func (FirstSession) News() string {
	return "A session is opened of an account that has never logged in: what only active users need is made."
}

// AppearanceChanged is told when what others see of a user changes.
type AppearanceChanged struct{ User wire.UserID }

// News returns when it is told.
func (AppearanceChanged) News() string {
	return "What others see of a user changes: names, addresses, the picture."
}

// Added is told when accounts of people and services of a company are created.
type Added struct{ Company wire.CompanyID }

// News returns when it is told.
func (Added) News() string { return "Accounts of people and services of a company are created." }

// tellAccessAndAppearance tells that both have changed of a user.
func (s *Service) tellAccessAndAppearance(tx *db.Tx, user wire.UserID) error {
	if err := s.Journal.Tell(tx, AccessChanged{user}); err != nil {
		return err
	}
	return s.Journal.Tell(tx, AppearanceChanged{user})
}
