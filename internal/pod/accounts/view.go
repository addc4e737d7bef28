package accounts

import (
	"podium/internal/auth"
	"podium/internal/picture"
	"podium/internal/wire"
)

// V2 is an account as look-ups and session info show it: the published UserV2. Absent values are
// null, as on the published servers.
type V2 struct {
	ID                wire.UserID      `json:"id" doc:"The user's id."`
	EmailAddress      *string          `json:"emailAddress"`
	FirstName         *string          `json:"firstName"`
	LastName          *string          `json:"lastName"`
	DisplayName       string           `json:"displayName"`
	Title             *string          `json:"title"`
	Company           string           `json:"company"`
	Username          string           `json:"username"`
	Location          *string          `json:"location"`
	AccountType       auth.AccountType `json:"accountType"`
	Avatars           []Avatar         `json:"avatars"`
	WorkPhoneNumber   *string          `json:"workPhoneNumber"`
	MobilePhoneNumber *string          `json:"mobilePhoneNumber"`
	JobFunction       *string          `json:"jobFunction"`
	Department        *string          `json:"department"`
	Division          *string          `json:"division"`
	Roles             []auth.Role      `json:"roles" null:"true" doc:"The caller's own roles; null for other users."`
}

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

// avatars returns the picture as look-ups show it: in two sizes.
func (u User) avatars() []Avatar {
	if u.Avatar == "" {
		return defaultAvatars
	}
	return []Avatar{{Size: "original", URL: u.avatarURL(picture.Original)}, {Size: "small", URL: u.avatarURL("50")}}
}

// avatarURL returns the address of the account's picture, relative to the pod as published
// addresses are.
func (u User) avatarURL(size string) string {
	return "../avatars/" + u.Company.String() + "/" + size + "/" + u.ID.String() + "/" + u.Avatar + ".png"
}

// Self returns the account as its owner sees it.
func (u User) Self(roles []auth.Role) V2 {
	return V2{
		ID: u.ID, EmailAddress: given(u.Email), FirstName: given(u.FirstName), LastName: given(u.LastName),
		DisplayName: u.DisplayName, Title: given(u.Title), Company: u.CompanyName, Username: u.Username,
		Location: given(u.Location), AccountType: u.AccountType, Avatars: u.avatars(),
		WorkPhoneNumber: given(u.WorkPhone), MobilePhoneNumber: given(u.MobilePhone), JobFunction: given(u.JobFunction),
		Department: given(u.Department), Division: given(u.Division), Roles: roles,
	}
}

// given returns a pointer to a text, or nil for an empty text.
func given(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// WithoutExtended returns the view for an application that lacks the permission to see extended
// attributes: phones, job function, department and division.
func (v V2) WithoutExtended() V2 {
	v.WorkPhoneNumber, v.MobilePhoneNumber, v.JobFunction, v.Department, v.Division = nil, nil, nil, nil, nil
	return v
}

// external returns the view for a user of another company: names, but neither addresses nor
// location nor work ("Users" of the developer documentation: "same pod only").
func (v V2) external() V2 {
	v.EmailAddress, v.Title, v.Location = nil, nil, nil
	return v.WithoutExtended()
}
