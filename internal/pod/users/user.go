package users

import (
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/wire"
)

// Status tells whether an account may be used.
type Status string

// The published statuses.
const (
	Enabled  Status = "ENABLED"
	Disabled Status = "DISABLED"
)

// Attributes is what an account says of its owner. A text not given is empty.
type Attributes struct {
	AccountType auth.AccountType
	Username    string
	Email       string
	DisplayName string
	FirstName   string
	LastName    string
	CompanyName string
	Title       string
	Department  string
	Division    string
	Location    string
	JobFunction string
	WorkPhone   string
	MobilePhone string
}

// User is an account.
type User struct {
	ID      wire.UserID
	Company wire.CompanyID
	Attributes
	Status           Status
	Suspended        bool      // stays set after SuspendedUntil, until the next login
	SuspendedUntil   wire.Time // 0 while not suspended
	SuspensionReason string
	Created          wire.Time
	CreatedBy        wire.UserID // 0 for the pod itself
	Updated          wire.Time
	LastLogin        wire.Time // 0 before the first
	Deactivated      wire.Time // 0 while enabled
	Version          int64     // grows with each change that a login depends on
}

// Barred tells whether the account may not be used at a moment.
func (u User) Barred(now wire.Time) bool {
	return u.Status != Enabled || (u.Suspended && u.SuspendedUntil > now)
}

const selectUsers = `
	SELECT id, company, account_type, username, email, display_name, first_name, last_name, company_name, title,
		department, division, location, job_function, work_phone, mobile_phone, status, suspended, suspended_until,
		suspension_reason, created, created_by, updated, last_login, deactivated, version
	FROM users`

func scanUser(row db.Row) (u User, err error) {
	return u, row.Scan(&u.ID, &u.Company, &u.AccountType, &u.Username, &u.Email, &u.DisplayName, &u.FirstName, &u.LastName,
		&u.CompanyName, &u.Title, &u.Department, &u.Division, &u.Location, &u.JobFunction, &u.WorkPhone, &u.MobilePhone,
		&u.Status, &u.Suspended, &u.SuspendedUntil, &u.SuspensionReason, &u.Created, &u.CreatedBy, &u.Updated,
		&u.LastLogin, &u.Deactivated, &u.Version)
}

// Get is the account with an id, or db.ErrNoRow. Mind the company: the id may be of
// another than the caller's.
func Get(tx *db.Tx, id wire.UserID) (User, error) {
	return db.One(tx, scanUser, selectUsers+` WHERE id = $1`, id)
}

// Own is the account with an id within a company, or db.ErrNoRow.
func Own(tx *db.Tx, company wire.CompanyID, id wire.UserID) (User, error) {
	return db.One(tx, scanUser, selectUsers+` WHERE id = $1 AND company = $2`, id, company)
}

// ByUsername is a company's account with just this name, or db.ErrNoRow: logins are
// particular about case.
func ByUsername(tx *db.Tx, company wire.CompanyID, username string) (User, error) {
	u, err := db.One(tx, scanUser, selectUsers+` WHERE company = $1 AND username_folded = $2`, company, fold(username))
	if err == nil && u.Username != username {
		return User{}, db.ErrNoRow
	}
	return u, err
}

// Roles is the roles of an account, in the order in which it was given them.
func Roles(tx *db.Tx, id wire.UserID) ([]auth.Role, error) {
	return db.All(tx, db.ScanValue[auth.Role], `SELECT role FROM user_roles WHERE user_id = $1 ORDER BY place, role`, id)
}
