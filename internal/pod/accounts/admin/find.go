package admin

import (
	"fmt"
	"strings"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/pod/accounts"
	"podium/internal/pod/accounts/features"
	"podium/internal/pod/directory"
	"podium/internal/wire"
)

var findUsers = op.Operation[Service]{
	ID:      "findUsers",
	Route:   "POST /pod/v1/admin/user/find",
	Tag:     "User",
	Summary: "List accounts by role, feature or status, in the order of their ids.",
	About:   "An account must meet all given criteria; without any, every account is listed.",
	Needs:   provisioning,
	Handle:  op.Read((*Service).find),
}

type findInput struct {
	Skip  int `query:"skip" default:"0" min:"0" max:"1000000000"`
	Limit int `query:"limit" default:"100" min:"1" max:"1000"`
	Body  Filter
}

// Filter selects accounts; an absent or empty member selects all.
type Filter struct {
	Role    *auth.Role       `json:"role" doc:"A role, or an optional action of one: ROLE.ACTION."`
	Feature *features.Name   `json:"feature"`
	Status  *accounts.Status `json:"status"`
}

func (in findInput) Validate() error {
	f := in.Body
	if f.role() != "" {
		if _, ok := auth.FindRole(f.role()); !ok {
			return apierr.Invalid("role: there is no role %q", f.role())
		}
	}
	if f.feature() != "" {
		if _, ok := f.feature().Default(); !ok {
			return apierr.Invalid("feature: there is no feature %q", f.feature())
		}
	}
	if s := f.status(); s != "" && s != accounts.Enabled && s != accounts.Disabled {
		return apierr.Invalid("status: ENABLED or DISABLED is expected")
	}
	return nil
}

func (s *Service) find(tx *db.Tx, caller auth.Caller, in findInput) ([]DetailV1, error) {
	people, err := in.Body.page(tx, caller.Company, in.Skip, in.Limit)
	if err != nil {
		return nil, err
	}
	all, err := details(tx, people)
	if err != nil {
		return nil, err
	}
	v1 := make([]DetailV1, len(all))
	for i, d := range all {
		v1[i] = d.v1()
	}
	return v1, nil
}

// page returns the accounts that a filter selects. The statement begins with the rarest condition:
// holders of the role, then accounts with a feature enabled that is off by default, then those of a
// status.
func (f Filter) page(tx *db.Tx, company wire.CompanyID, skip, limit int) ([]accounts.User, error) {
	role := f.role()
	if role == auth.Individual {
		role = "" // everybody holds it
	}
	if role == "" && f.feature() == "" && f.status() == "" {
		return directory.Page(tx, company, skip, limit)
	}
	args := []any{company}
	arg := func(value any) string {
		args = append(args, value)
		return fmt.Sprintf("$%d", len(args))
	}
	from, id, where := "users u", "u.id", []string{"u.company = $1"}
	if role != "" {
		from, id = "user_roles r CROSS JOIN users u", "r.user_id"
		where = append(where, "r.company = $1", "r.role = "+arg(role), "u.id = r.user_id")
	}
	if f.feature() != "" {
		switch byDefault, _ := f.feature().Default(); {
		case byDefault:
			where = append(where, "NOT EXISTS (SELECT 1 FROM user_features d WHERE d.user_id = u.id AND d.feature = "+arg(f.feature())+" AND NOT d.enabled)")
		case role != "":
			where = append(where, "EXISTS (SELECT 1 FROM user_features d WHERE d.user_id = u.id AND d.feature = "+arg(f.feature())+" AND d.enabled)")
		default:
			from, id = "user_features d CROSS JOIN users u", "d.user_id"
			where = append(where, "d.company = $1", "d.feature = "+arg(f.feature()), "d.enabled", "u.id = d.user_id")
		}
	}
	if f.status() != "" {
		where = append(where, "u.status = "+arg(f.status()))
	}
	ids, err := db.All(tx, db.ScanValue[wire.UserID], `
		SELECT u.id
		FROM `+from+`
		WHERE `+strings.Join(where, " AND ")+`
		ORDER BY `+id+`
		LIMIT `+arg(limit)+` OFFSET `+arg(skip), args...)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	found, err := accounts.ByIDs(tx, company, ids)
	people := make([]accounts.User, len(ids))
	for i, id := range ids {
		people[i] = found[id]
	}
	return people, err
}

func (f Filter) role() auth.Role {
	if f.Role == nil {
		return ""
	}
	return *f.Role
}

func (f Filter) feature() features.Name {
	if f.Feature == nil {
		return ""
	}
	return *f.Feature
}

func (f Filter) status() accounts.Status {
	if f.Status == nil {
		return ""
	}
	return *f.Status
}
