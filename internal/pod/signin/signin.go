// Package signin is how people sign in to the console: the page that the pod serves. A sign-in
// opens a session whose token only a cookie carries, which scripts cannot read. Package session
// holds the sessions, and package op takes the cookie in place of a token.
package signin

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/url"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/oidc"
	"podium/internal/op"
	"podium/internal/pod/accounts"
	"podium/internal/pod/agent"
	"podium/internal/pod/companies"
	"podium/internal/pod/session"
	"podium/internal/wire"
)

// Service is the chapter signin. Package pod sets its fields.
type Service struct {
	DB        *db.DB
	Log       *slog.Logger
	Companies *companies.Directory
	Sessions  *session.Service

	// Demo lets every client on this machine sign in as any account, by its name alone.
	Demo bool
	// Passwords lets people sign in by password.
	Passwords bool
	// OIDC asks the companies' OpenID providers.
	OIDC *oidc.Client
}

// Operations returns the operations of this chapter.
func (s *Service) Operations() []op.Bound {
	return op.Bind(s, state, byDemo, byPassword, byLink, toProvider, fromProvider, signOut)
}

// tag is the section of the API description.
const tag = "Console"

// signInPath is the path of all sign-ins.
const signInPath = "/podium/v1/signin"

var state = op.Operation[Service]{
	ID:      "getSignIn",
	Route:   "GET /podium/v1/signin",
	Tag:     tag,
	Summary: "Read how the console lets people sign in.",
	About:   "Lists only the methods that are on. Lists accounts only where a name is enough to sign in.",
	Needs:   auth.Anyone,
	Handle:  op.Call((*Service).state),
}

type stateInput struct {
	Peer op.Peer
}

// State is how people sign in.
type State struct {
	Company Company  `json:"company"`
	Version string   `json:"version" doc:"The revision of Podium; empty if it is unknown."`
	Methods []string `json:"methods" doc:"Those that are on: demo, password, oidc, link."`
	People  []Person `json:"people,omitempty" doc:"The first enabled accounts, where the method demo is on."`
}

// Company is the company whose console it is.
type Company struct {
	ID   wire.CompanyID `json:"id"`
	Name string         `json:"name"`
}

// Person is an account that may sign in by its name.
type Person struct {
	Username    string           `json:"username"`
	DisplayName string           `json:"displayName"`
	AccountType auth.AccountType `json:"accountType"`
	Roles       []auth.Role      `json:"roles"`
}

func (s *Service) state(ctx context.Context, caller auth.Caller, in stateInput) (State, error) {
	m, ok := s.Companies.Get(caller.Company)
	if !ok {
		return State{}, apierr.NotFound("There is no such company")
	}
	answer := State{Company: Company{m.ID, m.Name}, Version: agent.Revision(), Methods: []string{}}
	if s.demoFor(in.Peer) {
		people, err := db.Read(ctx, s.DB, func(tx *db.Tx) ([]Person, error) { return demoPeople(tx, m.ID) })
		if err != nil {
			return State{}, err
		}
		answer.Methods, answer.People = append(answer.Methods, "demo"), people
	}
	if s.Passwords {
		answer.Methods = append(answer.Methods, "password")
	}
	switch _, err := s.provider(ctx, m.ID); {
	case err == nil:
		answer.Methods = append(answer.Methods, "oidc")
	case !isNotFound(err):
		return State{}, err
	}
	answer.Methods = append(answer.Methods, "link")
	return answer, nil
}

func isNotFound(err error) bool {
	var refused *apierr.Error
	return errors.As(err, &refused) && refused.Kind == apierr.KindNotFound
}

// sent is the input of operations that set or clear the session cookie. Another site must not make
// a browser call them.
type sent struct {
	Peer    op.Peer
	Console string `header:"Podium-Console" maxLength:"1" doc:"1"`
}

// check refuses a request that the console's page has not sent.
func check(p op.Peer) error {
	if !p.Console() {
		return apierr.Forbidden("the header Podium-Console: 1 is missing, or another site sent the request")
	}
	return nil
}

// SignedIn is the answer to a sign-in. The session token is in the cookie only.
type SignedIn struct {
	UserID wire.UserID `json:"userId"`
}

// answer is a sign-in with its cookie.
type answer = op.Cookied[SignedIn]

// open opens a session of the account that find returns, and puts its token into the cookie.
func (s *Service) open(ctx context.Context, caller auth.Caller, how session.Method, peer op.Peer, find func(*db.Tx) (accounts.User, error)) (answer, error) {
	opened, err := s.Sessions.SignIn(ctx, caller.Company, how, peer, find)
	if err != nil {
		return answer{}, err
	}
	return answer{Value: SignedIn{opened.User}, Cookies: []op.Cookie{sessionCookie(caller.Company, opened)}}, nil
}

func sessionCookie(company wire.CompanyID, opened session.Opened) op.Cookie {
	return op.Cookie{Name: op.SessionCookie(company), Value: opened.Token, Age: opened.Life}
}

var signOut = op.Operation[Service]{
	ID:      "signOut",
	Route:   "POST /podium/v1/signout",
	Tag:     tag,
	Summary: "End the console's session, and clear its cookie.",
	About:   "Succeeds also if the session is over.",
	Needs:   auth.Anyone,
	Handle:  op.Call((*Service).signOut),
}

func (s *Service) signOut(ctx context.Context, caller auth.Caller, in sent) (op.Cookied[wire.Success], error) {
	if err := check(in.Peer); err != nil {
		return op.Cookied[wire.Success]{}, err
	}
	name := op.SessionCookie(caller.Company)
	if err := s.Sessions.SignOut(ctx, caller.Company, in.Peer.Cookie(name)); err != nil {
		return op.Cookied[wire.Success]{}, err
	}
	return op.Cookied[wire.Success]{Value: wire.Done("OK"), Cookies: []op.Cookie{{Name: name}}}, nil
}

// onLoopback reports whether the client knows the pod by a name of its own machine. A page of
// another site can have its name lead to this machine, but its requests carry that name.
func onLoopback(p op.Peer) bool {
	site, err := url.Parse(p.Site)
	if err != nil {
		return false
	}
	ip := net.ParseIP(site.Hostname())
	return site.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
}
