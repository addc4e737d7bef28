package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"podium/internal/db"
	"podium/internal/journal"
	"podium/internal/oidc"
	"podium/internal/pod/companies"
	"podium/internal/pod/signin"
	"podium/internal/wire"
)

type companyOIDC struct {
	storage
	ID           wire.CompanyID   `name:"id" required:"" help:"The company's number."`
	Issuer       string           `placeholder:"URL" help:"The provider's issuer, such as https://login.example."`
	ClientID     string           `placeholder:"ID" help:"The client id that the provider has given to the pod."`
	ClientSecret []byte           `name:"client-secret" type:"filecontent" placeholder:"FILE" help:"A file with the client secret."`
	Host         []string         `placeholder:"HOST,…" help:"Other hosts that the pod may ask for tokens, keys and user info. Default: the issuer's only."`
	Claim        string           `default:"email" help:"The claim that names the account."`
	Match        signin.Attribute `default:"email" enum:"email,username" help:"What the claim names an account by: ${enum}."`
	Off          bool             `help:"Remove the provider."`
}

// Validate names the settings that do not go together.
func (c *companyOIDC) Validate() error {
	if given := c.Issuer != "" && c.ClientID != "" && len(c.ClientSecret) > 0; given == c.Off {
		return errors.New("either --issuer, --client-id and --client-secret are needed, or --off")
	}
	return nil
}

// Run sets or removes the provider. A running pod uses it at once.
func (c *companyOIDC) Run(ctx context.Context) error {
	return c.withDatabase(ctx, func(tx *db.Tx) error {
		_, err := companies.Find(tx, c.ID)
		if errors.Is(err, db.ErrNoRow) {
			return fmt.Errorf("there is no company %d", c.ID)
		}
		if err != nil {
			return err
		}
		if c.Off {
			return signin.RemoveProvider(tx, &journal.Log{}, c.ID)
		}
		return signin.SetProvider(tx, &journal.Log{}, c.ID, signin.Provider{
			Config: oidc.Config{Issuer: c.Issuer, ClientID: c.ClientID, Secret: strings.TrimSpace(string(c.ClientSecret)), Hosts: c.Host},
			Claim:  c.Claim, Attribute: c.Match,
		})
	})
}
