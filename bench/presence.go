package main

import (
	"context"
	"fmt"
	"path/filepath"

	"podium/internal/db"
)

// presence compares changes of presence over HTTP with the write ceiling, and with themselves where
// there are many feeds; reads of a feed with themselves where there are many users; and tells how
// long a change takes to reach thousands of open streams, and what memory each of them takes.
func (b *bench) presence(ctx context.Context) error {
	for _, part := range []func(context.Context) error{b.presenceWrites, b.presenceFeeds, b.presenceReads, b.presenceStreams} {
		if err := part(ctx); err != nil {
			return err
		}
	}
	return nil
}

// presenceChanges returns what 64 callers send: each another category than its neighbours, so that
// nearly every one changes something.
func presenceChanges(session string) [][]byte {
	categories := []string{"AVAILABLE", "BUSY", "AWAY", "ON_THE_PHONE", "BE_RIGHT_BACK", "IN_A_MEETING", "OUT_OF_OFFICE", "OFF_WORK"}
	all := make([][]byte, writeCallers)
	for i := range all {
		all[i] = request("POST", "/pod/v2/user/presence", session, map[string]string{"category": categories[i%len(categories)]})
	}
	return all
}

func (b *bench) presenceWrites(ctx context.Context) error {
	ours, changes, err := b.presencePod(ctx, "presence", 0)
	if err != nil {
		return err
	}
	defer ours.stop()
	ceiling, err := b.startCeiling(ctx, "presence", order{Kind: "sqlite inserts", Database: filepath.Join(b.dir, "presence-ceiling.db")})
	if err != nil {
		return err
	}
	defer ceiling.stop()
	post := repeat(request("POST", "/bench/v1/row", "", aRow), writeCallers)
	c, err := b.compare(ctx, "presence changes", b.load(ours, changes), b.load(ceiling, post))
	if err != nil {
		return err
	}
	b.report.compared(fmt.Sprintf("presence changes, SQLite, %d callers", writeCallers), c, 0.4)
	return nil
}

// presencePod returns a pod with so many feeds, and requests that change presence there.
func (b *bench) presencePod(ctx context.Context, name string, feeds int) (*child, [][]byte, error) {
	database := filepath.Join(b.dir, name+".db")
	if err := b.key.ready(); err != nil {
		return nil, nil, err
	}
	pod, err := startChild(ctx, order{
		Kind: "pod", Database: database, PublicKey: b.key.publicPEM(), Feeds: feeds, Profile: b.profileOf(name),
	})
	if err != nil {
		return nil, nil, err
	}
	session, err := b.key.session(ctx, pod.address)
	if err != nil {
		pod.stop()
		return nil, nil, err
	}
	return pod, presenceChanges(session), nil
}

// manyFeeds is how many feeds a change must not notice.
const manyFeeds = 10_000

func (b *bench) presenceFeeds(ctx context.Context) error {
	one, changes, err := b.presencePod(ctx, "one-feed", 1)
	if err != nil {
		return err
	}
	defer one.stop()
	many, others, err := b.presencePod(ctx, "many-feeds", manyFeeds)
	if err != nil {
		return err
	}
	defer many.stop()
	c, err := b.compare(ctx, "presence changes, many feeds", b.load(many, others), b.load(one, changes))
	if err != nil {
		return err
	}
	b.report.atMost(fmt.Sprintf("a presence change with %d feeds to one with 1 feed", manyFeeds), c, 1.1)
	return nil
}

// plantFeeds adds feeds of the user's, as if each had been created just now.
func plantFeeds(ctx context.Context, d *db.DB, feeds int) error {
	_, err := db.Write(ctx, d, func(tx *db.Tx) (struct{}, error) {
		for i := range feeds {
			err := tx.Exec(`
				INSERT INTO presence_feeds (id, company, owner, position, seq, used, lease, lease_until)
				SELECT $2, company, id, 0, 0, $3, '', 0
				FROM users
				WHERE username = $1`, userName, fmt.Sprintf("feed-%d", i), tx.Now())
			if err != nil {
				return struct{}{}, err
			}
		}
		return struct{}{}, nil
	})
	return err
}
