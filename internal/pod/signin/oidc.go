package signin

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"
	"time"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/oidc"
	"podium/internal/op"
	"podium/internal/pod/accounts"
	"podium/internal/pod/session"
	"podium/internal/wire"
)

// The paths of the sign-in at a provider. The cookie that binds it to a browser is sent below the
// first.
const (
	providerPath = signInPath + "/oidc"
	callbackPath = providerPath + "/callback"
)

// flowLife is how long a person may take at the provider.
const flowLife = 10 * time.Minute

// perBrowsers limits the sign-ins that an address begins at a provider.
var perBrowsers = limit{burst: 200, refill: 2 * time.Second}

var toProvider = op.Operation[Service]{
	ID:      "signInAtProvider",
	Route:   "GET " + providerPath,
	Tag:     tag,
	Summary: "Send the browser to the company's OpenID provider.",
	About:   "Answers 404 if the company has no provider. `podium company oidc` sets it.",
	Needs:   auth.Anyone,
	Success: 302,
	Also:    []int{404, 429},
	Login:   true,
	Handle:  op.Call((*Service).toProvider),
}

// Redirected is the body of an answer that sends the browser elsewhere.
type Redirected struct {
	Location string `json:"location" doc:"The address in the header Location."`
}

// redirect is an answer that sends the browser elsewhere and sets cookies.
type redirect = op.Cookied[op.Headed[Redirected]]

func redirectTo(location string, cookies ...op.Cookie) redirect {
	return redirect{
		Value:   op.Headed[Redirected]{Value: Redirected{location}, Headers: map[string]string{"Location": location}},
		Cookies: cookies,
	}
}

// The codes by which the page tells why a sign-in at a provider failed.
const (
	whyProvider = "provider" // the provider cannot be asked, or its answer is not right
	whyDenied   = "denied"   // the provider did not sign the person in
	whyExpired  = "expired"  // it took too long, or was begun in another browser
	whyAccount  = "account"  // no enabled person of the company has what the provider names
)

// failed sends the browser back to the page, with the reason behind #, which browsers send to no
// server. The browser's cookie is cleared, unless the browser has begun no such sign-in:
// another site may have made the call.
func (s *Service) failed(company wire.CompanyID, why string, reason error) redirect {
	s.Log.Info("a sign-in at a provider failed", "company", int64(company), "why", why, "reason", reason.Error())
	location := "/#/signin?error=" + why
	if why == whyExpired {
		return redirectTo(location)
	}
	return redirectTo(location, flowCookie(company, "", 0))
}

// flowCookie returns the cookie that binds a sign-in at a provider to a browser. It is sent with
// links of other sites, because the provider's page leads to the callback.
func flowCookie(company wire.CompanyID, value string, age time.Duration) op.Cookie {
	return op.Cookie{Name: flowName(company), Value: value, Path: providerPath, Age: age, Lax: true}
}

func flowName(company wire.CompanyID) string { return "podium_oidc_" + company.String() }

func (s *Service) toProvider(ctx context.Context, caller auth.Caller, in stateInput) (redirect, error) {
	p, err := s.provider(ctx, caller.Company)
	if err != nil {
		return redirect{}, err
	}
	begun := ofAddress(in.Peer.Address)
	begun.key, begun.limit = "begun "+begun.key, perBrowsers
	if err := s.take(ctx, begun); err != nil {
		return redirect{}, err
	}
	flow := oidc.Flow{Redirect: in.Peer.Site + callbackPath, State: rand.Text(), Nonce: rand.Text(), Verifier: rand.Text() + rand.Text()}
	location, err := s.OIDC.Start(ctx, p.Config, flow)
	if err != nil {
		return s.failed(caller.Company, whyProvider, err), nil
	}
	browser := rand.Text()
	_, err = db.Write(ctx, s.DB, func(tx *db.Tx) (struct{}, error) {
		return struct{}{}, tx.Exec(`
			INSERT INTO signin_flows (state, company, browser, nonce, verifier, expires)
			VALUES ($1, $2, $3, $4, $5, $6)`,
			digest(flow.State), caller.Company, digest(browser), flow.Nonce, flow.Verifier, tx.Now().Add(flowLife))
	})
	return redirectTo(location, flowCookie(caller.Company, browser, flowLife)), err
}

// provider returns a company's provider. It fails with NotFound if it has none.
func (s *Service) provider(ctx context.Context, company wire.CompanyID) (Provider, error) {
	p, err := db.Read(ctx, s.DB, func(tx *db.Tx) (Provider, error) { return ProviderOf(tx, company) })
	if errors.Is(err, db.ErrNoRow) {
		return Provider{}, apierr.NotFound("There is no such operation")
	}
	return p, err
}

