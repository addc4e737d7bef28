// Package admission says who may be brought together in streams: by their company, entitlements and
// connections, by the size of a room, and by information barriers.
package admission

import (
	"slices"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/pod/accounts"
	"podium/internal/pod/accounts/features"
	"podium/internal/pod/connections"
	"podium/internal/pod/streams"
	"podium/internal/wire"
)

// Limits of the size of rooms. That of external rooms is published ("External rooms" of the help
// pages); the others are our choice.
const (
	maxMembers           = 10000 // of a room
	maxExternalMembers   = 300   // of a room of several companies
	maxExternalCompanies = 25    // in a room of several companies
)

// MayTalk returns the companies of the people. It refuses to bring them together in an IM or MIM if
// the rules for several companies do not allow it. All must be entitled. Users of different
// companies must be connected: with the caller if the caller is one of them, otherwise with each
// other.
func MayTalk(tx *db.Tx, caller auth.Caller, people []accounts.User) ([]wire.CompanyID, error) {
	companies := companiesAmong(people)
	if len(companies) == 1 && companies[0] == caller.Company {
		return companies, nil
	}
	for _, u := range people {
		if err := Needs(tx, caller, u.ID, features.IsExternalIMEnabled); err != nil {
			return nil, err
		}
		if len(companies) > 2 {
			if err := Needs(tx, caller, u.ID, features.CanJoinMultiLateralRoom); err != nil {
				return nil, err
			}
		}
	}
	if slices.ContainsFunc(people, func(u accounts.User) bool { return u.ID == caller.User }) {
		if len(companies) > 2 {
			if err := Needs(tx, caller, caller.User, features.CanCreateMultiLateralRoom); err != nil {
				return nil, err
			}
		}
		return companies, connectedWith(tx, caller, caller.User, people)
	}
	for _, u := range people {
		if err := connectedWith(tx, caller, u.ID, people); err != nil {
			return nil, err
		}
	}
	return companies, nil
}

func companiesAmong(people []accounts.User) []wire.CompanyID {
	companies := make([]wire.CompanyID, len(people))
	for i, u := range people {
		companies[i] = u.Company
	}
	slices.Sort(companies)
	return slices.Compact(companies)
}

// connectedWith returns an error unless a user is connected with each of the others.
func connectedWith(tx *db.Tx, caller auth.Caller, id wire.UserID, others []accounts.User) error {
	for _, u := range others {
		ok, err := connections.Connected(tx, id, u.ID)
		if err != nil {
			return err
		}
		if !ok && id.Company() != caller.Company && u.Company != caller.Company {
			return apierr.Forbidden("users of other companies may not be brought together")
		}
		if !ok {
			return apierr.Forbidden("users %s and %s are not connected", id, u.ID)
		}
	}
	return nil
}

// RequireOwnUser returns an error if no user belongs to the caller's company, whoever they are.
func RequireOwnUser(caller auth.Caller, ids []wire.UserID) error {
	if slices.ContainsFunc(ids, func(id wire.UserID) bool { return id.Company() == caller.Company }) {
		return nil
	}
	return apierr.Forbidden("none of the users is of the caller's company")
}

// MayReach returns an error if users of the caller's company may not talk to other companies. It
// does not look at the other users.
func MayReach(tx *db.Tx, caller auth.Caller, ids []wire.UserID) error {
	var own []wire.UserID
	for _, id := range ids {
		if id.Company() == caller.Company {
			own = append(own, id)
		}
	}
	if len(own) == len(ids) {
		return nil
	}
	for _, id := range own {
		if _, err := ActiveUser(tx, id); err != nil {
			return err
		}
		if err := Needs(tx, caller, id, features.IsExternalIMEnabled); err != nil {
			return err
		}
	}
	return nil
}

// Needs returns an error if a user lacks a feature. It does not name the feature for a user of
// another company.
func Needs(tx *db.Tx, caller auth.Caller, id wire.UserID, feature features.Name) error {
	has, err := features.Has(tx, id, feature)
	if err == nil && !has && id.Company() != caller.Company {
		return apierr.Forbidden("user %s may not be brought together with other companies", id)
	}
	if err == nil && !has {
		err = apierr.Forbidden("user %s lacks the entitlement %s", id, feature)
	}
	return err
}

// MayEnter returns an error if the rules for several companies do not allow a user to join a room.
func MayEnter(tx *db.Tx, caller auth.Caller, s streams.Stream, u accounts.User) error {
	if !s.CrossPod {
		if u.Company != s.Company {
			return apierr.Forbidden("room %s is for one company", s.ID)
		}
		if s.Members >= maxMembers {
			return apierr.Invalid("Room member limit reached")
		}
		return nil
	}
	ok, err := connections.Connected(tx, caller.User, u.ID)
	if err != nil {
		return err
	}
	if !ok {
		return apierr.Forbidden("users %s and %s are not connected", caller.User, u.ID)
	}
	if err := Needs(tx, caller, u.ID, features.IsExternalRoomEnabled); err != nil {
		return err
	}
	if s.MultiLateral {
		if err := Needs(tx, caller, u.ID, features.CanJoinMultiLateralRoom); err != nil {
			return err
		}
	}
	if s.Members >= maxExternalMembers {
		return apierr.Invalid("Room member limit reached")
	}
	companies, err := streams.CompaniesOf(tx, s)
	if err != nil || slices.Contains(companies, u.Company) {
		return err
	}
	most := 2
	if s.MultiLateral {
		most = maxExternalCompanies
	}
	if len(companies) >= most {
		return apierr.Forbidden("room %s may have members of %d companies, no more", s.ID, most)
	}
	return nil
}

// ActiveUser returns the enabled account of a person or service with an id, of any company.
func ActiveUser(tx *db.Tx, id wire.UserID) (accounts.User, error) {
	u, err := accounts.Brief(tx, id)
	if err == nil && !u.Approachable() {
		err = db.ErrNoRow
	}
	return u, accounts.Unknown(err, id)
}
