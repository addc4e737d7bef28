package profiles

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
	"podium/internal/pod/accounts"
	"podium/internal/pod/accounts/features"
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

func (s *Service) listAvatars(tx *db.Tx, caller auth.Caller, in avatarInput) ([]Avatar, error) {
	u, err := accounts.Own(tx, caller.Company, in.UID)
	if err != nil {
		return nil, accounts.Unknown(err, in.UID)
	}
	avatars := []Avatar{}
	for _, size := range avatarSizes {
		if u.Avatar != "" {
			avatars = append(avatars, Avatar{Size: size, URL: avatarURL(u, size)})
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
	_, err := db.Read(ctx, s.DB, func(tx *db.Tx) (accounts.User, error) { return mayChangeAvatar(tx, caller, in.UID) })
	if err != nil {
		return wire.Success{}, err
	}
	drawn, err := s.Draw(ctx, in.Body.Image)
	if err != nil {
		return wire.Success{}, err
	}
	return db.Write(ctx, s.DB, func(tx *db.Tx) (wire.Success, error) {
		return wire.Done("OK"), s.changePicture(tx, caller, in.UID, drawn)
	})
}

// mayChangeAvatar returns the account, if the caller may change its picture.
func mayChangeAvatar(tx *db.Tx, caller auth.Caller, id wire.UserID) (accounts.User, error) {
	u, err := accounts.Own(tx, caller.Company, id)
	if err != nil || caller.May(auth.AccessUserProvisioningAPI) {
		return u, accounts.Unknown(err, id)
	}
	enabled, err := features.Has(tx, id, features.CanUpdateAvatar)
	if err == nil && !enabled {
		err = apierr.Forbidden("the feature canUpdateAvatar of the user is off")
	}
	return u, err
}

// Picture is a drawn picture in each size.
type Picture struct {
	hash  string // makes its addresses hard to guess
	sizes map[string][]byte
}

// Draw draws a client's Base64 picture in all sizes. It refuses what cannot be drawn, naming the
// field image.
func (s *Service) Draw(ctx context.Context, text string) (Picture, error) {
	upload, err := picture.FromText(text)
	var sizes map[string][]byte
	if err == nil {
		sizes, err = s.Pictures.Make(ctx, upload)
	}
	var unusable picture.Unusable
	if errors.As(err, &unusable) {
		return Picture{}, apierr.Invalid("image: %s", unusable)
	}
	if err != nil {
		return Picture{}, err
	}
	var random [32]byte
	rand.Read(random[:])
	return Picture{hash: base64.RawURLEncoding.EncodeToString(random[:]), sizes: sizes}, nil
}

// changePicture replaces the picture of an account, if the caller may do so.
func (s *Service) changePicture(tx *db.Tx, caller auth.Caller, id wire.UserID, p Picture) error {
	if err := tx.Lock(lock.User(id)); err != nil {
		return err
	}
	u, err := mayChangeAvatar(tx, caller, id)
	if err != nil {
		return err
	}
	if err := s.SetPicture(tx, u, p); err != nil {
		return err
	}
	return s.Journal.Record(tx, caller, u.Subject(), AvatarChanged{})
}

// SetPicture replaces the picture of an account. The addresses of the previous one then answer 404.
// The caller must have locked the account or its distribution list.
func (s *Service) SetPicture(tx *db.Tx, u accounts.User, p Picture) error {
	for _, size := range avatarSizes {
		err := tx.Exec(`
			INSERT INTO user_avatars (user_id, size, company, hash, content)
			VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (user_id, size) DO UPDATE SET hash = excluded.hash, content = excluded.content`,
			u.ID, size, u.Company, p.hash, p.sizes[size])
		if err != nil {
			return err
		}
	}
	return s.Accounts.SetAvatar(tx, u, p.hash)
}
