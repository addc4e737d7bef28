package directory

import (
	"cmp"
	"context"
	"slices"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/pod/accounts"
	"podium/internal/pod/accounts/features"
	"podium/internal/wire"
)

// How look-ups cross companies (docs/decisions/0008-search.md): a user sees the enabled accounts of
// other companies if both the user and the account may talk to other companies.

// reach is the scope of a look-up.
type reach struct {
	caller auth.Caller
	local  bool // only the caller's own company
}

// byIDs returns the visible accounts with the given ids, in no order. They are current, or were
// read at most 0.8 s ago. Those of other companies are read each time, with their features.
func (s *Service) byIDs(ctx context.Context, r reach, ids []wire.UserID) ([]accounts.User, error) {
	list, ok, reading := s.recent.get(ids, r.caller.Company)
	if ok {
		return list, nil
	}
	list, err := db.Read(ctx, s.DB, func(tx *db.Tx) ([]accounts.User, error) {
		found, err := accounts.GetAll(tx, ids)
		if err != nil {
			return nil, err
		}
		return r.visible(tx, found)
	})
	if err == nil {
		s.recent.put(list, reading)
	}
	return list, err
}

// byUsernames returns the accounts of the caller's company with the given names, in no order. User
// names of other companies cannot be looked up.
func (r reach) byUsernames(tx *db.Tx, folded []string) ([]accounts.User, error) {
	found, err := accounts.WithUsernames(tx, r.caller.Company, folded)
	if err != nil {
		return nil, err
	}
	return r.visible(tx, found)
}

// byEmails returns the accounts with the given addresses that the caller can see: for each company
// and address the account that holds it, and of the disabled accounts that have given it up the one
// that was made last. Those of one address are in the order of byPrecedence.
func (s *Service) byEmails(tx *db.Tx, r reach, folded []string) ([]accounts.User, error) {
	folded = slices.DeleteFunc(folded, func(address string) bool { return !accounts.IsEmail(address) })
	if len(folded) == 0 {
		return nil, nil
	}
	found, err := accounts.WithEmails(tx, []wire.CompanyID{r.caller.Company}, folded)
	if err != nil {
		return nil, err
	}
	enabled := 0
	for _, u := range found {
		if u.Status == accounts.Enabled {
			enabled++
		}
	}
	if others := s.others(r); enabled < len(folded) && len(others) > 0 {
		theirs, err := accounts.WithEmails(tx, others, folded)
		if err != nil {
			return nil, err
		}
		found = append(found, theirs...)
	}
	slices.SortFunc(found, byPrecedence(r.caller.Company))
	return r.visible(tx, found)
}

// byPrecedence orders accounts of one address: enabled ones first, then those of the given company,
// then by company number, then the newest first.
func byPrecedence(first wire.CompanyID) func(a, b accounts.User) int {
	return func(a, b accounts.User) int {
		return cmp.Or(
			falseFirst(a.Status != accounts.Enabled, b.Status != accounts.Enabled), falseFirst(a.Company != first, b.Company != first),
			cmp.Compare(a.Company, b.Company), cmp.Compare(b.ID, a.ID),
		)
	}
}

func falseFirst(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// others returns the other companies in the scope of a look-up.
func (s *Service) others(r reach) []wire.CompanyID {
	if r.local || s.Companies == nil {
		return nil
	}
	return slices.DeleteFunc(s.Companies(), func(c wire.CompanyID) bool { return c == r.caller.Company })
}

// visible removes accounts that the caller may not know of, and distribution lists, which only a
// search that asks for them finds.
func (r reach) visible(tx *db.Tx, list []accounts.User) ([]accounts.User, error) {
	var strangers []wire.UserID
	for _, u := range list {
		if u.Company != r.caller.Company && !r.local && u.Status == accounts.Enabled {
			strangers = append(strangers, u.ID)
		}
	}
	open := map[wire.UserID]bool{}
	if len(strangers) > 0 {
		var err error
		if open, err = external(tx, append(strangers, r.caller.User)); err != nil {
			return nil, err
		}
	}
	return slices.DeleteFunc(list, func(u accounts.User) bool {
		if u.AccountType == auth.SDL {
			return true
		}
		return u.Company != r.caller.Company && !(open[u.ID] && open[r.caller.User])
	}), nil
}

// external returns which of the accounts may talk to other companies, in an IM or in rooms.
func external(tx *db.Tx, ids []wire.UserID) (map[wire.UserID]bool, error) {
	type setting struct {
		id      wire.UserID
		feature features.Name
		enabled bool
	}
	settings, err := db.All(tx, func(row db.Row) (s setting, err error) {
		return s, row.Scan(&s.id, &s.feature, &s.enabled)
	}, `
		SELECT user_id, feature, enabled
		FROM user_features
		WHERE user_id IN ($1) AND feature IN ($2)`, ids, []features.Name{features.IsExternalIMEnabled, features.IsExternalRoomEnabled})
	if err != nil {
		return nil, err
	}
	ims, _ := features.IsExternalIMEnabled.Default()
	rooms, _ := features.IsExternalRoomEnabled.Default()
	open := make(map[wire.UserID]bool, len(ids))
	for _, id := range ids {
		im, room := ims, rooms
		for _, s := range settings {
			switch {
			case s.id == id && s.feature == features.IsExternalIMEnabled:
				im = s.enabled
			case s.id == id:
				room = s.enabled
			}
		}
		open[id] = im || room
	}
	return open, nil
}

// seenBy returns an account as look-ups show it to a caller, without roles.
func seenBy(u accounts.User, caller auth.Caller) V2 {
	v := OwnView(u, nil)
	if u.Company != caller.Company {
		v = v.external()
	}
	if caller.Kind == auth.OnBehalfSession && !extended(caller, u.ID) {
		v = v.WithoutExtended()
	}
	return v
}

// extended reports whether an application may see extended attributes of a user: those of the user
// it acts for, or those of all users.
func extended(caller auth.Caller, id wire.UserID) bool {
	return caller.Permitted(auth.GetExtendedContactInfo) || id == caller.User && caller.Permitted(auth.GetExtendedUserInfo)
}
