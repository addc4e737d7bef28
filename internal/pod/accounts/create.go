package accounts

import (
	"errors"
	"fmt"
	"slices"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/jose"
	"podium/internal/journal"
	"podium/internal/pod/accounts/terms"
	"podium/internal/wire"
)

// New is an account to create.
type New struct {
	Attributes
	Key      string    // a public RSA key in PEM, or empty
	Password *Password // nil: none
	Roles    []auth.Role

	Disabled bool // it is created disabled

	// Bootstrap lets the account hold roles for other types of account: the first administrator of
	// a company is a service account that may do everything.
	Bootstrap bool
}

// Checked is a validated new account of a company with defaults filled in. What depends on other
// accounts, above all uniqueness, is not checked yet.
type Checked struct {
	New
	company    wire.CompanyID
	thumbprint string        // of Key
	flags      []NameFlagged // names that mix scripts, if the company records them
	found      terms.Terms
}

// Created is recorded when an account is created.
type Created struct {
	Username    string           `json:"username"`
	Email       string           `json:"email"`
	AccountType auth.AccountType `json:"accountType"`
	Roles       []auth.Role      `json:"roles"`
}

// Kind returns the name of this fact in the log.
func (Created) Kind() string { return "user.created" }

// Audience returns the company of the actor.
func (Created) Audience() journal.Audience { return journal.Within() }

// AuditLine tells people from services.
func (f Created) AuditLine(journal.Entry) journal.Line {
	if f.AccountType == auth.System {
		return journal.Action("createServiceAccount", "Service Account Created")
	}
	return journal.Action("createUser", "End-user account created")
}

// Create creates an account in the caller's company. A duplicate name or address fails in the next
// statement, or at the end of the Write.
func (s *Service) Create(tx *db.Tx, caller auth.Caller, n New) (User, error) {
	r, err := s.Check(caller.Company, n)
	if err != nil {
		return User{}, err
	}
	return s.CreateChecked(tx, caller, r)
}

// CreateChecked creates a checked account in the caller's company, as Create does.
func (s *Service) CreateChecked(tx *db.Tx, caller auth.Caller, r Checked) (User, error) {
	made, err := s.createMany(tx, caller, []Checked{r}, taken)
	if err != nil {
		return User{}, err
	}
	return made[0], nil
}

// Check validates an account and prepares all that needs no transaction.
func (s *Service) Check(company wire.CompanyID, n New) (Checked, error) {
	r := Checked{New: n, company: company}
	if r.CompanyName == "" {
		r.CompanyName = s.Company(company).Name
	}
	if err := r.Validate(); err != nil {
		return r, err
	}
	if err := r.checkTexts(Attributes{}); err != nil {
		return r, err
	}
	if err := r.Password.check(r.AccountType); err != nil {
		return r, err
	}
	var err error
	if r.flags, err = s.judgeScripts(company, Attributes{}, r.Attributes); err != nil {
		return r, err
	}
	if r.Key != "" {
		key, err := jose.ParsePublicKey(r.Key)
		if err != nil {
			return r, apierr.Invalid("currentKey.key: %s", err)
		}
		r.thumbprint = jose.Thumbprint(key)
	}
	if r.Roles, err = n.firstRoles(); err != nil {
		return r, err
	}
	if !r.Disabled {
		r.found = termsOf(company, r.Attributes, Enabled)
	}
	return r, nil
}

// CreateMany creates checked accounts in the caller's company, in few statements. It returns the
// first error. The Write fails with db.ErrExists if a user name or an address is taken.
func (s *Service) CreateMany(tx *db.Tx, caller auth.Caller, list []Checked) ([]User, error) {
	return s.createMany(tx, caller, list, func(err error) error { return err })
}

// CreateOrAgain creates checked accounts in the caller's company, in few statements. If an account
// that another transaction has created has one of the names or addresses, the caller's next
// statement fails with db.ErrAgain.
func (s *Service) CreateOrAgain(tx *db.Tx, caller auth.Caller, list []Checked) ([]User, error) {
	return s.createMany(tx, caller, list, func(err error) error {
		if errors.Is(err, db.ErrExists) {
			return db.ErrAgain
		}
		return err
	})
}

func (s *Service) createMany(tx *db.Tx, caller auth.Caller, list []Checked, refuse func(error) error) ([]User, error) {
	tx.Reserve("users", len(list))
	names := make([]string, len(list))
	for i, r := range list {
		if r.company != caller.Company {
			return nil, fmt.Errorf("an account that is checked for company %d is not created in %d", r.company, caller.Company)
		}
		names[i] = r.Username
	}
	if err := s.checkNames(tx, caller.Company, names...); err != nil {
		return nil, err
	}
	numbers, err := tx.NextMany("users", len(list))
	if err != nil {
		return nil, err
	}
	b := births{made: make([]User, len(list)), found: make([]terms.Terms, len(list))}
	for i, r := range list {
		b.made[i], b.found[i] = b.add(tx, caller, wire.NewUserID(caller.Company, numbers[i]), r), r.found
	}
	if err := b.insert(tx, caller.Company, refuse); err != nil {
		return nil, err
	}
	if err := s.Journal.Tell(tx, Added{caller.Company}); err != nil {
		return nil, err
	}
	return b.made, s.Journal.RecordAll(tx, caller, b.facts)
}

// births holds the rows and facts of accounts that are created together.
type births struct {
	made                   []User
	found                  []terms.Terms
	passwords, roles, keys [][]any
	facts                  []journal.Happened
}

func (b *births) add(tx *db.Tx, caller auth.Caller, id wire.UserID, n Checked) User {
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

func (b *births) happened(u User, fact journal.Fact) {
	b.facts = append(b.facts, journal.Happened{Subject: u.Subject(), Fact: fact})
}

func (b *births) insert(tx *db.Tx, company wire.CompanyID, refuse func(error) error) error {
	if err := freeEmails(tx, company, emailsOf(b.made)); err != nil {
		return err
	}
	if err := insertUsers(tx, b.made, b.found, refuse); err != nil {
		return err
	}
	if err := tx.QueueAll(insertPasswords, b.passwords, "", nil); err != nil {
		return err
	}
	if err := tx.QueueAll(insertRoles, b.roles, "", nil); err != nil {
		return err
	}
	return putKeys(tx, b.keys)
}

// firstRoles returns the roles of the new account without duplicates, including INDIVIDUAL.
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
