package signin

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/journal"
	"podium/internal/op"
	"podium/internal/pod/accounts"
	"podium/internal/pod/session"
	"podium/internal/wire"
)

// LinkLife is how long a link is valid.
const LinkLife = 10 * time.Minute

// MakeLink returns the code of a link by which an enabled account signs in once. The page has it in
// its address behind #/signin/, a part that browsers send to no server.
func MakeLink(tx *db.Tx, log *journal.Log, company wire.CompanyID, username string) (code string, err error) {
	u, err := accounts.ByUsername(tx, company, username)
	if errors.Is(err, db.ErrNoRow) {
		return "", fmt.Errorf("company %d has no account %q", company, username)
	}
	if err != nil {
		return "", err
	}
	if u.LockedOut(tx.Now()) {
		return "", fmt.Errorf("the account %q is disabled or suspended", username)
	}
	var random [32]byte
	rand.Read(random[:]) // never fails
	code = base64.RawURLEncoding.EncodeToString(random[:])
	err = tx.Exec(`INSERT INTO signin_links (code, company, user_id, expires) VALUES ($1, $2, $3, $4)`,
		digest(code), company, u.ID, tx.Now().Add(LinkLife))
	if err != nil {
		return "", err
	}
	return code, log.Record(tx, auth.Caller{Company: company}, u.Subject(), LinkMade{})
}

// LinkMade is recorded when the operator makes a link by which an account signs in.
type LinkMade struct{}

// Kind returns the name of this fact in the log.
func (LinkMade) Kind() string { return "signin.linkMade" }

// Audience returns the company of the actor.
func (LinkMade) Audience() journal.Audience { return journal.Within() }

// AuditLine returns why the audit trail leaves this fact out.
func (LinkMade) AuditLine(journal.Entry) journal.Line { return journal.Unaudited(journal.ByOperator) }

var byLink = op.Operation[Service]{
	ID:      "signInByLink",
	Route:   "POST /podium/v1/signin/link",
	Tag:     tag,
	Summary: "Sign in by a link that the operator has made.",
	About:   "`podium login-link` prints such links, for people and for service accounts. Each is valid for ten minutes, once.",
	Needs:   auth.Anyone,
	Also:    []int{401, 429},
	Login:   true,
	Handle:  op.Call((*Service).byLink),
}

type linkInput struct {
	Peer    op.Peer
	Console string `header:"Podium-Console" maxLength:"1" doc:"1"`
	Body    struct {
		Code string `json:"code" minLength:"1" maxLength:"128" doc:"The link's code."`
	}
}

func (s *Service) byLink(ctx context.Context, caller auth.Caller, in linkInput) (answer, error) {
	if err := check(in.Peer); err != nil {
		return answer{}, err
	}
	client := ofAddress(in.Peer.Address)
	if err := s.take(ctx, client); err != nil {
		return answer{}, err
	}
	return s.open(ctx, caller, session.ByLink, in.Peer, func(tx *db.Tx) (accounts.User, error) {
		u, err := redeem(tx, caller.Company, in.Body.Code)
		if err != nil {
			return u, err
		}
		return u, giveBack(tx, client)
	})
}

// redeem deletes a link, and returns its account. Of several transactions at once, one succeeds.
func redeem(tx *db.Tx, company wire.CompanyID, code string) (accounts.User, error) {
	id, err := db.Value[wire.UserID](tx, `
		DELETE FROM signin_links
		WHERE code = $1 AND company = $2 AND expires > $3
		RETURNING user_id`, digest(code), company, tx.Now())
	if errors.Is(err, db.ErrNoRow) {
		return accounts.User{}, apierr.LoginRefused("the link is unknown, used or expired")
	}
	if err != nil {
		return accounts.User{}, err
	}
	u, err := accounts.Own(tx, company, id)
	if errors.Is(err, db.ErrNoRow) {
		return u, apierr.LoginRefused("the link's account %s is gone", id)
	}
	return u, err
}
