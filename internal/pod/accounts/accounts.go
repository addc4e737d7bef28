// Package accounts holds the accounts of people, services and distribution lists: their attributes,
// status, roles, passwords and the RSA keys they log in with. It reads accounts by id, and changes
// them. Not inside: the operations of administrators (admin), look-ups and searches (directory),
// pictures and followers (profiles), logins and sessions (session).
package accounts

import (
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
	// no account may have it; nil: none.
	Reserved func(tx *db.Tx, company wire.CompanyID, names []string) ([]string, error)

	// HoldLists locks the distribution lists that an account is on; nil: there are none. It is
	// called before an account that is disabled is locked, because lists come before accounts.
	// HeldLists is called after that. It fails with db.ErrAgain if the account is on a list that
	// HoldLists has not locked.
	HoldLists, HeldLists func(tx *db.Tx, user wire.UserID) error
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
