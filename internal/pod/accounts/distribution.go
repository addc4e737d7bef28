package accounts

import (
	"context"
	"strings"
	"unicode"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/db/lock"
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
		VALUES`, [][]any{{u.ID, IsExternalIMEnabled, false, u.Company}, {u.ID, IsExternalRoomEnabled, false, u.Company}}, "", nil)
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
	return u, tell(s.Renamed, tx, u.ID)
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

// ByIDs returns the accounts of a company with the given ids, by id.
func ByIDs(tx *db.Tx, company wire.CompanyID, ids []wire.UserID) (map[wire.UserID]User, error) {
	found := make(map[wire.UserID]User, len(ids))
	if len(ids) == 0 {
		return found, nil
	}
	list, err := db.All(tx, scanUsers(), selectUsers+` WHERE id IN ($2) AND company = $1`, company, ids)
	for _, u := range list {
		found[u.ID] = u
	}
	return found, err
}

// HoldAll locks accounts until commit.
func HoldAll(tx *db.Tx, ids []wire.UserID) error {
	keys := make([]lock.Key, len(ids))
	for i, id := range ids {
		keys[i] = lock.User(id)
	}
	return tx.Lock(keys...)
}

// IsEmail reports whether a text has the form of an e-mail address.
func IsEmail(text string) bool { return isEmail(text) }

// Draw returns a client's Base64 picture in all sizes. It refuses what cannot be drawn, naming the
// field image.
func (s *Service) Draw(ctx context.Context, text string) (ListPicture, error) {
	pictures, err := s.draw(ctx, text)
	return ListPicture{hash: newPictureHash(), sizes: pictures}, err
}

// ListPicture is a picture in each size.
type ListPicture struct {
	hash  string
	sizes map[string][]byte
}

// SetListPicture sets the picture of a distribution list.
func (s *Service) SetListPicture(tx *db.Tx, u User, p ListPicture) error {
	return s.putAvatar(tx, u, p.hash, p.sizes)
}

// PictureURLs returns the addresses of the account's picture by size: 50, 150, 500, 600 and orig.
// Without a picture it returns those of the default picture, in 50 and 150.
func (u User) PictureURLs() map[string]string {
	if u.Avatar == "" {
		return map[string]string{"50": defaultAvatars[1].URL, "150": defaultAvatars[0].URL}
	}
	urls := make(map[string]string, len(avatarSizes))
	for _, size := range avatarSizes {
		urls[size] = u.avatarURL(size)
	}
	return urls
}
