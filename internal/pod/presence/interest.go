package presence

import (
	"encoding/json"
	"slices"
	"time"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/db/lock"
	"podium/internal/op"
	"podium/internal/pod/barriers"
	"podium/internal/pod/connections"
	"podium/internal/pod/directory"
	"podium/internal/wire"
)

// Limits of external presence ("Presence" of the developer documentation). The number of ids is our
// choice.
const (
	interestLife = time.Hour
	tellEvery    = 5 * time.Minute // how often one reader receives a new presence of one user
	maxInterests = 1000            // registered in one call
)

var registerInterest = op.Operation[Service]{
	ID:      "registerPresenceInterest",
	Route:   "POST /pod/v1/user/presence/register",
	Tag:     "Presence",
	Summary: "Register interest in the presence of users of other companies.",
	About: "An interest lasts an hour and adds to earlier ones. All users must be connected " +
		"with the caller, or nothing is registered. Users of the caller's own company " +
		"need no interest and are ignored.",
	Needs:   auth.AnyUser,
	Opens:   []auth.Permission{auth.GetPresence},
	Also:    []int{404},
	Passive: true,
	Handle:  op.Write((*Service).register),
}

type registerInput struct {
	Body *UserIDs `maxItems:"1000" refusal:"Invalid user id list: at most 1000 are taken"`
}

// UserIDs is a list of users: the published UserIdList.
type UserIDs []wire.UserID

// UnmarshalJSON accepts an array of ids. Anything else is refused with the published text.
func (list *UserIDs) UnmarshalJSON(data []byte) error {
	var ids []wire.UserID
	if err := json.Unmarshal(data, &ids); err != nil || slices.Contains(ids, 0) {
		return errUserIDs
	}
	*list = ids
	return nil
}

var errUserIDs = apierr.Invalid("Invalid user id list")

func (in registerInput) Validate() error {
	if in.Body == nil {
		return errUserIDs
	}
	if len(*in.Body) > maxInterests {
		return apierr.Invalid("Invalid user id list: at most %d are taken", maxInterests)
	}
	return nil
}

func (s *Service) register(tx *db.Tx, caller auth.Caller, in registerInput) (wire.Success, error) {
	ids := slices.Clone(*in.Body)
	slices.Sort(ids)
	ids = slices.Compact(ids)
	connected, err := connections.Among(tx, caller.User, ids)
	if err != nil {
		return wire.Success{}, err
	}
	known, err := directory.AllVisible(tx, caller, ids)
	if err != nil {
		return wire.Success{}, err
	}
	for _, id := range connected {
		if id.Company() != caller.Company {
			known[id] = true
		}
	}
	if len(known) < len(ids) {
		return wire.Success{}, errNoUser
	}
	if len(connected) < len(ids) {
		return wire.Success{}, apierr.Forbidden("not all of the users are connected with the caller")
	}
	if caller.Walled {
		apart, err := barriers.SeparatedFrom(tx, caller.User, ids)
		if err == nil && len(apart) > 0 {
			err = apierr.Forbidden("information barriers keep the caller apart from %v", apart)
		}
		if err != nil {
			return wire.Success{}, err
		}
	}
	until := tx.Now().Add(interestLife)
	for _, id := range ids {
		if id.Company() == caller.Company {
			continue
		}
		if err := registered(tx, caller.User, id, until); err != nil {
			return wire.Success{}, err
		}
	}
	return wire.Done("OK"), nil
}

func registered(tx *db.Tx, reader, subject wire.UserID, until wire.Time) error {
	return tx.Exec(`
		INSERT INTO presence_interests (reader, subject, until, category, at, told)
		VALUES ($1, $2, $3, '', 0, 0)
		ON CONFLICT (reader, subject) DO UPDATE SET until = excluded.until`, reader, subject, until)
}

// interest is what a reader has last seen of a user of another company.
type interest struct {
	category Category
	at, told wire.Time // told is 0 before the first time
}

// interestOf returns a reader's interest that has not ended. It fails with db.ErrNoRow.
func interestOf(tx *db.Tx, reader, subject wire.UserID) (interest, error) {
	return db.One(tx, func(row db.Row) (i interest, err error) { return i, row.Scan(&i.category, &i.at, &i.told) }, `
		SELECT category, at, told
		FROM presence_interests
		WHERE reader = $1 AND subject = $2 AND until > $3`, reader, subject, tx.Now())
}

func lockInterest(tx *db.Tx, reader, subject wire.UserID) error {
	return tx.Lock(lock.PresenceInterest(reader, subject))
}

// ConnectionEnded deletes the interests between two users whose connection has ended.
func (s *Service) ConnectionEnded(tx *db.Tx, n connections.Ended) error {
	return tx.Exec(`
		DELETE FROM presence_interests
		WHERE (reader = $1 AND subject = $2) OR (reader = $2 AND subject = $1)`, n.A, n.B)
}
