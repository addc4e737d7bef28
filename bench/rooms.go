package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"sync/atomic"
)

// rooms compares the creation of rooms, each with a member added to it, with a bare handler that
// inserts a row; each of the two is an operation.
func (b *bench) rooms(ctx context.Context) error {
	ours, err := b.startPod(ctx, "rooms", filepath.Join(b.dir, "rooms-ours.db"))
	if err != nil {
		return err
	}
	defer ours.stop()
	session, err := b.key.session(ctx, ours.address)
	if err != nil {
		return err
	}
	guest, err := whoIs(ctx, b, ours, adminName)
	if err != nil {
		return err
	}
	ceiling, err := b.startCeiling(ctx, "rooms", order{Kind: "sqlite inserts", Database: filepath.Join(b.dir, "rooms-ceiling.db")})
	if err != nil {
		return err
	}
	defer ceiling.stop()
	var last atomic.Int64
	side := load{
		address: ours.address, cpu: ours.cpu, requests: repeat(nil, writeCallers), warm: b.warm, round: b.round,
		steps: func(int) step { return createAndAdd(session, guest, &last) },
	}
	row := repeat(request("POST", "/bench/v1/row", session, aRow), writeCallers)
	c, err := b.compare(ctx, "rooms", side.run, b.load(ceiling, row))
	if err != nil {
		return err
	}
	b.report.comparedTo(fmt.Sprintf("create a room, add a member (each counts), SQLite, %d callers", writeCallers), c, 0.25)
	return nil
}

// createAndAdd creates a room, then adds a user to it, then creates the next.
func createAndAdd(session string, guest int64, last *atomic.Int64) step {
	var room []byte
	return func(c *client) error {
		if room != nil {
			path := "/pod/v1/room/" + string(room) + "/membership/add"
			room = nil
			_, err := c.call(request("POST", path, session, map[string]int64{"id": guest}))
			return err
		}
		name := fmt.Sprintf("Project room %d", last.Add(1))
		answer, err := c.call(request("POST", "/pod/v3/room/create", session, map[string]string{"name": name}))
		if err != nil {
			return err
		}
		_, after, _ := bytes.Cut(answer, []byte(`"id":"`))
		id, _, ok := bytes.Cut(after, []byte(`"`))
		if !ok {
			return fmt.Errorf("a room without an id: %s", answer)
		}
		room = bytes.Clone(id)
		return nil
	}
}

// whoIs returns the id of an account of the demo data.
func whoIs(ctx context.Context, b *bench, pod *child, name string) (int64, error) {
	session, err := b.key.sessionOf(ctx, pod.address, name)
	if err != nil {
		return 0, err
	}
	answer, err := ask(ctx, pod.address, request("GET", "/pod/v2/sessioninfo", session, nil))
	if err != nil {
		return 0, err
	}
	var info struct {
		ID int64 `json:"id"`
	}
	return info.ID, json.Unmarshal(answer, &info)
}
