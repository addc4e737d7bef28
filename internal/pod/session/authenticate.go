package session

import (
	"context"
	"strings"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/jose"
	"podium/internal/op"
	"podium/internal/wire"
)

// Accepts reports whether a session token of a company is valid.
func (s *Service) Accepts(ctx context.Context, company wire.CompanyID, token string) bool {
	_, err := s.Authenticate(ctx, company, op.Credentials{SessionToken: token})
	return err == nil
}

// Authenticate returns the caller of the session that a request's credentials name, for the frame.
// A session token takes precedence over an access token. If a key manager token is sent too, it
// must be live and belong to the same user. The error is InvalidSession.
func (s *Service) Authenticate(ctx context.Context, company wire.CompanyID, c op.Credentials) (auth.Caller, error) {
	m, ok := s.Companies.Get(company)
	if !ok {
		return auth.Caller{}, apierr.InvalidSession("there is no company %d", company)
	}
	var scopes []string
	byToken := false
	id, err := s.sessionOf(m.SessionKeys, c, func(token string) (string, error) {
		claims, err := jose.VerifyAccess(m.PublicKeys, token, s.DB.Now().Std())
		scopes, byToken = strings.Fields(claims.Entitlements), true
		return claims.SessionID, err
	})
	if err != nil {
		return auth.Caller{}, err
	}
	p, err := s.find(ctx, company, id)
	if err != nil {
		return auth.Caller{}, err
	}
	caller := p.caller
	caller.ByToken, caller.Scopes, caller.ByCookie = byToken, scopes, c.Cookie
	if caller.Kind == auth.KeySession {
		return auth.Caller{}, apierr.InvalidSession("a key manager's session was presented as a pod's")
	}
	if c.KeyManager != "" {
		return caller, s.checkKeyManager(ctx, m.SessionKeys, caller, c.KeyManager)
	}
	return caller, nil
}

// sessionOf returns the id of the session that the credentials name. It refuses forged credentials
// without a query.
func (s *Service) sessionOf(keys jose.SessionKeys, c op.Credentials, access func(string) (string, error)) (string, error) {
	if c.SessionToken != "" {
		id, err := jose.VerifySession(keys, c.SessionToken)
		if err != nil {
			return "", apierr.InvalidSession("the session token: %s", err)
		}
		return id, nil
	}
	if c.Authorization == "" {
		return "", apierr.InvalidSession("neither a session token nor an access token came with the request")
	}
	token := c.Authorization
	if len(token) >= 7 && strings.EqualFold(token[:7], "Bearer ") { // the Java SDK omits it
		token = strings.TrimSpace(token[7:])
	}
	id, err := access(token)
	if err != nil {
		return "", apierr.InvalidSession("the access token: %s", err)
	}
	return id, nil
}

func (s *Service) checkKeyManager(ctx context.Context, keys jose.SessionKeys, caller auth.Caller, token string) error {
	id, err := jose.VerifyKeyManager(keys, token)
	if err != nil {
		return apierr.InvalidSession("the key manager token: %s", err)
	}
	other, err := s.find(ctx, caller.Company, id)
	if err != nil {
		return err
	}
	if other.caller.Kind != auth.KeySession || other.caller.User != caller.User {
		return apierr.InvalidSession("the key manager token is another user's")
	}
	return nil
}

// find returns the principal of a live session, from the cache if it is fresh. The error is
// InvalidSession.
func (s *Service) find(ctx context.Context, company wire.CompanyID, id string) (principal, error) {
	p, fresh, t := s.cache.get(id)
	if !fresh {
		var err error
		p, err = db.Read(ctx, s.DB, func(tx *db.Tx) (principal, error) { return principalOf(tx, company, id) })
		if err != nil {
			return principal{}, err
		}
		s.cache.put(id, p, t)
	}
	if p.caller.Company != company || p.expires <= s.DB.Now() {
		return principal{}, apierr.InvalidSession("the session has expired")
	}
	return p, nil
}
