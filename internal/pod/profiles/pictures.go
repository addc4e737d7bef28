package profiles

import (
	"podium/internal/picture"
	"podium/internal/pod/accounts"
)

// Avatar is a picture in one size.
type Avatar struct {
	Size string `json:"size"`
	URL  string `json:"url" doc:"Relative to the pod's address."`
}

// defaultAvatars lists the pictures of a user without one.
var defaultAvatars = []Avatar{
	{Size: "original", URL: "../avatars/static/150/default.png"},
	{Size: "small", URL: "../avatars/static/50/default.png"},
}

// Avatars returns an account's picture as look-ups show it: in two sizes.
func Avatars(u accounts.User) []Avatar {
	if u.Avatar == "" {
		return defaultAvatars
	}
	return []Avatar{{Size: "original", URL: avatarURL(u, picture.Original)}, {Size: "small", URL: avatarURL(u, "50")}}
}

// avatarSizes lists the sizes in which a picture is published, in order.
var avatarSizes = []string{"600", "150", picture.Original, "500", "50"}

// avatarURL returns the address of an account's picture, relative to the pod as published addresses
// are.
func avatarURL(u accounts.User, size string) string {
	return "../avatars/" + u.Company.String() + "/" + size + "/" + u.ID.String() + "/" + u.Avatar + ".png"
}

// PictureURLs returns the addresses of an account's picture by size: 50, 150, 500, 600 and orig.
// Without a picture it returns those of the default picture, in 50 and 150.
func PictureURLs(u accounts.User) map[string]string {
	if u.Avatar == "" {
		return map[string]string{"50": defaultAvatars[1].URL, "150": defaultAvatars[0].URL}
	}
	urls := make(map[string]string, len(avatarSizes))
	for _, size := range avatarSizes {
		urls[size] = avatarURL(u, size)
	}
	return urls
}
