package profiles

import (
	"errors"
	"slices"
	"strings"
	"sync"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/picture"
	"podium/internal/wire"
)

var getPicture = op.Operation[Service]{
	ID:      "getPicture",
	Route:   "GET /avatars/{tenant}/{size}/{uid}/{file}",
	Tag:     "Pictures",
	Summary: "Read a user's picture in one size.",
	About: "Look-ups answer its address, which cannot be guessed. Another picture has " +
		"another address, so this one may be cached for ever. Every company's address " +
		"answers it, because users see pictures of users of other companies too.",
	Needs:    auth.Anyone,
	Also:     []int{404},
	Produces: "image/png",
	Handle:   op.Read((*Service).getPicture),
}

type pictureInput struct {
	Tenant int64       `path:"tenant" min:"0" max:"9007199254740991" doc:"The number of the user's company."`
	Size   string      `path:"size" maxLength:"16" doc:"600, 500, 150, 50 or orig."`
	UID    wire.UserID `path:"uid"`
	File   string      `path:"file" maxLength:"128" doc:"The picture's hash, followed by .png."`
}

func (s *Service) getPicture(tx *db.Tx, _ auth.Caller, in pictureInput) (op.File, error) {
	hash, ok := strings.CutSuffix(in.File, ".png")
	if !ok || hash == "" {
		return op.File{}, apierr.NotFound("Picture not found")
	}
	content, err := db.Value[[]byte](tx, `
		SELECT content
		FROM user_avatars
		WHERE user_id = $1 AND size = $2 AND company = $3 AND hash = $4`, in.UID, in.Size, in.Tenant, hash)
	if errors.Is(err, db.ErrNoRow) {
		return op.File{}, apierr.NotFound("Picture not found")
	}
	return op.File{Content: content, ETag: in.Size + "-" + hash, Cache: "public, max-age=31536000, immutable"}, err
}

var getStandIn = op.Operation[Service]{
	ID:       "getDefaultPicture",
	Route:    "GET /avatars/static/{size}/default.png",
	Tag:      "Pictures",
	Summary:  "Read the picture of users without one, in one size.",
	Needs:    auth.Anyone,
	Also:     []int{404},
	Produces: "image/png",
	Handle:   op.Read((*Service).getStandIn),
}

type standInInput struct {
	Size string `path:"size" maxLength:"16" doc:"150 or 50."`
}

// standIns returns the drawn pictures for users without one. Their ETag has a version to increment
// when they look different.
var standIns = sync.OnceValues(func() (map[string][]byte, error) {
	small, err := picture.StandIn(50)
	large, err2 := picture.StandIn(150)
	return map[string][]byte{"50": small, "150": large}, errors.Join(err, err2)
})

func (s *Service) getStandIn(_ *db.Tx, _ auth.Caller, in standInInput) (op.File, error) {
	if !slices.Contains([]string{"50", "150"}, in.Size) {
		return op.File{}, apierr.NotFound("Picture not found")
	}
	drawn, err := standIns()
	return op.File{Content: drawn[in.Size], ETag: "default-" + in.Size + "-1", Cache: "public, max-age=86400"}, err
}
