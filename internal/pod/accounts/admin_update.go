package accounts

import (
	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/journal"
	"podium/internal/op"
	"podium/internal/wire"
)

var updateUser = op.Operation[Service]{
	ID:      "updateUser",
	Route:   "POST /pod/v2/admin/user/{uid}/update",
	Tag:     "User",
	Summary: "Change attributes and keys of an account.",
	About: "Only given members change; an empty text or list clears. The type, the password, " +
		"roles, features and the status are not changed here. The caller also needs " +
		"MODIFY_END_USER_ACCOUNT or MODIFY_SERVICE_ACCOUNT.",
	Needs:  administration,
	Handle: op.Write((*Service).updateV2),
}

type updateInput struct {
	UID  wire.UserID `path:"uid"`
	Body AttributesV2
}

// ProfileChanged is recorded for each attribute that an administrator changes. Values of lists are
// in brackets.
type ProfileChanged struct {
	Attribute string `json:"attribute"` // its published name
	Old       string `json:"old"`
	New       string `json:"new"`
}

// Kind returns the name of this fact in the log.
func (ProfileChanged) Kind() string { return "user.profileChanged" }

// Audience returns the company of the actor.
func (ProfileChanged) Audience() journal.Audience { return journal.Within() }

// AuditLine shows the attribute before and after.
func (f ProfileChanged) AuditLine(journal.Entry) journal.Line {
	return journal.Profile(f.Attribute, f.Old, f.New)
}

func (s *Service) updateV2(tx *db.Tx, caller auth.Caller, in updateInput) (DetailV2, error) {
	u, err := s.locked(tx, caller, in.UID)
	if err != nil {
		return DetailV2{}, err
	}
	if err := may(caller, u.AccountType, auth.ModifyEndUserAccount, auth.ModifyServiceAccount); err != nil {
		return DetailV2{}, err
	}
	if t := in.Body.AccountType; t != nil && *t != u.AccountType {
		return DetailV2{}, apierr.Invalid("accountType: it cannot change")
	}
	if err := s.changeAttributes(tx, caller, u, in.Body); err != nil {
		return DetailV2{}, err
	}
	if err := s.changeKeys(tx, caller, u, in.Body); err != nil {
		return DetailV2{}, err
	}
	if u, err = Get(tx, u.ID); err != nil {
		return DetailV2{}, err
	}
	return detail(tx, u)
}

// changeAttributes stores the given attributes, and records a fact for each that changes. u is the
// account before the change, and the subject of the facts.
func (s *Service) changeAttributes(tx *db.Tx, caller auth.Caller, u User, given AttributesV2) error {
	next := u
	given.apply(&next.Attributes)
	differences := u.differences(next.Attributes)
	if len(differences) == 0 {
		return nil
	}
	if err := next.Validate(); err != nil {
		return err
	}
	if err := next.checkTexts(u.Attributes); err != nil {
		return err
	}
	if next.Username != u.Username {
		if err := s.checkNames(tx, u.Company, next.Username); err != nil {
			return err
		}
	}
	flags, err := s.judgeScripts(u.Company, u.Attributes, next.Attributes)
	if err != nil {
		return err
	}
	if next.Email != u.Email {
		if err := freeEmails(tx, u.Company, emailsOf([]User{next})); err != nil {
			return err
		}
	}
	next.Updated = tx.Now()
	if err := updateAttributes(tx, next); err != nil {
		return err
	}
	if err := tell(s.Changed, tx, u.ID); err != nil {
		return err
	}
	if err := tell(s.Renamed, tx, u.ID); err != nil {
		return err
	}
	for _, d := range differences {
		fact := ProfileChanged{Attribute: d.name, Old: d.old, New: d.new}
		if err := s.Journal.Record(tx, caller, u.Subject(), fact); err != nil {
			return err
		}
	}
	for _, flag := range flags {
		if err := s.Journal.Record(tx, caller, u.Subject(), flag); err != nil {
			return err
		}
	}
	return nil
}

var updateUserV1 = op.Operation[Service]{
	ID:         "updateUserV1",
	Route:      "POST /pod/v1/admin/user/{uid}/update",
	Tag:        "User",
	Summary:    "Change attributes of an account, first version.",
	Deprecated: true,
	Needs:      administration,
	Handle:     op.Write((*Service).updateV1),
}

type updateInputV1 struct {
	UID  wire.UserID `path:"uid"`
	Body AttributesV1
}

func (s *Service) updateV1(tx *db.Tx, caller auth.Caller, in updateInputV1) (DetailV1, error) {
	d, err := s.updateV2(tx, caller, updateInput{UID: in.UID, Body: AttributesV2{AttributesV1: in.Body}})
	return d.v1(), err
}
