package signals

import (
	"context"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/db/lock"
	"podium/internal/op"
	"podium/internal/pod/accounts/features"
	"podium/internal/pod/dlp"
	"podium/internal/wire"
	"podium/internal/wording"
)

var createSignal = op.Operation[Service]{
	ID:      "createSignal",
	Route:   "POST /agent/v1/signals/create",
	Tag:     "Signals",
	Summary: "Create a signal.",
	About: "Its query joins author:ID, hashtag:TAG and cashtag:TAG by AND and OR, with at least " +
		"one tag; AND binds closer. A company-wide signal needs the feature " +
		"canCreatePushedSignals. A user has at most 500 signals, a company at most 500 " +
		"company-wide ones.",
	Needs:           auth.AnyUser,
	Opens:           []auth.Permission{auth.ManageSignals},
	KeyManagerToken: true,
	Also:            []int{451},
	Handle:          op.Call((*Service).create),
}

// BaseSignal is a signal as its owner defines it.
type BaseSignal struct {
	Name        string `json:"name" maxLength:"256"`
	Query       string `json:"query" maxLength:"4096" doc:"Such as hashtag:deal AND author:7078106482890 OR cashtag:ibm."`
	OnProfile   *bool  `json:"visibleOnProfile" doc:"Users of the company can see it; true if it is absent."`
	CompanyWide bool   `json:"companyWide" doc:"All users of the company have it."`
}

// onto returns the signal with the definition.
func (b BaseSignal) onto(s Signal) (Signal, error) {
	q, err := ParseQuery(b.Query)
	if err != nil {
		return s, err
	}
	s.Name, s.Query, s.CompanyWide = b.Name, q.String(), b.CompanyWide
	s.OnProfile = b.OnProfile == nil || *b.OnProfile
	return s, nil
}

func (b BaseSignal) check() error {
	switch {
	case b.Name == "":
		return apierr.Invalid("name: it is required")
	case b.Query == "":
		return apierr.Invalid("query: it is required")
	}
	_, err := ParseQuery(b.Query)
	return err
}

type createInput struct {
	Body BaseSignal
}

func (in createInput) Validate() error {
	if err := in.Body.check(); err != nil {
		return err
	}
	return wording.Line("name", in.Body.Name)
}

func (s *Service) create(ctx context.Context, caller auth.Caller, in createInput) (Signal, error) {
	found, err := s.DLP.CheckSignal(ctx, caller, in.Body.Name, in.Body.Query)
	if err != nil {
		return Signal{}, err
	}
	return dlp.Write(ctx, s.DB, func(tx *db.Tx) (Signal, error) { return s.insert(tx, caller, in, found) })
}

