package signin

import (
	"errors"
	"slices"
	"strings"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/journal"
	"podium/internal/oidc"
	"podium/internal/wire"
)

// Attribute is what a provider's claim names an account by.
type Attribute string

// The attributes.
const (
	Email    Attribute = "email"
	Username Attribute = "username"
)

// Enum returns the attributes.
func (Attribute) Enum() []string { return []string{string(Email), string(Username)} }

// Provider is the OpenID provider of a company.
type Provider struct {
	oidc.Config
	Claim     string // that names the account
	Attribute Attribute
}

// SetProvider stores the provider by which a company's people sign in.
func SetProvider(tx *db.Tx, log *journal.Log, company wire.CompanyID, p Provider) error {
	if err := p.Validate(); err != nil {
		return apierr.Invalid("%s", err)
	}
	if p.Claim == "" || len(p.Claim) > 128 || !slices.Contains(p.Attribute.Enum(), string(p.Attribute)) {
		return apierr.Invalid("a claim, and one of the attributes %v, are needed", p.Attribute.Enum())
	}
	if _, err := tx.Count(`DELETE FROM signin_providers WHERE company = $1`, company); err != nil {
		return err
	}
	err := tx.Exec(`
		INSERT INTO signin_providers (company, issuer, client_id, client_secret, hosts, claim, attribute)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		company, p.Issuer, p.ClientID, p.Secret, strings.Join(p.Hosts, " "), p.Claim, p.Attribute)
	if err != nil {
		return err
	}
	return log.Record(tx, auth.Caller{Company: company}, journal.Thing(company.String()), ProviderChanged{
		Issuer: p.Issuer, ClientID: p.ClientID, Hosts: p.Hosts, Claim: p.Claim, Attribute: p.Attribute,
	})
}

// RemoveProvider removes the provider of a company. It fails with NotFound if it has none.
func RemoveProvider(tx *db.Tx, log *journal.Log, company wire.CompanyID) error {
	err := tx.Change(`DELETE FROM signin_providers WHERE company = $1`, company)
	if errors.Is(err, db.ErrNoRow) {
		return apierr.NotFound("company %d has no provider", company)
	}
	if err != nil {
		return err
	}
	return log.Record(tx, auth.Caller{Company: company}, journal.Thing(company.String()), ProviderChanged{})
}

// ProviderOf returns the provider of a company. It fails with db.ErrNoRow.
func ProviderOf(tx *db.Tx, company wire.CompanyID) (Provider, error) {
	return db.One(tx, func(row db.Row) (p Provider, err error) {
		var hosts string
		err = row.Scan(&p.Issuer, &p.ClientID, &p.Secret, &hosts, &p.Claim, &p.Attribute)
		p.Hosts = strings.Fields(hosts)
		return p, err
	}, `SELECT issuer, client_id, client_secret, hosts, claim, attribute FROM signin_providers WHERE company = $1`, company)
}

// ProviderChanged is recorded when the operator sets or removes a company's provider. The client
// secret is not in it.
type ProviderChanged struct {
	Issuer    string    `json:"issuer,omitempty"` // empty: removed
	ClientID  string    `json:"clientId,omitempty"`
	Hosts     []string  `json:"hosts,omitempty"`
	Claim     string    `json:"claim,omitempty"`
	Attribute Attribute `json:"attribute,omitempty"`
}

// Kind returns the name of this fact in the log.
func (ProviderChanged) Kind() string { return "signin.providerChanged" }

// Audience returns the company of the actor.
func (ProviderChanged) Audience() journal.Audience { return journal.Within() }

// AuditLine returns why the audit trail leaves this fact out.
func (ProviderChanged) AuditLine(journal.Entry) journal.Line {
	return journal.Unaudited(journal.ByOperator)
}
