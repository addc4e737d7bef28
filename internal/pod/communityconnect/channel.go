package communityconnect

import (
	"errors"
	"strconv"
	"strings"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/journal"
	"podium/internal/wire"
	"podium/internal/wording"
)

// channel is a channel company.
type channel struct {
	id   int64
	name string
}

func (c channel) publicID() string { return strconv.FormatInt(c.id, 10) }

func (c channel) subject() journal.Subject { return journal.Subject{ID: c.publicID(), Name: c.name} }

func scanChannel(row db.Row) (c channel, err error) { return c, row.Scan(&c.id, &c.name) }

// domainOf returns the folded domain of an e-mail address.
func domainOf(email string) string {
	return wording.Fold(email[strings.LastIndexByte(email, '@')+1:])
}

// withDomains returns the channel companies of a company by their domains, as far as these are
// among the given ones.
func withDomains(tx *db.Tx, company wire.CompanyID, domains []string) (map[string]channel, error) {
	found := make(map[string]channel, len(domains))
	_, err := db.All(tx, func(row db.Row) (none struct{}, err error) {
		var domain string
		var c channel
		if err = row.Scan(&domain, &c.id, &c.name); err == nil {
			found[domain] = c
		}
		return none, err
	}, `
		SELECT d.domain, c.id, c.name
		FROM channel_domains d
		JOIN channel_companies c ON c.id = d.channel
		WHERE d.company = $1 AND d.domain IN ($2)`, company, domains)
	return found, err
}

// withName returns the channel company of a company with a name, whatever its case. It reports
// whether there is one.
func withName(tx *db.Tx, company wire.CompanyID, name string) (channel, bool, error) {
	c, err := db.One(tx, scanChannel, `
		SELECT id, name
		FROM channel_companies
		WHERE company = $1 AND name_folded = $2`, company, wording.Fold(name))
	if errors.Is(err, db.ErrNoRow) {
		return channel{}, false, nil
	}
	return c, err == nil, err
}

// of returns the channel company of a sponsored user. It fails with db.ErrNoRow for other accounts.
func of(tx *db.Tx, user wire.UserID) (channel, error) {
	return db.One(tx, scanChannel, `
		SELECT c.id, c.name
		FROM channel_users u
		JOIN channel_companies c ON c.id = u.channel
		WHERE u.user_id = $1`, user)
}

// insertChannel creates a channel company.
func (s *Service) insertChannel(tx *db.Tx, caller auth.Caller, name string) (channel, error) {
	id, err := tx.Next("places")
	if err != nil {
		return channel{}, err
	}
	c := channel{id: id, name: name}
	err = tx.Exec(`
		INSERT INTO channel_companies (id, company, name, name_folded, created)
		VALUES ($1, $2, $3, $4, $5)`, c.id, caller.Company, c.name, wording.Fold(c.name), tx.Now())
	if err != nil {
		return channel{}, err
	}
	return c, s.Journal.Record(tx, caller, c.subject(), CompanyCreated{Name: c.name})
}

// addDomain gives a channel company a domain that none of the caller's channel companies has. The
// caller holds lock.ChannelCompaniesOf.
func (s *Service) addDomain(tx *db.Tx, caller auth.Caller, c channel, domain string) error {
	err := tx.Exec(`
		INSERT INTO channel_domains (company, domain, channel)
		VALUES ($1, $2, $3)`, caller.Company, domain, c.id)
	if err != nil {
		return err
	}
	return s.Journal.Record(tx, caller, c.subject(), DomainAdded{Domain: domain})
}
