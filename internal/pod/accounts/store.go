package accounts

import (
	"encoding/json"
	"errors"
	"strings"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/db/lock"
	"podium/internal/pod/accounts/terms"
	"podium/internal/wire"
	"podium/internal/wording"
)

const selectUsers = `
	SELECT id, company, account_type, username, email, display_name, first_name, last_name, company_name, title,
		department, division, location, job_function, work_phone, mobile_phone, sms, two_factor_phone, language,
		asset_classes, industries, market_coverage, responsibility, job_area, instrument, status, suspended,
		suspended_until, suspension_reason, created, created_by, updated, last_login, password_reset, deactivated, version,
		avatar, walled
	FROM users`

// scanUser reads one account. For many, scanUsers makes a scan function.
func scanUser(row db.Row) (User, error) { return scanUsers()(row) }

// scanUsers makes a scan function for the rows of one statement. It reads them all into one
// variable and returns copies: an account, and the list of its fields, allocated for each row would
// be a fifth of the work of a page.
func scanUsers() func(db.Row) (User, error) {
	var u User
	var lists [6]string
	fields := []any{
		&u.ID, &u.Company, &u.AccountType, &u.Username, &u.Email, &u.DisplayName, &u.FirstName, &u.LastName,
		&u.CompanyName, &u.Title, &u.Department, &u.Division, &u.Location, &u.JobFunction, &u.WorkPhone, &u.MobilePhone,
		&u.SMS, &u.TwoFactorPhone, &u.Language, &lists[0], &lists[1], &lists[2], &lists[3], &lists[4], &lists[5],
		&u.Status, &u.Suspended, &u.SuspendedUntil, &u.SuspensionReason, &u.Created, &u.CreatedBy, &u.Updated,
		&u.LastLogin, &u.PasswordReset, &u.Deactivated, &u.Version, &u.Avatar, &u.Walled,
	}
	return func(row db.Row) (User, error) {
		u = User{}
		if err := row.Scan(fields...); err != nil {
			return User{}, err
		}
		for i, list := range u.lists() {
			if lists[i] == "" {
				continue
			}
			var err error
			if *list, err = ParseList(lists[i]); err != nil {
				return User{}, err
			}
		}
		return u, nil
	}
}

// lists returns the attributes that are lists, in the order of their columns.
func (a *Attributes) lists() [6]*[]string {
	return [6]*[]string{&a.AssetClasses, &a.Industries, &a.MarketCoverage, &a.Responsibility, &a.Function, &a.Instrument}
}

