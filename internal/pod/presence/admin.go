package presence

import (
	"errors"
	"slices"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/journal"
	"podium/internal/op"
	"podium/internal/pod/accounts"
	"podium/internal/wire"
)

var setUserPresence = op.Operation[Service]{
	ID:      "setUserPresence",
	Route:   "POST /pod/v3/user/presence",
	Tag:     "Presence",
	Summary: "Set the presence of any user of the company.",
	About:   "Works like setPresence; the user may change the presence at any time.",
	Needs:   auth.All(auth.AccessUserProvisioningAPI),
	Opens:   []auth.Permission{auth.SetPresence},
	Also:    []int{404},
	Passive: true,
	Handle:  op.Write((*Service).setUser),
}

type setUserInput struct {
	Soft bool `query:"soft" default:"false"`
	Body struct {
		Category Category    `json:"category"`
		UserID   wire.UserID `json:"userId" doc:"Whose presence is set."`
	}
}

func (in setUserInput) Validate() error {
	if err := in.Body.Category.settable(); err != nil {
		return err
	}
	if in.Body.UserID == 0 {
		return apierr.Invalid("userId is required")
	}
	return nil
}

func (s *Service) setUser(tx *db.Tx, caller auth.Caller, in setUserInput) (Presence, error) {
	return s.setFor(tx, caller, in.Body.UserID, in.Body.Category, in.Soft)
}

// WasSet is recorded when an administrator sets a user's presence. What users set themselves is not
// recorded; the row shows it.
type WasSet struct {
	Category Category `json:"category"`
	Soft     bool     `json:"soft"`
}

// Kind returns the name of this fact in the log.
func (WasSet) Kind() string { return "presence.set" }

// Audience returns the company of the actor.
func (WasSet) Audience() journal.Audience { return journal.Within() }

// AuditLine names the action.
func (WasSet) AuditLine(journal.Entry) journal.Line {
	return journal.Action("userPresenceUpdated", "User presence updated").ExceptOwn()
}

// setFor sets the presence of a user of the caller's company.
func (s *Service) setFor(tx *db.Tx, caller auth.Caller, id wire.UserID, c Category, soft bool) (Presence, error) {
	if id.Plausible() && id.Company() != caller.Company {
		// whether or not the user exists
		return Presence{}, apierr.Forbidden("user %s is of another company", id)
	}
	u, err := accounts.Own(tx, caller.Company, id)
	switch {
	case errors.Is(err, db.ErrNoRow):
		return Presence{}, errNoUser
	case err != nil:
		return Presence{}, err
	case u.Status != accounts.Enabled:
		return Presence{}, apierr.Invalid("User is not active")
	}
	state, _, err := locked(tx, id)
	if err != nil {
		return Presence{}, err
	}
	state.choose(c, soft, tx.Now())
	if err := s.save(tx, &state); err != nil {
		return Presence{}, err
	}
	return alone(state.view(), tx.Now()), s.Journal.Record(tx, caller, u.Subject(), WasSet{Category: c, Soft: soft})
}

var setUserPresenceV1 = op.Operation[Service]{
	ID:      "setUserPresenceV1",
	Route:   "POST /pod/v1/user/{uid}/presence",
	Tag:     "Presence",
	Summary: "Set the presence of any user of the company, first version.",
	About: "AVAILABLE, BUSY, ON_THE_PHONE and AWAY can be set; other categories are refused " +
		"with 403.",
	Needs:      auth.All(auth.AccessUserProvisioningAPI),
	Opens:      []auth.Permission{auth.SetPresence},
	Also:       []int{404},
	Passive:    true,
	Deprecated: true,
	Handle:     op.Write((*Service).setUserV1),
}

type setUserV1Input struct {
	UID  wire.UserID `path:"uid"`
	Body V1
}

func (in setUserV1Input) Validate() error {
	switch c := Category(in.Body.Category); {
	case slices.Contains(oldSettable, c):
		return nil
	case slices.Contains(old, c):
		return &apierr.Error{
			Kind: apierr.KindForbidden, Message: "Presence category cannot be set", Reason: "this version cannot set " + string(c),
		}
	}
	return errCategory
}

func (s *Service) setUserV1(tx *db.Tx, caller auth.Caller, in setUserV1Input) (V1, error) {
	p, err := s.setFor(tx, caller, in.UID, Category(in.Body.Category), false)
	return p.Category.v1(), err
}

var listPresence = op.Operation[Service]{
	ID:      "listPresence",
	Route:   "GET /pod/v2/users/presence",
	Tag:     "Presence",
	Summary: "List the presence of all users of the company.",
	About: "Lists users who have ever been present and whose accounts are active, by rising " +
		"ids. The next page begins with the last user of the previous page, who is " +
		"answered again.",
	Needs:   auth.All(auth.AccessUserProvisioningAPI),
	Opens:   []auth.Permission{auth.GetPresence},
	Passive: true,
	Handle:  op.Read((*Service).list),
}

type listInput struct {
	LastUserID *wire.UserID `query:"lastUserId"`
	Limit      int          `query:"limit" default:"1000" min:"1" max:"5000"`
}

func (s *Service) list(tx *db.Tx, caller auth.Caller, in listInput) ([]Presence, error) {
	first, last := wire.NewUserID(caller.Company, 0), wire.NewUserID(caller.Company, wire.MaxSequence)
	if in.LastUserID != nil {
		first = max(first, *in.LastUserID)
	}
	where, args, err := except(tx, caller, []any{first, last, in.Limit})
	if err != nil {
		return nil, err
	}
	// The range of ids implies the company. A condition on the company would make SQLite sort all
	// its users by it.
	rows, err := db.All(tx, scanListed, `
		SELECT user_id, category, at, due
		FROM presence
		WHERE user_id BETWEEN $1 AND $2 AND enabled`+where+`
		ORDER BY user_id
		LIMIT $3`, args...)
	if err != nil {
		return nil, err
	}
	return advanced(tx, rows)
}

// listed is as much of a state as a list shows, and when the clock next changes it.
type listed struct {
	Presence
	due wire.Time
}

func scanListed(row db.Row) (l listed, err error) {
	return l, row.Scan(&l.UserID, &l.Category, &l.Timestamp, &l.due)
}

// advanced returns presences as they are now. Only the states that the clock has changed since they
// were written are read as a whole: they are few, and a state has three times as many columns.
func advanced(tx *db.Tx, rows []listed) ([]Presence, error) {
	list := make([]Presence, len(rows))
	var late []wire.UserID
	for i, l := range rows {
		list[i] = l.Presence
		if l.due != 0 && l.due <= tx.Now() {
			late = append(late, l.UserID)
		}
	}
	if len(late) == 0 {
		return list, nil
	}
	states, err := db.All(tx, scanState, selectStates+` WHERE user_id IN ($1)`, late)
	if err != nil {
		return nil, err
	}
	now := make(map[wire.UserID]Presence, len(states))
	for i := range states {
		states[i].advance(tx.Now())
		now[states[i].user] = states[i].view()
	}
	for i := range list {
		if p, ok := now[list[i].UserID]; ok {
			list[i] = p
		}
	}
	return list, nil
}
