package admin

import (
	"strconv"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/pod/accounts"
	"podium/internal/wire"
)

// DetailV2 is an account as its administrators see it. The published object has more members that
// no known server answers: as objects or texts they would break the lists of numbers that the SDKs
// expect.
type DetailV2 struct {
	UserAttributes AttributesV2 `json:"userAttributes"`
	UserSystemInfo SystemInfo   `json:"userSystemInfo"`
	Roles          []auth.Role  `json:"roles" doc:"In the order in which they were granted; optional actions as ROLE.ACTION."`
}

// DetailV1 is a DetailV2 with the attributes of the first version.
type DetailV1 struct {
	UserAttributes AttributesV1 `json:"userAttributes"`
	UserSystemInfo SystemInfo   `json:"userSystemInfo"`
	Roles          []auth.Role  `json:"roles" doc:"In the order in which they were granted; optional actions as ROLE.ACTION."`
}

func (d DetailV2) v1() DetailV1 {
	return DetailV1{UserAttributes: d.UserAttributes.AttributesV1, UserSystemInfo: d.UserSystemInfo, Roles: d.Roles}
}

// SystemInfo holds what the pod knows of an account. Times are in milliseconds.
type SystemInfo struct {
	ID                wire.UserID     `json:"id"`
	Status            accounts.Status `json:"status"`
	Suspended         bool            `json:"suspended" doc:"A suspension whose time is over is shown until the next login."`
	SuspendedUntil    wire.Time       `json:"suspendedUntil,omitempty"`
	SuspensionReason  string          `json:"suspensionReason,omitempty"`
	CreatedDate       wire.Time       `json:"createdDate"`
	CreatedBy         string          `json:"createdBy,omitempty" doc:"The creator's id; absent for the first accounts of a pod."`
	LastUpdatedDate   wire.Time       `json:"lastUpdatedDate"`
	LastLoginDate     wire.Time       `json:"lastLoginDate,omitempty" doc:"Absent before the first login."`
	LastPasswordReset wire.Time       `json:"lastPasswordReset,omitempty" doc:"When the password was set; absent without one."`
	DeactivatedDate   wire.Time       `json:"deactivatedDate,omitempty" doc:"Only while disabled."`
}

func systemInfo(u *accounts.User) SystemInfo {
	info := SystemInfo{
		ID: u.ID, Status: u.Status, Suspended: u.Suspended, CreatedDate: u.Created, LastUpdatedDate: u.Updated,
		LastLoginDate: u.LastLogin, LastPasswordReset: u.PasswordReset, DeactivatedDate: u.Deactivated,
	}
	if u.Suspended {
		info.SuspendedUntil, info.SuspensionReason = u.SuspendedUntil, u.SuspensionReason
	}
	if u.CreatedBy != 0 {
		info.CreatedBy = u.CreatedBy.String()
	}
	return info
}

// detail returns one account as its administrators see it.
func detail(tx *db.Tx, u accounts.User) (DetailV2, error) {
	all, err := details(tx, []accounts.User{u})
	if err != nil {
		return DetailV2{}, err
	}
	return all[0], nil
}

// details returns accounts as their administrators see them, in two statements.
func details(tx *db.Tx, people []accounts.User) ([]DetailV2, error) {
	ids := make([]wire.UserID, len(people))
	for i, u := range people {
		ids[i] = u.ID
	}
	return detailsWhere(tx, people, `user_id IN ($1)`, ids)
}

// pageDetails returns the details of a page: of all accounts between its first and its last.
func pageDetails(tx *db.Tx, people []accounts.User) ([]DetailV2, error) {
	if len(people) == 0 {
		return []DetailV2{}, nil
	}
	return detailsWhere(tx, people, `user_id >= $1 AND user_id <= $2`, people[0].ID, people[len(people)-1].ID)
}

// detailsWhere returns the details of accounts, which must be exactly those whose ids match a
// condition.
func detailsWhere(tx *db.Tx, people []accounts.User, condition string, args ...any) ([]DetailV2, error) {
	all := make([]DetailV2, len(people))
	if len(people) == 0 {
		return all, nil
	}
	place := make(map[wire.UserID]*DetailV2, len(people))
	for i := range people {
		u, d := &people[i], &all[i]
		d.UserAttributes.fill(&u.Attributes)
		d.UserSystemInfo, d.Roles = systemInfo(u), []auth.Role{}
		place[u.ID] = d
	}
	roles, err := db.All(tx, scanHeld, `SELECT user_id, role FROM user_roles WHERE `+condition+` ORDER BY user_id, place, role`, args...)
	if err != nil {
		return nil, err
	}
	names := make([]auth.Role, len(roles))
	for i, r := range roles {
		names[i] = r.role
		d := place[r.user]
		first := i - len(d.Roles) // the rows of one account follow each other
		d.Roles = names[first : i+1 : i+1]
	}
	keys, err := db.All(tx, scanOwnedKey, `
		SELECT user_id, slot, pem, expires
		FROM user_keys
		WHERE `+condition+` AND (expires = 0 OR expires > $`+strconv.Itoa(len(args)+1)+`)`, append(args, tx.Now())...)
	if err != nil {
		return nil, err
	}
	for _, k := range keys {
		shape := &KeyShape{Key: &k.PEM}
		if k.Expires != 0 {
			shape.ExpirationDate = &k.Expires
		}
		if attributes := &place[k.user].UserAttributes; k.Slot == accounts.Current {
			attributes.CurrentKey = shape
		} else {
			attributes.PreviousKey = shape
		}
	}
	return all, nil
}

type held struct {
	user wire.UserID
	role auth.Role
}

func scanHeld(row db.Row) (h held, err error) { return h, row.Scan(&h.user, &h.role) }

type ownedKey struct {
	user wire.UserID
	accounts.Key
}

func scanOwnedKey(row db.Row) (k ownedKey, err error) {
	return k, row.Scan(&k.user, &k.Slot, &k.PEM, &k.Expires)
}
