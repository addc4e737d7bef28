package streams

import (
	"errors"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/db/lock"
	"podium/internal/wire"
)

// Seen is a stream with the caller's membership.
type Seen struct {
	Stream
	Self Member // the caller's membership
	In   bool   // whether the caller has one
}

// See returns a stream that the caller's company may know of: its own, or one in which it has
// members. It fails with NotFound.
func See(tx *db.Tx, caller auth.Caller, id wire.StreamID) (Seen, error) {
	s, err := db.One(tx, scanSeen, `
		SELECT `+Columns+`, m.owner, m.joined
		FROM streams s LEFT JOIN stream_members m ON m.user_id = $1 AND m.stream = s.number
		WHERE `+indexedID+` = $2`, caller.User, indexed(id))
	if errors.Is(err, db.ErrNoRow) {
		return Seen{}, apierr.NotFound("Stream not found")
	}
	if err != nil {
		return Seen{}, err
	}
	if s.In {
		s.Self.User = caller.User
	}
	known, err := s.KnownTo(tx, caller.Company)
	if err == nil && !known {
		err = apierr.NotFound("Stream not found")
	}
	return s, err
}

// KnownTo reports whether a company may know of the stream: that of a member whose membership it
// holds, the one that made it, and others with members.
func (s Seen) KnownTo(tx *db.Tx, company wire.CompanyID) (bool, error) {
	if s.In || s.Company == company {
		return true, nil
	}
	return HasCompany(tx, s.Stream, company)
}

func scanSeen(row db.Row) (s Seen, err error) {
	var owner *bool
	var joined *wire.Time
	if s.Stream, err = ScanStreams(&owner, &joined)(row); err == nil && joined != nil {
		s.In, s.Self = true, Member{Owner: *owner, Joined: *joined}
	}
	return s, err
}

// HasCompany reports whether a company has members in a stream.
func HasCompany(tx *db.Tx, s Stream, company wire.CompanyID) (bool, error) {
	if !s.CrossPod {
		return s.Company == company, nil
	}
	n, err := db.Value[int64](tx, `SELECT members FROM stream_companies WHERE stream = $1 AND company = $2`, s.Number, company)
	if errors.Is(err, db.ErrNoRow) {
		return false, nil
	}
	return n > 0, err
}

// SeeRoom returns a room as See does. It refuses other streams.
func SeeRoom(tx *db.Tx, caller auth.Caller, id wire.StreamID) (Seen, error) {
	s, err := See(tx, caller, id)
	var refused *apierr.Error
	if errors.As(err, &refused) && refused.Kind == apierr.KindNotFound {
		return s, apierr.NotFound("Room not found")
	}
	if err == nil && s.Type != Room {
		err = apierr.Invalid("Stream is not a room")
	}
	return s, err
}

// Lock locks a stream until commit. Call it before reading what a decision depends on.
func Lock(tx *db.Tx, id wire.StreamID) error { return tx.Lock(lock.Stream(id)) }

// HoldRoom locks a room until commit and returns it as SeeRoom does.
func HoldRoom(tx *db.Tx, caller auth.Caller, id wire.StreamID) (Seen, error) {
	if err := Lock(tx, id); err != nil {
		return Seen{}, err
	}
	return SeeRoom(tx, caller, id)
}

// LockAll locks streams until commit.
func LockAll(tx *db.Tx, ids []wire.StreamID) error {
	keys := make([]lock.Key, len(ids))
	for i, id := range ids {
		keys[i] = lock.Stream(id)
	}
	return tx.Lock(keys...)
}

// Action is what a caller wants to do with a stream. Who may depends on the stream.
type Action struct {
	Right auth.Right // lets administrators do it; empty if they may not
	// administrators may also do it in streams of other companies, and where they are members
	Anywhere bool
	// own reports whether the caller may do it without the right
	Own     func(tx *db.Tx, caller auth.Caller, s Seen) (bool, error)
	Refusal string // says who may, for the log; %s is the stream
}

// Allow returns the grant by which a caller may do something with a stream. The fact records it. A
// caller who may do it anyway, such as an owner, does not act by a right. It fails with Forbidden.
//
// Administrators act by a right on streams that their own company has made. Where compliance
// officers are members, they may do only what every member may.
func Allow(tx *db.Tx, caller auth.Caller, s Seen, a Action) (auth.Grant, error) {
	own, err := a.Own(tx, caller, s)
	if err != nil {
		return auth.Grant{}, err
	}
	if own {
		return caller.Granted(), nil
	}
	within := s.Company == caller.Company && (!s.In || caller.May(auth.AccessUserProvisioningAPI))
	if a.Right != "" && caller.May(a.Right) && (a.Anywhere || within) {
		return caller.ByRight(a.Right), nil
	}
	return auth.Grant{}, apierr.Forbidden(a.Refusal, s.ID)
}

// AsOwner reports whether the caller is an owner of the room. It is the own of actions for owners.
func AsOwner(_ *db.Tx, _ auth.Caller, s Seen) (bool, error) { return s.Owns(), nil }

// asMember reports whether the caller is a member. It is the own of actions for members.
func asMember(_ *db.Tx, _ auth.Caller, s Seen) (bool, error) { return s.In, nil }

// Reading is to read of a stream: for members, and for administrators with the right.
func Reading(right auth.Right) Action {
	return Action{
		Right: right, Anywhere: true, Own: asMember,
		Refusal: "only members, and administrators with " + string(right) + ", may see this of stream %s",
	}
}

// Owns reports whether the caller is an owner of the room.
func (s Seen) Owns() bool { return s.In && s.Self.Owner }

// SeeNumbers returns the streams with the given numbers that the caller is in, or that the caller's
// company has made, with the caller's memberships.
func SeeNumbers(tx *db.Tx, caller auth.Caller, numbers []int64) (map[int64]Seen, error) {
	list, err := db.All(tx, scanSeen, `
		SELECT `+Columns+`, m.owner, m.joined
		FROM streams s LEFT JOIN stream_members m ON m.user_id = $1 AND m.stream = s.number
		WHERE s.number IN ($2)`, caller.User, numbers)
	seen := make(map[int64]Seen, len(list))
	for _, s := range list {
		if s.In || s.Company == caller.Company {
			seen[s.Number] = s
		}
	}
	return seen, err
}
