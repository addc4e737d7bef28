package inspector

import (
	"maps"
	"slices"
	"strings"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/pod/accounts"
	"podium/internal/pod/apps"
	"podium/internal/wire"
)

var getRights = op.Operation[Service]{
	ID:      "getInspectedRights",
	Route:   "GET /podium/v1/inspector/rights",
	Tag:     "Inspector",
	Summary: "Tell which rights the calls of an account have used, and which it has without having used them.",
	About: "Of the calls that the answering node has recorded since it started. Names a user by account, " +
		"or an application by app, whose permissions it tells; by default the caller. Calls on behalf " +
		"of a user count for the application.",
	Needs:   auth.AnyUser,
	Passive: true,
	Also:    []int{404},
	Handle:  op.Read((*Service).rights),
}

type rightsInput struct {
	Account *wire.UserID `query:"account"`
	App     *string      `query:"app" maxLength:"128"`
}

// Validate refuses a request that names both.
func (in rightsInput) Validate() error {
	if in.Account != nil && in.App != nil {
		return apierr.Invalid("account and app do not go together")
	}
	return nil
}

func (s *Service) rights(tx *db.Tx, caller auth.Caller, in rightsInput) (Rights, error) {
	f := filter{user: given(in.Account), app: given(in.App)}
	if f.user == 0 && f.app == "" {
		f.user = caller.User
	}
	if _, err := s.allow(caller, f); err != nil {
		return Rights{}, err
	}
	out := s.Recorder.report(caller.Company, account{f.user, f.app})
	if f.app != "" {
		return out, s.ofApp(tx, caller, f.app, &out)
	}
	u, err := accounts.Brief(tx, f.user)
	if err == db.ErrNoRow || err == nil && u.Company != caller.Company {
		return out, apierr.NotFound("There is no such account")
	}
	if err != nil {
		return out, err
	}
	held, err := accounts.Roles(tx, u.ID)
	if err != nil {
		return out, err
	}
	for _, right := range slices.Sorted(maps.Keys(auth.RightsOf(held))) {
		if !out.used(string(right)) {
			out.Unused = append(out.Unused, string(right))
		}
	}
	for _, role := range held {
		one := UnusedRoles{Role: role}
		name, _, _ := strings.Cut(string(role), ".") // an action counts beside its role
		for right := range auth.RightsOf([]auth.Role{auth.Role(name), role}) {
			one.Rights++
			if out.used(string(right)) {
				one.Used++
			}
		}
		out.Roles = append(out.Roles, one)
	}
	return out, nil
}

// ofApp completes the report of an application.
func (s *Service) ofApp(tx *db.Tx, caller auth.Caller, id string, out *Rights) error {
	app, err := apps.Find(tx, caller.Company, id)
	if err == db.ErrNoRow {
		return apierr.NotFound("There is no such application")
	}
	for _, p := range app.Permissions {
		if !out.used(string(p)) {
			out.Unused = append(out.Unused, string(p))
		}
	}
	return err
}
