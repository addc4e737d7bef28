package profiles

import (
	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/journal"
	"podium/internal/op"
	"podium/internal/pod/accounts"
	"podium/internal/pod/accounts/features"
	"podium/internal/wire"
)

var listDelegates = op.Operation[Service]{
	ID:      "listUserDelegates",
	Route:   "GET /pod/v1/admin/user/{uid}/delegates",
	Tag:     "User",
	Summary: "List the ids of a user's delegates, in order of addition.",
	Needs:   auth.All(auth.AccessUserProvisioningAPI),
	Handle:  op.Read((*Service).listDelegates),
}

type delegatesInput struct {
	UID wire.UserID `path:"uid"`
}

func (s *Service) listDelegates(tx *db.Tx, caller auth.Caller, in delegatesInput) ([]wire.UserID, error) {
	if _, err := accounts.Own(tx, caller.Company, in.UID); err != nil {
		return nil, accounts.Unknown(err, in.UID)
	}
	return db.All(tx, db.ScanValue[wire.UserID], `
		SELECT delegate
		FROM user_delegates
		WHERE user_id = $1 AND company = $2
		ORDER BY place`, in.UID, caller.Company)
}

var updateDelegates = op.Operation[Service]{
	ID:      "updateUserDelegates",
	Route:   "POST /pod/v1/admin/user/{uid}/delegates/update",
	Tag:     "User",
	Summary: "Add a delegate to a user, or remove one.",
	About: "To add an existing delegate, or to remove a missing one, is no error. To add " +
		"one, the user needs the feature delegatesEnabled.",
	Needs:  auth.All(auth.AccessUserProvisioningAPI),
	Handle: op.Write((*Service).updateDelegates),
}

// DelegateAction is the action on a delegate.
type DelegateAction string

// The published actions.
const (
	AddDelegate    DelegateAction = "ADD"
	RemoveDelegate DelegateAction = "REMOVE"
)

// Enum returns the published values.
func (DelegateAction) Enum() []string { return []string{string(AddDelegate), string(RemoveDelegate)} }

type updateDelegatesInput struct {
	UID  wire.UserID `path:"uid"`
	Body struct {
		UserID wire.UserID    `json:"userId" doc:"The delegate."`
		Action DelegateAction `json:"action"`
	}
}

func (in updateDelegatesInput) Validate() error {
	switch {
	case in.Body.UserID == 0:
		return apierr.Invalid("userId: it is required")
	case in.Body.Action != AddDelegate && in.Body.Action != RemoveDelegate:
		return apierr.Invalid("Invalid action: ADD or REMOVE is expected")
	case in.Body.UserID == in.UID:
		return apierr.Invalid("userId: users cannot be delegates of their own account")
	}
	return nil
}

// DelegateChanged is recorded when a delegate is added to an account or removed from it.
type DelegateChanged struct {
	Delegate wire.UserID    `json:"delegate"`
	Action   DelegateAction `json:"action"`
}

// Kind returns the name of this fact in the log.
func (DelegateChanged) Kind() string { return "user.delegateChanged" }

// Audience returns the company of the actor.
func (DelegateChanged) Audience() journal.Audience { return journal.Within() }

// AuditLine shows the delegate who came or went.
func (f DelegateChanged) AuditLine(journal.Entry) journal.Line {
	if f.Action == RemoveDelegate {
		return journal.Profile("delegates", f.Delegate, "")
	}
	return journal.Profile("delegates", "", f.Delegate)
}

func (s *Service) updateDelegates(tx *db.Tx, caller auth.Caller, in updateDelegatesInput) (wire.Success, error) {
	u, err := accounts.LockOwn(tx, caller.Company, in.UID)
	if err != nil {
		return wire.Success{}, err
	}
	delegate := in.Body.UserID
	if _, err := accounts.Own(tx, caller.Company, delegate); err != nil {
		return wire.Success{}, accounts.Unknown(err, delegate)
	}
	change, done := removeDelegate, wire.Done("Removed delegate ["+delegate.String()+"] for account ["+u.ID.String()+"]")
	if in.Body.Action == AddDelegate {
		change, done = addDelegate, wire.Done("Added delegate ["+delegate.String()+"] for account ["+u.ID.String()+"]")
	}
	changed, err := change(tx, u, delegate)
	if err != nil || !changed {
		return done, err
	}
	if err := accounts.Touched(tx, u); err != nil {
		return wire.Success{}, err
	}
	return done, s.Journal.Record(tx, caller, u.Subject(), DelegateChanged{Delegate: delegate, Action: in.Body.Action})
}

func addDelegate(tx *db.Tx, u accounts.User, delegate wire.UserID) (changed bool, err error) {
	enabled, err := features.Has(tx, u.ID, features.DelegatesEnabled)
	if err != nil {
		return false, err
	}
	if !enabled {
		return false, apierr.Invalid("Delegates are not enabled for this user")
	}
	place, err := tx.Next("places")
	if err != nil {
		return false, err
	}
	n, err := tx.Count(`
		INSERT INTO user_delegates (user_id, delegate, company, place)
		VALUES ($1, $2, $3, $4)
		ON CONFLICT (user_id, delegate) DO NOTHING`, u.ID, delegate, u.Company, place)
	return n > 0, err
}

func removeDelegate(tx *db.Tx, u accounts.User, delegate wire.UserID) (changed bool, err error) {
	n, err := tx.Count(`DELETE FROM user_delegates WHERE user_id = $1 AND delegate = $2`, u.ID, delegate)
	return n > 0, err
}
