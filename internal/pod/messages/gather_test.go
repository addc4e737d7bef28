package messages_test

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"testing"
	"time"

	"podium/internal/db"
	"podium/internal/db/dbtest"
	"podium/internal/db/lock"
	"podium/podtest"
)

var errUndo = errors.New("undo it")

// TestLockedStreamsDelayNoOthers checks that a message is sent while messages to other streams wait
// for locks that another transaction holds.
func TestLockedStreamsDelayNoOthers(t *testing.T) {
	t.Parallel()
	dbtest.NeedPostgres(t)
	p := podtest.StartOn(t, dbtest.Postgres)
	alice := p.User("alice")
	var keys []lock.Key
	locked := []string{makeRoom(alice, nil), makeRoom(alice, nil), makeRoom(alice, nil)}
	for _, id := range locked {
		keys = append(keys, lock.Stream(id))
	}
	free := makeRoom(alice, nil)
	send := func(room string) int {
		return alice.Send("/agent/v4/stream/"+room+"/message/create", map[string]any{"message": "<messageML>x</messageML>"}).Status
	}
	var senders sync.WaitGroup
	_, err := db.Write(context.Background(), p.Inner.DB, func(tx *db.Tx) (struct{}, error) {
		if err := tx.Lock(keys...); err != nil {
			return struct{}{}, err
		}
		if _, err := tx.Horizon(); err != nil { // locks are sent with the next statement that reads
			return struct{}{}, err
		}
		for i, room := range locked {
			senders.Go(func() {
				if status := send(room); status != http.StatusOK {
					t.Errorf("after the lock: %d", status)
				}
			})
			deadline := time.Now().Add(5 * time.Second)
			for waiting := int64(0); waiting < int64(i+1); { // until it waits
				if time.Now().After(deadline) {
					return struct{}{}, errors.New("a message waits for those to other streams")
				}
				if err := tx.Exec(`SELECT pg_stat_clear_snapshot()`); err != nil { // so that new connections count
					return struct{}{}, err
				}
				var err error
				waiting, err = db.Value[int64](tx, `
					SELECT COUNT(*)
					FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
					WHERE NOT l.granted AND a.datname = current_database()`)
				if err != nil {
					return struct{}{}, err
				}
			}
		}
		sent := make(chan int, 1)
		go func() { sent <- send(free) }()
		select {
		case status := <-sent:
			if status != http.StatusOK {
				t.Errorf("to the free room: %d", status)
			}
		case <-time.After(5 * time.Second): // the statements' own deadline is ten
			t.Error("a message to a free room waits for the locks of others")
		}
		return struct{}{}, errUndo
	})
	if !errors.Is(err, errUndo) {
		t.Error(err)
	}
	senders.Wait()
}
