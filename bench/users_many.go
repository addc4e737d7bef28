package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"

	"podium/internal/pod/accounts"
	"podium/internal/pod/seed"
)

// crowded is a pod with a crowd, and who asks it.
type crowded struct {
	*child
	people         int
	session, admin string
	random         *rand.Rand
	created        int
}

// startCrowded starts a pod with so many accounts, on a database of this name.
func (b *bench) startCrowded(ctx context.Context, name string, people int) (*crowded, error) {
	return b.startCrowdedAt(ctx, name, filepath.Join(b.dir, name+".db"), people)
}

// startCrowdedAt is startCrowded on any database.
func (b *bench) startCrowdedAt(ctx context.Context, name, database string, people int) (*crowded, error) {
	progress("%d users are created", people)
	if err := b.key.ready(); err != nil {
		return nil, err
	}
	p, err := startChild(ctx, order{
		Kind: "pod", Database: database, PublicKey: b.key.publicPEM(), People: people, Profile: b.profileOf(name),
	})
	if err != nil {
		return nil, err
	}
	c, err := b.inCrowd(ctx, p, people)
	if err != nil {
		p.stop()
	}
	return c, err
}

// inCrowd opens sessions at a pod that has a crowd.
func (b *bench) inCrowd(ctx context.Context, p *child, people int) (*crowded, error) {
	c := &crowded{child: p, people: people, random: rand.New(rand.NewPCG(1, 2))}
	var err error
	if c.session, err = b.key.session(ctx, c.address); err == nil {
		c.admin, err = b.key.sessionOf(ctx, c.address, adminName)
	}
	return c, err
}

// amongMany returns what an account more or less must not matter to. Each request asks for others
// than the one before, anywhere in the crowd: what was read for the last is of no help.
func (b *bench) amongMany(ctx context.Context) error {
	few, err := b.startCrowded(ctx, "few-users", fewUsers)
	if err != nil {
		return err
	}
	defer few.stop()
	many, err := b.startCrowded(ctx, "many-users", b.people)
	if err != nil {
		return err
	}
	defer many.stop()
	for _, what := range []struct {
		name string
		ask  func(*crowded) []byte
	}{
		{"a search with 10 hits", (*crowded).search},
		{"a look-up by e-mail address", (*crowded).byEmail},
		{"a page of 10 in the last tenth of the list", (*crowded).page},
		{"a create call", (*crowded).create},
	} {
		name := fmt.Sprintf("%s among %d accounts to one among %d", what.name, b.people, fewUsers)
		c, err := b.compare(ctx, name,
			b.oneByOne(many.child, func() []byte { return what.ask(many) }),
			b.oneByOne(few.child, func() []byte { return what.ask(few) }))
		if err != nil {
			return err
		}
		b.report.atMostMedian(name, c, 1.5)
	}
	return nil
}

// search is for the beginning of ten user names.
func (c *crowded) search() []byte {
	name := c.anyUser().Username
	return request("POST", "/pod/v1/user/search", c.session, map[string]string{"query": name[:len(name)-1]})
}

func (c *crowded) byEmail() []byte {
	return request("GET", "/pod/v3/users?email="+c.anyUser().Email, c.session, nil)
}

func (c *crowded) page() []byte {
	skip := c.people - 10 - c.random.IntN(c.people/10)
	return request("GET", fmt.Sprintf("/pod/v2/admin/user/list?skip=%d&limit=10", skip), c.admin, nil)
}

// create makes a user outside of the crowd, with a name of a user in it.
func (c *crowded) create() []byte {
	c.created++
	like := c.anyUser()
	return createRequest(c.admin, fmt.Sprintf("new%07d", c.created), like)
}

func createRequest(session, username string, like accounts.Attributes) []byte {
	return request("POST", "/pod/v2/admin/user/create", session, map[string]any{
		"userAttributes": map[string]any{
			"accountType": like.AccountType, "userName": username, "emailAddress": username + "@" + seed.Acme().Domain,
			"displayName": like.DisplayName, "firstName": like.FirstName, "lastName": like.LastName, "title": like.Title,
			"department": like.Department, "location": like.Location, "workPhoneNumber": like.WorkPhone, "marketCoverage": like.MarketCoverage,
		},
		"roles": []string{"INDIVIDUAL"},
	})
}

func (c *crowded) anyUser() accounts.Attributes {
	acme := seed.Acme()
	return seed.CrowdUser(c.random.IntN(c.people), acme.Company.Name, acme.Domain)
}