var fromProvider = op.Operation[Service]{
	ID:      "signInFromProvider",
	Route:   "GET " + callbackPath,
	Tag:     tag,
	Summary: "Sign in the person whom the company's OpenID provider names.",
	About: "The provider sends the browser here, and the answer sends it to the console: with the session's cookie, or with " +
		"`#/signin?error=` and one of provider, denied, expired, account.",
	Needs:   auth.Anyone,
	Success: 302,
	Also:    []int{404},
	Login:   true,
	Handle:  op.Call((*Service).fromProvider),
}

type callbackInput struct {
	Peer  op.Peer
	State string `query:"state" required:"false" maxLength:"1024"`
	Code  string `query:"code" required:"false" maxLength:"16384"`
	Error string `query:"error" required:"false" maxLength:"1024"`
	Iss   string `query:"iss" required:"false" maxLength:"1024"`
}

func (s *Service) fromProvider(ctx context.Context, caller auth.Caller, in callbackInput) (redirect, error) {
	p, err := s.provider(ctx, caller.Company)
	if err != nil {
		return redirect{}, err
	}
	flow, err := s.endFlow(ctx, caller.Company, in.State, in.Peer.Cookie(flowName(caller.Company)))
	if errors.Is(err, db.ErrNoRow) {
		return s.failed(caller.Company, whyExpired, errors.New("this browser has begun no such sign-in")), nil
	}
	if err != nil {
		return redirect{}, err
	}
	if in.Error != "" || in.Code == "" {
		return s.failed(caller.Company, whyDenied, errors.New("the provider answers with an error")), nil
	}
	flow.Redirect = in.Peer.Site + callbackPath
	claims, err := s.OIDC.Finish(ctx, p.Config, flow, in.Code, in.Iss, p.Claim)
	if err != nil {
		return s.failed(caller.Company, whyProvider, err), nil
	}
	opened, err := s.open(ctx, caller, session.ByProvider, in.Peer, func(tx *db.Tx) (accounts.User, error) {
		return p.account(tx, caller.Company, claims)
	})
	var refused *apierr.Error
	if errors.As(err, &refused) && refused.Kind == apierr.KindLogin {
		return s.failed(caller.Company, whyAccount, err), nil
	}
	return redirectTo("/", append(opened.Cookies, flowCookie(caller.Company, "", 0))...), err
}

// endFlow removes a sign-in that a browser has begun, and returns it. It fails with db.ErrNoRow. Of
// several calls at once, one succeeds.
func (s *Service) endFlow(ctx context.Context, company wire.CompanyID, state, browser string) (oidc.Flow, error) {
	return db.Write(ctx, s.DB, func(tx *db.Tx) (oidc.Flow, error) {
		return db.One(tx, func(row db.Row) (f oidc.Flow, err error) { return f, row.Scan(&f.Nonce, &f.Verifier) }, `
			DELETE FROM signin_flows
			WHERE state = $1 AND company = $2 AND browser = $3 AND expires > $4
			RETURNING nonce, verifier`, digest(state), company, digest(browser), tx.Now())
	})
}

// account returns the person whom a provider's claims name. An error is LoginRefused.
func (p Provider) account(tx *db.Tx, company wire.CompanyID, claims map[string]any) (accounts.User, error) {
	if verified, given := claims["email_verified"]; given && verified != true && verified != "true" {
		return accounts.User{}, apierr.LoginRefused("the provider has not verified the person's e-mail address")
	}
	name, _ := claims[p.Claim].(string)
	if name == "" || len(name) > 1024 {
		return accounts.User{}, apierr.LoginRefused("the provider does not tell the claim %q as a text", p.Claim)
	}
	find, same := accounts.ByEmail, sameAddress
	if p.Attribute == Username {
		find, same = accounts.ByUsername, func(u accounts.User, name string) bool { return u.Username == name }
	}
	u, err := find(tx, company, name)
	if errors.Is(err, db.ErrNoRow) || err == nil && (!same(u, name) || u.AccountType != auth.Normal) {
		return accounts.User{}, apierr.LoginRefused("no person of the company has the %s that the provider names", p.Attribute)
	}
	return u, err
}

// sameAddress reports whether an account has an e-mail address, in upper or lower case of ASCII.
// Two addresses that only look the same are two.
func sameAddress(u accounts.User, address string) bool {
	lower := func(text string) string {
		return strings.Map(func(r rune) rune {
			if r >= 'A' && r <= 'Z' {
				return r + 'a' - 'A'
			}
			return r
		}, text)
	}
	return lower(u.Email) == lower(address)
}
