package session

import (
	"context"
	"slices"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/db/lock"
	"podium/internal/jose"
	"podium/internal/op"
)

var logout = op.Operation[Service]{
	ID:      "logout",
	Route:   "POST /sessionauth/v1/logout",
	Tag:     "CertificateAuthentication",
	Summary: "End the session whose token is sent.",
	About: "The end of an application's session also ends the sessions that it opened on " +
		"behalf of users.",
	Needs:  auth.AnySession,
	Opens:  []auth.Permission{auth.ActAsUser},
	Handle: op.Write((*Service).logout),
}

// LoggedOut is the answer of a logout.
type LoggedOut struct {
	Message string `json:"message"`
}

func (s *Service) logout(tx *db.Tx, caller auth.Caller, _ nothing) (LoggedOut, error) {
	// a login on behalf of a user, which opens a session below this one, locks it too
	if caller.Kind == auth.AppSession {
		if err := tx.Lock(lock.App(caller.Company, caller.App)); err != nil {
			return LoggedOut{}, err
		}
	}
	ended, err := s.end(tx, `id = $1 OR (parent = $1 AND parent <> '')`, caller.Session)
	if err == nil && !slices.Contains(ended, caller.Session) {
		return LoggedOut{}, apierr.InvalidSession("the session has ended")
	}
	return LoggedOut{Message: "OK"}, err
}

var keyLogout = op.Operation[Service]{
	ID:      "logoutKeyManager",
	Route:   "POST /keyauth/v1/logout",
	Tag:     "CertificateAuthentication",
	Summary: "End the key manager's session whose token is sent, in the header sessionToken.",
	Needs:   auth.Anyone, // a key manager token opens nothing else; it is checked here
	Also:    []int{401},
	Handle:  op.Call((*Service).keyLogout),
}

type keyLogoutInput struct {
	SessionToken string `header:"sessionToken" maxLength:"16384"`
}

func (s *Service) keyLogout(ctx context.Context, caller auth.Caller, in keyLogoutInput) (LoggedOut, error) {
	m, ok := s.Companies.Get(caller.Company)
	if !ok {
		return LoggedOut{}, apierr.InvalidSession("there is no company %d", caller.Company)
	}
	id, err := jose.VerifyKeyManager(m.SessionKeys, in.SessionToken)
	if err != nil {
		return LoggedOut{}, apierr.InvalidSession("the key manager token: %s", err)
	}
	return db.Write(ctx, s.DB, func(tx *db.Tx) (LoggedOut, error) {
		ended, err := s.end(tx, `id = $1 AND company = $2 AND kind = $3 AND expires > $4`, id, m.ID, auth.KeySession, tx.Now())
		if err == nil && len(ended) == 0 {
			return LoggedOut{}, apierr.InvalidSession("the session has ended")
		}
		return LoggedOut{Message: "OK"}, err
	})
}