// ParseList parses a column that holds a list: a JSON array, or empty for an empty list.
func ParseList(text string) (list []string, err error) {
	if text == "" {
		return nil, nil
	}
	inner, begins := strings.CutPrefix(text, `["`)
	inner, ends := strings.CutSuffix(inner, `"]`)
	if begins && ends && !strings.Contains(inner, `\`) { // nothing is escaped: a quote ends a text
		return strings.Split(inner, `","`), nil
	}
	err = json.Unmarshal([]byte(text), &list)
	return list, err
}

func writeList(list []string) string {
	if len(list) == 0 {
		return ""
	}
	text, _ := json.Marshal(list) // texts: cannot fail
	return string(text)
}

// Get returns the account with an id, or db.ErrNoRow. Mind the company: the id may be of
// another than the caller's.
func Get(tx *db.Tx, id wire.UserID) (User, error) {
	return db.One(tx, scanUser, selectUsers+` WHERE id = $1`, id)
}

// Brief returns the identity, type and status of the account with an id; all other fields are
// empty. Most operations need no more, and an account has many columns. It fails with db.ErrNoRow.
func Brief(tx *db.Tx, id wire.UserID) (User, error) {
	return db.One(tx, scanBrief, selectBriefs+` WHERE id = $1`, id)
}

// Briefs returns the Brief of many accounts, in the order of the ids. For an unknown id it returns
// an empty account.
func Briefs(tx *db.Tx, ids []wire.UserID) ([]User, error) {
	found, err := db.All(tx, scanBrief, selectBriefs+` WHERE id IN ($1)`, ids)
	if err != nil {
		return nil, err
	}
	people := make([]User, len(ids))
	for _, u := range found {
		for i, id := range ids {
			if id == u.ID {
				people[i] = u
			}
		}
	}
	return people, nil
}

const selectBriefs = `
	SELECT id, company, username, email, display_name, first_name, last_name, account_type, status, walled
	FROM users`

func scanBrief(row db.Row) (u User, err error) {
	return u, row.Scan(&u.ID, &u.Company, &u.Username, &u.Email, &u.DisplayName, &u.FirstName, &u.LastName, &u.AccountType, &u.Status, &u.Walled)
}

// GetAll returns the accounts with the given ids, in no order, of whatever companies.
func GetAll(tx *db.Tx, ids []wire.UserID) ([]User, error) {
	return db.All(tx, scanUsers(), selectUsers+` WHERE id IN ($1)`, ids)
}

// selectFrom restricts the company by its ids only. A condition on the company would make SQLite
// use an index of the company and sort all its accounts.
const selectFrom = selectUsers + `
	WHERE id >= $1 AND id < $2
	ORDER BY id
	LIMIT $3`

// From returns at most limit accounts of a company, from one of its ids on, in the order of their
// ids.
func From(tx *db.Tx, company wire.CompanyID, id wire.UserID, limit int) ([]User, error) {
	first, end := wire.UserIDs(company)
	return db.All(tx, scanUsers(), selectFrom, max(id, first), end, limit)
}

// ByIDs returns the accounts of a company with the given ids, by id.
func ByIDs(tx *db.Tx, company wire.CompanyID, ids []wire.UserID) (map[wire.UserID]User, error) {
	found := make(map[wire.UserID]User, len(ids))
	if len(ids) == 0 {
		return found, nil
	}
	list, err := db.All(tx, scanUsers(), selectUsers+` WHERE id IN ($2) AND company = $1`, company, ids)
	for _, u := range list {
		found[u.ID] = u
	}
	return found, err
}

// Known returns those of the ids that are people or service accounts of a company, enabled or not,
// in order and without duplicates.
func Known(tx *db.Tx, company wire.CompanyID, ids []wire.UserID) ([]wire.UserID, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return db.All(tx, db.ScanValue[wire.UserID], `
		SELECT id
		FROM users
		WHERE id IN ($2) AND company = $1 AND account_type <> $3
		ORDER BY id`, company, ids, auth.SDL)
}

// HoldAll locks accounts until commit.
func HoldAll(tx *db.Tx, ids []wire.UserID) error {
	keys := make([]lock.Key, len(ids))
	for i, id := range ids {
		keys[i] = lock.User(id)
	}
	return tx.Lock(keys...)
}

// Own returns the account of a person or service of a company with an id. It fails with
// db.ErrNoRow. OwnOrList also returns distribution lists.
func Own(tx *db.Tx, company wire.CompanyID, id wire.UserID) (User, error) {
	u, err := OwnOrList(tx, company, id)
	return notList(u, err)
}

// OwnOrList returns the account of a company with an id. It fails with db.ErrNoRow.
func OwnOrList(tx *db.Tx, company wire.CompanyID, id wire.UserID) (User, error) {
	return db.One(tx, scanUser, selectUsers+` WHERE id = $1 AND company = $2`, id, company)
}

// notList returns db.ErrNoRow in place of a distribution list.
func notList(u User, err error) (User, error) {
	if err == nil && u.AccountType == auth.SDL {
		return User{}, db.ErrNoRow
	}
	return u, err
}

// Touched records that an administrator changed something of an account on which no login depends.
func Touched(tx *db.Tx, u User) error {
	return tx.Change(`UPDATE users SET updated = $2 WHERE id = $1`, u.ID, tx.Now())
}

// Unknown returns the refusal of an id that no account of the company has, where err is
// db.ErrNoRow; other errors stay as they are.
func Unknown(err error, id wire.UserID) error {
	if errors.Is(err, db.ErrNoRow) {
		return apierr.Invalid("Invalid user id: %s", id)
	}
	return err
}

// ByUsername returns a company's account of a person or a service with just this name, or
// db.ErrNoRow: logins are particular about case.
func ByUsername(tx *db.Tx, company wire.CompanyID, username string) (User, error) {
	u, err := db.One(tx, scanUser, selectUsers+` WHERE company = $1 AND username_folded = $2`, company, wording.Fold(username))
	if err == nil && u.Username != username {
		return User{}, db.ErrNoRow
	}
	return notList(u, err)
}

// WithUsernames returns the accounts of a company with the folded user names, in no order.
func WithUsernames(tx *db.Tx, company wire.CompanyID, folded []string) ([]User, error) {
	return db.All(tx, scanUsers(), selectUsers+` WHERE company = $1 AND username_folded IN ($2)`, company, folded)
}

// Roles returns the roles of an account, in the order in which it was given them.
func Roles(tx *db.Tx, id wire.UserID) ([]auth.Role, error) {
	return db.All(tx, db.ScanValue[auth.Role], `SELECT role FROM user_roles WHERE user_id = $1 ORDER BY place, role`, id)
}

// insertUsers inserts accounts. found holds their search terms. refuse turns ErrExists, for a
// duplicate name or address, into a refusal.
func insertUsers(tx *db.Tx, list []User, found []terms.Terms, refuse func(error) error) error {
	rows := make([][]any, len(list))
	ids := make([]wire.UserID, len(list))
	for i, u := range list {
		ids[i] = u.ID
		email, left := u.emailFolds()
		rows[i] = []any{
			u.ID, u.Company, u.AccountType, u.Username, wording.Fold(u.Username), u.Email, email, left, u.DisplayName,
			u.FirstName, u.LastName, u.CompanyName, u.Title, u.Department, u.Division, u.Location, u.JobFunction, u.WorkPhone,
			u.MobilePhone, u.SMS, u.TwoFactorPhone, u.Language, writeList(u.AssetClasses), writeList(u.Industries),
			writeList(u.MarketCoverage), writeList(u.Responsibility), writeList(u.Function), writeList(u.Instrument), u.Status,
			u.Suspended, u.SuspendedUntil, u.SuspensionReason, u.Created, u.CreatedBy, u.Updated, u.LastLogin, u.PasswordReset,
			u.Deactivated, u.Version, found[i].Text(),
		}
	}
	err := tx.QueueAll(`
		INSERT INTO users (id, company, account_type, username, username_folded, email, email_folded, email_left, display_name,
			first_name, last_name, company_name, title, department, division, location, job_function, work_phone,
			mobile_phone, sms, two_factor_phone, language, asset_classes, industries, market_coverage, responsibility,
			job_area, instrument, status, suspended, suspended_until, suspension_reason, created, created_by, updated,
			last_login, password_reset, deactivated, version, terms)
		VALUES`, rows, "", refuse)
	if err != nil {
		return err
	}
	return terms.Insert(tx, ids, found)
}

// updateAttributes stores the attributes of an account and the time of the change. An unchanged
// name or address keeps its fold.
func updateAttributes(tx *db.Tx, u User) error {
	email, left := u.emailFolds()
	err := tx.Change(`
		UPDATE users
		SET username = $2, username_folded = CASE WHEN username = $2 THEN username_folded ELSE $3 END, email = $4,
			email_folded = CASE WHEN email = $4 THEN email_folded ELSE $5 END,
			email_left = CASE WHEN email = $4 THEN email_left ELSE $27 END, display_name = $6, first_name = $7,
			last_name = $8, company_name = $9, title = $10, department = $11, division = $12, location = $13,
			job_function = $14, work_phone = $15, mobile_phone = $16, sms = $17, two_factor_phone = $18, language = $19,
			asset_classes = $20, industries = $21, market_coverage = $22, responsibility = $23, job_area = $24,
			instrument = $25, updated = $26, version = version + 1
		WHERE id = $1`,
		u.ID, u.Username, wording.Fold(u.Username), u.Email, email, u.DisplayName, u.FirstName,
		u.LastName, u.CompanyName, u.Title, u.Department, u.Division, u.Location,
		u.JobFunction, u.WorkPhone, u.MobilePhone, u.SMS, u.TwoFactorPhone, u.Language,
		writeList(u.AssetClasses), writeList(u.Industries), writeList(u.MarketCoverage), writeList(u.Responsibility),
		writeList(u.Function), writeList(u.Instrument), u.Updated, left)
	if err != nil {
		return taken(err)
	}
	return updateTerms(tx, u)
}

// The refusals of duplicates. Administration programs recognise an existing account by the words
// "already exists".
const (
	nameInUse  = "User already exists. The user name is already in use"
	emailInUse = "User already exists. The email address is already in use"
)

// taken turns db.ErrExists into the refusal of a user name or e-mail address that another account
// has.
func taken(err error) error {
	switch db.Conflict(err) {
	case "users_company_email_folded_key":
		return apierr.Invalid(emailInUse)
	case "users_company_username_folded_key":
		return apierr.Invalid(nameInUse)
	}
	return err
}

// ByEmail returns a company's enabled account of a person or a service with an e-mail address, as
// addresses are compared. It fails with db.ErrNoRow.
func ByEmail(tx *db.Tx, company wire.CompanyID, address string) (User, error) {
	u, err := db.One(tx, scanUser, selectUsers+` WHERE company = $1 AND email_folded = $2`, company, wording.Fold(address))
	if err == nil && u.Status == Disabled {
		return User{}, db.ErrNoRow
	}
	return notList(u, err)
}
