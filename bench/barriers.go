package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strconv"
	"sync/atomic"

	"podium/internal/db"
	"podium/internal/pod"
	"podium/internal/pod/accounts"
	"podium/internal/pod/barriers"
	"podium/internal/pod/streams/rooms"
	"podium/internal/wire"
)

// How many accounts there are, and how many groups of which size they are in: ten each.
const (
	walledPeople = 100_000
	groupSize    = 1_000
	groupCount   = 1_000
)

// barriers compares what is done behind information barriers, on a pod where everybody of a crowd
// is in ten groups and kept apart from the members of ten others, and who asks in one, with the
// same where there are none.
func (b *bench) barriers(ctx context.Context) error {
	var pods [2]*crowded
	for i, groups := range []int{0, groupCount} {
		progress("%d users are created, in %d groups", walledPeople, groups)
		if err := b.key.ready(); err != nil {
			return err
		}
		name := "barriers-" + strconv.Itoa(groups)
		p, err := startChild(ctx, order{
			Kind: "pod", Database: filepath.Join(b.dir, name+".db"), PublicKey: b.key.publicPEM(), People: walledPeople, Groups: &groups,
			Profile: b.profileOf(name),
		})
		if err != nil {
			return err
		}
		defer p.stop()
		if pods[i], err = b.inCrowd(ctx, p, walledPeople); err != nil {
			return err
		}
	}
	free, walled := pods[0], pods[1]
	guest, err := whoIs(ctx, b, walled.child, adminName)
	if err != nil {
		return err
	}
	var last atomic.Int64
	opening := func(p *crowded) side {
		return load{
			address: p.address, cpu: p.cpu, requests: repeat(nil, streamCallers), warm: b.warm, round: b.round,
			steps: func(int) step { return createAndAdd(p.session, guest, &last) },
		}.run
	}
	asking := func(p *crowded, path, query string) side {
		return b.load(p.child, repeat(request("POST", path, p.session, map[string]string{"query": query}), streamCallers))
	}
	for _, f := range []struct {
		name string
		of   func(*crowded) side
	}{
		{"create a room, add a member (each counts)", opening},
		{"a search for people with 10 hits", func(p *crowded) side { return b.oneByOne(p.child, func() []byte { return p.search() }) }},
		{"a search for people, common letter", func(p *crowded) side { return asking(p, "/pod/v1/user/search?limit=50", "s") }},
		{"a search for rooms with 10 hits", func(p *crowded) side { return asking(p, "/pod/v3/room/search", "needle") }},
	} {
		name := fmt.Sprintf("%s, behind %d groups of %d to none", f.name, groupCount, groupSize)
		c, err := b.compare(ctx, name, f.of(walled), f.of(free))
		if err != nil {
			return err
		}
		b.report.atMostMedian(name, c, 1.5)
	}
	return nil
}

// loadBarriers makes rooms, groups and policies between each two of them, and puts everybody into
// groups: the crowd, and the two accounts of the measurement into the first.
func loadBarriers(ctx context.Context, p *pod.Pod, groups int) error {
	_, err := db.Write(ctx, p.DB, func(tx *db.Tx) (struct{}, error) {
		crowd, own, err := everybody(tx)
		if err != nil {
			return struct{}{}, err
		}
		var list []rooms.Loaded
		for i := range 1_000 {
			r := rooms.Loaded{Name: "room " + strconv.Itoa(i), Discoverable: true, Members: crowd[10*i : 10*i+10]}
			if i%100 == 50 {
				r.Name = "room needle " + strconv.Itoa(i/100)
			}
			list = append(list, r)
		}
		if err := rooms.Load(tx, 190, list); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, wall(tx, p.Barriers, groups, crowd, own)
	})
	return err
}

func wall(tx *db.Tx, s *barriers.Service, groups int, crowd, own []wire.UserID) error {
	list := make([][]wire.UserID, groups)
	for g := range list {
		tenth, place := g/(groups/10), g%(groups/10) // a tenth of the groups holds everybody, ordered in a way of its own
		for i := range groupSize {
			list[g] = append(list[g], crowd[(place*groupSize+i)*odd[tenth]%len(crowd)])
		}
	}
	if groups == 0 {
		return nil
	}
	list[0] = append(list[0], own...)
	return s.Load(tx, 190, list)
}

// odd is factors that have none in common with the number of people: each orders them in another
// way.
var odd = []int{1, 3, 7, 9, 11, 13, 17, 19, 21, 23}

// everybody returns the ids of the crowd, and of the accounts that ask.
func everybody(tx *db.Tx) (crowd, own []wire.UserID, err error) {
	for _, name := range []string{userName, adminName} {
		u, err := accounts.ByUsername(tx, 190, name)
		if err != nil {
			return nil, nil, err
		}
		own = append(own, u.ID)
	}
	crowd, err = db.All(tx, db.ScanValue[wire.UserID], `SELECT id FROM users WHERE company = 190 AND username LIKE 'seed%' ORDER BY id`)
	return crowd, own, err
}
