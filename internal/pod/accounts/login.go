package accounts

import (
	"errors"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/wire"
	"podium/internal/wording"
)

// ErrChanged is the error if an account changed between the check of its key and its login: begin
// both again.
var ErrChanged = errors.New("the account changed during the login")

// ForLogin returns what a login by key depends on: of a company's account with exactly this name
// (logins are case-sensitive) the fields that LoggedIn and LockedOut read, all others being empty,
// and its valid keys, the current one first. It fails with db.ErrNoRow if there is no such account.
// It is one statement in both cases.
func ForLogin(tx *db.Tx, company wire.CompanyID, username string) (User, []Key, error) {
	type row struct {
		user User
		key  Key // without a key the slot is empty
	}
	rows, err := db.All(tx, func(r db.Row) (f row, err error) {
		u, k := &f.user, &f.key
		return f, r.Scan(&u.ID, &u.Company, &u.AccountType, &u.Username, &u.Email, &u.Status, &u.Suspended, &u.SuspendedUntil,
			&u.LastLogin, &u.Version, &k.Slot, &k.PEM, &k.Expires, &k.Replaced)
	}, `
		SELECT users.id, users.company, users.account_type, users.username, users.email, users.status, users.suspended,
			users.suspended_until, users.last_login, users.version,
			COALESCE(user_keys.slot, ''), COALESCE(user_keys.pem, ''), COALESCE(user_keys.expires, 0),
			COALESCE(user_keys.replaced, 0)
		FROM users
		LEFT JOIN user_keys ON user_keys.user_id = users.id AND (user_keys.expires = 0 OR user_keys.expires > $3)
		WHERE users.company = $1 AND users.username_folded = $2
		ORDER BY user_keys.slot`, company, wording.Fold(username), tx.Now())
	if err != nil {
		return User{}, nil, err
	}
	if len(rows) == 0 || rows[0].user.Username != username {
		return User{}, nil, db.ErrNoRow
	}
	var keys []Key
	for _, f := range rows {
		if f.key.Slot != "" {
			keys = append(keys, f.key)
		}
	}
	return rows[0].user, keys, nil
}

// LoggedIn records a login, and lifts an expired suspension. u is the account as it was when its
// key was checked. If it was disabled, suspended, or its keys or roles changed since, LoggedIn
// fails with ErrChanged.
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
	return s.Journal.Record(tx, itself, u.Subject(), SuspensionChanged{})
}

// Enter performs what is due before the first session of an account, its own or on its behalf.
// LoggedIn calls it.
func (s *Service) Enter(tx *db.Tx, u User) error {
	if u.LastLogin != 0 {
		return nil
	}
	return s.Journal.Tell(tx, FirstSession{u})
}

// Lock locks an account's row until commit, and returns the account.
func Lock(tx *db.Tx, id wire.UserID) (User, error) {
	if err := tx.Change(`UPDATE users SET version = version WHERE id = $1`, id); err != nil {
		return User{}, err
	}
	return Get(tx, id)
}
