package session

import (
	"context"
	"errors"
	"fmt"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/jose"
	"podium/internal/op"
	"podium/internal/pod/accounts"
	"podium/internal/pod/certs"
	"podium/internal/pod/companies"
	"podium/internal/wire"
)

const aboutLogin = "The token is a JWT, RS512, of the claims sub (the user name) and exp (seconds, at most five minutes ahead), " +
	"signed with a private key whose public key the account has. Every refusal is 401 with one text."

var login = op.Operation[Service]{
	ID:      "authenticate",
	Route:   "POST /login/pubkey/authenticate",
	Tag:     "Authentication",
	Summary: "Log a user in by RSA key.",
	About:   aboutLogin,
	Needs:   auth.Anyone,
	Also:    []int{401},
	Login:   true,
	Handle:  op.Call((*Service).login),
}

var relayLogin = op.Operation[Service]{
	ID:      "authenticateKeyManager",
	Route:   "POST /relay/pubkey/authenticate",
	Tag:     "Authentication",
	Summary: "Log a user in at the key manager by RSA key.",
	About:   aboutLogin,
	Needs:   auth.Anyone,
	Also:    []int{401},
	Login:   true,
	Handle:  op.Call((*Service).relayLogin),
}

type loginInput struct {
	Peer op.Peer
	Body loginBody
}

type loginBody struct {
	Token string `json:"token" maxLength:"2000000" doc:"A JWT, signed by the caller's private key."`
}

// Token is the answer of a login.
type Token struct {
	Token              string `json:"token" doc:"The token itself."`
	Name               string `json:"name" doc:"The header to send it in."`
	AuthorizationToken string `json:"authorizationToken,omitempty" doc:"A short-lived access token, after the word Bearer."`
}

func (s *Service) login(ctx context.Context, caller auth.Caller, in loginInput) (Token, error) {
	return again(func() (Token, error) {
		m, u, err := s.verifyUser(ctx, caller, in.Body.Token)
		if err != nil {
			return Token{}, err
		}
		return s.openForUser(ctx, m, u, byRSA, in.Peer, byKey)
	})
}

func (s *Service) relayLogin(ctx context.Context, caller auth.Caller, in loginInput) (Token, error) {
	return again(func() (Token, error) {
		m, u, err := s.verifyUser(ctx, caller, in.Body.Token)
		if err != nil {
			return Token{}, err
		}
		return s.openAtKeyManager(ctx, m, u, byRSA, in.Peer, byKey)
	})
}

// maxTries is how often a login is tried while what it is decided by changes.
const maxTries = 10

// again repeats a login while its account, or the company's certificates, change during it. A role
// granted at that moment is no reason to refuse: the SDKs would give up.
func again[T any](login func() (T, error)) (T, error) {
	for range maxTries {
		token, err := login()
		if !errors.Is(err, accounts.ErrChanged) && !errors.Is(err, certs.ErrChanged) && !errors.Is(err, errAppChanged) {
			return token, err
		}
	}
	var none T
	return none, apierr.LoginRefused("the account, or the company's certificates, went on changing during the login")
}

// account is what a login is checked against.
type account struct {
	user accounts.User
	keys []string // PEM
}

// verifyUser returns the user who signed a login token. Neither the cost nor the text of a refusal
// tells whether the user exists.
func (s *Service) verifyUser(ctx context.Context, caller auth.Caller, token string) (*companies.Member, accounts.User, error) {
	m, ok := s.Companies.Get(caller.Company)
	if !ok {
		return nil, accounts.User{}, apierr.LoginRefused("there is no company %d", caller.Company)
	}
	claim, err := jose.ParseLogin(token)
	if err != nil {
		return nil, accounts.User{}, apierr.LoginRefused("login token: %s", err)
	}
	a, err := db.Read(ctx, s.DB, func(tx *db.Tx) (account, error) { return accountOf(tx, m.ID, claim.Subject()) })
	if err != nil {
		return nil, accounts.User{}, err
	}
	keys, err := s.keys.read(a.keys)
	if err != nil {
		return nil, accounts.User{}, fmt.Errorf("a stored key of user %s: %w", a.user.ID, err)
	}
	if err := claim.Verify(keys, s.DB.Now().Std()); err != nil {
		return nil, accounts.User{}, apierr.LoginRefused("login token of %q: %s", claim.Subject(), err)
	}
	if a.user.LockedOut(s.DB.Now()) {
		return nil, accounts.User{}, apierr.LoginRefused("the account %q is disabled or suspended", claim.Subject())
	}
	return m, a.user, nil
}

// accountOf returns the user with a name and the user's keys. For an unknown name it returns the
// zero value without keys.
func accountOf(tx *db.Tx, company wire.CompanyID, username string) (account, error) {
	u, keys, err := accounts.ForLogin(tx, company, username)
	if errors.Is(err, db.ErrNoRow) {
		return account{}, nil
	}
	if err != nil {
		return account{}, err
	}
	a := account{user: u}
	for _, k := range keys {
		a.keys = append(a.keys, k.PEM)
	}
	return a, nil
}

// openForUser opens a session of a user who has proved their identity.
func (s *Service) openForUser(ctx context.Context, m *companies.Member, u accounts.User, how Method, peer op.Peer, hold holding) (Token, error) {
	opened, err := s.open(ctx, m, u, auth.UserSession, how, peer, hold)
	if err != nil {
		return Token{}, err
	}
	access, err := s.signAccess(m, opened.user, opened.id, opened.expires, "")
	if err != nil {
		return Token{}, err
	}
	claims := jose.SessionClaims{Subject: u.Username, SessionID: opened.id, UserID: int64(u.ID)}
	return Token{
		Token:              jose.SignSession(m.SessionKeys.Current, claims),
		Name:               "sessionToken",
		AuthorizationToken: "Bearer " + access,
	}, nil
}

// openAtKeyManager opens a key manager session of a user who has proved their identity.
func (s *Service) openAtKeyManager(ctx context.Context, m *companies.Member, u accounts.User, how Method, peer op.Peer, hold holding) (Token, error) {
	opened, err := s.open(ctx, m, u, auth.KeySession, how, peer, hold)
	if err != nil {
		return Token{}, err
	}
	return Token{Token: jose.SignKeyManager(m.SessionKeys.Current, opened.id), Name: "keyManagerToken"}, nil
}

func (s *Service) open(ctx context.Context, m *companies.Member, u accounts.User, kind auth.SessionKind, how Method, peer op.Peer, hold holding) (session, error) {
	return db.Write(ctx, s.DB, func(tx *db.Tx) (session, error) {
		if err := s.Accounts.LoggedIn(tx, u); err != nil {
			return session{}, err
		}
		opened := newSession(tx, m, kind, how, peer)
		opened.user = u.ID
		if err := insertSession(tx, opened); err != nil {
			return session{}, err
		}
		return opened, hold(tx)
	})
}
