package disclaimers

import (
	"errors"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/db/lock"
	"podium/internal/journal"
	"podium/internal/op"
	"podium/internal/pod/accounts"
	"podium/internal/wire"
)

var assigned = op.Operation[Service]{
	ID:      "getUserDisclaimer",
	Route:   "GET /pod/v1/admin/user/{uid}/disclaimer",
	Tag:     "User",
	Summary: "Read the disclaimer that is assigned to a user.",
	About:   "Answers 204 if none is assigned, even if clients show the default one.",
	Needs:   auth.All(auth.AccessUserProvisioningAPI),
	Handle:  op.Read((*Service).assigned),
}

type userInput struct {
	UID wire.UserID `path:"uid"`
}

func (s *Service) assigned(tx *db.Tx, caller auth.Caller, in userInput) (op.Optional[Disclaimer], error) {
	none := op.Optional[Disclaimer]{}
	if _, err := accounts.Own(tx, caller.Company, in.UID); err != nil {
		return none, accounts.Unknown(err, in.UID)
	}
	d, err := of(tx, in.UID)
	if errors.Is(err, db.ErrNoRow) {
		return none, nil
	}
	return op.Optional[Disclaimer]{Value: &d}, err
}

// of returns the disclaimer assigned to an account. It fails with db.ErrNoRow.
func of(tx *db.Tx, id wire.UserID) (Disclaimer, error) {
	return db.One(tx, scanDisclaimer, selectDisclaimers+`
		JOIN user_disclaimers u ON u.company = d.company AND u.disclaimer = d.id
		WHERE u.user_id = $1`, id)
}

var assign = op.Operation[Service]{
	ID:      "updateUserDisclaimer",
	Route:   "POST /pod/v1/admin/user/{uid}/disclaimer/update",
	Tag:     "User",
	Summary: "Assign a disclaimer to a user, in place of the previous one.",
	Needs:   auth.All(auth.AccessUserProvisioningAPI),
	Handle:  op.Write((*Service).assign),
}

type assignInput struct {
	UID  wire.UserID `path:"uid"`
	Body struct {
		ID string `json:"id" maxLength:"128" doc:"The id of an active disclaimer."`
	}
}

func (in assignInput) Validate() error {
	if in.Body.ID == "" {
		return apierr.Invalid("id: it is required")
	}
	return nil
}

// Assigned is recorded when a disclaimer is assigned to an account or removed from it. Old and New
// are ids, empty for none.
type Assigned struct {
	Old string `json:"old"`
	New string `json:"new"`
}

// Kind returns the name of this fact in the log.
func (Assigned) Kind() string { return "user.disclaimerChanged" }

// Audience returns the company of the actor.
func (Assigned) Audience() journal.Audience { return journal.Within() }

// AuditLine shows the disclaimer before and after.
func (f Assigned) AuditLine(journal.Entry) journal.Line {
	return journal.Profile("disclaimer", f.Old, f.New)
}

func (s *Service) assign(tx *db.Tx, caller auth.Caller, in assignInput) (wire.Success, error) {
	u, old, err := s.locked(tx, caller, in.UID)
	if err != nil {
		return wire.Success{}, err
	}
	d, err := Find(tx, caller.Company, in.Body.ID)
	if err != nil {
		return wire.Success{}, unknown(err)
	}
	if !d.Active {
		return wire.Success{}, apierr.Invalid("Disclaimer is not active")
	}
	if d.ID == old {
		return wire.Done("OK"), nil
	}
	place, err := tx.Next("places")
	if err != nil {
		return wire.Success{}, err
	}
	err = tx.Exec(`
		INSERT INTO user_disclaimers (user_id, company, disclaimer, place)
		VALUES ($1, $2, $3, $4)
		ON CONFLICT (user_id) DO UPDATE SET disclaimer = excluded.disclaimer, place = excluded.place`,
		u.ID, u.Company, d.ID, place)
	if err != nil {
		return wire.Success{}, err
	}
	return wire.Done("OK"), s.changed(tx, caller, u, Assigned{Old: old, New: d.ID})
}

var unassign = op.Operation[Service]{
	ID:      "removeUserDisclaimer",
	Route:   "DELETE /pod/v1/admin/user/{uid}/disclaimer",
	Tag:     "User",
	Summary: "Remove a user's disclaimer.",
	About:   "If none is assigned, that is no error.",
	Needs:   auth.All(auth.AccessUserProvisioningAPI),
	Handle:  op.Write((*Service).unassign),
}

func (s *Service) unassign(tx *db.Tx, caller auth.Caller, in userInput) (wire.Success, error) {
	u, old, err := s.locked(tx, caller, in.UID)
	if err != nil || old == "" {
		return wire.Done("OK"), err
	}
	if err := tx.Change(`DELETE FROM user_disclaimers WHERE user_id = $1`, u.ID); err != nil {
		return wire.Success{}, err
	}
	return wire.Done("OK"), s.changed(tx, caller, u, Assigned{Old: old})
}

// locked returns an account and the id of its disclaimer, empty for none. It locks the company's
// disclaimers until commit, so that a disclaimer cannot become inactive while it is being assigned.
func (s *Service) locked(tx *db.Tx, caller auth.Caller, id wire.UserID) (u accounts.User, old string, err error) {
	if err := tx.Lock(lock.DisclaimersOf(caller.Company)); err != nil {
		return u, "", err
	}
	if u, err = accounts.Own(tx, caller.Company, id); err != nil {
		return u, "", accounts.Unknown(err, id)
	}
	old, err = db.Value[string](tx, `SELECT disclaimer FROM user_disclaimers WHERE user_id = $1`, id)
	if errors.Is(err, db.ErrNoRow) {
		err = nil
	}
	return u, old, err
}

func (s *Service) changed(tx *db.Tx, caller auth.Caller, u accounts.User, fact Assigned) error {
	if err := accounts.Touched(tx, u); err != nil {
		return err
	}
	return s.Journal.Record(tx, caller, u.Subject(), fact)
}
