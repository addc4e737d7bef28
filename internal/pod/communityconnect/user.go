package communityconnect

import (
	"podium/internal/auth"
	"podium/internal/pod/accounts"
	"podium/internal/wire"
)

// Person is what this API knows of a sponsored user.
type Person struct {
	Email       string `json:"email" maxLength:"254" doc:"Required. Its domain tells the channel company."`
	FirstName   string `json:"firstName" maxLength:"64" doc:"Required."`
	LastName    string `json:"lastName" maxLength:"64" doc:"Required."`
	DisplayName string `json:"displayName,omitempty" maxLength:"128" doc:"Without one: the first and the last name."`
	PhoneNumber string `json:"phoneNumber,omitempty" maxLength:"256" doc:"The account's mobilePhoneNumber."`
	Department  string `json:"department,omitempty" maxLength:"256"`
	Title       string `json:"title,omitempty" maxLength:"256"`
	Location    string `json:"location,omitempty" maxLength:"256" doc:"The country."`
}

// PersonChange is a change of a sponsored user. An absent member stays unchanged, an empty text
// clears.
type PersonChange struct {
	Email       *string `json:"email" minLength:"3" maxLength:"254" doc:"The user name stays as it is."`
	FirstName   *string `json:"firstName" minLength:"1" maxLength:"64"`
	LastName    *string `json:"lastName" minLength:"1" maxLength:"64"`
	DisplayName *string `json:"displayName" minLength:"1" maxLength:"128"`
	PhoneNumber *string `json:"phoneNumber" maxLength:"256"`
	Department  *string `json:"department" maxLength:"256"`
	Title       *string `json:"title" maxLength:"256"`
	Location    *string `json:"location" maxLength:"256"`
}

// SponsoredUser is a sponsored user.
type SponsoredUser struct {
	Person
	UserID   wire.UserID `json:"userId"`
	Username string      `json:"username" doc:"The e-mail address at creation, with a number where an account had that name."`
}

// SponsoredUserAndCompany is a sponsored user with the channel company.
type SponsoredUserAndCompany struct {
	SponsoredUser
	CompanyID   string `json:"companyId" doc:"The number of the channel company."`
	CompanyName string `json:"companyName"`
}

// attributes returns the attributes of a new account.
func (p Person) attributes(username, companyName string) accounts.Attributes {
	a := accounts.Attributes{
		AccountType: auth.Normal, Username: username, Email: p.Email, FirstName: p.FirstName, LastName: p.LastName, DisplayName: p.DisplayName,
		CompanyName: companyName, MobilePhone: p.PhoneNumber, Department: p.Department, Title: p.Title, Location: p.Location,
	}
	if a.DisplayName == "" {
		a.DisplayName = p.FirstName + " " + p.LastName
	}
	return a
}

// apply changes the given attributes.
func (c PersonChange) apply(a *accounts.Attributes) {
	for _, m := range []struct {
		given *string
		to    *string
	}{
		{c.Email, &a.Email}, {c.FirstName, &a.FirstName}, {c.LastName, &a.LastName}, {c.DisplayName, &a.DisplayName},
		{c.PhoneNumber, &a.MobilePhone}, {c.Department, &a.Department}, {c.Title, &a.Title}, {c.Location, &a.Location},
	} {
		if m.given != nil {
			*m.to = *m.given
		}
	}
}

func sponsored(u accounts.User) SponsoredUser {
	return SponsoredUser{
		Person: Person{
			Email: u.Email, FirstName: u.FirstName, LastName: u.LastName, DisplayName: u.DisplayName, PhoneNumber: u.MobilePhone,
			Department: u.Department, Title: u.Title, Location: u.Location,
		},
		UserID: u.ID, Username: u.Username,
	}
}

func withCompany(u accounts.User, c channel) SponsoredUserAndCompany {
	return SponsoredUserAndCompany{SponsoredUser: sponsored(u), CompanyID: c.publicID(), CompanyName: c.name}
}
