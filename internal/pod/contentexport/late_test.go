package contentexport_test

import (
	"context"
	"io"
	"runtime"
	"slices"
	"testing"
	"time"

	"podium/internal/blob"
	"podium/internal/db"
	"podium/internal/db/dbtest"
	"podium/internal/pod/messages/files"
	"podium/internal/pod/messages/message"
	"podium/internal/wire"
	"podium/podtest"
)

// TestAMessageThatIsCommittedLate checks that an export waits for a transaction that has drawn the
// number of a message and has not committed. On SQLite such a transaction lets no other write.
func TestAMessageThatIsCommittedLate(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		if kind == dbtest.SQLite {
			return
		}
		clock := podtest.NewClock()
		b := newBench(t, podtest.StartOn(t, kind, podtest.WithClock(clock)), clock)
		alice := b.p.User("alice")
		room := b.room(alice, "Desk", false)
		early := b.say(alice, room, "early")
		stream := b.p.Number(t, `SELECT number FROM streams WHERE id = $1`, room)
		drawn, commit, written := make(chan struct{}), make(chan struct{}), make(chan error, 1)
		late := wire.NewMessageID(wire.TimeOf(clock.Now()))
		go func() {
			_, err := db.Write(t.Context(), b.p.Inner.DB, func(tx *db.Tx) (struct{}, error) {
				number, err := tx.Next("streams")
				if err != nil {
					return struct{}{}, err
				}
				close(drawn)
				<-commit
				row := message.Row{ID: late, Number: number, Stream: stream, Author: wire.UserID(alice.ID), At: tx.Now(), Body: "late"}
				return struct{}{}, tx.InsertAll(message.Insert, [][]any{row.Values()}, "")
			})
			written <- err
		}()
		<-drawn
		clock.Advance(time.Hour)
		stepped := make(chan error, 1)
		go func() { stepped <- b.p.Inner.Export.Step(t.Context()) }()
		for b.p.Number(t, `SELECT COUNT(*) FROM export_jobs WHERE company = $1 AND position <> 0`, 190) == 0 {
			runtime.Gosched()
		}
		close(commit)
		if err := <-written; err != nil {
			t.Fatal(err)
		}
		// Transactions of other tests on the server may hold the horizon: then the step is tried again.
		err := <-stepped
		for tries := 0; err != nil && tries < 5; tries++ {
			t.Log(err)
			err = b.p.Inner.Export.Step(t.Context())
		}
		if err != nil {
			t.Fatal(err)
		}
		if got, want := b.messages(b.reader), []string{early, string(late)}; !slices.Equal(got, want) {
			t.Errorf("the file holds %v, expected %v", got, want)
		}
	})
}

// hooked is a store that calls a function before it stores the next content.
type hooked struct {
	blob.Store
	before func()
}

func (s *hooked) Put(ctx context.Context, sum blob.Sum, size int64, content io.ReadSeeker) error {
	if before := s.before; before != nil {
		s.before = nil
		before()
	}
	return s.Store.Put(ctx, sum, size, content)
}

// TestALostLease checks that a node whose lease is over adds nothing to a job that another node has
// completed.
func TestALostLease(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		folder, err := blob.OpenFolder(t.TempDir()+"/files", nil)
		if err != nil {
			t.Fatal(err)
		}
		clock, store := podtest.NewClock(), &hooked{Store: folder}
		b := newBench(t, podtest.StartOn(t, kind, podtest.WithClock(clock), podtest.WithBlobs(store)), clock)
		alice := b.p.User("alice")
		want := []string{b.say(alice, b.room(alice, "Desk", false), "hello")}
		clock.Advance(time.Hour)
		b.p.Settle(t)
		store.before = func() {
			clock.Advance(11 * time.Minute) // the lease ends while the node stores the file
			b.step()
		}
		if err := b.p.Inner.Export.Step(t.Context()); err != nil {
			t.Error(err)
		}
		if got := b.messages(b.reader); !slices.Equal(got, want) {
			t.Errorf("the files hold %v, expected %v", got, want)
		}
	})
}

// TestAMessageNamesAnExport checks that a content remains when its export file ends and a message
// has the same one.
func TestAMessageNamesAnExport(t *testing.T) {
	t.Parallel()
	each(t, func(b *bench) {
		const sum = "abcd"
		used := func() int64 { return b.p.Number(b.t, `SELECT used FROM blobs WHERE sha256 = $1`, sum) }
		b.p.Write(b.t, func(tx *db.Tx) error {
			if err := files.Hold(tx, sum); err == nil {
				b.t.Error("a content that is gone is held")
			}
			if err := tx.Exec(`INSERT INTO blobs (sha256, size, used) VALUES ($1, 1, 7)`, sum); err != nil {
				return err
			}
			return files.Hold(tx, sum)
		})
		b.p.Write(b.t, func(tx *db.Tx) error { return files.Release(tx, sum) })
		if used() != int64(wire.TimeOf(b.clock.Now())) {
			b.t.Errorf("a released content was used at %d", used())
		}
		b.p.Write(b.t, func(tx *db.Tx) error { return files.Hold(tx, sum) })
		b.p.Write(b.t, func(tx *db.Tx) error {
			return tx.Exec(`UPDATE blobs SET used = 0 WHERE used <> 0 AND sha256 = $1`, sum)
		})
		b.p.Write(b.t, func(tx *db.Tx) error { return files.Release(tx, sum) })
		if used() != 0 {
			b.t.Errorf("a content that a message names was used at %d", used())
		}
	})
}
