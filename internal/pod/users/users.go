// Package users is the accounts of people and of services: who there is, their state,
// their roles and the RSA keys they log in with. How they log in, and what ends their
// sessions, is in the chapter session.
package users

import (
	"log/slog"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/journal"
	"podium/internal/op"
	"podium/internal/picture"
	"podium/internal/pod/companies"
	"podium/internal/wire"
)

// Service is this chapter, filled in by package pod.
type Service struct {
	DB      *db.DB
	Log     *slog.Logger
	Journal *journal.Log

	// Companies is the numbers of all companies of the server; nil where there is but one.
	Companies func() []wire.CompanyID

	// Settings is asked for a company's settings. Nil, or a company it does not know yet, has the defaults.
	Settings *companies.Directory

	// Reserved tells which of the names something of a company bears that is no account, so that no
	// account may.
	Reserved []func(tx *db.Tx, company wire.CompanyID, names []string) ([]string, error)

	// Pictures makes what is kept of uploaded pictures.
	Pictures *picture.Maker

	// Stretch is how many members of a list of followers are counted together; 0 means 1,000.
	Stretch int64

	// Changed is called, in the same transaction, when something changed that the user's
	// open sessions depend on: roles, state, keys.
	Changed []func(tx *db.Tx, user wire.UserID) error

	// Barred is called, in the same transaction, when the user may not use the pod any
	// longer: disabled or suspended.
	Barred []func(tx *db.Tx, user wire.UserID) error

	// Entered is called, in the same transaction, when a session of an account that has never logged in
	// is opened: what only those need who use the pod begins here. It may be called more than once.
	Entered []func(tx *db.Tx, u User) error

	// Disabled and Enabled are called, in the same transaction, when the account was disabled
	// (beside Barred) or enabled again (beside Changed) by a caller: for what it is a member of.
	Disabled, Enabled []func(tx *db.Tx, caller auth.Caller, user wire.UserID) error

	// Holding is called, in the same transaction, before an account that is to be disabled is locked: it
	// locks what comes before accounts. Held is called when the account is locked, and checks
	// that Holding has locked enough; db.ErrAgain if not.
	Holding, Held []func(tx *db.Tx, user wire.UserID) error

	// Renamed is called, in the same transaction, when something changed that others see of the
	// user: names, addresses, the picture.
	Renamed []func(tx *db.Tx, user wire.UserID) error

	// KeyRevoked is called, in the same transaction, when a key of the user's was revoked.
	KeyRevoked []func(tx *db.Tx, user wire.UserID) error

	// Hiding, if set, tells whom information barriers hide in searches from a user who is walled.
	Hiding func(tx *db.Tx, user wire.UserID) (Hiding, error)

	survey survey
	recent *recent // made by Remember
}

// Operations is what this package answers.
func (s *Service) Operations() []op.Bound {
	return op.Bind(s,
		lookUpUsers, lookUpUser, lookUpByEmail, lookUpByName, searchUsers,
		getUser, createUser, updateUser, getUserV1, createUserV1, updateUserV1,
		getStatus, updateStatus, updateSuspension,
		listRoles, addRole, removeRole,
		listDelegates, updateDelegates,
		follow, unfollow, listFollowers, listFollowing,
		getManifest, updateManifest,
		listUserDetails, listUserDetailsV3, listUserIDs, findUsers,
		getFeatures, updateFeatures, listFeatures,
		listAvatars, updateAvatar, getPicture, getStandIn,
	)
}

// company is a company's settings.
func (s *Service) company(id wire.CompanyID) companies.Company {
	if s.Settings != nil {
		if m, ok := s.Settings.Get(id); ok {
			return m.Company
		}
	}
	return companies.Defaults(id, "")
}

// tell calls each of the functions that follow a change of a user.
func tell(functions []func(*db.Tx, wire.UserID) error, tx *db.Tx, id wire.UserID) error {
	for _, f := range functions {
		if err := f(tx, id); err != nil {
			return err
		}
	}
	return nil
}
