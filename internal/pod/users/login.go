package users

import (
	"errors"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/wire"
)

// ErrChanged is that an account changed between the check of its key and its login: both are to
// be begun anew.
var ErrChanged = errors.New("the account changed during the login")

// LoggedIn notes that a user logs in, and lifts a suspension whose time is over. u is the
// account as it was when its key was checked: if it was disabled, suspended, given other keys or
// roles since, the error is ErrChanged.
func (s *Service) LoggedIn(tx *db.Tx, u User) error {
	err := tx.Change(`
		UPDATE users
		SET last_login = $3, suspended = FALSE, suspended_until = 0, suspension_reason = ''
		WHERE id = $1 AND version = $2`, u.ID, u.Version, tx.Now())
	if errors.Is(err, db.ErrNoRow) {
		return ErrChanged
	}
	if err != nil {
		return err
	}
	if err := s.Enter(tx, u); err != nil || !u.Suspended {
		return err
	}
	itself := auth.Caller{Company: u.Company}
	return s.Events.Record(tx, itself, u.Subject(), SuspensionChanged{})
}

// Enter does what is to be done before the first session of an account is opened, by itself or on its
// behalf. LoggedIn does it too.
func (s *Service) Enter(tx *db.Tx, u User) error {
	if u.LastLogin != 0 {
		return nil
	}
	for _, f := range s.Entered {
		if err := f(tx, u); err != nil {
			return err
		}
	}
	return nil
}

// Hold keeps an account from being changed until commit, and gives it as it is now.
func Hold(tx *db.Tx, id wire.UserID) (User, error) {
	if err := tx.Change(`UPDATE users SET version = version WHERE id = $1`, id); err != nil {
		return User{}, err
	}
	return Get(tx, id)
}
