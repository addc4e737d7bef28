package db_test

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"testing"

	"podium/internal/db"
	"podium/internal/db/dbtest"
)

// connections is how many reading connections the tests' databases have.
const connections = 8

// TestGoneCallersHarmNoLaterCall cancels reads and writes at any moment: later calls work.
func TestGoneCallersHarmNoLaterCall(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		d := fresh(t, kind)
		write(t, d, func(tx *db.Tx) error { return add(tx, 0) })
		rounds := 2000
		if kind == dbtest.Postgres {
			rounds = 200 // each breaks a connection
		}
		var wg sync.WaitGroup
		for worker := range connections {
			wg.Go(func() {
				for i := range rounds {
					ctx, cancel := context.WithCancel(context.Background())
					go func() {
						for range i % 50 {
							runtime.Gosched()
						}
						cancel()
					}()
					_, err := db.Read(ctx, d, func(tx *db.Tx) (int64, error) {
						return db.Value[int64](tx, `SELECT COUNT(*) FROM things`)
					})
					if err != nil && !errors.Is(err, context.Canceled) {
						t.Errorf("a read whose caller went: %v", err)
						return
					}
					if worker == 0 && i%10 == 0 {
						_, err = db.Write(ctx, d, func(tx *db.Tx) (struct{}, error) { return struct{}{}, add(tx, int64(i+1)) })
						if err != nil && !errors.Is(err, context.Canceled) {
							t.Errorf("a write whose caller went: %v", err)
							return
						}
					}
				}
			})
		}
		wg.Wait()
		atOnce(t, d, connections)
		write(t, d, func(tx *db.Tx) error { return add(tx, -1) })
	})
}

// atOnce reads through n connections at the same time, so that each is used, and checks that each
// sees the current state.
func atOnce(t *testing.T, d *db.DB, n int) {
	t.Helper()
	want := len(ids(t, d))
	var together, wg sync.WaitGroup
	together.Add(n)
	for range n {
		wg.Go(func() {
			there := sync.OnceFunc(func() { together.Done(); together.Wait() })
			defer there() // a failing read must not block the others
			got, err := db.Read(context.Background(), d, func(tx *db.Tx) (int64, error) {
				there()
				return db.Value[int64](tx, `SELECT COUNT(*) FROM things`)
			})
			if err != nil || got != int64(want) {
				t.Errorf("a read sees %d rows of %d: %v", got, want, err)
			}
		})
	}
	wg.Wait()
}

// TestAWriteGivenUpWhileItWaits checks that a caller who cancels a waiting write gets an error, and
// that nothing was done.
func TestAWriteGivenUpWhileItWaits(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		d := fresh(t, kind)
		release, held := hold(t, d, kind)
		ctx, cancel := context.WithCancel(context.Background())
		ended := make(chan error)
		go func() {
			_, err := db.Write(ctx, d, func(tx *db.Tx) (struct{}, error) { return struct{}{}, add(tx, 77) })
			ended <- err
		}()
		if kind == dbtest.SQLite {
			until(t, "the write waits", func() bool { return d.Stats().Waiting == 1 })
		}
		cancel()
		if kind == dbtest.SQLite {
			release() // only the writer knows whether the commit carried a write
		}
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("error %v", err)
		}
		release()
		held.Wait()
		for _, id := range ids(t, d) {
			if id == 77 {
				t.Error("the write that was given up is there")
			}
		}
	})
}

// TestCloseWhileWritesWait closes the database: running writes complete, waiting ones end, and
// later ones fail with ErrUnavailable.
func TestCloseWhileWritesWait(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		const waiting = 50
		url := dbtest.URL(t, kind)
		d := dbtest.OpenAt(t, url, patient)
		write(t, d, createThings)
		release, held := hold(t, d, kind)
		acknowledged := make(chan int64, waiting)
		var wg sync.WaitGroup
		for i := range int64(waiting) {
			wg.Go(func() {
				err := tryWrite(d, func(tx *db.Tx) error { return add(tx, 1000+i) })
				switch {
				case err == nil:
					acknowledged <- 1000 + i
				case kind == dbtest.SQLite || !errors.Is(err, db.ErrUnavailable):
					t.Errorf("a write that waited at the close: %v", err)
				}
			})
		}
		if kind == dbtest.SQLite {
			until(t, "all writes wait", func() bool { return d.Stats().Waiting == waiting })
		}
		began, closed := make(chan struct{}), make(chan error)
		go func() {
			close(began)
			closed <- d.Close()
		}()
		<-began
		release()
		if err := <-closed; err != nil {
			t.Fatal(err)
		}
		wg.Wait()
		held.Wait()
		close(acknowledged)
		if err := tryWrite(d, func(tx *db.Tx) error { return add(tx, 1) }); !errors.Is(err, db.ErrUnavailable) {
			t.Errorf("a write after the close: %v", err)
		}

		there := map[int64]bool{}
		for _, id := range ids(t, dbtest.OpenAt(t, url)) {
			there[id] = true
		}
		for id := range acknowledged {
			if !there[id] {
				t.Errorf("write %d was acknowledged and is lost", id)
			}
		}
		if !there[0] {
			t.Error("the write that ran at the close is lost")
		}
	})
}

// hold runs writes that occupy all writing connections, until release.
func hold(t *testing.T, d *db.DB, kind dbtest.Kind) (release func(), held *sync.WaitGroup) {
	t.Helper()
	n := int64(1)
	if kind == dbtest.Postgres {
		n = connections
	}
	var running sync.WaitGroup
	running.Add(int(n))
	end := make(chan struct{})
	held = new(sync.WaitGroup)
	for i := range n {
		held.Go(func() {
			err := tryWrite(d, func(tx *db.Tx) error {
				if err := add(tx, i); err != nil {
					return err
				}
				running.Done()
				<-end
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	running.Wait()
	return sync.OnceFunc(func() { close(end) }), held
}

func createThings(tx *db.Tx) error {
	return tx.Exec(`CREATE TABLE things (id BIGINT PRIMARY KEY, name TEXT NOT NULL)`)
}
