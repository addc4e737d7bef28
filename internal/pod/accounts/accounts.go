// Package accounts holds the accounts of people, services and distribution lists: their attributes,
// status, roles, passwords and the RSA keys they log in with. It reads accounts by id, and changes
// them. Not inside: the operations of administrators (admin), look-ups and searches (directory),
// pictures and followers (profiles), logins and sessions (session).
package accounts

import (
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/journal"
	"podium/internal/pod/companies"
	"podium/internal/wire"
)

// Service creates and changes accounts. Package pod sets its fields.
type Service struct {
	Journal *journal.Log

	// Settings holds the companies' settings. If it is nil, or does not know a company yet, the
	// defaults apply.
	Settings *companies.Directory

	// Reserved returns which of the names something of a company other than an account has, so that
	// no account may have it.
	Reserved []func(tx *db.Tx, company wire.CompanyID, names []string) ([]string, error)

	// Changed is called in the transaction that changes what the user's open sessions depend on:
	// roles, state, keys.
	Changed []func(tx *db.Tx, user wire.UserID) error

	// Barred is called in the transaction that locks the user out by disabling or suspending.
	Barred []func(tx *db.Tx, user wire.UserID) error

	// Entered is called in the transaction that opens a session of an account that has never logged
	// in: it creates what only active users need. It may be called more than once.
	Entered []func(tx *db.Tx, u User) error

	// Disabled and Enabled are called in the transaction in which a caller disables the account
	// (beside Barred) or enables it (beside Changed), for its memberships.
	Disabled, Enabled []func(tx *db.Tx, caller auth.Caller, user wire.UserID) error

	// Holding is called in the transaction that disables an account before the account is locked:
	// it takes the locks that come before accounts. Held is called after the account is locked. It
	// checks that Holding has locked enough, and fails with db.ErrAgain if not.
	Holding, Held []func(tx *db.Tx, user wire.UserID) error

	// Renamed is called in the transaction that changes what others see of the user: names,
	// addresses, the picture.
	Renamed []func(tx *db.Tx, user wire.UserID) error

	// KeyRevoked is called in the transaction that revokes a key of the user.
	KeyRevoked []func(tx *db.Tx, user wire.UserID) error

	// Created is called in the transaction that creates accounts of people and services of a company.
	Created []func(tx *db.Tx, company wire.CompanyID)
}

// Company returns a company's settings; the defaults for one that Settings does not know.
func (s *Service) Company(id wire.CompanyID) companies.Company {
	if s.Settings != nil {
		if m, ok := s.Settings.Get(id); ok {
			return m.Company
		}
	}
	return companies.Defaults(id, "")
}

// tell calls each of the functions that follow a change of a user.
func tell(functions []func(*db.Tx, wire.UserID) error, tx *db.Tx, id wire.UserID) error {
	for _, f := range functions {
		if err := f(tx, id); err != nil {
			return err
		}
	}
	return nil
}
