package accounts

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/db/lock"
	"podium/internal/journal"
	"podium/internal/op"
	"podium/internal/picture"
	"podium/internal/wire"
)

var listAvatars = op.Operation[Service]{
	ID:      "listUserAvatars",
	Route:   "GET /pod/v1/admin/user/{uid}/avatar",
	Tag:     "User",
	Summary: "List the addresses of a user's picture, one for each size.",
	About: "The list is empty for a user without a picture. The addresses are relative to " +
		"the pod's address and need no session.",
	Needs:  auth.All(auth.AccessUserProvisioningAPI),
	Handle: op.Read((*Service).listAvatars),
}

type avatarInput struct {
	UID wire.UserID `path:"uid"`
}

// avatarSizes lists the sizes in which a picture is published, in order.
var avatarSizes = []string{"600", "150", picture.Original, "500", "50"}

func (s *Service) listAvatars(tx *db.Tx, caller auth.Caller, in avatarInput) ([]Avatar, error) {
	u, err := Own(tx, caller.Company, in.UID)
	if err != nil {
		return nil, Unknown(err, in.UID)
	}
	avatars := []Avatar{}
	for _, size := range avatarSizes {
		if u.Avatar != "" {
			avatars = append(avatars, Avatar{Size: size, URL: u.avatarURL(size)})
		}
	}
	return avatars, nil
}

var updateAvatar = op.Operation[Service]{
	ID:      "updateUserAvatar",
	Route:   "POST /pod/v1/admin/user/{uid}/avatar/update",
	Tag:     "User",
	Summary: "Change a user's picture.",
	About: "The picture is a PNG, JPEG or GIF of less than 2 MB, in Base64. It is drawn " +
		"again in each size: squares are cut from its middle, and orig keeps its " +
		"proportions. Users change their own picture with the feature canUpdateAvatar.",
	Needs:  auth.SelfOr(auth.AccessUserProvisioningAPI),
	Waits:  true,
	Handle: op.Call((*Service).updateAvatar),
}

type updateAvatarInput struct {
	UID  wire.UserID `path:"uid"`
	Body struct {
		Image string `json:"image" maxLength:"4190000" doc:"The picture, in Base64."`
	}
}

// Concerns returns the user that the operation concerns.
func (in updateAvatarInput) Concerns() wire.UserID { return in.UID }

// AvatarChanged is recorded when an account's picture changes.
type AvatarChanged struct{}

// Kind returns the name of this fact in the log.
func (AvatarChanged) Kind() string { return "user.avatarChanged" }

// Audience returns the company of the actor.
func (AvatarChanged) Audience() journal.Audience { return journal.Within() }

// AuditLine shows that the picture changed.
func (AvatarChanged) AuditLine(journal.Entry) journal.Line {
	return journal.Profile("avatar", "", "").ExceptOwn()
}

// updateAvatar draws the pictures between two transactions, because drawing is slow. The first
// transaction refuses requests before anything is drawn.
func (s *Service) updateAvatar(ctx context.Context, caller auth.Caller, in updateAvatarInput) (wire.Success, error) {
	_, err := db.Read(ctx, s.DB, func(tx *db.Tx) (User, error) { return mayChangeAvatar(tx, caller, in.UID) })
	if err != nil {
		return wire.Success{}, err
	}
	pictures, err := s.draw(ctx, in.Body.Image)
	if err != nil {
		return wire.Success{}, err
	}
	hash := newPictureHash()
	return db.Write(ctx, s.DB, func(tx *db.Tx) (wire.Success, error) {
		return wire.Done("OK"), s.setAvatar(tx, caller, in.UID, hash, pictures)
	})
}

// newPictureHash returns what makes the addresses of a picture hard to guess.
func newPictureHash() string {
	var random [32]byte
	rand.Read(random[:])
	return base64.RawURLEncoding.EncodeToString(random[:])
}

// mayChangeAvatar returns the account, if the caller may change its picture.
func mayChangeAvatar(tx *db.Tx, caller auth.Caller, id wire.UserID) (User, error) {
	u, err := Own(tx, caller.Company, id)
	if err != nil || caller.May(auth.AccessUserProvisioningAPI) {
		return u, Unknown(err, id)
	}
	enabled, err := Has(tx, id, CanUpdateAvatar)
	if err == nil && !enabled {
		err = apierr.Forbidden("the feature canUpdateAvatar of the user is off")
	}
	return u, err
}

func (s *Service) draw(ctx context.Context, text string) (map[string][]byte, error) {
	upload, err := picture.FromText(text)
	var pictures map[string][]byte
	if err == nil {
		pictures, err = s.Pictures.Make(ctx, upload)
	}
	var unusable picture.Unusable
	if errors.As(err, &unusable) {
		return nil, apierr.Invalid("image: %s", unusable)
	}
	return pictures, err
}

// setAvatar replaces the pictures of an account. The addresses of the previous ones then answer
// 404.
func (s *Service) setAvatar(tx *db.Tx, caller auth.Caller, id wire.UserID, hash string, pictures map[string][]byte) error {
	if err := tx.Lock(lock.User(id)); err != nil {
		return err
	}
	u, err := mayChangeAvatar(tx, caller, id)
	if err != nil {
		return err
	}
	if err := s.putAvatar(tx, u, hash, pictures); err != nil {
		return err
	}
	return s.Journal.Record(tx, caller, u.Subject(), AvatarChanged{})
}

func (s *Service) putAvatar(tx *db.Tx, u User, hash string, pictures map[string][]byte) error {
	for _, size := range avatarSizes {
		err := tx.Exec(`
			INSERT INTO user_avatars (user_id, size, company, hash, content)
			VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (user_id, size) DO UPDATE SET hash = excluded.hash, content = excluded.content`,
			u.ID, size, u.Company, hash, pictures[size])
		if err != nil {
			return err
		}
	}
	if err := tx.Change(`UPDATE users SET avatar = $2, updated = $3 WHERE id = $1`, u.ID, hash, tx.Now()); err != nil {
		return err
	}
	if err := tell(s.Changed, tx, u.ID); err != nil { // session info shows the picture
		return err
	}
	return tell(s.Renamed, tx, u.ID)
}
