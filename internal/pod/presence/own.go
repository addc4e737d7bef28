package presence

import (
	"slices"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
)

var ownPresence = op.Operation[Service]{
	ID:      "getPresence",
	Route:   "GET /pod/v2/user/presence",
	Tag:     "Presence",
	Summary: "Read the caller's own presence.",
	Needs:   auth.AnyUser,
	Opens:   []auth.Permission{auth.GetPresence},
	Passive: true,
	Handle:  op.Read((*Service).own),
}

type nothing struct{}

func (s *Service) own(tx *db.Tx, caller auth.Caller, _ nothing) (Presence, error) {
	state, _, err := find(tx, caller.User)
	return alone(state.view(), tx.Now()), err
}

var setOwnPresence = op.Operation[Service]{
	ID:      "setPresence",
	Route:   "POST /pod/v2/user/presence",
	Tag:     "Presence",
	Summary: "Set the caller's own presence.",
	About: "A hard presence remains until a soft one is set or the caller's connection ends. " +
		"A soft one takes effect only while the caller is connected, and becomes AWAY " +
		"after five minutes without activity. Answers the resulting presence.",
	Needs:   auth.AnyUser,
	Opens:   []auth.Permission{auth.SetPresence},
	Passive: true, // otherwise an idle user could not set a soft presence
	Handle:  op.Write((*Service).setOwn),
}

type setOwnInput struct {
	Soft bool `query:"soft" default:"false"`
	Body struct {
		Category Category `json:"category"`
	}
}

func (in setOwnInput) Validate() error { return in.Body.Category.settable() }

func (s *Service) setOwn(tx *db.Tx, caller auth.Caller, in setOwnInput) (Presence, error) {
	return s.setOf(tx, caller, in.Body.Category, in.Soft)
}

// setOf sets the caller's own presence. It locks the presence.
func (s *Service) setOf(tx *db.Tx, caller auth.Caller, c Category, soft bool) (Presence, error) {
	state, _, err := locked(tx, caller.User)
	if err != nil {
		return Presence{}, err
	}
	state.choose(c, soft, tx.Now())
	return alone(state.view(), tx.Now()), s.save(tx, &state)
}

var ownPresenceV1 = op.Operation[Service]{
	ID:         "getPresenceV1",
	Route:      "GET /pod/v1/user/presence",
	Tag:        "Presence",
	Summary:    "Read the caller's own presence, without a time.",
	Needs:      auth.AnyUser,
	Opens:      []auth.Permission{auth.GetPresence},
	Passive:    true,
	Deprecated: true,
	Handle:     op.Read((*Service).ownV1),
}

func (s *Service) ownV1(tx *db.Tx, caller auth.Caller, _ nothing) (V1, error) {
	p, err := s.own(tx, caller, nothing{})
	return p.Category.v1(), err
}

var setOwnPresenceV1 = op.Operation[Service]{
	ID:         "setPresenceV1",
	Route:      "POST /pod/v1/user/presence",
	Tag:        "Presence",
	Summary:    "Set the caller's own presence, first version.",
	About:      "AVAILABLE, BUSY, ON_THE_PHONE and AWAY can be set.",
	Needs:      auth.AnyUser,
	Opens:      []auth.Permission{auth.SetPresence},
	Passive:    true,
	Deprecated: true,
	Handle:     op.Write((*Service).setOwnV1),
}

type setOwnV1Input struct {
	Body V1
}

func (in setOwnV1Input) Validate() error {
	if !slices.Contains(oldSettable, Category(in.Body.Category)) {
		return errCategory
	}
	return nil
}

func (s *Service) setOwnV1(tx *db.Tx, caller auth.Caller, in setOwnV1Input) (V1, error) {
	p, err := s.setOf(tx, caller, Category(in.Body.Category), false)
	return p.Category.v1(), err
}

var errNoUser = apierr.NotFound("User not found")
