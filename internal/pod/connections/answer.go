package connections

import (
	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
)

var acceptConnection = op.Operation[Service]{
	ID:      "acceptConnection",
	Route:   "POST /pod/v1/connection/accept",
	Tag:     "Connection",
	Summary: "Accept another user's request to connect.",
	About: "For a user of the caller's own company, and for one who is already connected, " +
		"changes nothing and answers the connection.",
	Needs:  auth.AnyUser,
	Opens:  []auth.Permission{auth.RequestUserConnections},
	Also:   []int{404},
	Handle: op.Write((*Service).accept),
}

func (s *Service) accept(tx *db.Tx, caller auth.Caller, in pairInput) (Connection, error) {
	p, err := pairOf(tx, caller, in.Body.UserID, errNotFound)
	if err != nil || p.sameCompany() {
		return p.implicit(tx, err, errNotFound)
	}
	r, err := locked(tx, p.self.ID, p.other.ID)
	if err == nil && r.status == none {
		err = errNotFound
	}
	if err == nil {
		err = entitled(tx, caller.User)
	}
	switch {
	case err != nil:
		return Connection{}, err
	case r.status == accepted:
		return r.seenBy(caller.User), nil
	case r.status != pending || r.requester == caller.User:
		return Connection{}, errNoRequest
	}
	r.status, r.updated = accepted, tx.Now()
	if err := save(tx, r); err != nil {
		return Connection{}, err
	}
	return r.seenBy(caller.User), s.Journal.Record(tx, caller, p.other.Subject(), WasAccepted{p.parties(r)})
}

var rejectConnection = op.Operation[Service]{
	ID:      "rejectConnection",
	Route:   "POST /pod/v1/connection/reject",
	Tag:     "Connection",
	Summary: "Refuse another user's request to connect.",
	About:   "The requester gets no notification, but sees the refusal.",
	Needs:   auth.AnyUser,
	Opens:   []auth.Permission{auth.RequestUserConnections},
	Also:    []int{404},
	Handle:  op.Write((*Service).reject),
}

func (s *Service) reject(tx *db.Tx, caller auth.Caller, in pairInput) (Connection, error) {
	p, err := pairOf(tx, caller, in.Body.UserID, errNotFound)
	if err == nil && p.sameCompany() {
		err = errImplicit
	}
	if err != nil {
		return Connection{}, err
	}
	r, err := locked(tx, p.self.ID, p.other.ID)
	switch {
	case err != nil:
		return Connection{}, err
	case r.status == none:
		return Connection{}, errNotFound
	case r.status == accepted:
		return Connection{}, apierr.Invalid("Connection is already accepted")
	case r.status != pending || r.requester == caller.User:
		return Connection{}, errNoRequest
	}
	r, err = s.refuse(tx, caller, p, r)
	return r.seenBy(caller.User), err
}

// refuse rejects a request that the caller does not want, and returns the record.
func (s *Service) refuse(tx *db.Tx, caller auth.Caller, p pair, r record) (record, error) {
	r.status, r.updated = rejected, tx.Now()
	if err := save(tx, r); err != nil {
		return r, err
	}
	return r, s.Journal.Record(tx, caller, p.other.Subject(), WasRejected{p.parties(r)})
}
