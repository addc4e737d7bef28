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
func see(tx *db.Tx, caller auth.Caller, id ID) (seen, error) {
	s, err := db.One(tx, scanSeen, `
		SELECT `+columns+`, m.owner, m.joined
		FROM streams s LEFT JOIN stream_members m ON m.user_id = $1 AND m.stream = s.number
		WHERE `+indexedID+` = $2`, caller.User, id.indexed())
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
	if s.Stream, err = scanStreamAnd(row, &owner, &joined); err == nil && joined != nil {
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
func seeRoom(tx *db.Tx, caller auth.Caller, id ID) (seen, error) {
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
func seeIM(tx *db.Tx, caller auth.Caller, id ID) (seen, error) {
	s, err := see(tx, caller, id)
	if err == nil && s.Type != IM && s.Type != MIM {
		err = apierr.Invalid("Stream is not an IM")
	}
	return s, err
}

// hold locks a stream until commit: whoever decides by what it reads of one does so first.
func hold(tx *db.Tx, id ID) error { return tx.Lock(lock.Stream(id)) }

// holdRoom is as seeRoom, of a room that nobody else changes until commit.
func holdRoom(tx *db.Tx, caller auth.Caller, id ID) (seen, error) {
	if err := hold(tx, id); err != nil {
		return seen{}, err
	}
	return seeRoom(tx, caller, id)
}

// administers tells whether the caller may do something to the stream by a right of administrators:
// to a stream that the own company has made. Compliance officers act on streams from outside only;
// where they are members, they are members like all others.
func (s seen) administers(caller auth.Caller, right auth.Right) bool {
	return caller.May(right) && s.Company == caller.Company && (!s.in || caller.May(auth.AccessUserProvisioningAPI))
}

// by is the caller as somebody who acts by a right, and not as a member: what is done is audited.
func by(caller auth.Caller, right auth.Right) auth.Caller {
	caller.By = []auth.Right{right}
	return caller
}

// byRight tells whether the caller acts by a right.
func byRight(caller auth.Caller) bool { return len(caller.By) > 0 }

// owns tells whether the caller is an owner of the room.
func (s seen) owns() bool { return s.in && s.self.Owner }

// readable refuses a caller who is neither a member nor holds a right to look into any stream.
func (s seen) readable(caller auth.Caller, right auth.Right) error {
	if s.in || caller.May(right) {
		return nil
	}
	return apierr.Forbidden("only members, and administrators with %s, may see this of stream %s", right, s.ID)
}
