package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"podium/internal/db"
	"podium/internal/jose"
	"podium/internal/journal"
	"podium/internal/pod/accounts"
	"podium/internal/pod/companies"
	"podium/internal/pod/seed"
	"podium/internal/wire"
)

type adminCommand struct {
	Create adminCreate `cmd:"" help:"Create a service account with every administrative role, which logs in with the given RSA key."`
}

type adminCreate struct {
	storage
	Company   wire.CompanyID `required:"" help:"The company's number."`
	Username  string         `required:"" help:"The account's user name."`
	Email     string         `required:"" help:"The account's e-mail address."`
	PublicKey []byte         `required:"" type:"filecontent" placeholder:"FILE" help:"Its public RSA key in PEM, for instance of 4096 bits. You keep the private key."`
}

// Run creates an administrator.
func (c *adminCreate) Run(ctx context.Context) error {
	key, err := jose.ParsePublicKey(string(c.PublicKey))
	if err != nil {
		return fmt.Errorf("public-key: %w", err)
	}
	var created accounts.User
	err = c.withDatabase(ctx, func(tx *db.Tx) error {
		company, err := companies.Find(tx, c.Company)
		if errors.Is(err, db.ErrNoRow) {
			return fmt.Errorf("there is no company %d: add it with `podium company create`", c.Company)
		}
		if err != nil {
			return err
		}
		created, err = seed.Administrator(tx, &accounts.Service{Journal: &journal.Log{}}, company, c.Username, c.Email, key)
		return err
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(os.Stdout, "%s is user %d of company %d\n", created.Username, created.ID, created.Company)
	return nil
}
