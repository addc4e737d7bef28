package signin

import (
	"context"
	"errors"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/pod/accounts"
	"podium/internal/pod/session"
	"podium/internal/wire"
)

var byDemo = op.Operation[Service]{
	ID:      "signInDemo",
	Route:   "POST /podium/v1/signin/demo",
	Tag:     tag,
	Summary: "Sign in as any enabled account, by its name alone.",
	About:   "Only `podium dev` has this, for clients on its own machine. Elsewhere the answer is 404.",
	Needs:   auth.Anyone,
	Also:    []int{401, 404},
	Login:   true,
	Handle:  op.Call((*Service).byDemo),
}

type demoInput struct {
	Peer    op.Peer
	Console string `header:"Podium-Console" maxLength:"1" doc:"1"`
	Body    struct {
		Username string `json:"username" minLength:"1" maxLength:"256" doc:"The account's user name."`
	}
}

func (s *Service) byDemo(ctx context.Context, caller auth.Caller, in demoInput) (answer, error) {
	if !s.demoFor(in.Peer) {
		return answer{}, apierr.NotFound("There is no such operation")
	}
	if err := check(in.Peer); err != nil {
		return answer{}, err
	}
	return s.open(ctx, caller, session.ByDemo, in.Peer, func(tx *db.Tx) (accounts.User, error) {
		u, err := accounts.ByUsername(tx, caller.Company, in.Body.Username)
		if errors.Is(err, db.ErrNoRow) {
			return u, apierr.LoginRefused("there is no account %q", in.Body.Username)
		}
		return u, err
	})
}

// demoFor reports whether a client may sign in by a name alone.
func (s *Service) demoFor(p op.Peer) bool { return s.Demo && onLoopback(p) }

// mostPeople is how many accounts are read for the list of accounts.
const mostPeople = 50

// demoPeople returns the enabled ones among the first accounts of a company: the demo data comes
// before what others add.
func demoPeople(tx *db.Tx, company wire.CompanyID) ([]Person, error) {
	first, err := accounts.From(tx, company, 0, mostPeople)
	if err != nil {
		return nil, err
	}
	people := []Person{}
	for _, u := range first {
		if u.AccountType == auth.SDL || u.LockedOut(tx.Now()) {
			continue
		}
		roles, err := accounts.Roles(tx, u.ID)
		if err != nil {
			return nil, err
		}
		people = append(people, Person{u.Username, u.DisplayName, u.AccountType, roles})
	}
	return people, nil
}
