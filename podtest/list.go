package podtest

import (
	"context"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/pod/accounts"
	"podium/internal/wire"
)

// List creates the account of a distribution list of Acme: an id and a user name without sessions.
func (p *Pod) List(name string) *User { return p.list(190, name) }

// StrangersList creates the account of a distribution list of Globex.
func (p *Pod) StrangersList(name string) *User { return p.list(191, name) }

func (p *Pod) list(company wire.CompanyID, name string) *User {
	p.t.Helper()
	u, err := db.Write(context.Background(), p.Inner.DB, func(tx *db.Tx) (accounts.User, error) {
		return p.Inner.Accounts.CreateList(tx, auth.Caller{Company: company}, name, accounts.Attributes{DisplayName: name, Email: name + "@list.example"})
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return &User{ID: int64(u.ID), Username: u.Username, t: p.t}
}
