package users

import (
	"slices"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/event"
	"podium/internal/jose"
	"podium/internal/wire"
)

// New is an account to be made.
type New struct {
	Attributes
	Key      string    // a public RSA key in PEM, or empty
	Password *Password // nil: none
	Roles    []auth.Role

	Disabled bool // it begins disabled

	// Bootstrap lets the account hold roles that are for other types of account: the
	// first administrator of a company is a service that can do everything.
	Bootstrap bool

	thumbprint string        // of Key
	flags      []NameFlagged // what the company wants to hear of the names
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
	made, err := s.CreateMany(tx, caller, []New{n})
	if err != nil {
		return User{}, taken(err)
	}
	return made[0], nil
}

// CreateMany makes accounts in the caller's company, in few statements. The first that cannot be is an
// error; db.ErrExists means that one has a user name or an address that is taken.
func (s *Service) CreateMany(tx *db.Tx, caller auth.Caller, list []New) ([]User, error) {
	names := make([]string, len(list))
	ready := make([]New, len(list))
	for i, n := range list {
		var err error
		if ready[i], err = s.ready(caller.Company, n); err != nil {
			return nil, err
		}
		names[i] = n.Username
	}
	if err := s.checkNames(tx, caller.Company, names...); err != nil {
		return nil, err
	}
	numbers, err := tx.NextMany("users", len(list))
	if err != nil {
		return nil, err
	}
	b := births{made: make([]User, len(list))}
	for i, n := range ready {
		b.made[i] = b.add(tx, caller, wire.NewUserID(caller.Company, numbers[i]), n)
	}
	if err := b.insert(tx); err != nil {
		return nil, err
	}
	s.created(tx, caller.Company)
	for _, f := range s.Added {
		if err := f(tx, b.made); err != nil {
			return nil, err
		}
	}
	return b.made, s.Events.RecordAll(tx, caller, b.facts)
}

// Check tells whether the account could be made, as far as that does not depend on others.
func (s *Service) Check(company wire.CompanyID, n New) error {
	_, err := s.ready(company, n)
	return err
}

// ready is the account as it is to be made: checked, with what is not given filled in.
func (s *Service) ready(company wire.CompanyID, n New) (New, error) {
	if n.CompanyName == "" {
		n.CompanyName = s.company(company).Name
	}
	if err := n.Validate(); err != nil {
		return n, err
	}
	if err := checkForm(n.Username); err != nil {
		return n, err
	}
	if err := n.Password.check(n.AccountType); err != nil {
		return n, err
	}
	var err error
	if n.flags, err = s.judgeScripts(company, Attributes{}, n.Attributes); err != nil {
		return n, err
	}
	if n.Key != "" {
		key, err := jose.ParsePublicKey(n.Key)
		if err != nil {
			return n, apierr.Invalid("currentKey.key: %s", err)
		}
		n.thumbprint = jose.Thumbprint(key)
	}
	n.Roles, err = n.firstRoles()
	return n, err
}

// births is the rows and the facts of accounts that are made together.
type births struct {
	made                   []User
	passwords, roles, keys [][]any
	facts                  []event.Happened
}

func (b *births) add(tx *db.Tx, caller auth.Caller, id wire.UserID, n New) User {
	u := User{
		ID: id, Company: caller.Company, Attributes: n.Attributes,
		Status: Enabled, Created: tx.Now(), CreatedBy: caller.User, Updated: tx.Now(),
	}
	b.happened(u, Created{Username: u.Username, Email: u.Email, AccountType: u.AccountType, Roles: n.Roles})
	for _, flag := range n.flags {
		b.happened(u, flag)
	}
	if !n.Password.empty() {
		u.PasswordReset = tx.Now()
		b.passwords = append(b.passwords, passwordRow(id, n.Password))
	}
	for i, role := range n.Roles {
		b.roles = append(b.roles, roleRow(u, role, int64(i)))
	}
	if n.Key != "" {
		b.keys = append(b.keys, keyRow(id, Key{Slot: Current, PEM: n.Key}))
		b.happened(u, KeyChanged{Action: "saved", Slot: Current, Thumbprint: n.thumbprint})
	}
	if n.Disabled {
		u.Status, u.Deactivated = Disabled, tx.Now()
		b.happened(u, StatusChanged{Old: Enabled, New: Disabled})
	}
	return u
}

func (b *births) happened(u User, fact event.Fact) {
	b.facts = append(b.facts, event.Happened{Subject: u.Subject(), Fact: fact})
}

func (b *births) insert(tx *db.Tx) error {
	if err := insertUsers(tx, b.made); err != nil {
		return err
	}
	if err := tx.InsertAll(insertPasswords, b.passwords, ""); err != nil {
		return err
	}
	if err := tx.InsertAll(insertRoles, b.roles, ""); err != nil {
		return err
	}
	return putKeys(tx, b.keys)
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
