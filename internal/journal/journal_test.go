package journal_test

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"testing"
	"time"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/db/dbtest"
	"podium/internal/journal"
)

type numbered struct {
	N int `json:"n"`
}

func (numbered) Kind() string                         { return "test.numbered" }
func (numbered) Audience() journal.Audience           { return journal.Within() }
func (numbered) AuditLine(journal.Entry) journal.Line { return journal.Action("numbered", "Numbered") }

var caller = auth.Caller{Company: 7, User: 7<<36 | 1, Roles: []auth.Role{"INDIVIDUAL", "USER_PROVISIONING"}}

func TestAFactIsReadAsRecorded(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		d := dbtest.Open(t, kind)
		woken := 0
		log := journal.Log{Wake: func() { woken++ }}
		record(t, d, &log, caller, 1)
		record(t, d, &log, auth.Caller{Company: 8}, 2)
		settle(t, d)
		got := after(t, d, journal.Cursor{}, 10)
		if len(got) != 1 || woken != 2 {
			t.Fatalf("%d facts of the company, woken %d times", len(got), woken)
		}
		e := got[0]
		if e.Kind != "test.numbered" || e.Actor != caller.User || e.Subject != journal.Thing("1") || e.Data != `{"n":1}` || len(e.Roles) != 2 || e.At == 0 {
			t.Errorf("%+v", e)
		}
	})
}

func TestAnUndoneFactIsNone(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		d := dbtest.Open(t, kind)
		var log journal.Log
		db.Write(context.Background(), d, func(tx *db.Tx) (struct{}, error) {
			if err := log.Record(tx, caller, journal.Thing("1"), numbered{1}); err != nil {
				t.Error(err)
			}
			return struct{}{}, errors.New("no")
		})
		settle(t, d)
		if got := after(t, d, journal.Cursor{}, 10); len(got) != 0 {
			t.Fatalf("%+v", got)
		}
	})
}

// TestAFollowerMissesNothing records concurrently while one goroutine follows: it sees each fact
// once, in whatever order the transactions end.
func TestAFollowerMissesNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		const writers, each = 8, 50
		d := dbtest.Open(t, kind, func(c *db.Config) { c.Connections = 16 })
		wake := make(chan struct{}, 1)
		log := journal.Log{Wake: func() {
			select {
			case wake <- struct{}{}:
			default:
			}
		}}
		var wg sync.WaitGroup
		for w := range writers {
			wg.Go(func() {
				for i := range each {
					record(t, d, &log, caller, w*each+i)
				}
			})
		}
		// A transaction of another test on the same server delays the last facts until it ends, and
		// wakes no follower here. So the follower also reads without being woken.
		deadline := time.After(time.Minute)
		seen := map[string]bool{}
		var cursor journal.Cursor
		for waiting := true; waiting && len(seen) < writers*each; {
			for _, e := range after(t, d, cursor, 7) {
				if seen[e.Subject.ID] {
					t.Fatalf("fact %s came twice", e.Subject.ID)
				}
				seen[e.Subject.ID] = true
				cursor = e.Cursor
			}
			select {
			case <-wake:
			case <-time.After(time.Millisecond):
			case <-deadline:
				waiting = false
			}
		}
		wg.Wait()
		if len(seen) != writers*each {
			t.Fatalf("the follower saw %d of %d facts", len(seen), writers*each)
		}
	})
}

type fataler interface {
	Helper()
	Fatal(...any)
}

// settle waits until what was recorded can be followed: a transaction of another test on the same
// server may delay it.
func settle(t fataler, d *db.DB) {
	t.Helper()
	deadline := time.After(time.Minute)
	for {
		held, err := db.Read(context.Background(), d, func(tx *db.Tx) (bool, error) {
			horizon, err := tx.Horizon()
			if err != nil {
				return false, err
			}
			last, err := db.Value[int64](tx, `SELECT COALESCE(MAX(position), -1) FROM events`)
			return last >= horizon, err
		})
		if err != nil {
			t.Fatal(err)
		}
		if !held {
			return
		}
		select {
		case <-time.After(time.Millisecond):
		case <-deadline:
			t.Fatal("the facts cannot be followed")
		}
	}
}

func record(t *testing.T, d *db.DB, log *journal.Log, caller auth.Caller, n int) {
	t.Helper()
	_, err := db.Write(context.Background(), d, func(tx *db.Tx) (struct{}, error) {
		return struct{}{}, log.Record(tx, caller, journal.Thing(strconv.Itoa(n)), numbered{n})
	})
	if err != nil {
		t.Error(err)
	}
}

func after(t *testing.T, d *db.DB, c journal.Cursor, limit int) []journal.Entry {
	t.Helper()
	got, err := db.Read(context.Background(), d, func(tx *db.Tx) ([]journal.Entry, error) {
		return journal.After(tx, caller.Company, c, limit)
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}
