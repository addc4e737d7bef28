package accounts

import (
	"slices"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/db/lock"
	"podium/internal/journal"
	"podium/internal/wire"
	"podium/internal/wording"
)

// StatusChanged is recorded when an account is disabled or enabled.
type StatusChanged struct {
	Old Status `json:"old"`
	New Status `json:"new"`
}

// Kind returns the name of this fact in the log.
func (StatusChanged) Kind() string { return "user.statusChanged" }

// Audience returns the company of the actor.
func (StatusChanged) Audience() journal.Audience { return journal.Within() }

// AuditLine shows the status before and after.
func (f StatusChanged) AuditLine(journal.Entry) journal.Line {
	return journal.Profile("status", f.Old, f.New)
}

// indispensable lists the service accounts without which a published pod cannot work, by folded
// user name.
var indispensable = []string{"keymanager", "ceservice"}

// SetStatus enables or disables an account. A disabled account cannot log in, and its sessions end.
// An account cannot disable itself.
func (s *Service) SetStatus(tx *db.Tx, caller auth.Caller, id wire.UserID, status Status) error {
	if status == Disabled && s.HoldLists != nil {
		if err := s.HoldLists(tx, id); err != nil {
			return err
		}
	}
	u, err := LockOwn(tx, caller.Company, id)
	if err != nil {
		return err
	}
	if status == Disabled && s.HeldLists != nil {
		if err := s.HeldLists(tx, id); err != nil {
			return err
		}
	}
	if u.Status == status {
		return nil
	}
	if status == Disabled && u.ID == caller.User {
		return apierr.Invalid("status: users cannot disable their own account")
	}
	if status == Disabled && slices.Contains(indispensable, wording.Fold(u.Username)) {
		return apierr.Invalid("status: the account %s cannot be disabled", u.Username)
	}
	if err := s.setStatus(tx, caller, u, status); err != nil {
		return err
	}
	return s.Journal.Record(tx, caller, u.Subject(), StatusChanged{Old: u.Status, New: status})
}

func (s *Service) setStatus(tx *db.Tx, caller auth.Caller, u User, status Status) error {
	var err error
	if status == Disabled {
		err = tx.Change(`
			UPDATE users
			SET status = $2, deactivated = $3, updated = $3, version = version + 1
			WHERE id = $1`, u.ID, status, tx.Now())
	} else {
		err = enable(tx, u)
	}
	if err != nil {
		return err
	}
	changed := u
	changed.Status = status
	if err := updateTerms(tx, changed); err != nil {
		return err
	}
	var news journal.News = AccessChanged{u.ID}
	if status == Disabled {
		news = LockedOut{u.ID}
	}
	if err := s.Journal.Tell(tx, news); err != nil {
		return err
	}
	return s.Journal.Tell(tx, StatusSet{caller, u.ID, status})
}

// enable takes the account's e-mail address back. It fails if an enabled account has the address.
func enable(tx *db.Tx, u User) error {
	u.Status = Enabled
	if err := freeEmails(tx, u.Company, emailsOf([]User{u})); err != nil {
		return err
	}
	email, _ := u.emailFolds()
	return taken(tx.Change(`
		UPDATE users
		SET status = $2, deactivated = 0, updated = $3, version = version + 1,
			email_folded = CASE WHEN email_left = '' THEN email_folded ELSE $4 END, email_left = ''
		WHERE id = $1`, u.ID, Enabled, tx.Now(), email))
}

// SuspensionChanged is recorded when an account is suspended, or its suspension is lifted.
type SuspensionChanged struct {
	Suspended bool      `json:"suspended"`
	Until     wire.Time `json:"until,omitempty"`
	Reason    string    `json:"reason,omitempty"`
}

// Kind returns the name of this fact in the log.
func (SuspensionChanged) Kind() string { return "user.suspensionChanged" }

// Audience returns the company of the actor.
func (SuspensionChanged) Audience() journal.Audience { return journal.Within() }

// AuditLine shows whether the account is suspended, before and after.
func (f SuspensionChanged) AuditLine(journal.Entry) journal.Line {
	return journal.Profile("suspended", !f.Suspended, f.Suspended)
}

// Suspend locks an account out until a given time: its sessions end and it cannot log in before.
func (s *Service) Suspend(tx *db.Tx, caller auth.Caller, id wire.UserID, until wire.Time, reason string) error {
	u, err := LockOwn(tx, caller.Company, id)
	if err != nil {
		return err
	}
	if u.ID == caller.User {
		return apierr.Invalid("suspended: users cannot suspend their own account")
	}
	if until <= tx.Now() {
		return apierr.Invalid("suspendedUntil: it must be in the future")
	}
	if err := setSuspension(tx, u.ID, true, until, reason); err != nil {
		return err
	}
	if err := s.Journal.Tell(tx, LockedOut{u.ID}); err != nil {
		return err
	}
	return s.Journal.Record(tx, caller, u.Subject(), SuspensionChanged{Suspended: true, Until: until, Reason: reason})
}

// Unsuspend lifts a suspension. An account that is not suspended is no error.
func (s *Service) Unsuspend(tx *db.Tx, caller auth.Caller, id wire.UserID) error {
	u, err := LockOwn(tx, caller.Company, id)
	if err != nil || !u.Suspended {
		return err
	}
	if err := setSuspension(tx, u.ID, false, 0, ""); err != nil {
		return err
	}
	if err := s.Journal.Tell(tx, AccessChanged{u.ID}); err != nil {
		return err
	}
	return s.Journal.Record(tx, caller, u.Subject(), SuspensionChanged{})
}

func setSuspension(tx *db.Tx, id wire.UserID, suspended bool, until wire.Time, reason string) error {
	return tx.Change(`
		UPDATE users
		SET suspended = $2, suspended_until = $3, suspension_reason = $4, updated = $5, version = version + 1
		WHERE id = $1`, id, suspended, until, reason, tx.Now())
}

// LockOwn locks the account of a person or service of a company until commit, and returns it.
// Accounts of distribution lists change only with their groups.
func LockOwn(tx *db.Tx, company wire.CompanyID, id wire.UserID) (User, error) {
	if err := tx.Lock(lock.User(id)); err != nil {
		return User{}, err
	}
	u, err := OwnOrList(tx, company, id)
	if err == nil && u.AccountType == auth.SDL {
		return User{}, apierr.Invalid("User %s is a distribution list: it is changed with its group", id)
	}
	return u, Unknown(err, id)
}
