package users

import (
	"errors"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
)

// LoggedIn notes that a user logs in, and lifts a suspension whose time is over. u is the
// account as it was when its key was checked: if it was disabled, suspended or given other keys
// since, the login is refused.
func (s *Service) LoggedIn(tx *db.Tx, u User) error {
	err := tx.Change(`
		UPDATE users
		SET last_login = $3, suspended = FALSE, suspended_until = 0, suspension_reason = ''
		WHERE id = $1 AND version = $2`, u.ID, u.Version, tx.Now())
	if errors.Is(err, db.ErrNoRow) {
		return apierr.LoginRefused("the account %s changed during the login", u.ID)
	}
	if err != nil || !u.Suspended {
		return err
	}
	itself := auth.Caller{Company: u.Company}
	return s.Events.Record(tx, itself, u.ID.String(), SuspensionChanged{})
}

// Hold keeps an account from being changed until commit. It refuses one that has changed since
// u was read.
func Hold(tx *db.Tx, u User) error {
	err := tx.Change(`UPDATE users SET version = version WHERE id = $1 AND version = $2`, u.ID, u.Version)
	if errors.Is(err, db.ErrNoRow) {
		return apierr.LoginRefused("the account %s changed during the login", u.ID)
	}
	return err
}
