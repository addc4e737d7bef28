// Package seed creates the first companies and accounts of a pod: the demo data of `podium dev`,
// and the first administrator of a company in production.
package seed

import (
	"context"
	"crypto/rsa"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/db/lock"
	"podium/internal/jose"
	"podium/internal/pod"
	"podium/internal/pod/accounts"
	"podium/internal/pod/apps"
	"podium/internal/pod/barriers"
	"podium/internal/pod/companies"
	"podium/internal/pod/disclaimers"
	"podium/internal/wording"
)

// Administrator creates a service account with every administrative role, which logs in with a key.
func Administrator(tx *db.Tx, people *accounts.Service, c companies.Company, username, email string, key *rsa.PublicKey) (accounts.User, error) {
	return people.Create(tx, auth.Caller{Company: c.ID}, accounts.New{
		Attributes: accounts.Attributes{
			AccountType: auth.System, Username: username, Email: email,
			DisplayName: c.Name + " Administrator", CompanyName: c.Name,
		},
		Key: jose.EncodePublicKey(key), Roles: auth.AdministrativeRoles(), Bootstrap: true,
	})
}

// Demo is a company of `podium dev`.
type Demo struct {
	Company companies.Company
	Secrets companies.Secrets
	Domain  string // of e-mail addresses
	People  []Person
	Admin   Service
	Bot     Service
	App     *Application

	Disclaimers []disclaimers.Disclaimer
	Barriers    []Barrier
}

// Barrier is an information barrier of the demo data: a policy between groups, by their names. The
// groups have no members, so no accounts are separated until some are added.
type Barrier struct {
	Groups []string
	Active bool
}

// Person is a person of the demo data.
type Person struct {
	First, Last, Title string
	Roles              []auth.Role
}

// Service is a service account of the demo data, with its public key.
type Service struct {
	Username string
	Key      *rsa.PublicKey
}

// Application is an application of the demo data, with its public key and the user names of those
// for whom it is installed.
type Application struct {
	ID, Name string
	Key      *rsa.PublicKey
	For      []string
}

// Plant creates a demo company with all its data, in one transaction.
func Plant(ctx context.Context, p *pod.Pod, d Demo) error {
	_, err := db.Write(ctx, p.DB, func(tx *db.Tx) (struct{}, error) {
		return struct{}{}, d.plant(tx, p)
	})
	return err
}

// AddService adds a service account to a company that exists. If there is an account of that name,
// AddService only sees to it that the key can log in.
func AddService(ctx context.Context, p *pod.Pod, c companies.Company, domain, displayName string, s Service) error {
	_, err := db.Write(ctx, p.DB, func(tx *db.Tx) (struct{}, error) {
		return struct{}{}, addService(tx, p.Accounts, c, domain, displayName, s)
	})
	return err
}

func addService(tx *db.Tx, people *accounts.Service, c companies.Company, domain, displayName string, s Service) error {
	itself, key := auth.Caller{Company: c.ID}, jose.EncodePublicKey(s.Key)
	u, err := accounts.ByUsername(tx, c.ID, s.Username)
	if err == db.ErrNoRow {
		_, err = people.Create(tx, itself, accounts.New{
			Attributes: accounts.Attributes{
				AccountType: auth.System, Username: s.Username, Email: s.Username + "@" + domain,
				DisplayName: displayName, CompanyName: c.Name,
			},
			Key: key,
		})
		return err
	}
	if err != nil {
		return err
	}
	held, err := accounts.KeysOf(tx, u.ID, tx.Now())
	if err != nil {
		return err
	}
	for _, k := range held {
		if old, err := jose.ParsePublicKey(k.PEM); err == nil && old.Equal(s.Key) {
			return nil
		}
	}
	return people.SaveKey(tx, itself, u, key, 0)
}

// locks returns all locks that creating a demo company takes.
func (d Demo) locks() []lock.Key {
	id := d.Company.ID
	names := []string{d.Admin.Username, d.Bot.Username}
	keys := []lock.Key{lock.AllCompanies(), lock.BarriersOf(id), lock.DisclaimersOf(id)}
	keys = append(keys, barriers.Stripes(id)...)
	for _, person := range d.People {
		names = append(names, person.username())
	}
	if d.App != nil {
		names, keys = append(names, d.App.ID), append(keys, lock.App(id, d.App.ID))
	}
	for _, name := range names {
		keys = append(keys, lock.Name(id, wording.Fold(name)))
	}
	return keys
}

func (d Demo) plant(tx *db.Tx, p *pod.Pod) error {
	if err := tx.Lock(d.locks()...); err != nil {
		return err
	}
	d.Company.Domains = []string{d.Domain}
	if err := companies.Create(tx, p.Journal, d.Company, d.Secrets); err != nil {
		return err
	}
	if _, err := Administrator(tx, p.Accounts, d.Company, d.Admin.Username, d.Admin.Username+"@"+d.Domain, d.Admin.Key); err != nil {
		return err
	}
	itself := auth.Caller{Company: d.Company.ID}
	_, err := p.Accounts.Create(tx, itself, accounts.New{
		Attributes: accounts.Attributes{
			AccountType: auth.System, Username: d.Bot.Username, Email: d.Bot.Username + "@" + d.Domain,
			DisplayName: d.Company.Name + " Bot", CompanyName: d.Company.Name,
		},
		Key: jose.EncodePublicKey(d.Bot.Key),
	})
	if err != nil {
		return err
	}
	if d.App != nil {
		err := p.Apps.Create(tx, itself, apps.App{
			ID: d.App.ID, Name: d.App.Name, Permissions: auth.Permissions(), Enabled: true, Listed: true,
		}, jose.EncodePublicKey(d.App.Key))
		if err != nil {
			return err
		}
	}
	for _, one := range d.Disclaimers {
		one.Company = d.Company.ID
		if _, err := disclaimers.Create(tx, p.Journal, one); err != nil {
			return err
		}
	}
	if err := d.barriers(tx, p); err != nil {
		return err
	}
	for _, person := range d.People {
		if err := d.person(tx, p, person); err != nil {
			return err
		}
	}
	return nil
}
