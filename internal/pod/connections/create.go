package connections

import (
	"errors"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/pod/accounts"
	"podium/internal/pod/accounts/features"
	"podium/internal/pod/barriers"
	"podium/internal/pod/directory"
	"podium/internal/wire"
)

var createConnection = op.Operation[Service]{
	ID:      "createConnection",
	Route:   "POST /pod/v1/connection/create",
	Tag:     "Connection",
	Summary: "Ask a user of another company to connect.",
	About: "The caller may ask again after a refusal. For a user of the caller's own " +
		"company, and for one who is already connected, changes nothing and answers the " +
		"connection.",
	Needs:  auth.AnyUser,
	Opens:  []auth.Permission{auth.RequestUserConnections},
	Also:   []int{404},
	Handle: op.Write((*Service).create),
}

// pairInput names the other user in the body.
type pairInput struct {
	Body struct {
		UserID wire.UserID `json:"userId" doc:"The other user."`
	}
}

func (in pairInput) Validate() error {
	if in.Body.UserID == 0 {
		return apierr.Invalid("userId is required")
	}
	return nil
}

func (s *Service) create(tx *db.Tx, caller auth.Caller, in pairInput) (Connection, error) {
	if !local(caller, in.Body.UserID) {
		if err := entitled(tx, caller.User); err != nil { // for any other user
			return Connection{}, err
		}
	}
	p, err := pairOf(tx, caller, in.Body.UserID, errNoUser)
	if err != nil || p.sameCompany() {
		return p.implicit(tx, err, errApart)
	}
	if _, err := p.reachable(tx, caller); err != nil {
		return Connection{}, err
	}
	r, err := locked(tx, p.self.ID, p.other.ID)
	switch {
	case err != nil:
		return Connection{}, err
	case r.status == accepted:
		return r.seenBy(caller.User), nil
	case r.status == pending:
		return Connection{}, apierr.Invalid("A connection request already exists between these users")
	case !p.visible: // connected, or asked, until a moment ago
		return Connection{}, errNoUser
	case r.status == none:
		r.requested = tx.Now()
	}
	r.requester, r.status, r.updated = caller.User, pending, tx.Now()
	r.requests++
	if err := save(tx, r); err != nil {
		return Connection{}, err
	}
	return r.seenBy(caller.User), s.Journal.Record(tx, caller, p.other.Subject(), Requested{p.parties(r)})
}

// entitled returns an error for a user who may neither chat nor be in rooms with other companies.
func entitled(tx *db.Tx, id wire.UserID) error {
	for _, feature := range []features.Name{features.IsExternalIMEnabled, features.IsExternalRoomEnabled} {
		has, err := features.Has(tx, id, feature)
		if err != nil || has {
			return err
		}
	}
	return apierr.Forbidden("user %s has neither %s nor %s", id, features.IsExternalIMEnabled, features.IsExternalRoomEnabled)
}

// pair is the caller and the other user of a call.
type pair struct {
	self, other accounts.User
	visible     bool // look-ups show the other user to the caller; set by reachable
}

// reachable returns the record of two users of different companies. If there is none, it fails with
// errNoUser unless look-ups show the other user to the caller.
func (p *pair) reachable(tx *db.Tx, caller auth.Caller) (record, error) {
	r, err := between(tx, p.self.ID, p.other.ID)
	if err != nil {
		return r, err
	}
	_, err = directory.Visible(tx, caller, p.other.ID)
	p.visible = err == nil
	if errors.Is(err, db.ErrNoRow) && r.status != none && r.status != rejected {
		err = nil // the two have a record, so they know of each other
	}
	return r, unknown(err, errNoUser)
}

// implicit returns the connection within a company. It fails with refusal if an information barrier
// separates the two.
func (p pair) implicit(tx *db.Tx, err, refusal error) (Connection, error) {
	if err == nil && p.self.Walled && p.other.Walled {
		var apart bool
		if apart, err = barriers.Separated(tx, p.self.ID, p.other.ID); apart {
			err = refusal
		}
	}
	return implicit(p.other.ID), err
}

func (p pair) sameCompany() bool { return p.self.Company == p.other.Company }

// pairOf returns the caller and the other user. It fails with refusal if there is no such user, and
// with errItself for the caller.
func pairOf(tx *db.Tx, caller auth.Caller, id wire.UserID, refusal error) (p pair, err error) {
	if id == caller.User {
		return p, errItself
	}
	if local(caller, id) {
		p.other, err = accounts.Own(tx, caller.Company, id)
	} else {
		p.other, err = accounts.Get(tx, id)
	}
	if err != nil {
		return p, unknown(err, refusal)
	}
	p.self, err = accounts.Own(tx, caller.Company, caller.User)
	return p, err
}
