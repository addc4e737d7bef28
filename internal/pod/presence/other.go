package presence

import (
	"context"
	"errors"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/pod/accounts"
	"podium/internal/pod/connections"
	"podium/internal/pod/directory"
	"podium/internal/wire"
)

var userPresence = op.Operation[Service]{
	ID:      "getUserPresence",
	Route:   "GET /pod/v3/user/{uid}/presence",
	Tag:     "Presence",
	Summary: "Read the presence of any user.",
	About: "A user of another company is OFFLINE, unless the two are connected and the " +
		"caller has registered interest within the last hour. Then fewer categories are " +
		"answered, and a change is visible after at most five minutes. With local, users " +
		"of other companies are always OFFLINE.",
	Needs:   auth.AnyUser,
	Opens:   []auth.Permission{auth.GetPresence},
	Also:    []int{404},
	Passive: true,
	Handle:  op.Call((*Service).user),
}

type userInput struct {
	UID   wire.UserID `path:"uid"`
	Local bool        `query:"local" default:"false"`
}

func (s *Service) user(ctx context.Context, caller auth.Caller, in userInput) (Presence, error) {
	return s.look(ctx, caller, in.UID, in.Local)
}

var userPresenceV2 = op.Operation[Service]{
	ID:         "getUserPresenceV2",
	Route:      "GET /pod/v2/user/{uid}/presence",
	Tag:        "Presence",
	Summary:    "Read the presence of any user, without a time.",
	About:      "Works like getUserPresence, with the categories of the first version.",
	Needs:      auth.AnyUser,
	Opens:      []auth.Permission{auth.GetPresence},
	Also:       []int{404},
	Passive:    true,
	Deprecated: true,
	Handle:     op.Call((*Service).userV2),
}

func (s *Service) userV2(ctx context.Context, caller auth.Caller, in userInput) (V1, error) {
	p, err := s.look(ctx, caller, in.UID, in.Local)
	return p.Category.v1(), err
}

var userPresenceV1 = op.Operation[Service]{
	ID:         "getUserPresenceV1",
	Route:      "GET /pod/v1/user/{uid}/presence",
	Tag:        "Presence",
	Summary:    "Read the presence of any user, without a time.",
	About:      "Users of other companies are OFFLINE.",
	Needs:      auth.AnyUser,
	Opens:      []auth.Permission{auth.GetPresence},
	Also:       []int{404},
	Passive:    true,
	Deprecated: true,
	Handle:     op.Call((*Service).userV1),
}

type userV1Input struct {
	UID wire.UserID `path:"uid"`
}

func (s *Service) userV1(ctx context.Context, caller auth.Caller, in userV1Input) (V1, error) {
	p, err := s.look(ctx, caller, in.UID, true)
	return p.Category.v1(), err
}

// look returns a user's presence as the caller may see it.
func (s *Service) look(ctx context.Context, caller auth.Caller, id wire.UserID, local bool) (Presence, error) {
	if id.Company() == caller.Company {
		return db.Read(ctx, s.DB, func(tx *db.Tx) (Presence, error) { return colleague(tx, caller, id) })
	}
	told, err := db.Read(ctx, s.DB, func(tx *db.Tx) (external, error) { return foreign(tx, caller, id, local) })
	if err != nil || !told.stale {
		return told.Presence, err
	}
	return db.Write(ctx, s.DB, func(tx *db.Tx) (Presence, error) { return refresh(tx, caller, id) })
}

// colleague returns the presence of a user of the caller's company. It fails with Forbidden if a
// barrier hides the user.
func colleague(tx *db.Tx, caller auth.Caller, id wire.UserID) (Presence, error) {
	state, ok, err := find(tx, id)
	if err == nil && !ok {
		_, err = accounts.Own(tx, id.Company(), id)
	}
	if errors.Is(err, db.ErrNoRow) {
		err = errNoUser
	}
	if err == nil && caller.Walled {
		err = mayLook(tx, caller, id)
	}
	return alone(state.view(), tx.Now()), err
}

// external is what a caller may see of a user of another company.
type external struct {
	Presence
	stale bool // the presence must be read again
}

// foreign returns what a caller may see of a user of another company: OFFLINE unless the two are
// connected and interest was registered. For a user with whom the caller is not connected, and whom
// look-ups do not show either, the answer is that of an unknown user.
func foreign(tx *db.Tx, caller auth.Caller, subject wire.UserID, local bool) (external, error) {
	reader := caller.User
	hidden := external{Presence: Presence{Category: Offline, UserID: subject, Timestamp: tx.Now()}}
	connected, err := connections.Connected(tx, reader, subject)
	if err != nil {
		return hidden, err
	}
	if !connected {
		if _, err := directory.Visible(tx, caller, subject); errors.Is(err, db.ErrNoRow) {
			return hidden, errNoUser
		} else if err != nil || local {
			return hidden, err
		}
		return hidden, apierr.Forbidden("users %s and %s are not connected", reader, subject)
	}
	if local {
		return hidden, nil
	}
	i, err := interestOf(tx, reader, subject)
	switch {
	case errors.Is(err, db.ErrNoRow):
		return hidden, nil
	case err != nil:
		return hidden, err
	case i.told == 0 || i.told.Add(tellEvery) <= tx.Now():
		hidden.stale = true
		return hidden, nil
	}
	p := Presence{Category: i.category, UserID: subject, Timestamp: i.at}
	return external{Presence: alone(p, tx.Now())}, nil
}

// refresh reads the presence of a user of another company, and stores what the caller is shown. It
// locks the interest.
func refresh(tx *db.Tx, caller auth.Caller, subject wire.UserID) (Presence, error) {
	reader := caller.User
	if err := lockInterest(tx, reader, subject); err != nil {
		return Presence{}, err
	}
	told, err := foreign(tx, caller, subject, false) // it may have changed since
	if err != nil || !told.stale {
		return told.Presence, err
	}
	state, _, err := find(tx, subject)
	if err != nil {
		return Presence{}, err
	}
	p := state.view()
	p.Category = p.Category.external()
	return alone(p, tx.Now()), tx.Change(`
		UPDATE presence_interests
		SET category = $3, at = $4, told = $5
		WHERE reader = $1 AND subject = $2`, reader, subject, p.Category, p.Timestamp, tx.Now())
}
