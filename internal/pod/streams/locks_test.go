package streams_test

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"testing"
	"time"

	"podium/internal/db"
	"podium/internal/db/dbtest"
	"podium/internal/db/lock"
	"podium/internal/wire"
	"podium/podtest"
)

// onPostgres runs a test only where transactions run concurrently: SQLite has one writer.
func onPostgres(t *testing.T, test func(t *testing.T, p *podtest.Pod)) {
	t.Helper()
	dbtest.NeedPostgres(t)
	test(t, podtest.StartOn(t, dbtest.Postgres))
}

// bucketOf returns the row of the table locks for a key.
func bucketOf(key lock.Key) int64 {
	h := fnv.New64a()
	h.Write([]byte(key.String()))
	return int64(h.Sum64() % (1 << 16))
}

var errUndo = errors.New("undo it")

// whileHeld runs call while another transaction holds the lock of a key, and then while call waits.
// It fails if call ends without having waited.
func whileHeld(t *testing.T, p *podtest.Pod, key lock.Key, call func(), then func(tx *db.Tx) error) {
	t.Helper()
	ended := make(chan struct{})
	defer func() { <-ended }()
	_, err := db.Write(context.Background(), p.Inner.DB, func(tx *db.Tx) (struct{}, error) {
		if err := tx.Lock(key); err != nil {
			close(ended)
			return struct{}{}, err
		}
		if _, err := tx.Horizon(); err != nil { // a lock is sent with the next statement that reads
			close(ended)
			return struct{}{}, err
		}
		go func() {
			defer close(ended)
			call()
		}()
		for { // until it waits
			n, err := db.Value[int64](tx, `
				SELECT COUNT(*)
				FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
				WHERE NOT l.granted AND a.datname = current_database()`)
			if err != nil {
				return struct{}{}, err
			}
			if n > 0 {
				break
			}
			select {
			case <-time.After(time.Millisecond):
			case <-ended:
				return struct{}{}, fmt.Errorf("the call ended without waiting for %s", key)
			}
		}
		if err := then(tx); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, errUndo
	})
	if !errors.Is(err, errUndo) {
		t.Error(err)
	}
}

// mustBe returns a check that a key is locked by another transaction, or by none.
func mustBe(held bool, key lock.Key) func(tx *db.Tx) error {
	return func(tx *db.Tx) error {
		free, err := db.All(tx, db.ScanValue[int64], `SELECT bucket FROM locks WHERE bucket = $1 FOR UPDATE SKIP LOCKED`, bucketOf(key))
		if err == nil && (len(free) == 0) != held {
			err = fmt.Errorf("%s is held: %v", key, !held)
		}
		return err
	}
}

// prepare inserts the rows of keys.
func prepare(t *testing.T, p *podtest.Pod, keys ...lock.Key) {
	t.Helper()
	_, err := db.Write(context.Background(), p.Inner.DB, func(tx *db.Tx) (struct{}, error) { return struct{}{}, tx.Lock(keys...) })
	if err != nil {
		t.Fatal(err)
	}
}

// TestIMLocksAccountsInOneOrder checks that opening an IM locks the accounts in the order of their
// lock rows, not of their ids: otherwise two such calls could deadlock.
func TestIMLocksAccountsInOneOrder(t *testing.T) {
	t.Parallel()
	onPostgres(t, func(t *testing.T, p *podtest.Pod) {
		alice := p.User("alice")
		self := lock.User(wire.UserID(alice.ID))
		other := wire.UserID(alice.ID) + 1
		for bucketOf(lock.User(other)) >= bucketOf(self) {
			other++
		}
		prepare(t, p, self, lock.User(other))
		whileHeld(t, p, lock.User(other), func() {
			alice.Post("/pod/v1/im/create", []int64{int64(other)}) // no account has the id: the call is refused after the locks
		}, mustBe(false, self))
	})
}

// TestAccountIsLockedBeforeRoom checks that an account is locked before the room that it joins, in
// the same order as when it is disabled: otherwise the two could deadlock.
func TestAccountIsLockedBeforeRoom(t *testing.T) {
	t.Parallel()
	onPostgres(t, func(t *testing.T, p *podtest.Pod) {
		alice, bob, admin := p.User("alice"), p.User("bob"), p.Bot("acme-admin")
		room := newRoom(alice, map[string]any{"name": "order"})
		account := lock.User(wire.UserID(bob.ID))
		prepare(t, p, account, lock.Stream(room))
		for name, call := range map[string]func(){
			"added":    func() { change(alice, room, "add", bob).Want(200) },
			"promoted": func() { change(alice, room, "promoteOwner", bob).Want(200) },
			"disabled": func() {
				admin.Post(fmt.Sprintf("/pod/v1/admin/user/%d/status/update", bob.ID), map[string]string{"status": "DISABLED"}).Want(200)
			},
		} {
			if name != "added" {
				change(alice, room, "add", bob)
			}
			whileHeld(t, p, lock.Stream(room), call, mustBe(true, account))
			admin.Post(fmt.Sprintf("/pod/v1/admin/user/%d/status/update", bob.ID), map[string]string{"status": "ENABLED"}).Want(200)
			change(alice, room, "remove", bob)
		}
	})
}

// TestListIsLockedBeforeRoom checks that a list is locked before its rooms, whether its members
// change or it joins a room.
func TestListIsLockedBeforeRoom(t *testing.T) {
	t.Parallel()
	onPostgres(t, func(t *testing.T, p *podtest.Pod) {
		d := &desk{t: t, p: p, owner: p.User("owner"), token: p.Bot("lists", "GROUP_MANAGER").AccessToken("profile-manager")}
		d.begin(1)
		id, err := wire.ParseUserID(d.lists[0].Profile.ID)
		if err != nil {
			t.Fatal(err)
		}
		list, room := lock.DistributionList(id), lock.Stream(d.room)
		prepare(t, p, list, room)
		membership := "/pod/v1/room/" + d.room + "/membership/"
		member := map[string]any{"member": map[string]int64{"memberId": p.User("bob").ID, "memberTenant": 190}}
		for _, call := range []func(){
			func() { d.owner.Post(membership+"add", map[string]int64{"id": int64(id)}).Want(200) },
			func() { d.manage(200, "POST", "/"+d.lists[0].ID+"/member", member) },
			func() { d.owner.Post(membership+"remove", map[string]int64{"id": int64(id)}).Want(200) },
		} {
			whileHeld(t, p, room, call, mustBe(true, list))
		}
	})
}
