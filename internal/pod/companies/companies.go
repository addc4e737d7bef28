// Package companies holds the companies ("pods") that a server hosts: their names and settings, the
// company that a request is addressed to, and the keys with which each signs. The other chapters
// hold accounts and what they do.
package companies

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/db/lock"
	"podium/internal/jose"
	"podium/internal/journal"
	"podium/internal/wire"
	"podium/internal/wording"
)

// Company is one company and its settings.
type Company struct {
	ID   wire.CompanyID
	Name string
	// host names at which it answers; a server with one company needs none
	Hosts []string
	// of the e-mail addresses of its own people, in lower case; they are in no channel company
	Domains         []string
	Listen          string        // a listen address of its own; may be empty
	SessionLifetime time.Duration // 1 hour to 2 weeks
	KeyOverlap      time.Duration // how long a replaced RSA key stays valid
	Certificates    bool          // accounts may log in by certificate
	CertificateBits int           // the smallest RSA key of a login certificate
	MixedScripts    MixedScripts  // what happens to names that mix scripts
	// that clients may offer: codes of ISO 639-1, sorted, including en
	Languages []string
	// how often what was said is exported into files, and how long these are kept
	ContentExport     ExportPeriod
	ContentExportKept time.Duration
	Created           wire.Time
}

// Published limits and our defaults ("Pod settings" of the developer documentation).
const (
	MinSessionLifetime     = time.Hour
	MaxSessionLifetime     = 14 * 24 * time.Hour
	DefaultSessionLifetime = MaxSessionLifetime
	DefaultKeyOverlap      = 72 * time.Hour
	DefaultCertificateBits = 4096
)

// Defaults returns a company with every setting at its default.
func Defaults(id wire.CompanyID, name string) Company {
	return Company{
		ID: id, Name: name,
		SessionLifetime: DefaultSessionLifetime,
		KeyOverlap:      DefaultKeyOverlap,
		Certificates:    true,
		CertificateBits: DefaultCertificateBits,
		MixedScripts:    RefuseMixed,
		Languages:       []string{"en", "fr", "ja"}, // as in the published sample

		ContentExport: NoExport, ContentExportKept: DefaultExportKept,
	}
}

var hostName = regexp.MustCompile(`^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$`)

// Validate returns an error that names the first invalid setting.
func (c Company) Validate() error {
	switch {
	case c.ID < 1 || c.ID > wire.MaxCompany:
		return apierr.Invalid("id: a company's number is between 1 and %d", wire.MaxCompany)
	case strings.TrimSpace(c.Name) == "" || len(c.Name) > 256:
		return apierr.Invalid("name: a company needs a name of at most 256 characters")
	case c.SessionLifetime < MinSessionLifetime || c.SessionLifetime > MaxSessionLifetime:
		return apierr.Invalid("session lifetime: it is between 1 hour and 2 weeks")
	case c.KeyOverlap < 0 || c.KeyOverlap > 365*24*time.Hour:
		return apierr.Invalid("key overlap: it is at most a year")
	case !slices.Contains(c.MixedScripts.Enum(), string(c.MixedScripts)):
		return apierr.Invalid("mixed scripts: one of %v is expected", c.MixedScripts.Enum())
	case c.CertificateBits < 2048 || c.CertificateBits > 8192:
		return apierr.Invalid("certificate bits: they are between 2048 and 8192")
	}
	for _, h := range c.Hosts {
		if !hostName.MatchString(h) || len(h) > 253 {
			return apierr.Invalid("host %q: a host name in lower case is expected, without a port", h)
		}
	}
	if err := c.checkExport(); err != nil {
		return err
	}
	for _, d := range c.Domains {
		if !hostName.MatchString(d) || len(d) > 253 || !strings.Contains(d, ".") {
			return apierr.Invalid("domain %q: a domain of e-mail addresses in lower case is expected", d)
		}
	}
	return checkLanguages(c.Languages)
}

// Secrets holds the keys with which a company signs.
type Secrets struct {
	SessionKey  []byte
	PrivateKey  *rsa.PrivateKey
	Certificate string // PEM
}

