package session

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/jose"
	"podium/internal/op"
	"podium/internal/pod/apps"
	"podium/internal/pod/companies"
	"podium/internal/wire"
)

var appLogin = op.Operation[Service]{
	ID:      "authenticateApp",
	Route:   "POST /login/pubkey/app/authenticate",
	Tag:     "Authentication",
	Summary: "Log an application in by RSA key.",
	About: "Works like the login of a user; the claim sub is the application's id. The " +
		"session opens on-behalf-of logins.",
	Needs:  auth.Anyone,
	Also:   []int{401},
	Login:  true,
	Handle: op.Call((*Service).appLogin),
}

var appCertificateLogin = op.Operation[Service]{
	ID:      "authenticateAppByCertificate",
	Route:   "POST /sessionauth/v1/app/authenticate",
	Tag:     "CertificateAuthentication",
	Summary: "Log an application in by certificate.",
	About: "The common name of the TLS client certificate is the application's id. The " +
		"certificate is the application's own (cert), or the certificate or its issuer is " +
		"among the company's trusted certificates.",
	Needs:      auth.Anyone,
	Also:       []int{401},
	Deprecated: true,
	Login:      true,
	Handle:     op.Call((*Service).appCertificateLogin),
}

func (s *Service) appLogin(ctx context.Context, caller auth.Caller, in loginInput) (Token, error) {
	m, a, err := s.verifyApp(ctx, caller, in.Body.Token)
	if err != nil {
		return Token{}, err
	}
	return s.openForApp(ctx, m, a, byRSA, in.Peer, byKey)
}

func (s *Service) appCertificateLogin(ctx context.Context, caller auth.Caller, in certificateInput) (Token, error) {
	return again(func() (Token, error) {
		m, a, hold, err := certified(ctx, s, caller, in.Peer.Certificates, apps.Certified, certifiedApp)
		if err != nil {
			return Token{}, err
		}
		return s.openForApp(ctx, m, a, byCertificate, in.Peer, hold)
	})
}

// verifyApp returns the application that signed a login token. A refusal does not tell whether it
// exists, as with users.
func (s *Service) verifyApp(ctx context.Context, caller auth.Caller, token string) (*companies.Member, apps.App, error) {
	m, ok := s.Companies.Get(caller.Company)
	if !ok {
		return nil, apps.App{}, apierr.LoginRefused("there is no company %d", caller.Company)
	}
	claim, err := jose.ParseLogin(token)
	if err != nil {
		return nil, apps.App{}, apierr.LoginRefused("login token: %s", err)
	}
	var stored []string
	a, err := db.Read(ctx, s.DB, func(tx *db.Tx) (a apps.App, err error) {
		a, stored, err = appOf(tx, m.ID, claim.Subject())
		return a, err
	})
	if err != nil {
		return nil, apps.App{}, err
	}
	keys, err := s.keys.read(stored)
	if err != nil {
		return nil, apps.App{}, fmt.Errorf("a stored key of application %s: %w", a.ID, err)
	}
	if err := claim.Verify(keys, s.DB.Now().Std()); err != nil {
		return nil, apps.App{}, apierr.LoginRefused("login token of application %q: %s", claim.Subject(), err)
	}
	if !a.Enabled {
		return nil, apps.App{}, apierr.LoginRefused("the application %q is disabled", a.ID)
	}
	return m, a, nil
}

// appOf returns the application with an id, and its keys in PEM. For an unknown id it returns the
// zero value without keys. An id with a colon cannot log in (a published rule).
func appOf(tx *db.Tx, company wire.CompanyID, id string) (apps.App, []string, error) {
	a, err := apps.Find(tx, company, id)
	if errors.Is(err, db.ErrNoRow) || strings.Contains(id, ":") {
		return apps.App{}, nil, nil
	}
	if err != nil {
		return apps.App{}, nil, err
	}
	keys, err := apps.KeysOf(tx, company, id, tx.Now())
	return a, keys, err
}

// certifiedApp returns the application that the common name of a client certificate names. It fails
// with LoginRefused.
func certifiedApp(tx *db.Tx, company wire.CompanyID, name string) (apps.App, error) {
	a, err := apps.Find(tx, company, name)
	if errors.Is(err, db.ErrNoRow) || (err == nil && (!a.Enabled || strings.Contains(a.ID, ":"))) {
		return a, apierr.LoginRefused("client certificate: there is no enabled application %q", name)
	}
	return a, err
}

// openForApp opens a session of an application that has proved its identity.
func (s *Service) openForApp(ctx context.Context, m *companies.Member, a apps.App, how Method, peer op.Peer, hold holding) (Token, error) {
	opened, err := db.Write(ctx, s.DB, func(tx *db.Tx) (session, error) {
		opened := newSession(tx, m, auth.AppSession, how, peer)
		// read before the key was checked: if the epoch has changed since, the session is over
		opened.app, opened.epoch = a.ID, a.Epoch
		if err := insertSession(tx, opened); err != nil {
			return session{}, err
		}
		return opened, hold(tx)
	})
	if err != nil {
		return Token{}, err
	}
	claims := jose.SessionClaims{SessionID: opened.id, AppGroupID: a.ID, AppPermissions: names(a.Granted())}
	return Token{Token: jose.SignSession(m.SessionKeys.Current, claims), Name: "sessionToken"}, nil
}

func names(permissions []auth.Permission) []string {
	list := make([]string, len(permissions))
	for i, p := range permissions {
		list[i] = string(p)
	}
	return list
}
