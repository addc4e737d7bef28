package groups

import (
	"context"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/pod/accounts"
)

var updateAvatar = op.Operation[Service]{
	ID:      "updateAvatar",
	Route:   "POST /profile-manager/v1/groups/{groupId}/avatar",
	Tag:     "Groups",
	Summary: "Change a distribution list's picture.",
	About: "The picture is a PNG, JPEG or GIF of less than 2 MB, in Base64. It is drawn " +
		"again in each size, like those of users.",
	Needs:  manager,
	Also:   []int{404, 429},
	Errors: groupErrors,
	Waits:  true,
	Handle: op.Call((*Service).updateAvatar),
}

type avatarInput struct {
	Host    string `header:"X-Symphony-Host" required:"false" maxLength:"8192" doc:"Ignored."`
	GroupID string `path:"groupId" maxLength:"256"`
	Body    UploadAvatar
}

// UploadAvatar holds a picture.
type UploadAvatar struct {
	Image string `json:"image" maxLength:"4190000" doc:"The picture, in Base64."`
}

func (in avatarInput) Validate() error {
	if in.Body.Image == "" {
		return apierr.Invalid("image: it is required")
	}
	return nil
}

// updateAvatar draws the picture between two transactions, because drawing is slow. The first
// transaction refuses requests before anything is drawn.
func (s *Service) updateAvatar(ctx context.Context, caller auth.Caller, in avatarInput) (v op.Versioned[ReadGroup], err error) {
	if _, err := db.Read(ctx, s.DB, func(tx *db.Tx) (group, error) { return find(tx, caller, in.GroupID) }); err != nil {
		return v, err
	}
	drawn, err := s.Profiles.Draw(ctx, in.Body.Image)
	if err != nil {
		return v, err
	}
	return db.Write(ctx, s.DB, func(tx *db.Tx) (v op.Versioned[ReadGroup], err error) {
		g, err := locked(tx, caller, in.GroupID)
		if err != nil {
			return v, err
		}
		account, err := accounts.OwnOrList(tx, g.company, g.id)
		if err != nil {
			return v, err
		}
		if err := s.Profiles.SetPicture(tx, account, drawn); err != nil {
			return v, err
		}
		g = g.changed(tx, caller)
		if err := saveGroup(tx, g); err != nil {
			return v, err
		}
		if v, err = g.read(tx); err != nil {
			return v, err
		}
		return v, s.Journal.RecordAll(tx, caller, one(g, Updated{Name: g.name, Status: g.status, Changed: []string{"avatar"}}))
	})
}
