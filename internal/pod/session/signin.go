package session

import (
	"context"
	"time"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/jose"
	"podium/internal/journal"
	"podium/internal/op"
	"podium/internal/pod/accounts"
	"podium/internal/wire"
)

// The ways to sign in to the console.
const (
	ByDemo     Method = "demo"
	ByPassword Method = "password"
	ByLink     Method = "link"
	ByProvider Method = "oidc"
)

// Opened is a session that SignIn has opened.
type Opened struct {
	User  wire.UserID
	Token string
	Life  time.Duration
}

// SignIn opens a session for the console. find returns the account, in the transaction that opens
// the session. It has proved that the account's owner asks: nothing else is checked here but that
// the account is enabled and may log in. A refusal is LoginRefused.
func (s *Service) SignIn(ctx context.Context, company wire.CompanyID, how Method, peer op.Peer, find func(*db.Tx) (accounts.User, error)) (Opened, error) {
	m, ok := s.Companies.Get(company)
	if !ok {
		return Opened{}, apierr.LoginRefused("there is no company %d", company)
	}
	return again(func() (Opened, error) {
		return db.Write(ctx, s.DB, func(tx *db.Tx) (Opened, error) {
			u, err := find(tx)
			if err != nil {
				return Opened{}, err
			}
			if u.Company != company || u.AccountType == auth.SDL || u.LockedOut(tx.Now()) {
				return Opened{}, apierr.LoginRefused("the account %s is disabled, suspended or a distribution list", u.ID)
			}
			if err := s.Accounts.LoggedIn(tx, u); err != nil {
				return Opened{}, err
			}
			opened := newSession(tx, m, auth.UserSession, how, peer)
			opened.user = u.ID
			if err := insertSession(tx, opened); err != nil {
				return Opened{}, err
			}
			claims := jose.SessionClaims{Subject: u.Username, SessionID: opened.id, UserID: int64(u.ID)}
			itself := auth.Caller{Company: company, Kind: auth.UserSession, User: u.ID, Username: u.Username, Email: u.Email}
			return Opened{User: u.ID, Token: jose.SignSession(m.SessionKeys.Current, claims), Life: m.SessionLifetime},
				s.Journal.Record(tx, itself, u.Subject(), SignedIn{Method: string(how), Address: peer.Address})
		})
	})
}

// SignOut ends the session of a token. It does nothing if the token is forged or its session is
// over.
func (s *Service) SignOut(ctx context.Context, company wire.CompanyID, token string) error {
	m, ok := s.Companies.Get(company)
	if !ok {
		return nil
	}
	id, err := jose.VerifySession(m.SessionKeys, token)
	if err != nil {
		return nil
	}
	_, err = db.Write(ctx, s.DB, func(tx *db.Tx) ([]string, error) {
		return s.end(tx, `id = $1 AND company = $2 AND kind = $3`, id, company, auth.UserSession)
	})
	return err
}

// SignedIn is recorded when an account signs in to the console.
type SignedIn struct {
	Method  string `json:"method"`  // demo, password, link or oidc
	Address string `json:"address"` // the client's
}

// Kind returns the name of this fact in the log.
func (SignedIn) Kind() string { return "session.signedIn" }

// Audience returns the company of the actor.
func (SignedIn) Audience() journal.Audience { return journal.Within() }

// AuditLine returns why the audit trail leaves this fact out.
func (SignedIn) AuditLine(journal.Entry) journal.Line {
	return journal.Unaudited(journal.ByThemselves)
}
