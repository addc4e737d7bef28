package accounts

import (
	"errors"

	"podium/internal/apierr"
	"podium/internal/db"
	"podium/internal/db/lock"
	"podium/internal/wire"
	"podium/internal/wording"
)

// NameTaken reports whether an account of the company has a name, whatever its case, Unicode form
// or width. It locks the name until commit, so that no account takes it: an application with the
// name calls it first.
func NameTaken(tx *db.Tx, company wire.CompanyID, name string) (bool, error) {
	if err := lockName(tx, company, name); err != nil {
		return false, err
	}
	_, err := db.Value[wire.UserID](tx, `SELECT id FROM users WHERE company = $1 AND username_folded = $2`, company, wording.Fold(name))
	if errors.Is(err, db.ErrNoRow) {
		return false, nil
	}
	return err == nil, err
}

func lockName(tx *db.Tx, company wire.CompanyID, names ...string) error {
	keys := make([]lock.Key, len(names))
	for i, name := range names {
		keys[i] = lock.Name(company, wording.Fold(name))
	}
	return tx.Lock(keys...)
}

// checkNames returns an error for user names that something else of the company has, such as an
// application. The table prevents duplicates among accounts.
func (s *Service) checkNames(tx *db.Tx, company wire.CompanyID, names ...string) error {
	if err := lockName(tx, company, names...); err != nil {
		return err
	}
	taken, err := s.reserved(tx, company, names)
	if err == nil && len(taken) > 0 {
		return apierr.Invalid(nameInUse)
	}
	return err
}

// reserved returns those of the names that something other than an account of the company has.
func (s *Service) reserved(tx *db.Tx, company wire.CompanyID, names []string) (taken []string, err error) {
	if s.Reserved == nil {
		return nil, nil
	}
	return s.Reserved(tx, company, names)
}
