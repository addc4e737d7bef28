package main

import (
	"context"
	"fmt"
	"path/filepath"
)

// sessionInfo compares an authenticated read with a handler that answers with the very same
// bytes and does nothing for it.
func (b *bench) sessionInfo(ctx context.Context) error {
	ours, err := b.startPod(ctx, "sessioninfo", filepath.Join(b.dir, "sessioninfo.db"))
	if err != nil {
		return err
	}
	defer ours.stop()
	session, err := b.key.session(ctx, ours.address)
	if err != nil {
		return err
	}
	get := request("GET", "/pod/v2/sessioninfo", session, nil)
	body, err := ask(ctx, ours.address, get)
	if err != nil {
		return err
	}
	ceiling, err := b.startCeiling(ctx, "sessioninfo", order{Kind: "constant", Body: body})
	if err != nil {
		return err
	}
	defer ceiling.stop()
	for _, connections := range []int{16, 64} {
		name := fmt.Sprintf("GET sessioninfo, %d connections", connections)
		c, err := b.compare(ctx, name, b.load(ours, repeat(get, connections)), b.load(ceiling, repeat(get, connections)))
		if err != nil {
			return err
		}
		b.report.compared(name, c, 0.6)
	}
	return nil
}

// startPod starts our side, on a database of its own.
func (b *bench) startPod(ctx context.Context, part, database string) (*child, error) {
	if err := b.key.ready(); err != nil {
		return nil, err
	}
	o := order{Kind: "pod", Database: database, PublicKey: b.key.publicPEM(), Profile: b.profileOf(part)}
	return startChild(ctx, o)
}

// startCeiling starts the other side. It is profiled where ours is, to be as slow by it.
func (b *bench) startCeiling(ctx context.Context, part string, o order) (*child, error) {
	o.Profile = b.profileOf(part + "-ceiling")
	return startChild(ctx, o)
}

// load returns a side that a child answers.
func (b *bench) load(c *child, requests [][]byte) side {
	return load{address: c.address, cpu: c.cpu, requests: requests, warm: b.warm, round: b.round}.run
}
