package directory

import (
	"podium/internal/auth"
	"podium/internal/pod/accounts"
	"podium/internal/pod/profiles"
	"podium/internal/wire"
)

// V2 is an account as look-ups and session info show it: the published UserV2. Absent values are
// null, as on the published servers.
type V2 struct {
	ID                wire.UserID       `json:"id" doc:"The user's id."`
	EmailAddress      *string           `json:"emailAddress"`
	FirstName         *string           `json:"firstName"`
	LastName          *string           `json:"lastName"`
	DisplayName       string            `json:"displayName"`
	Title             *string           `json:"title"`
	Company           string            `json:"company"`
	Username          string            `json:"username"`
	Location          *string           `json:"location"`
	AccountType       auth.AccountType  `json:"accountType"`
	Avatars           []profiles.Avatar `json:"avatars"`
	WorkPhoneNumber   *string           `json:"workPhoneNumber"`
	MobilePhoneNumber *string           `json:"mobilePhoneNumber"`
	JobFunction       *string           `json:"jobFunction"`
	Department        *string           `json:"department"`
	Division          *string           `json:"division"`
	Roles             []auth.Role       `json:"roles" null:"true" doc:"The caller's own roles; null for other users."`
}

// OwnView returns an account as its owner sees it.
func OwnView(u accounts.User, roles []auth.Role) V2 {
	return V2{
		ID: u.ID, EmailAddress: given(u.Email), FirstName: given(u.FirstName), LastName: given(u.LastName),
		DisplayName: u.DisplayName, Title: given(u.Title), Company: u.CompanyName, Username: u.Username,
		Location: given(u.Location), AccountType: u.AccountType, Avatars: profiles.Avatars(u),
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
