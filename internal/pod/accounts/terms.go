package accounts

import (
	"podium/internal/db"
	"podium/internal/pod/accounts/terms"
	"podium/internal/wire"
)

// termsOf returns the terms by which searches find an account of a company; none while it is
// disabled.
func termsOf(company wire.CompanyID, a Attributes, status Status) terms.Terms {
	if status != Enabled {
		return terms.Terms{}
	}
	return terms.Of(company, terms.Account{
		Type: a.AccountType, Username: a.Username, DisplayName: a.DisplayName, FirstName: a.FirstName, LastName: a.LastName, Email: a.Email,
	})
}

// updateTerms updates the stored terms of an account to its attributes and status.
func updateTerms(tx *db.Tx, u User) error {
	return terms.Update(tx, u.Company, u.ID, termsOf(u.Company, u.Attributes, u.Status))
}
