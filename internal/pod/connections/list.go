package connections

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/pod/accounts"
	"podium/internal/pod/barriers"
	"podium/internal/wire"
)

// maxListed is the most users that a list may be restricted to.
const maxListed = 500

var listConnections = op.Operation[Service]{
	ID:      "listConnections",
	Route:   "GET /pod/v1/connection/list",
	Tag:     "Connection",
	Summary: "List the caller's connections with users of other companies.",
	About: "The last changed come first. Users of the caller's own company are always " +
		"connected; they are listed only if userIds names them and the status is ACCEPTED " +
		"or ALL. Unknown ids are omitted.",
	Needs:  auth.AnyUser,
	Opens:  []auth.Permission{auth.GetUserConnections},
	Also:   []int{404},
	Handle: op.Read((*Service).list),
}

type listInput struct {
	Status  Filter        `query:"status" required:"false"`
	UserIDs []wire.UserID `query:"userIds" maxItems:"500" refusal:"userIds: at most 500 are taken"`
}

func (in listInput) Validate() error {
	if len(in.UserIDs) > maxListed {
		return apierr.Invalid("userIds: at most %d are taken", maxListed)
	}
	return nil
}

// Filter selects the connections to list: those of a published status, ALL of them or, by default,
// those that are pending in either direction.
type Filter string

// The filters that are not statuses.
const (
	anyPending Filter = ""
	all        Filter = "ALL"
)

// Enum returns the published values.
func (Filter) Enum() []string { return append(Status("").Enum(), string(all)) }

// UnmarshalText accepts a status in either case, as clients send both. An older .NET client sends
// PENDING for PENDING_INCOMING.
func (f *Filter) UnmarshalText(text []byte) error {
	*f = Filter(strings.ToUpper(string(text)))
	if *f == "PENDING" {
		*f = Filter(PendingIncoming)
	}
	if !slices.Contains(f.Enum(), string(*f)) {
		return errors.New("one of " + strings.Join(f.Enum(), ", ") + " is expected")
	}
	return nil
}

func (f Filter) statuses() []status {
	switch f {
	case all:
		return []status{pending, accepted, rejected}
	case Filter(Accepted):
		return []status{accepted}
	case Filter(Rejected):
		return []status{rejected}
	}
	return []status{pending}
}

// shows reports whether the filter selects a connection whose record has one of its statuses.
func (f Filter) shows(c Connection) bool {
	return f == all || f == anyPending || f == Filter(c.Status)
}

func (s *Service) list(tx *db.Tx, caller auth.Caller, in listInput) ([]Connection, error) {
	var records []record
	var err error
	if in.UserIDs == nil {
		records, err = of(tx, caller.User, in.Status.statuses())
	} else {
		records, err = among(tx, caller.User, in.Status.statuses(), in.UserIDs)
	}
	if err != nil {
		return nil, err
	}
	list := make([]Connection, 0, len(records))
	for _, r := range records {
		if c := r.seenBy(caller.User); in.Status.shows(c) {
			list = append(list, c)
		}
	}
	slices.SortFunc(list, func(a, b Connection) int {
		return cmp.Or(cmp.Compare(b.UpdatedAt, a.UpdatedAt), cmp.Compare(a.UserID, b.UserID))
	})
	if in.Status != all && in.Status != Filter(Accepted) {
		return list, nil
	}
	colleagues, err := accounts.Known(tx, caller.Company, in.UserIDs)
	if err != nil {
		return nil, err
	}
	var apart []wire.UserID
	if caller.Walled {
		if apart, err = barriers.SeparatedFrom(tx, caller.User, colleagues); err != nil {
			return nil, err
		}
	}
	for _, id := range colleagues {
		if id != caller.User && !slices.Contains(apart, id) {
			list = append(list, implicit(id))
		}
	}
	return list, nil
}

var connectionInfo = op.Operation[Service]{
	ID:      "connectionInfo",
	Route:   "GET /pod/v1/connection/user/{userId}/info",
	Tag:     "Connection",
	Summary: "Read the caller's connection with one user.",
	About:   "For users of the caller's own company the status is always ACCEPTED.",
	Needs:   auth.AnyUser,
	Opens:   []auth.Permission{auth.GetUserConnections},
	Also:    []int{404},
	Handle:  op.Read((*Service).info),
}

type infoInput struct {
	UserID wire.UserID `path:"userId"`
}

func (s *Service) info(tx *db.Tx, caller auth.Caller, in infoInput) (Connection, error) {
	if local(caller, in.UserID) {
		p := pair{self: accounts.User{ID: caller.User, Walled: caller.Walled}}
		var err error
		p.other, err = accounts.Own(tx, caller.Company, in.UserID)
		return p.implicit(tx, unknown(err, errNotFound), errNotFound)
	}
	r, err := between(tx, caller.User, in.UserID)
	if err == nil && r.status == none {
		err = errNotFound // the answer must not reveal whether the user exists
	}
	return r.seenBy(caller.User), err
}

var (
	errNotFound  = apierr.NotFound("Connection not found")
	errNoUser    = apierr.NotFound("User not found")
	errItself    = apierr.Invalid("A user cannot connect with itself")
	errApart     = apierr.Forbidden("an information barrier separates the two users")
	errImplicit  = apierr.Invalid("Users of the same pod are implicitly connected")
	errNoRequest = apierr.Invalid("No pending connection request from this user")
)

// unknown returns refusal if err is db.ErrNoRow, and otherwise err.
func unknown(err, refusal error) error {
	if errors.Is(err, db.ErrNoRow) {
		return refusal
	}
	return err
}
