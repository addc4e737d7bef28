package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"podium/internal/db"
	"podium/internal/journal"
	"podium/internal/pod/companies"
	"podium/internal/wire"
)

type companyCommand struct {
	Create companyCreate `cmd:"" help:"Add a company."`
	Update companyUpdate `cmd:"" help:"Change a company's settings. A running pod uses them within a second; a listen address needs a restart."`
	OIDC   companyOIDC   `cmd:"" name:"oidc" help:"Set the OpenID provider by which a company's people sign in to the console."`
	List   companyList   `cmd:"" help:"List the companies."`
}

// companySettings is the settings of a company that the command line can set; nil leaves one
// as it is.
type companySettings struct {
	Host             []string       `placeholder:"NAME,…" help:"Host names that the company answers at. A pod with one company answers at any."`
	Domain           []string       `placeholder:"NAME,…" help:"Domains of the e-mail addresses of the company's own people. Community Connect takes nobody with such an address for a sponsored user."`
	Listen           *string        `placeholder:"ADDRESS" help:"A listen address of the company's own."`
	SessionLifetime  *time.Duration `placeholder:"DURATION" help:"How long a session lives: 1h to 336h. Default: 336h."`
	KeyOverlap       *time.Duration `placeholder:"DURATION" help:"How long a replaced RSA key remains valid. Default: 72h."`
	CertificateLogin *bool          `negatable:"" help:"Whether service accounts may log in by certificate. Default: yes."`
	CertificateBits  *int           `placeholder:"BITS" help:"The least size of a login certificate's RSA key. Default: 4096."`
	Language         []string       `placeholder:"CODE,…" help:"The languages that clients may offer, codes of two letters; en is always among them. Default: en,fr,ja."`

	ContentExport     *companies.ExportPeriod `placeholder:"off|hourly|daily" help:"How often what was said is exported into files, which service accounts with the role CONTENT_EXPORT_READER download. Default: off."`
	ContentExportKept *time.Duration          `placeholder:"DURATION" help:"How long export files are kept: 24h to 8784h. Default: 720h."`

	MixedScripts *companies.MixedScripts `placeholder:"allow|flag|refuse" help:"What happens to names that mix scripts, such as a Latin name with a Cyrillic letter: accept, accept and flag in the audit trail, or refuse. Default: refuse."`
}

func (s companySettings) apply(c *companies.Company) {
	if s.Host != nil {
		c.Hosts = s.Host
	}
	if s.Domain != nil {
		c.Domains = s.Domain
	}
	set(&c.Listen, s.Listen)
	set(&c.SessionLifetime, s.SessionLifetime)
	set(&c.KeyOverlap, s.KeyOverlap)
	set(&c.Certificates, s.CertificateLogin)
	set(&c.CertificateBits, s.CertificateBits)
	set(&c.ContentExport, s.ContentExport)
	set(&c.ContentExportKept, s.ContentExportKept)
	set(&c.MixedScripts, s.MixedScripts)
	if s.Language != nil {
		c.Languages = slices.Compact(slices.Sorted(slices.Values(append(s.Language, "en"))))
	}
}

func set[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}

type companyCreate struct {
	storage
	ID   wire.CompanyID `name:"id" required:"" help:"The company's number, 1 to 131071. It is part of the ids of its users."`
	Name string         `required:"" help:"The company's name."`
	companySettings
}

// Run adds a company.
func (c *companyCreate) Run(ctx context.Context) error {
	company := companies.Defaults(c.ID, c.Name)
	c.apply(&company)
	if err := company.Validate(); err != nil {
		return err
	}
	secrets, err := companies.NewSecrets(c.Name, time.Now())
	if err != nil {
		return err
	}
	return c.withDatabase(ctx, func(tx *db.Tx) error { return companies.Create(tx, &journal.Log{}, company, secrets) })
}

type companyUpdate struct {
	storage
	ID   wire.CompanyID `name:"id" required:"" help:"The company's number."`
	Name *string        `help:"The company's name."`
	companySettings
}

// Run changes a company's settings.
func (c *companyUpdate) Run(ctx context.Context) error {
	return c.withDatabase(ctx, func(tx *db.Tx) error {
		company, err := companies.Find(tx, c.ID)
		if err != nil {
			return fmt.Errorf("company %d: %w", c.ID, err)
		}
		set(&company.Name, c.Name)
		c.apply(&company)
		return companies.Update(tx, &journal.Log{}, company)
	})
}

type companyList struct{ storage }

// Run lists the companies.
func (c *companyList) Run(ctx context.Context) error {
	d, err := db.Open(ctx, c.config(stderrLog(c.logging)))
	if err != nil {
		return err
	}
	defer d.Close()
	list, err := companies.List(ctx, d)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tNAME\tHOSTS\tDOMAINS\tLISTEN\tSESSIONS LIVE\tCERTIFICATE LOGIN\tMIXED SCRIPTS\tLANGUAGES\tCONTENT EXPORT")
	for _, one := range list {
		login := "no"
		if one.Certificates {
			login = fmt.Sprintf("from %d bits", one.CertificateBits)
		}
		fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", one.ID, one.Name, strings.Join(one.Hosts, " "), strings.Join(one.Domains, " "), one.Listen, one.SessionLifetime, login, one.MixedScripts,
			strings.Join(one.Languages, " "), one.ContentExport)
	}
	return w.Flush()
}

// withDatabase runs fn in one transaction of the database that the settings name.
func (s storage) withDatabase(ctx context.Context, fn func(tx *db.Tx) error) error {
	d, err := db.Open(ctx, s.config(stderrLog(s.logging)))
	if err != nil {
		return err
	}
	defer d.Close()
	_, err = db.Write(ctx, d, func(tx *db.Tx) (struct{}, error) { return struct{}{}, fn(tx) })
	return err
}
