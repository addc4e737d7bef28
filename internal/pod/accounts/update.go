package accounts

import (
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/journal"
)

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

// Update gives a locked account new attributes, and records a fact for each that changes. u is the
// account before the change, and the subject of the facts.
func (s *Service) Update(tx *db.Tx, caller auth.Caller, u User, a Attributes) error {
	next := u
	next.Attributes = a
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
	if err := s.tellAccessAndAppearance(tx, u.ID); err != nil {
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

// SetAvatar stores what identifies an account's picture in its address.
func (s *Service) SetAvatar(tx *db.Tx, u User, hash string) error {
	if err := tx.Change(`UPDATE users SET avatar = $2, updated = $3 WHERE id = $1`, u.ID, hash, tx.Now()); err != nil {
		return err
	}
	return s.tellAccessAndAppearance(tx, u.ID) // session info shows the picture
}
