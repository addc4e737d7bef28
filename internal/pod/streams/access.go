package streams

import (
	"errors"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/db/lock"
	"podium/internal/wire"
)

// seen is a stream as a caller comes upon it.
type seen struct {
	Stream
	self Member // the caller's membership
	in   bool   // whether the caller has one
}

// see is a stream that the caller's company may know of: its own, or one that it has members in.
func see(tx *db.Tx, caller auth.Caller, id wire.StreamID) (seen, error) {
	s, err := db.One(tx, scanSeen, `
		SELECT `+columns+`, m.owner, m.joined
		FROM streams s LEFT JOIN stream_members m ON m.user_id = $1 AND m.stream = s.number
		WHERE `+indexedID+` = $2`, caller.User, indexed(id))
	if errors.Is(err, db.ErrNoRow) {
		return seen{}, apierr.NotFound("Stream not found")
	}
	if err != nil {
		return seen{}, err
	}
	if s.in {
		s.self.User = caller.User
		return s, nil
	}
	if s.Company == caller.Company {
		return s, nil
	}
	present, err := hasCompany(tx, s.Stream, caller.Company)
	if err == nil && !present {
		err = apierr.NotFound("Stream not found")
	}
	return s, err
}

func scanSeen(row db.Row) (s seen, err error) {
	var owner *bool
	var joined *wire.Time
	if s.Stream, err = scanStreams(&owner, &joined)(row); err == nil && joined != nil {
		s.in, s.self = true, Member{Owner: *owner, Joined: *joined}
	}
	return s, err
}

// hasCompany tells whether a company has members in a stream of several companies.
func hasCompany(tx *db.Tx, s Stream, company wire.CompanyID) (bool, error) {
	if !s.CrossPod {
		return s.Company == company, nil
	}
	n, err := db.Value[int64](tx, `SELECT members FROM stream_companies WHERE stream = $1 AND company = $2`, s.Number, company)
	if errors.Is(err, db.ErrNoRow) {
		return false, nil
	}
	return n > 0, err
}

// seeRoom is as see, for what is done with rooms alone.
func seeRoom(tx *db.Tx, caller auth.Caller, id wire.StreamID) (seen, error) {
	s, err := see(tx, caller, id)
	var refused *apierr.Error
	if errors.As(err, &refused) && refused.Kind == apierr.KindNotFound {
		return s, apierr.NotFound("Room not found")
	}
	if err == nil && s.Type != Room {
		err = apierr.Invalid("Stream is not a room")
	}
	return s, err
}

// seeIM is as see, for what is done with IMs and MIMs alone.
func seeIM(tx *db.Tx, caller auth.Caller, id wire.StreamID) (seen, error) {
	s, err := see(tx, caller, id)
	if err == nil && s.Type != IM && s.Type != MIM {
		err = apierr.Invalid("Stream is not an IM")
	}
	return s, err
}

// hold locks a stream until commit: whoever decides by what it reads of one does so first.
func hold(tx *db.Tx, id wire.StreamID) error { return tx.Lock(lock.Stream(id)) }

// holdRoom is as seeRoom, of a room that nobody else changes until commit.
func holdRoom(tx *db.Tx, caller auth.Caller, id wire.StreamID) (seen, error) {
	if err := hold(tx, id); err != nil {
		return seen{}, err
	}
	return seeRoom(tx, caller, id)
}

// action is what a caller wants to do with a stream. Who may depends on the stream.
type action struct {
	right auth.Right // lets administrators do it; empty if they may not
	// administrators may also do it in streams of other companies, and where they are members
	anywhere bool
	// own reports whether the caller may do it without the right
	own     func(tx *db.Tx, caller auth.Caller, s seen) (bool, error)
	refusal string // says who may, for the log; %s is the stream
}

// allow returns the grant by which a caller may do something with a stream. The fact records it. A
// caller who may do it anyway, such as an owner, does not act by a right. It fails with Forbidden.
//
// Administrators act by a right on streams that their own company has made. Where compliance
// officers are members, they may do only what every member may.
func allow(tx *db.Tx, caller auth.Caller, s seen, a action) (auth.Grant, error) {
	own, err := a.own(tx, caller, s)
	if err != nil {
		return auth.Grant{}, err
	}
	if own {
		return caller.Granted(), nil
	}
	within := s.Company == caller.Company && (!s.in || caller.May(auth.AccessUserProvisioningAPI))
	if a.right != "" && caller.May(a.right) && (a.anywhere || within) {
		return caller.ByRight(a.right), nil
	}
	return auth.Grant{}, apierr.Forbidden(a.refusal, s.ID)
}

// asOwner reports whether the caller is an owner of the room. It is the own of actions for owners.
func asOwner(_ *db.Tx, _ auth.Caller, s seen) (bool, error) { return s.owns(), nil }

// asMember reports whether the caller is a member. It is the own of actions for members.
func asMember(_ *db.Tx, _ auth.Caller, s seen) (bool, error) { return s.in, nil }

// reading is to read of a stream: for members, and for administrators with the right.
func reading(right auth.Right) action {
	return action{
		right: right, anywhere: true, own: asMember,
		refusal: "only members, and administrators with " + string(right) + ", may see this of stream %s",
	}
}

// owns tells whether the caller is an owner of the room.
func (s seen) owns() bool { return s.in && s.self.Owner }
