package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"

	"podium/internal/pod/accounts/admin"
	"podium/internal/pod/seed"
)

// besideCallers is how many callers there are at once where databases are compared.
const besideCallers = 8

// mostTimes is how many times the processor time of SQLite an operation may take on PostgreSQL,
// that of the database's server included.
const mostTimes = 4

// beside compares the processor time of operations on PostgreSQL with that on SQLite. Without a
// PostgreSQL server it does nothing.
func (b *bench) beside(ctx context.Context) error {
	server := os.Getenv("PODIUM_TEST_POSTGRES")
	if server == "" {
		b.report.note("PostgreSQL beside SQLite was not measured, because PODIUM_TEST_POSTGRES names no server " +
			"(`go run ./internal/db/dbtest/withpostgres go run ./bench -only beside` starts one).")
		return nil
	}
	address, remove, err := freshPostgres(ctx, server)
	if err != nil {
		return err
	}
	defer remove()
	ours, err := b.startCrowdedAt(ctx, "beside-postgres", address, answerPeople)
	if err != nil {
		return err
	}
	defer ours.stop()
	if ours.database, err = postgresMeter(ctx, server); err != nil {
		return err
	}
	theirs, err := b.startCrowdedAt(ctx, "beside-sqlite", filepath.Join(b.dir, "beside.db"), answerPeople)
	if err != nil {
		return err
	}
	defer theirs.stop()
	for _, f := range []struct {
		name string
		side func(context.Context, *crowded) (side, error)
	}{
		{"a created user", b.creates},
		{"a created room, a member added to it (each counts)", b.createsRooms},
		{"a created MIM of three", b.createsIMs},
		{"a login by RSA key", b.logsIn},
		{"a presence change", b.changesPresence},
		{"a sent message", b.sends},
	} {
		postgres, err := f.side(ctx, ours)
		if err != nil {
			return err
		}
		sqlite, err := f.side(ctx, theirs)
		if err != nil {
			return err
		}
		c, err := b.compare(ctx, f.name, postgres, sqlite)
		if err != nil {
			return err
		}
		b.report.besideSQLite(f.name, c, mostTimes)
	}
	return nil
}

// several returns a side of several callers, each of whom asks for something new each time.
func (b *bench) several(c *crowded, steps func(connection int) step) side {
	return load{
		address: c.address, cpu: c.cpu, requests: repeat(nil, besideCallers), warm: b.warm, round: b.round, steps: steps,
	}.run
}

func (b *bench) creates(_ context.Context, c *crowded) (side, error) {
	var last atomic.Int64
	return b.several(c, func(int) step {
		return func(conn *client) error {
			n := last.Add(1)
			acme := seed.Acme()
			like := seed.CrowdUser(int(n)%c.people, acme.Company.Name, acme.Domain)
			_, err := conn.call(createRequest(c.admin, fmt.Sprintf("new%07d", n), like))
			return err
		}
	}), nil
}

func (b *bench) createsRooms(ctx context.Context, c *crowded) (side, error) {
	guest, err := whoIs(ctx, b, c.child, adminName)
	if err != nil {
		return nil, err
	}
	var last atomic.Int64
	return b.several(c, func(int) step { return createAndAdd(c.session, guest, &last) }), nil
}

// createsIMs opens the conversations of the caller with three people of the crowd, each time
// others.
func (b *bench) createsIMs(ctx context.Context, c *crowded) (side, error) {
	ids, err := c.everybody(ctx)
	if err != nil {
		return nil, err
	}
	var last atomic.Int64
	return b.several(c, func(int) step {
		return func(conn *client) error {
			n := int(last.Add(1))
			first, second := n%len(ids), n/len(ids)%len(ids)
			_, err := conn.call(request("POST", "/pod/v1/im/create", c.session, []int64{ids[first], ids[(first+1+second)%len(ids)]}))
			return err
		}
	}), nil
}

// everybody returns the ids of some of the crowd.
func (c *crowded) everybody(ctx context.Context) ([]int64, error) {
	answer, err := ask(ctx, c.address, request("GET", "/pod/v2/admin/user/list?skip=100&limit=250", c.admin, nil))
	if err != nil {
		return nil, err
	}
	var list []struct {
		Info admin.SystemInfo `json:"userSystemInfo"`
	}
	if err := json.Unmarshal(answer, &list); err != nil {
		return nil, err
	}
	ids := make([]int64, len(list))
	for i, one := range list {
		ids[i] = int64(one.Info.ID)
	}
	return ids, nil
}

func (b *bench) logsIn(_ context.Context, c *crowded) (side, error) {
	login, err := b.key.loginRequest()
	if err != nil {
		return nil, err
	}
	return b.load(c.child, repeat(login, besideCallers)), nil
}

func (b *bench) changesPresence(_ context.Context, c *crowded) (side, error) {
	var last atomic.Int64
	return b.several(c, func(int) step {
		return func(conn *client) error {
			category := []string{"AVAILABLE", "BUSY"}[last.Add(1)%2]
			_, err := conn.call(request("POST", "/pod/v2/user/presence", c.session, map[string]string{"category": category}))
			return err
		}
	}), nil
}
