package main

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"time"

	"podium/internal/pod"
	"podium/internal/pod/seed"
)

// users compares a look-up by id with a handler that answers with the same bytes, and what is done
// among many accounts with the same among few.
func (b *bench) users(ctx context.Context) error {
	if err := b.lookUp(ctx); err != nil {
		return err
	}
	return b.amongMany(ctx)
}

// lookUp looks up another user of the company, whose id comes from a look-up by address.
func (b *bench) lookUp(ctx context.Context) error {
	ours, err := b.startPod(ctx, "lookup", filepath.Join(b.dir, "lookup.db"))
	if err != nil {
		return err
	}
	defer ours.stop()
	session, err := b.key.session(ctx, ours.address)
	if err != nil {
		return err
	}
	answer, err := ask(ctx, ours.address, request("GET", "/pod/v3/users?email=alice@"+seed.Acme().Domain, session, nil))
	if err != nil {
		return err
	}
	var found struct {
		Users []struct{ ID int64 }
	}
	if err := json.Unmarshal(answer, &found); err != nil || len(found.Users) != 1 {
		return fmt.Errorf("a look-up by address answers %s: %w", answer, err)
	}
	get := request("GET", fmt.Sprintf("/pod/v3/users?uid=%d", found.Users[0].ID), session, nil)
	body, err := ask(ctx, ours.address, get)
	if err != nil {
		return err
	}
	ceiling, err := b.startCeiling(ctx, "lookup", order{Kind: "constant", Body: body})
	if err != nil {
		return err
	}
	defer ceiling.stop()
	const connections = 16
	name := fmt.Sprintf("look-up by id, %d connections", connections)
	c, err := b.compare(ctx, name, b.load(ours, repeat(get, connections)), b.load(ceiling, repeat(get, connections)))
	if err != nil {
		return err
	}
	b.report.compared(name, c, 0.5)
	return nil
}

// plantPeople returns the demo company a crowd, as `podium dev --seed-users` does, with the
// milestones that a running pod sets within seconds.
func plantPeople(ctx context.Context, p *pod.Pod, people int) error {
	acme := seed.Acme()
	if err := seed.Crowd(ctx, p.DB, acme.Company, acme.Domain, people, func(int) {}); err != nil {
		return err
	}
	done, err := p.Directory.SetMilestones(ctx, acme.Company.ID)
	if err == nil && !done {
		err = fmt.Errorf("the milestones are not set")
	}
	return err
}

// oneByOne returns a side of a single caller, who asks something else each time.
func (b *bench) oneByOne(c *child, next func() []byte) side {
	return func(ctx context.Context) (result, error) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		begin := time.Now().Add(b.warm)
		end := begin.Add(b.round)
		cpu := make(chan time.Duration, 1)
		go func() { cpu <- meter(c.cpu).between(ctx, begin, end) }()
		all, err := askUntil(ctx, c.address, next, begin, end)
		if err != nil {
			return all, err
		}
		all.rate = float64(all.latency.count) / b.round.Seconds()
		all.cpu = <-cpu / time.Duration(max(all.latency.count, 1))
		return all, nil
	}
}

// askUntil asks on one connection. What counts are the answers between begin and end.
func askUntil(ctx context.Context, address string, next func() []byte, begin, end time.Time) (all result, err error) {
	c, err := dial(ctx, address)
	if err != nil {
		return all, err
	}
	defer c.close()
	for now := time.Now(); now.Before(end); now = time.Now() {
		text := next()
		sent := time.Now()
		if _, err := c.call(text); err != nil {
			return all, err
		}
		if answered := time.Now(); answered.After(begin) && answered.Before(end) {
			all.latency.add(answered.Sub(sent))
		}
	}
	return all, nil
}
