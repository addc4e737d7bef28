package event_test

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"testing"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/db/dbtest"
	"podium/internal/event"
)

type numbered struct {
	N int `json:"n"`
}

func (numbered) Kind() string { return "test.numbered" }

var somebody = auth.Caller{Company: 7, User: 7<<36 | 1, Roles: []auth.Role{"INDIVIDUAL", "USER_PROVISIONING"}}

func TestAFactIsReadAsRecorded(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		d := dbtest.Open(t, kind)
		woken := 0
		log := event.Log{Wake: func() { woken++ }}
		record(t, d, &log, somebody, 1)
		record(t, d, &log, auth.Caller{Company: 8}, 2)
		got := after(t, d, event.Cursor{}, 10)
		if len(got) != 1 || woken != 2 {
			t.Fatalf("%d facts of the company, woken %d times", len(got), woken)
		}
		e := got[0]
		if e.Kind != "test.numbered" || e.Actor != somebody.User || e.Subject != "1" || e.Data != `{"n":1}` || len(e.Roles) != 2 || e.At == 0 {
			t.Errorf("%+v", e)
		}
	})
}

func TestAnUndoneFactIsNone(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		d := dbtest.Open(t, kind)
		var log event.Log
		db.Write(context.Background(), d, func(tx *db.Tx) (struct{}, error) {
			if err := log.Record(tx, somebody, "1", numbered{1}); err != nil {
				t.Error(err)
			}
			return struct{}{}, errors.New("no")
		})
		if got := after(t, d, event.Cursor{}, 10); len(got) != 0 {
			t.Fatalf("%+v", got)
		}
	})
}

// Many record while one follows: the follower sees each fact once, whatever order the
// transactions end in.
func TestAFollowerMissesNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		const writers, each = 8, 50
		d := dbtest.Open(t, kind, func(c *db.Config) { c.Connections = 16 })
		wake := make(chan struct{}, 1)
		log := event.Log{Wake: func() {
			select {
			case wake <- struct{}{}:
			default:
			}
		}}
		var wg sync.WaitGroup
		for w := range writers {
			wg.Go(func() {
				for i := range each {
					record(t, d, &log, somebody, w*each+i)
				}
			})
		}
		ended := make(chan struct{})
		go func() { wg.Wait(); close(ended) }()

		seen := map[string]bool{}
		var cursor event.Cursor
		for last := false; len(seen) < writers*each; {
			for _, e := range after(t, d, cursor, 7) {
				if seen[e.Subject] {
					t.Fatalf("fact %s came twice", e.Subject)
				}
				seen[e.Subject] = true
				cursor = e.Cursor
			}
			if last && len(after(t, d, cursor, 1)) == 0 {
				break
			}
			select {
			case <-wake:
			case <-ended:
				last = true
			}
		}
		if len(seen) != writers*each {
			t.Fatalf("the follower saw %d of %d facts", len(seen), writers*each)
		}
	})
}

func record(t *testing.T, d *db.DB, log *event.Log, caller auth.Caller, n int) {
	t.Helper()
	_, err := db.Write(context.Background(), d, func(tx *db.Tx) (struct{}, error) {
		return struct{}{}, log.Record(tx, caller, strconv.Itoa(n), numbered{n})
	})
	if err != nil {
		t.Error(err)
	}
}

func after(t *testing.T, d *db.DB, c event.Cursor, limit int) []event.Entry {
	t.Helper()
	got, err := db.Read(context.Background(), d, func(tx *db.Tx) ([]event.Entry, error) {
		return event.After(tx, somebody.Company, c, limit)
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}
