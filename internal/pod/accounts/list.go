package accounts

import (
	"strings"
	"unicode"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/pod/accounts/features"
	"podium/internal/pod/accounts/terms"
	"podium/internal/wire"
	"podium/internal/wording"
)

// The account of a distribution list (package groups) has an id like users, and is found by a
// search that asks for such accounts. It has no roles, keys or sessions.

// CreateList creates the account of a distribution list of the caller's company. Its user name is
// derived from name, and stays when the list is renamed. Other companies do not find it, because it
// lacks the features for that.
func (s *Service) CreateList(tx *db.Tx, caller auth.Caller, name string, a Attributes) (User, error) {
	number, err := tx.Next("users")
	if err != nil {
		return User{}, err
	}
	u := User{
		ID: wire.NewUserID(caller.Company, number), Company: caller.Company, Attributes: a,
		Status: Enabled, Created: tx.Now(), CreatedBy: caller.User, Updated: tx.Now(),
	}
	u.AccountType = auth.SDL
	if u.CompanyName == "" {
		u.CompanyName = s.Company(caller.Company).Name
	}
	if u.Username, err = s.listName(tx, u, name); err != nil {
		return User{}, err
	}
	if err := insertUsers(tx, []User{u}, []terms.Terms{termsOf(u.Company, u.Attributes, u.Status)}, taken); err != nil {
		return User{}, err
	}
	return u, tx.QueueAll(`
		INSERT INTO user_features (user_id, feature, enabled, company)
		VALUES`, [][]any{{u.ID, features.IsExternalIMEnabled, false, u.Company}, {u.ID, features.IsExternalRoomEnabled, false, u.Company}}, "", nil)
}

// ChangeList replaces the attributes of a distribution list's account, except its user name.
func (s *Service) ChangeList(tx *db.Tx, u User, a Attributes) (User, error) {
	a.AccountType, a.Username = u.AccountType, u.Username
	if a.CompanyName == "" {
		a.CompanyName = s.Company(u.Company).Name
	}
	u.Attributes, u.Updated = a, tx.Now()
	if err := updateAttributes(tx, u); err != nil {
		return User{}, err
	}
	return u, s.Journal.Tell(tx, AppearanceChanged{u.ID})
}

// SetListStatus disables the account of a deleted distribution list, or enables it again.
func (s *Service) SetListStatus(tx *db.Tx, caller auth.Caller, u User, status Status) error {
	return s.setStatus(tx, caller, u, status)
}

// listName returns an unused user name: Rates desk becomes rates-desk, or rates-desk-4711 if that
// is taken.
func (s *Service) listName(tx *db.Tx, u User, name string) (string, error) {
	slug := strings.Join(strings.FieldsFunc(wording.Fold(name), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), "-")
	if runes := []rune(slug); len(runes) > maxAttribute/2 {
		slug = string(runes[:maxAttribute/2])
	}
	taken, err := NameTaken(tx, u.Company, slug)
	if err != nil {
		return "", err
	}
	reserved, err := s.reserved(tx, u.Company, []string{slug})
	if taken || len(reserved) > 0 || slug == "" {
		slug = strings.TrimPrefix(slug+"-"+wire.UserID(u.ID&wire.MaxSequence).String(), "-")
	}
	return slug, err
}
