// Package inspector shows the authors of bots what their programs send to the pod and what the pod
// answers: each call with its bodies, the reason of a refusal and who can grant what was missing,
// the events that feeds were given, and which rights an account uses.
//
// The record is in the memory of the node that answered. It holds no secrets: they are masked
// before a call is recorded. Not inside: how an exchange is copied, which package op does.
package inspector

import (
	"context"
	"strconv"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/pod/accounts"
	"podium/internal/wire"
)

// Service answers the operations of this package.
type Service struct {
	DB       *db.DB
	Recorder *Recorder       // nil: the inspector is off
	Open     bool            // everybody may look at all calls of the own company: for demo data
	Draining <-chan struct{} // closed when the node ends; nil: never
}

// Operations returns the operations of this package.
func (s *Service) Operations() []op.Bound {
	return op.Bind(s, listCalls, watchCalls, getCall, getRights)
}

// watches is the right to look at the calls of other accounts. Who has it can set the key of any
// account, and so log in as the account: they learn nothing here that they could not learn so.
const watches = auth.AccessUserProvisioningAPI

var errOff = apierr.NotFound("The inspector is off on this node: start it with the setting inspector")

// filter says which calls are asked for.
type filter struct {
	user      wire.UserID // 0: of all
	app       string      // empty: of all
	operation string      // empty: of all
	status    string      // 403, or 4xx; empty: all
}

func (f filter) passes(d *Detail) bool {
	return (f.user == 0 || f.user == d.User) && (f.app == "" || f.app == d.App) && (f.operation == "" || f.operation == d.Operation) &&
		(f.status == "" || isStatus(f.status, d.Status))
}

// isStatus reports whether a status is as asked: 403, or 4xx.
func isStatus(asked string, status int) bool {
	text := strconv.Itoa(status)
	return asked == text || asked == text[:1]+"xx"
}

// allow returns the filter for what the caller may look at: all calls of the company, or their own.
// It fails with NotFound if the inspector is off, and with Forbidden.
func (s *Service) allow(caller auth.Caller, f filter) (filter, error) {
	switch {
	case s.Recorder == nil:
		return f, errOff
	case s.mayAll(caller) || f.user == caller.User:
		return f, nil
	case f.user == 0 && f.app == "":
		f.user = caller.User
		return f, nil
	}
	return f, apierr.Forbidden("the right %s is missing, for the calls of others", watches)
}

func (s *Service) mayAll(caller auth.Caller) bool { return s.Open || caller.May(watches) }

// stillMay fails if a caller who looks at calls of others has lost the right since.
func (s *Service) stillMay(ctx context.Context, caller auth.Caller, f filter) error {
	if s.Open || f.user == caller.User {
		return nil
	}
	roles, err := db.Read(ctx, s.DB, func(tx *db.Tx) ([]auth.Role, error) { return accounts.Roles(tx, caller.User) })
	if err == nil && !auth.RightsOf(roles).Has(watches) {
		err = apierr.Forbidden("the right %s is missing, for the calls of others", watches)
	}
	return err
}
