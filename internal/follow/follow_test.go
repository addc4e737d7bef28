package follow_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"podium/internal/db"
	"podium/internal/db/dbtest"
	"podium/internal/follow"
	"podium/internal/notify"
)

// thing is a row of a followed table.
type thing struct {
	follow.Cursor
	n int64
}

var things = follow.NewTable(follow.Rows[thing]{
	Columns: "position, seq, n", Table: "things", Condition: "kind = $1",
	Scan:  func(row db.Row) (t thing, err error) { return t, row.Scan(&t.Position, &t.Seq, &t.n) },
	Place: func(t thing) follow.Cursor { return t.Cursor },
}, 1)

// bench is a database with a followed table.
type bench struct {
	t      *testing.T
	db     *db.DB
	notify *notify.Local
}

func newBench(t *testing.T, kind dbtest.Kind) *bench {
	t.Helper()
	b := &bench{t, dbtest.Open(t, kind), notify.NewLocal()}
	b.write(func(tx *db.Tx) error {
		return tx.Exec(`CREATE TABLE things (position BIGINT NOT NULL, seq BIGINT NOT NULL, kind TEXT NOT NULL, n BIGINT NOT NULL)`)
	})
	return b
}

func (b *bench) write(fn func(tx *db.Tx) error) {
	b.t.Helper()
	_, err := db.Write(b.t.Context(), b.db, func(tx *db.Tx) (struct{}, error) { return struct{}{}, fn(tx) })
	if err != nil {
		b.t.Error(err)
	}
}

// add adds things of a kind, with the given numbers, and wakes its readers.
func (b *bench) add(tx *db.Tx, kind string, numbers ...int64) error {
	position, seqs, err := tx.Places("events", len(numbers))
	if err != nil {
		return err
	}
	for i, n := range numbers {
		if err := tx.Exec(`INSERT INTO things (position, seq, kind, n) VALUES ($1, $2, $3, $4)`, position, seqs[i], kind, n); err != nil {
			return err
		}
	}
	tx.OnCommit(func() { b.notify.Notify("things", kind) })
	return nil
}

// reader returns a reader of one kind of things, which sends each page to a channel.
func (b *bench) reader(kind string) (follow.Reader[thing], <-chan []int64) {
	pages := make(chan []int64, 10)
	return follow.Reader[thing]{
		Loop: follow.Loop{
			Notify: b.notify, Topic: "things", Look: time.Hour,
			Concerns: func(payload string) bool { return payload == kind },
		},
		Read: func(ctx context.Context, after follow.Cursor) (follow.Page[thing], error) {
			return db.Read(ctx, b.db, func(tx *db.Tx) (follow.Page[thing], error) {
				return things.Page(tx, after, follow.PageSize, kind)
			})
		},
		Take: func(_ context.Context, rows []thing) error {
			numbers := make([]int64, len(rows))
			for i, row := range rows {
				numbers[i] = row.n
			}
			pages <- numbers
			return nil
		},
		Failed: func(err error) { // it would wait for Look
			b.t.Error(err)
			pages <- nil
		},
	}, pages
}

// run runs a reader until stop is called.
func (b *bench) run(r follow.Reader[thing]) (stop func()) {
	ctx, cancel := context.WithCancel(b.t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		r.Run(ctx, follow.Cursor{})
	}()
	return func() {
		cancel()
		<-ended
	}
}

// TestReaderReadsPages checks that a reader gets each row of its kind once, in order and in pages,
// is woken by a new row, and ends with its context.
func TestReaderReadsPages(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		b := newBench(t, kind)
		numbers := make([]int64, 2*follow.PageSize+1)
		for i := range numbers {
			numbers[i] = int64(i)
		}
		b.write(func(tx *db.Tx) error { return errors.Join(b.add(tx, "other", -1), b.add(tx, "ours", numbers...)) })
		r, pages := b.reader("ours")
		stop := b.run(r)
		for part := range slices.Chunk(numbers, follow.PageSize) {
			if page := <-pages; !slices.Equal(page, part) {
				t.Errorf("a page of %d rows, not %d", len(page), len(part))
			}
		}
		b.write(func(tx *db.Tx) error { return b.add(tx, "ours", -2) })
		if page := <-pages; !slices.Equal(page, []int64{-2}) {
			t.Errorf("the page after waiting is %v", page)
		}
		stop()
	})
}