// NewSecrets generates a company's secrets. It takes about a tenth of a second.
func NewSecrets(name string, now time.Time) (Secrets, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return Secrets{}, err
	}
	certificate, err := jose.SelfSigned(key, name, now, now.AddDate(20, 0, 0))
	if err != nil {
		return Secrets{}, err
	}
	session := make([]byte, 32)
	rand.Read(session)
	return Secrets{SessionKey: session, PrivateKey: key, Certificate: certificate}, nil
}

// Created is recorded when a company is created.
type Created struct {
	Name string `json:"name"`
}

// Kind returns the name of this fact in the log.
func (Created) Kind() string { return "company.created" }

// Audience returns the company of the actor.
func (Created) Audience() journal.Audience { return journal.Within() }

// AuditLine returns why the audit trail leaves this fact out.
func (Created) AuditLine(journal.Entry) journal.Line { return journal.Unaudited(journal.ByOperator) }

// Create creates a company.
func Create(tx *db.Tx, log *journal.Log, c Company, s Secrets) error {
	if err := c.Validate(); err != nil {
		return err
	}
	if err := wording.Line("name", c.Name); err != nil {
		return err
	}
	if err := namesFree(tx, c); err != nil {
		return err
	}
	private, err := jose.EncodePrivateKey(s.PrivateKey)
	if err != nil {
		return err
	}
	err = tx.Exec(`
		INSERT INTO companies (id, name, hosts, listen, session_seconds, key_seconds, certificates, certificate_bits, created, mixed_scripts,
			languages, domains, content_export, content_export_seconds)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		c.ID, c.Name, strings.Join(c.Hosts, " "), c.Listen, int64(c.SessionLifetime.Seconds()), int64(c.KeyOverlap.Seconds()),
		c.Certificates, c.CertificateBits, tx.Now(), c.MixedScripts, strings.Join(c.Languages, " "), strings.Join(c.Domains, " "),
		c.ContentExport, int64(c.ContentExportKept.Seconds()))
	if db.Conflict(err) == "companies_pkey" {
		return apierr.Invalid("id: the company %d exists already", c.ID)
	}
	if err != nil {
		return err
	}
	err = tx.Exec(`
		INSERT INTO company_secrets (company, session_key, previous, private_key, certificate)
		VALUES ($1, $2, $3, $4, $5)`,
		c.ID, base64.StdEncoding.EncodeToString(s.SessionKey), "", private, s.Certificate)
	if err != nil {
		return err
	}
	return log.Record(tx, auth.Caller{Company: c.ID}, journal.Thing(c.ID.String()), Created{Name: c.Name})
}

// Find returns the company with a number. It fails with db.ErrNoRow.
func Find(tx *db.Tx, id wire.CompanyID) (Company, error) {
	return db.One(tx, scanCompany, selectCompanies+` WHERE id = $1`, id)
}

// List returns all companies, by number.
func List(ctx context.Context, d *db.DB) ([]Company, error) {
	return db.Read(ctx, d, func(tx *db.Tx) ([]Company, error) {
		return db.All(tx, scanCompany, selectCompanies+` ORDER BY id`)
	})
}

const selectCompanies = `
	SELECT id, name, hosts, listen, session_seconds, key_seconds, certificates, certificate_bits, created, mixed_scripts, languages, domains,
		content_export, content_export_seconds
	FROM companies`

func scanCompany(row db.Row) (c Company, err error) {
	var hosts, languages, domains string
	var session, overlap, kept int64
	err = row.Scan(&c.ID, &c.Name, &hosts, &c.Listen, &session, &overlap, &c.Certificates, &c.CertificateBits, &c.Created, &c.MixedScripts, &languages, &domains,
		&c.ContentExport, &kept)
	c.Hosts, c.Languages, c.Domains = strings.Fields(hosts), strings.Fields(languages), strings.Fields(domains)
	c.SessionLifetime, c.KeyOverlap = time.Duration(session)*time.Second, time.Duration(overlap)*time.Second
	c.ContentExportKept = time.Duration(kept) * time.Second
	return c, err
}

// Changed is recorded when the operator changes a company's settings.
type Changed struct {
	Settings []Setting `json:"settings"`
}

// Setting is a setting before and after a change.
type Setting struct {
	Name string `json:"name"`
	Old  string `json:"old"`
	New  string `json:"new"`
}

// Kind returns the name of this fact in the log.
func (Changed) Kind() string { return "company.changed" }

// Audience returns the company of the actor.
func (Changed) Audience() journal.Audience { return journal.Within() }

// AuditLine returns why the audit trail leaves this fact out.
func (Changed) AuditLine(journal.Entry) journal.Line { return journal.Unaudited(journal.ByOperator) }

// differences returns the settings that differ from those of old.
func (c Company) differences(old Company) []Setting {
	var list []Setting
	for _, s := range []Setting{
		{"name", old.Name, c.Name},
		{"hosts", strings.Join(old.Hosts, " "), strings.Join(c.Hosts, " ")},
		{"domains", strings.Join(old.Domains, " "), strings.Join(c.Domains, " ")},
		{"content-export", string(old.ContentExport), string(c.ContentExport)},
		{"content-export-kept", old.ContentExportKept.String(), c.ContentExportKept.String()},
		{"listen", old.Listen, c.Listen},
		{"session-lifetime", old.SessionLifetime.String(), c.SessionLifetime.String()},
		{"key-overlap", old.KeyOverlap.String(), c.KeyOverlap.String()},
		{"certificates", strconv.FormatBool(old.Certificates), strconv.FormatBool(c.Certificates)},
		{"certificate-bits", strconv.Itoa(old.CertificateBits), strconv.Itoa(c.CertificateBits)},
		{"mixed-scripts", string(old.MixedScripts), string(c.MixedScripts)},
		{"languages", strings.Join(old.Languages, " "), strings.Join(c.Languages, " ")},
	} {
		if s.Old != s.New {
			list = append(list, s)
		}
	}
	return list
}

// Update changes the settings of an existing company. It records nothing if nothing changes.
func Update(tx *db.Tx, log *journal.Log, c Company) error {
	if err := c.Validate(); err != nil {
		return err
	}
	if err := namesFree(tx, c); err != nil { // it locks all companies
		return err
	}
	old, err := Find(tx, c.ID)
	if errors.Is(err, db.ErrNoRow) {
		return apierr.NotFound("There is no company %d", c.ID)
	}
	if err != nil {
		return err
	}
	changed := c.differences(old)
	if len(changed) == 0 {
		return nil
	}
	if err := wording.Changed(wording.Text{Field: "name", Was: old.Name, Value: c.Name}); err != nil {
		return err
	}
	err = tx.Change(`
		UPDATE companies
		SET name = $2, hosts = $3, listen = $4, session_seconds = $5, key_seconds = $6, certificates = $7, certificate_bits = $8,
			mixed_scripts = $9, languages = $10, domains = $11, content_export = $12, content_export_seconds = $13
		WHERE id = $1`,
		c.ID, c.Name, strings.Join(c.Hosts, " "), c.Listen, int64(c.SessionLifetime.Seconds()), int64(c.KeyOverlap.Seconds()),
		c.Certificates, c.CertificateBits, c.MixedScripts, strings.Join(c.Languages, " "), strings.Join(c.Domains, " "),
		c.ContentExport, int64(c.ContentExportKept.Seconds()))
	if err != nil {
		return err
	}
	return log.Record(tx, auth.Caller{Company: c.ID}, journal.Thing(c.ID.String()), Changed{Settings: changed})
}

// namesFree returns an error if another company has one of the host names or domains. It locks all
// companies.
func namesFree(tx *db.Tx, c Company) error {
	if err := tx.Lock(lock.AllCompanies()); err != nil {
		return err
	}
	others, err := db.All(tx, scanCompany, selectCompanies+` WHERE id <> $1`, c.ID)
	if err != nil {
		return err
	}
	for _, other := range others {
		for _, host := range c.Hosts {
			if slices.Contains(other.Hosts, host) {
				return apierr.Invalid("host %q: company %d answers at it", host, other.ID)
			}
		}
		for _, domain := range c.Domains {
			if slices.Contains(other.Domains, domain) {
				return apierr.Invalid("domain %q: company %d has it", domain, other.ID)
			}
		}
	}
	return nil
}
