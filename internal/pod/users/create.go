package users

import (
	"slices"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/wire"
)

// New is an account to be made.
type New struct {
	Attributes
	Key      string    // a public RSA key in PEM, or empty
	Password *Password // nil: none
	Roles    []auth.Role

	// Bootstrap lets the account hold roles that are for other types of account: the
	// first administrator of a company is a service that can do everything.
	Bootstrap bool
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
	if n.CompanyName == "" {
		n.CompanyName = s.company(caller.Company).Name
	}
	if err := n.Validate(); err != nil {
		return User{}, err
	}
	if err := n.Password.check(n.AccountType); err != nil {
		return User{}, err
	}
	var err error
	if n.Roles, err = n.firstRoles(); err != nil {
		return User{}, err
	}
	if err := s.checkName(tx, caller.Company, n.Username); err != nil {
		return User{}, err
	}
	flags, err := s.judgeScripts(caller.Company, Attributes{}, n.Attributes)
	if err != nil {
		return User{}, err
	}
	number, err := tx.Next("users")
	if err != nil {
		return User{}, err
	}
	u := User{
		ID: wire.NewUserID(caller.Company, number), Company: caller.Company, Attributes: n.Attributes,
		Status: Enabled, Created: tx.Now(), CreatedBy: caller.User, Updated: tx.Now(),
	}
	if !n.Password.empty() {
		u.PasswordReset = tx.Now()
	}
	if err := insertUser(tx, u); err != nil {
		return User{}, err
	}
	s.created(tx, u.Company)
	if !n.Password.empty() {
		if err := insertPassword(tx, u.ID, n.Password); err != nil {
			return User{}, err
		}
	}
	for i, role := range n.Roles {
		if err := insertRole(tx, u, role, int64(i)); err != nil {
			return User{}, err
		}
	}
	for _, f := range s.Added {
		if err := f(tx, u); err != nil {
			return User{}, err
		}
	}
	created := Created{Username: u.Username, Email: u.Email, AccountType: u.AccountType, Roles: n.Roles}
	if err := s.Events.Record(tx, caller, u.Subject(), created); err != nil {
		return User{}, err
	}
	for _, flag := range flags {
		if err := s.Events.Record(tx, caller, u.Subject(), flag); err != nil {
			return User{}, err
		}
	}
	if n.Key != "" {
		return u, s.SaveKey(tx, caller, u, n.Key, 0)
	}
	return u, nil
}

// firstRoles is the roles that the account is to begin with: INDIVIDUAL always among them, each once.
func (n New) firstRoles() ([]auth.Role, error) {
	var roles []auth.Role
	if !slices.Contains(n.Roles, auth.Individual) {
		roles = append(roles, auth.Individual)
	}
	for _, role := range n.Roles {
		if slices.Contains(roles, role) {
			continue
		}
		if err := checkRole("roles", role, n.AccountType, n.Roles, n.Bootstrap); err != nil {
			return nil, err
		}
		roles = append(roles, role)
	}
	return roles, nil
}
