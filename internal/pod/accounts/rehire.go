package accounts

import (
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/wire"
	"podium/internal/wording"
)

// An e-mail address belongs to at most one enabled account of a company. A disabled account keeps
// it until another account asks for it, and then gives it up: the column email_folded, which is
// unique, no longer holds the address, and email_left does (docs/decisions/0029-rehire.md).

// disabledFold is the beginning of email_folded of a disabled account that has given its address
// up. No address looks like it.
const disabledFold = "disabled "

// emailFolds returns the columns email_folded and email_left of an account to store. The e-mail
// address of a distribution list need not be unique.
func (u User) emailFolds() (unique, left string) {
	switch {
	case u.AccountType == auth.SDL:
		return "list " + u.ID.String(), ""
	case u.Status == Disabled:
		return disabledFold + u.ID.String(), wording.Fold(u.Email)
	}
	return wording.Fold(u.Email), ""
}

// freeEmails makes the disabled accounts that hold the folded addresses give them up, in the order
// of their ids. An account that is enabled meanwhile keeps its address. Call it before the
// statement that assigns the addresses.
func freeEmails(tx *db.Tx, company wire.CompanyID, folded []string) error {
	if len(folded) == 0 {
		return nil
	}
	return tx.Queue(`
		UPDATE users
		SET email_left = email_folded, email_folded = $4 || CAST(id AS TEXT)
		WHERE status = $3 AND id IN (
			SELECT id
			FROM users
			WHERE company = $1 AND email_folded IN ($2) AND status = $3
			ORDER BY id `+tx.ForUpdateOf("users")+`)`, company, folded, Disabled, disabledFold)
}

// WithEmails returns the accounts of the companies with the folded addresses, in no order. For each
// company and address these are the account that holds it, which may be disabled, and of those that
// gave it up the one created last.
func WithEmails(tx *db.Tx, companies []wire.CompanyID, folded []string) ([]User, error) {
	return db.All(tx, scanUsers(), selectUsers+`
		WHERE id IN (
			SELECT id
			FROM users
			WHERE company IN ($1) AND email_folded IN ($2)
			UNION ALL
			SELECT MAX(id)
			FROM users
			WHERE company IN ($1) AND email_left IN ($2) AND email_left <> ''
			GROUP BY company, email_left)`, companies, folded)
}

// emailsOf returns the folded addresses of the enabled accounts, which must be unique.
func emailsOf(list []User) []string {
	var folded []string
	for _, u := range list {
		if u.Status == Enabled && u.AccountType != auth.SDL {
			folded = append(folded, wording.Fold(u.Email))
		}
	}
	return folded
}
