package connections

import (
	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/wire"
)

var removeConnection = op.Operation[Service]{
	ID:      "removeConnection",
	Route:   "POST /pod/v1/connection/user/{uid}/remove",
	Tag:     "Connection",
	Summary: "End a connection with another user, or withdraw a request.",
	About: "Depending on the state, this ends a connection, withdraws the caller's request, " +
		"refuses the other user's request, or turns the caller's refusal back into a " +
		"waiting request.",
	Needs:  auth.AnyUser,
	Opens:  []auth.Permission{auth.RequestUserConnections},
	Also:   []int{404},
	Handle: op.Write((*Service).remove),
}

type removeInput struct {
	UID wire.UserID `path:"uid"`
}

func (s *Service) remove(tx *db.Tx, caller auth.Caller, in removeInput) (wire.Success, error) {
	p, err := pairOf(tx, caller, in.UID, errNoUser)
	if err == nil && p.sameCompany() {
		err = errImplicit
	}
	if err != nil {
		return wire.Success{}, err
	}
	r, err := locked(tx, p.self.ID, p.other.ID)
	if err == nil && r.status == none {
		_, err = p.reachable(tx, caller)
	}
	if err != nil {
		return wire.Success{}, err
	}
	asked := r.requester == caller.User
	switch {
	case r.status == accepted:
		err = s.end(tx, caller, p, r)
	case r.status == pending && asked:
		err = s.withdraw(tx, caller, p, r)
	case r.status == pending:
		_, err = s.refuse(tx, caller, p, r)
	case r.status == rejected && !asked:
		err = s.restore(tx, caller, p, r)
	default:
		err = apierr.Invalid("Users are not connected")
	}
	return wire.Done("Connection Removed."), err
}

// end deletes a connection with its record.
func (s *Service) end(tx *db.Tx, caller auth.Caller, p pair, r record) error {
	if err := remove(tx, r); err != nil {
		return err
	}
	if err := s.Journal.Tell(tx, Ended{p.self.ID, p.other.ID}); err != nil {
		return err
	}
	return s.Journal.Record(tx, caller, p.other.Subject(), WasRemoved{p.parties(r)})
}

// withdraw deletes the caller's own request.
func (s *Service) withdraw(tx *db.Tx, caller auth.Caller, p pair, r record) error {
	if err := remove(tx, r); err != nil {
		return err
	}
	return s.Journal.Record(tx, caller, p.other.Subject(), Withdrawn{p.parties(r)})
}

// restore withdraws the caller's refusal, so that the request waits again.
func (s *Service) restore(tx *db.Tx, caller auth.Caller, p pair, r record) error {
	r.status, r.updated = pending, tx.Now()
	if err := save(tx, r); err != nil {
		return err
	}
	return s.Journal.Record(tx, caller, p.other.Subject(), Restored{p.parties(r)})
}