// TestReaderTriesAgain checks that a reader reads a page again after Read or Take has failed.
func TestReaderTriesAgain(t *testing.T) {
	t.Parallel()
	b := newBench(t, dbtest.SQLite)
	b.write(func(tx *db.Tx) error { return b.add(tx, "ours", 1) })
	r, pages := b.reader("ours")
	r.Look = time.Millisecond
	read, take := r.Read, r.Take
	var reads, takes int
	r.Read = func(ctx context.Context, after follow.Cursor) (follow.Page[thing], error) {
		if reads++; reads == 1 {
			return follow.Page[thing]{}, errors.New("the database is away")
		}
		return read(ctx, after)
	}
	r.Take = func(ctx context.Context, rows []thing) error {
		if takes++; takes == 1 {
			return errors.New("not now")
		}
		return take(ctx, rows)
	}
	failed := make(chan error, 10)
	r.Failed = func(err error) { failed <- err }
	stop := b.run(r)
	if page := <-pages; !slices.Equal(page, []int64{1}) {
		t.Errorf("the page is %v", page)
	}
	stop()
	if len(failed) != 2 || takes != 2 {
		t.Errorf("%d failures, %d pages taken", len(failed), takes)
	}
}

// TestReaderStopsAtTheHorizon checks that a reader leaves out rows while a transaction with a lower
// position runs, and gets all in order afterwards without a notification.
func TestReaderStopsAtTheHorizon(t *testing.T) {
	t.Parallel()
	dbtest.NeedPostgres(t)
	b := newBench(t, dbtest.Postgres)
	placed, written := make(chan struct{}), make(chan struct{})
	go b.write(func(tx *db.Tx) error {
		err := b.add(tx, "ours", 1)
		close(placed)
		<-written
		return err
	})
	<-placed
	b.write(func(tx *db.Tx) error { return b.add(tx, "ours", 2) })
	r, pages := b.reader("ours")
	more := make(chan struct{}, 1)
	read := r.Read
	r.Read = func(ctx context.Context, after follow.Cursor) (follow.Page[thing], error) {
		page, err := read(ctx, after)
		if page.More {
			select {
			case more <- struct{}{}:
			default:
			}
		}
		return page, err
	}
	r.Notify = notify.NewLocal() // one that is silent
	stop := b.run(r)
	<-more
	close(written)
	if page := <-pages; !slices.Equal(page, []int64{1, 2}) {
		t.Errorf("the page is %v", page)
	}
	stop()
}

// TestLoopWaits checks when a loop takes its next step: at once, when a payload that concerns it
// arrives, and not by others.
func TestLoopWaits(t *testing.T) {
	t.Parallel()
	n := notify.NewLocal()
	ctx, cancel := context.WithCancel(t.Context())
	var steps []bool
	asked := make(chan string, 10)
	loop := follow.Loop{Notify: n, Topic: "things", Look: time.Hour, Concerns: func(payload string) bool {
		asked <- payload
		return payload == "ours"
	}}
	loop.Run(ctx, func(_ context.Context, woken bool) follow.Next {
		switch steps = append(steps, woken); len(steps) {
		case 1:
			return follow.Again
		case 2:
			return follow.Later
		case 3:
			n.Notify("things", "other")
			n.Notify("things", "ours")
		case 4:
			n.Notify("things", "")
		case 5:
			cancel()
		}
		return follow.Woken
	})
	if !slices.Equal(steps, []bool{false, false, false, true, true}) {
		t.Errorf("the loop was woken before the steps: %v", steps)
	}
	if len(asked) != 2 {
		t.Errorf("the loop asked %d times whether a payload concerns it", len(asked))
	}
}