// insert inserts a signal, unless policies that have found something block it.
func (s *Service) insert(tx *db.Tx, caller auth.Caller, in createInput, found *dlp.Violation) (Signal, error) {
	made, err := in.Body.onto(Signal{ID: wire.NewHexID(tx.Now()), Created: tx.Now(), company: caller.Company, owner: caller.User})
	if err != nil {
		return made, err
	}
	if err := tx.Lock(append(counted(caller, made.CompanyWide), lock.SignalsOf(caller.User))...); err != nil {
		return made, err
	}
	if err := mayWiden(tx, caller, made, false); err != nil {
		return made, err
	}
	n, err := db.Value[int64](tx, `SELECT COUNT(*) FROM signals WHERE owner = $1`, caller.User)
	if err != nil {
		return made, err
	}
	if n >= maxOwned {
		return made, apierr.Invalid("Signal limit reached: a user has at most %d", maxOwned)
	}
	if err := found.About(made.ID).Enforce(tx); err != nil {
		return made, err
	}
	place, err := tx.Next("places")
	if err != nil {
		return made, err
	}
	err = tx.Exec(`
		INSERT INTO signals (id, company, owner, name, query, on_profile, company_wide, created, place)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		made.ID, made.company, made.owner, made.Name, made.Query, made.OnProfile, made.CompanyWide, made.Created, place)
	if err != nil {
		return made, err
	}
	if err := addSubscribers(tx, made, []wire.UserID{caller.User}, false); err != nil {
		return made, err
	}
	return made, s.Journal.Record(tx, caller, made.subject(), Created(made.definition()))
}

// counted returns the lock of the number of company-wide signals, if one may become one.
func counted(caller auth.Caller, companyWide bool) []lock.Key {
	if !companyWide {
		return nil
	}
	return []lock.Key{lock.CompanyWideSignalsOf(caller.Company)}
}

// mayWiden fails if the caller may not have a company-wide signal. was reports whether the signal
// was one before. The caller must have locked their number.
func mayWiden(tx *db.Tx, caller auth.Caller, s Signal, was bool) error {
	if !s.CompanyWide && !was {
		return nil
	}
	if err := needs(tx, caller, features.CanCreatePushedSignals); err != nil || was {
		return err
	}
	n, err := db.Value[int64](tx, `SELECT COUNT(*) FROM signals WHERE company = $1 AND company_wide`, caller.Company)
	if err == nil && n >= maxCompanyWide {
		err = apierr.Invalid("Signal limit reached: a company has at most %d company-wide ones", maxCompanyWide)
	}
	return err
}

var updateSignal = op.Operation[Service]{
	ID:      "updateSignal",
	Route:   "POST /agent/v1/signals/{id}/update",
	Tag:     "Signals",
	Summary: "Replace the definition of a signal.",
	About: "For its owner. Absent members get their defaults. If the signal is or becomes " +
		"company-wide, that needs the feature canCreatePushedSignals.",
	Needs:           auth.AnyUser,
	Opens:           []auth.Permission{auth.ManageSignals},
	KeyManagerToken: true,
	Also:            []int{451},
	Handle:          op.Call((*Service).update),
}

type updateInput struct {
	ID   string `path:"id" maxLength:"64"`
	Body BaseSignal
}

func (in updateInput) Validate() error { return in.Body.check() }

func (s *Service) update(ctx context.Context, caller auth.Caller, in updateInput) (Signal, error) {
	found, err := s.DLP.CheckSignal(ctx, caller, in.Body.Name, in.Body.Query)
	if err != nil {
		return Signal{}, err
	}
	return dlp.Write(ctx, s.DB, func(tx *db.Tx) (Signal, error) { return s.change(tx, caller, in, found) })
}

// change changes a signal, unless policies that have found something block that.
func (s *Service) change(tx *db.Tx, caller auth.Caller, in updateInput, found *dlp.Violation) (Signal, error) {
	was, err := owned(tx, caller, in.ID, counted(caller, in.Body.CompanyWide)...)
	if err != nil {
		return was, err
	}
	if err := wording.Changed(wording.Text{Field: "name", Was: was.Name, Value: in.Body.Name}); err != nil {
		return was, err
	}
	now, err := in.Body.onto(was)
	if err != nil {
		return was, err
	}
	if err := mayWiden(tx, caller, now, was.CompanyWide); err != nil {
		return was, err
	}
	if now == was {
		return now, nil
	}
	if err := found.About(now.ID).Enforce(tx); err != nil {
		return was, err
	}
	err = tx.Change(`UPDATE signals SET name = $2, query = $3, on_profile = $4, company_wide = $5 WHERE id = $1`,
		now.ID, now.Name, now.Query, now.OnProfile, now.CompanyWide)
	if err != nil {
		return was, err
	}
	return now, s.Journal.Record(tx, caller, now.subject(), Updated(now.definition()))
}

var deleteSignal = op.Operation[Service]{
	ID:              "deleteSignal",
	Route:           "POST /agent/v1/signals/{id}/delete",
	Tag:             "Signals",
	Summary:         "Delete a signal with its subscriptions.",
	About:           "For its owner.",
	Needs:           auth.AnyUser,
	Opens:           []auth.Permission{auth.ManageSignals},
	KeyManagerToken: true,
	Handle:          op.Write((*Service).delete),
}

func (s *Service) delete(tx *db.Tx, caller auth.Caller, in signalInput) (wire.Success, error) {
	was, err := owned(tx, caller, in.ID)
	if err != nil {
		return wire.Success{}, err
	}
	if err := tx.Exec(`DELETE FROM signal_subscribers WHERE signal = $1`, was.ID); err != nil {
		return wire.Success{}, err
	}
	if err := tx.Change(`DELETE FROM signals WHERE id = $1`, was.ID); err != nil {
		return wire.Success{}, err
	}
	return wire.Done("Signal " + was.ID + " deleted"), s.Journal.Record(tx, caller, was.subject(), Deleted(was.definition()))
}
