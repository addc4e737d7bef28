package companies

import (
	"context"
	"crypto/rsa"
	"encoding/base64"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"podium/internal/db"
	"podium/internal/jose"
	"podium/internal/wire"
)

// Directory caches the companies. It reads them every second, so a change by another node or the
// command line takes effect within that time.
type Directory struct {
	db      *db.DB
	log     *slog.Logger
	current atomic.Pointer[directory]
}

// directory holds the companies at one time; it is immutable.
type directory struct {
	members map[wire.CompanyID]*Member
	hosts   map[string]*Member
	domains map[string]*Member // by the domains of e-mail addresses
	only    *Member            // the only company; nil if there are several
}

// Member is a company of a Directory with its keys.
type Member struct {
	Company
	SessionKeys jose.SessionKeys
	PrivateKey  *rsa.PrivateKey
	PublicKeys  map[string]*rsa.PublicKey // by kid: the keys that verify its access tokens
	Certificate string                    // PEM

	sealed string // the stored secrets, to detect changes
}

// Load returns a Directory after reading the companies.
func Load(ctx context.Context, d *db.DB, log *slog.Logger) (*Directory, error) {
	dir := &Directory{db: d, log: log}
	dir.current.Store(&directory{})
	return dir, dir.Refresh(ctx)
}

// Follow reads the companies every second, until ctx ends.
func (d *Directory) Follow(ctx context.Context) {
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			if err := d.Refresh(ctx); err != nil && ctx.Err() == nil {
				d.log.Warn("the companies cannot be read; going on with what is known", "error", err)
			}
		case <-ctx.Done():
			return
		}
	}
}

// Get returns a company by its number.
func (d *Directory) Get(id wire.CompanyID) (*Member, bool) {
	m, ok := d.current.Load().members[id]
	return m, ok
}

// All returns every company.
func (d *Directory) All() []*Member {
	var all []*Member
	for _, m := range d.current.Load().members {
		all = append(all, m)
	}
	return all
}

// Numbers returns the number of every company, in ascending order.
func (d *Directory) Numbers() []wire.CompanyID {
	return slices.Sorted(maps.Keys(d.current.Load().members))
}

// PrivateKeys returns the private key of every company that has one.
func (d *Directory) PrivateKeys() map[wire.CompanyID]*rsa.PrivateKey {
	keys := make(map[wire.CompanyID]*rsa.PrivateKey)
	for id, m := range d.current.Load().members {
		if m.PrivateKey != nil {
			keys[id] = m.PrivateKey
		}
	}
	return keys
}

// PublicKeys returns the public keys of a company by their thumbprints.
func (d *Directory) PublicKeys(id wire.CompanyID) map[string]*rsa.PublicKey {
	if m, ok := d.Get(id); ok {
		return m.PublicKeys
	}
	return nil
}

// At returns the company with a host name, which may have a port. A server with one company returns
// it for every name.
func (d *Directory) At(host string) (*Member, bool) {
	now := d.current.Load()
	if now.only != nil {
		return now.only, true
	}
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	m, ok := now.hosts[strings.ToLower(strings.TrimSuffix(host, "."))]
	return m, ok
}

// WithDomain returns the company whose people have e-mail addresses of a domain, in lower case.
func (d *Directory) WithDomain(domain string) (*Member, bool) {
	m, ok := d.current.Load().domains[domain]
	return m, ok
}

// Refresh reads the companies.
func (d *Directory) Refresh(ctx context.Context) error {
	next, err := db.Read(ctx, d.db, func(tx *db.Tx) (*directory, error) {
		list, err := db.All(tx, scanCompany, selectCompanies)
		if err != nil {
			return nil, err
		}
		secrets, err := db.All(tx, scanSecrets, `SELECT company, session_key, previous, private_key, certificate FROM company_secrets`)
		if err != nil {
			return nil, err
		}
		return d.build(list, secrets)
	})
	if err == nil {
		d.current.Store(next)
	}
	return err
}

type storedSecrets struct {
	company                                       wire.CompanyID
	sessionKey, previous, privateKey, certificate string
}

func scanSecrets(row db.Row) (s storedSecrets, err error) {
	return s, row.Scan(&s.company, &s.sessionKey, &s.previous, &s.privateKey, &s.certificate)
}

func (d *Directory) build(list []Company, secrets []storedSecrets) (*directory, error) {
	next := &directory{members: make(map[wire.CompanyID]*Member), hosts: make(map[string]*Member), domains: make(map[string]*Member)}
	for _, c := range list {
		next.members[c.ID] = &Member{Company: c}
	}
	for _, s := range secrets {
		m := next.members[s.company]
		if m == nil {
			continue
		}
		known, _ := d.Get(s.company)
		if err := m.unseal(s, known); err != nil {
			return nil, fmt.Errorf("the secrets of company %d: %w", s.company, err)
		}
	}
	for _, m := range next.members {
		for _, host := range m.Hosts {
			next.hosts[host] = m
		}
		for _, domain := range m.Domains {
			next.domains[domain] = m
		}
		if len(list) == 1 {
			next.only = m
		}
	}
	return next, nil
}

// unseal parses the stored secrets, or reuses the keys of known if they have not changed.
func (m *Member) unseal(s storedSecrets, known *Member) error {
	m.sealed = s.sessionKey + " " + s.previous + " " + s.privateKey + " " + s.certificate
	if known != nil && known.sealed == m.sealed {
		m.SessionKeys, m.PrivateKey, m.PublicKeys, m.Certificate = known.SessionKeys, known.PrivateKey, known.PublicKeys, known.Certificate
		return nil
	}
	var err error
	if m.SessionKeys.Current, err = sessionKey(s.sessionKey); err != nil {
		return err
	}
	if s.previous != "" {
		if m.SessionKeys.Previous, err = sessionKey(s.previous); err != nil {
			return err
		}
	}
	if m.PrivateKey, err = jose.ParsePrivateKey(s.privateKey); err != nil {
		return err
	}
	m.PublicKeys = map[string]*rsa.PublicKey{jose.Thumbprint(&m.PrivateKey.PublicKey): &m.PrivateKey.PublicKey}
	m.Certificate = s.certificate
	return nil
}

func sessionKey(text string) (*jose.SessionKey, error) {
	secret, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, err
	}
	return jose.NewSessionKey(secret)
}
