package main

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strconv"
	"time"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/pod"
	"podium/internal/pod/accounts"
	"podium/internal/pod/streams/rooms"
	"podium/internal/wire"
)

// How many rooms the pods have whose answers are compared, ten members in each.
const (
	someRooms = 1_000
	moreRooms = 10_000
)

// streamCallers is how many ask at once.
const streamCallers = 8

// streams compares what a pod answers among very many rooms with what it answers among few: an
// operation's cost is that of what it answers with.
func (b *bench) streams(ctx context.Context) error {
	var pods [3]*child
	for i, n := range []int{someRooms, moreRooms, b.settings.rooms} {
		began := time.Now()
		progress("loading %d rooms", n)
		if err := b.key.ready(); err != nil {
			return err
		}
		p, err := startChild(ctx, order{
			Kind: "pod", Database: filepath.Join(b.dir, "streams-"+strconv.Itoa(n)+".db"), PublicKey: b.key.publicPEM(), Rooms: n,
			Profile: b.profileOf("streams-" + strconv.Itoa(n)),
		})
		if err != nil {
			return err
		}
		defer p.stop()
		progress("%d rooms are loaded after %v", n, time.Since(began).Round(time.Second))
		pods[i] = p
	}
	for _, f := range []struct {
		name         string
		few, many    *child
		fewer, whole func(context.Context, *child) ([]byte, error) // the requests
		factor       float64
	}{
		{"a page of 100 members, of 10,000 against 100", pods[2], pods[2], b.memberPage(smallRoom), b.memberPage(largeRoom), 1.5},
		{fmt.Sprintf("10 streams of a user, among %d rooms against %d", b.settings.rooms, someRooms), pods[0], pods[2], b.ownStreams, b.ownStreams, 1.5},
		{fmt.Sprintf("room search, one word, among %d rooms against %d", b.settings.rooms, moreRooms), pods[1], pods[2], b.search("needle"), b.search("needle"), 2},
		{fmt.Sprintf("room search, two words, among %d rooms against %d", b.settings.rooms, moreRooms), pods[1], pods[2], b.search("room needle"), b.search("room needle"), 2},
	} {
		few, err := f.fewer(ctx, f.few)
		if err != nil {
			return err
		}
		many, err := f.whole(ctx, f.many)
		if err != nil {
			return err
		}
		c, err := b.compare(ctx, f.name, b.load(f.many, repeat(many, streamCallers)), b.load(f.few, repeat(few, streamCallers)))
		if err != nil {
			return err
		}
		b.report.atMost(f.name, c, f.factor)
	}
	return nil
}

const (
	smallRoom = "of a hundred"
	largeRoom = "of ten thousand"
)

func (b *bench) ownStreams(ctx context.Context, p *child) ([]byte, error) {
	session, err := b.key.session(ctx, p.address)
	return request("POST", "/pod/v1/streams/list?limit=50", session, map[string]any{}), err
}

func (b *bench) search(query string) func(context.Context, *child) ([]byte, error) {
	return func(ctx context.Context, p *child) ([]byte, error) {
		session, err := b.key.session(ctx, p.address)
		return request("POST", "/pod/v3/room/search?limit=10", session, map[string]string{"query": query}), err
	}
}

func (b *bench) memberPage(name string) func(context.Context, *child) ([]byte, error) {
	return func(ctx context.Context, p *child) ([]byte, error) {
		session, err := b.key.sessionOf(ctx, p.address, adminName)
		if err != nil {
			return nil, err
		}
		answer, err := ask(ctx, p.address, request("POST", "/pod/v3/room/search", session, map[string]string{"query": name}))
		if err != nil {
			return nil, err
		}
		var found struct {
			Rooms []struct {
				Info struct {
					ID string `json:"id"`
				} `json:"roomSystemInfo"`
			} `json:"rooms"`
		}
		if err := json.Unmarshal(answer, &found); err != nil || len(found.Rooms) != 1 {
			return nil, fmt.Errorf("the room %q is not there: %s", name, answer)
		}
		return request("GET", "/pod/v1/admin/stream/"+found.Rooms[0].Info.ID+"/membership/list?limit=100", session, nil), nil
	}
}

const (
	membersEach = 10     // of most rooms
	needles     = 10     // rooms that the search finds
	largeCrowd  = 10_000 // members of the largest room
	smallCrowd  = 100
	batchRooms  = 2_000 // of one transaction
)

// loadRooms puts in rooms, among them the bot's ten, those that the search finds, and two whose
// members are accounts.
func loadRooms(ctx context.Context, p *pod.Pod, n int) error {
	bot, crowd, err := loadCrowd(ctx, p)
	if err != nil {
		return err
	}
	list := []rooms.Loaded{
		{Name: smallRoom, Discoverable: true, Members: crowd[:smallCrowd]}, {Name: largeRoom, Discoverable: true, Members: crowd},
	}
	for i := range n - len(list) {
		list = append(list, room(n, i, bot))
		if len(list) < batchRooms && i < n-len(list)-1 {
			continue
		}
		if err := loadBatch(ctx, p, list); err != nil {
			return err
		}
		list = list[:0]
	}
	return loadBatch(ctx, p, list)
}

func loadBatch(ctx context.Context, p *pod.Pod, list []rooms.Loaded) error {
	_, err := db.Write(ctx, p.DB, func(tx *db.Tx) (struct{}, error) { return struct{}{}, rooms.Load(tx, 190, list) })
	return err
}

// room returns the i-th of n rooms. Each user is in ten rooms, which were made one after the other.
func room(n, i int, bot wire.UserID) rooms.Loaded {
	r := rooms.Loaded{Name: "room " + strconv.FormatInt(int64(i), 36), Discoverable: true}
	for j := range membersEach {
		r.Members = append(r.Members, wire.NewUserID(190, int64(100_000_000+i+j)))
	}
	if every := n / needles; i%every == every/2 { // the bot's rooms and the needles lie all over
		r.Name = "room needle " + strconv.Itoa(i/every)
		r.Members = append(r.Members, bot)
	}
	return r
}

// loadCrowd makes the accounts of the largest room's members; bot is the account that asks.
func loadCrowd(ctx context.Context, p *pod.Pod) (bot wire.UserID, crowd []wire.UserID, err error) {
	const batch = 500
	for len(crowd) < largeCrowd {
		made, err := db.Write(ctx, p.DB, func(tx *db.Tx) ([]wire.UserID, error) {
			var ids []wire.UserID
			for i := range batch {
				name := fmt.Sprintf("member-%d", len(crowd)+i)
				u, err := p.Accounts.Create(tx, auth.Caller{Company: 190}, accounts.New{Attributes: accounts.Attributes{
					AccountType: auth.Normal, Username: name, Email: name + "@acme.example", DisplayName: name, FirstName: "Member", LastName: name,
				}})
				if err != nil {
					return nil, err
				}
				ids = append(ids, u.ID)
			}
			return ids, nil
		})
		if err != nil {
			return 0, nil, err
		}
		crowd = append(crowd, made...)
	}
	bot, err = db.Read(ctx, p.DB, func(tx *db.Tx) (wire.UserID, error) {
		u, err := accounts.ByUsername(tx, 190, userName)
		return u.ID, err
	})
	return bot, crowd, err
}
