package users

import (
	"slices"
	"strings"
	"unicode/utf8"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/wire"
)

// New is an account to be made.
type New struct {
	Attributes
	Key   string // a public RSA key in PEM, or empty
	Roles []auth.Role

	// Bootstrap lets the account hold roles that are for other types of account: the
	// first administrator of a company is a service that can do everything.
	Bootstrap bool
}

// Limits of attributes, in characters ("User attributes" of the developer documentation).
const (
	maxName      = 64
	maxAttribute = 256
)

// Validate names the first attribute that cannot be.
func (a Attributes) Validate() error {
	if a.AccountType != auth.Normal && a.AccountType != auth.System {
		return apierr.Invalid("accountType: NORMAL or SYSTEM is expected")
	}
	required := []struct{ name, value string }{
		{"emailAddress", a.Email}, {"userName", a.Username}, {"displayName", a.DisplayName},
	}
	if a.AccountType == auth.Normal {
		required = append(required, struct{ name, value string }{"firstName", a.FirstName}, struct{ name, value string }{"lastName", a.LastName})
	}
	for _, f := range required {
		if strings.TrimSpace(f.value) == "" {
			return apierr.Invalid("%s: it is required", f.name)
		}
	}
	if !isEmail(a.Email) {
		return apierr.Invalid("emailAddress: it is not an e-mail address")
	}
	for _, f := range []struct {
		name, value string
		max         int
	}{
		{"firstName", a.FirstName, maxName}, {"lastName", a.LastName, maxName}, {"emailAddress", a.Email, maxAttribute},
		{"userName", a.Username, maxAttribute}, {"displayName", a.DisplayName, maxAttribute}, {"companyName", a.CompanyName, maxAttribute},
		{"title", a.Title, maxAttribute}, {"department", a.Department, maxAttribute}, {"division", a.Division, maxAttribute},
		{"location", a.Location, maxAttribute}, {"jobFunction", a.JobFunction, maxAttribute},
		{"workPhoneNumber", a.WorkPhone, maxAttribute}, {"mobilePhoneNumber", a.MobilePhone, maxAttribute},
	} {
		if utf8.RuneCountInString(f.value) > f.max {
			return apierr.Invalid("%s: it has more than %d characters", f.name, f.max)
		}
	}
	return nil
}

// isEmail tells whether a text has the form of an e-mail address.
func isEmail(text string) bool {
	at := strings.LastIndexByte(text, '@')
	return at >= 1 && at < len(text)-1 && !strings.ContainsAny(text, " \t\r\n,")
}

// Created is recorded when an account comes into being.
type Created struct {
	Username    string           `json:"username"`
	Email       string           `json:"email"`
	AccountType auth.AccountType `json:"accountType"`
	Roles       []auth.Role      `json:"roles"`
}

// Kind is the name of this fact in the log.
func (Created) Kind() string { return "user.created" }

// Create makes an account in the caller's company.
func (s *Service) Create(tx *db.Tx, caller auth.Caller, n New) (User, error) {
	if err := n.Validate(); err != nil {
		return User{}, err
	}
	if !slices.Contains(n.Roles, auth.Individual) {
		n.Roles = append([]auth.Role{auth.Individual}, n.Roles...)
	}
	for _, role := range n.Roles {
		if err := checkRole(role, n.AccountType, n.Roles, n.Bootstrap); err != nil {
			return User{}, err
		}
	}
	number, err := tx.Next("users")
	if err != nil {
		return User{}, err
	}
	u := User{
		ID: wire.NewUserID(caller.Company, number), Company: caller.Company, Attributes: n.Attributes,
		Status: Enabled, Created: tx.Now(), CreatedBy: caller.User, Updated: tx.Now(),
	}
	if err := insertUser(tx, u); err != nil {
		return User{}, err
	}
	for i, role := range n.Roles {
		if err := insertRole(tx, u, role, int64(i)); err != nil {
			return User{}, err
		}
	}
	created := Created{Username: u.Username, Email: u.Email, AccountType: u.AccountType, Roles: n.Roles}
	if err := s.Events.Record(tx, caller, u.Subject(), created); err != nil {
		return User{}, err
	}
	if n.Key != "" {
		return u, s.SaveKey(tx, caller, u, n.Key, 0)
	}
	return u, nil
}
