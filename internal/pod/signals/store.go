package signals

import (
	"errors"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/db/lock"
	"podium/internal/journal"
	"podium/internal/pod/accounts/features"
	"podium/internal/pod/barriers"
	"podium/internal/wire"
)

// Signal is a signal, as answers show it and as it is stored.
type Signal struct {
	Name        string    `json:"name"`
	Query       string    `json:"query"`
	OnProfile   bool      `json:"visibleOnProfile"`
	CompanyWide bool      `json:"companyWide"`
	ID          string    `json:"id"`
	Created     wire.Time `json:"timestamp" doc:"When it was created."`

	company wire.CompanyID
	owner   wire.UserID
}

const selectSignals = `
	SELECT id, company, owner, name, query, on_profile, company_wide, created
	FROM signals`

func scanSignal(row db.Row) (s Signal, err error) {
	return s, row.Scan(&s.ID, &s.company, &s.owner, &s.Name, &s.Query, &s.OnProfile, &s.CompanyWide, &s.Created)
}

func (s Signal) subject() journal.Subject { return journal.Subject{ID: s.ID, Name: s.Name} }

func errNone() error { return apierr.Invalid("Signal not found") }

// Find returns a signal that the caller may see, with its query. It fails with Invalid for any
// other one. Its owner and its subscribers see a signal. All users of the company see one that is
// company-wide or on its owner's profile. A barrier hides it from users who are separated from the
// owner.
func Find(tx *db.Tx, caller auth.Caller, id string) (Signal, Query, error) {
	s, err := find(tx, caller, id)
	if err != nil {
		return s, nil, err
	}
	q, err := ParseQuery(s.Query)
	return s, q, err
}

func find(tx *db.Tx, caller auth.Caller, id string) (Signal, error) {
	s, err := db.One(tx, scanSignal, selectSignals+` WHERE id = $1 AND company = $2`, id, caller.Company)
	if errors.Is(err, db.ErrNoRow) {
		return s, errNone()
	}
	if err != nil || s.owner == caller.User {
		return s, err
	}
	if caller.Walled {
		apart, err := barriers.Separated(tx, caller.User, s.owner)
		if err != nil {
			return s, err
		}
		if apart {
			return s, errNone()
		}
	}
	if s.CompanyWide || s.OnProfile {
		return s, nil
	}
	n, err := db.Value[int64](tx, `SELECT COUNT(*) FROM signal_subscribers WHERE signal = $1 AND user_id = $2`, id, caller.User)
	if err == nil && n == 0 {
		err = errNone()
	}
	return s, err
}

// locked locks a signal with its subscribers until commit, and returns it if the caller may see it.
// also is locked with it.
func locked(tx *db.Tx, caller auth.Caller, id string, also ...lock.Key) (Signal, error) {
	if err := tx.Lock(append(also, lock.Signal(id))...); err != nil {
		return Signal{}, err
	}
	return find(tx, caller, id)
}

// owned is locked for the owner. It fails with Forbidden for others who may see the signal.
func owned(tx *db.Tx, caller auth.Caller, id string, also ...lock.Key) (Signal, error) {
	s, err := locked(tx, caller, id, also...)
	if err == nil && s.owner != caller.User {
		err = apierr.Forbidden("only its owner may change signal %s", s.ID)
	}
	return s, err
}

// needs fails with Forbidden if a feature is disabled for the caller.
func needs(tx *db.Tx, caller auth.Caller, feature features.Name) error {
	has, err := features.Has(tx, caller.User, feature)
	if err == nil && !has {
		err = apierr.Forbidden("user %s lacks the entitlement %s", caller.User, feature)
	}
	return err
}
