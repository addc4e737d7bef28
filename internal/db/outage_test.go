package db_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/pprof"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"podium/internal/db"
	"podium/internal/db/dbtest"
)

// patience is short, for tests without a reachable database.
const patience = 300 * time.Millisecond

// soon is much longer than anything that waits for patience may take.
const soon = 10 * patience

func patient(c *db.Config) { c.Patience = patience }

// failing returns a database that can be made unreachable, with a test table without a key, so that
// a row written twice is there twice.
func failing(t *testing.T, kind dbtest.Kind, options ...dbtest.Option) (*db.DB, *dbtest.Outage) {
	t.Helper()
	d, outage := dbtest.OpenFailing(t, kind, append([]dbtest.Option{patient}, options...)...)
	write(t, d, func(tx *db.Tx) error {
		return tx.Exec(`CREATE TABLE things (id BIGINT NOT NULL, name TEXT NOT NULL)`)
	})
	return d, outage
}

func TestADatabaseGoneAndBack(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		d, outage := failing(t, kind)
		write(t, d, func(tx *db.Tx) error { return add(tx, 1) })
		outage.Begin(t)

		// Many wait at the same time, but none for long.
		began := time.Now()
		var wg sync.WaitGroup
		for range 40 {
			wg.Go(func() {
				if err := tryWrite(d, func(tx *db.Tx) error { return add(tx, 2) }); !errors.Is(err, db.ErrUnavailable) {
					t.Errorf("a write while the database is away: %v", err)
				}
			})
		}
		wg.Wait()
		if kind == dbtest.Postgres {
			_, err := readIDs(d)
			if !errors.Is(err, db.ErrUnavailable) {
				t.Errorf("a read while the database is away: %v", err)
			}
			if err := d.Ping(context.Background()); !errors.Is(err, db.ErrUnavailable) {
				t.Errorf("a ping while the database is away: %v", err)
			}
		} else if got := ids(t, d); !slices.Equal(got, []int64{1}) {
			t.Errorf("reads see %v while another holds the write lock", got)
		}
		if took := time.Since(began); took > soon {
			t.Errorf("telling that the database is away took %v", took)
		}

		outage.End()
		write(t, d, func(tx *db.Tx) error { return add(tx, 3) })
		if got := ids(t, d); !slices.Equal(got, []int64{1, 3}) {
			t.Errorf("rows %v", got)
		}
		if err := d.Ping(context.Background()); err != nil {
			t.Error(err)
		}
		atRest(t, d)
	})
}

// TestAWriteOutlastsAShortOutage checks that a write waits for a database that is unreachable for
// less than its patience.
func TestAWriteOutlastsAShortOutage(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		d, outage := failing(t, kind, func(c *db.Config) { c.Patience = time.Minute })
		outage.Begin(t)
		began, ended := make(chan struct{}), make(chan error)
		go func() {
			close(began)
			ended <- tryWrite(d, func(tx *db.Tx) error { return add(tx, 1) })
		}()
		<-began
		if kind == dbtest.Postgres {
			<-outage.Proxy.Refused()
		}
		outage.End()
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
		if got := ids(t, d); !slices.Equal(got, []int64{1}) {
			t.Errorf("rows %v", got)
		}
	})
}

// TestNoAcknowledgedWriteIsLost checks, during outages, that each acknowledged write is there
// exactly once.
func TestNoAcknowledgedWriteIsLost(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		const writers, outages = 8, 3
		d, outage := failing(t, kind)
		succeeded, failed := make(chan int64), make(chan error)
		stop := make(chan struct{})
		var next atomic.Int64
		var wg sync.WaitGroup
		for range writers {
			wg.Go(func() {
				for {
					id := next.Add(1)
					err := tryWrite(d, func(tx *db.Tx) error { return add(tx, id) })
					report := succeeded
					if err != nil {
						report = nil
					}
					select {
					case report <- id:
					case failedWhen(err, failed) <- err:
					case <-stop:
						return
					}
				}
			})
		}

		var acknowledged []int64
		collect := func(n int) {
			for range n {
				select {
				case id := <-succeeded:
					acknowledged = append(acknowledged, id)
				case err := <-failed:
					if !errors.Is(err, db.ErrUnavailable) {
						t.Errorf("a write failed with %v", err)
					}
				}
			}
		}
		for range outages {
			collect(20)
			outage.Begin(t)
			for away := true; away; {
				select {
				case id := <-succeeded: // it was done before
					acknowledged = append(acknowledged, id)
				case err := <-failed:
					away = false
					if !errors.Is(err, db.ErrUnavailable) {
						t.Errorf("a write failed with %v", err)
					}
				}
			}
			outage.End()
			collect(20)
		}
		close(stop)
		wg.Wait()

		there := map[int64]int{}
		for _, id := range ids(t, d) {
			there[id]++
		}
		for _, id := range acknowledged {
			if there[id] == 0 {
				t.Errorf("write %d was acknowledged and is lost", id)
			}
		}
		for id, n := range there {
			if n > 1 {
				t.Errorf("write %d is there %d times", id, n)
			}
		}
	})
}

// failedWhen returns the channel for a failure; nil if err is nil.
func failedWhen(err error, failed chan error) chan error {
	if err == nil {
		return nil
	}
	return failed
}

// TestACommitThatIsCutTakesEffectOnce loses a connection around a COMMIT: the write takes effect
// once, and its caller is told so.
func TestACommitThatIsCutTakesEffectOnce(t *testing.T) {
	t.Parallel()
	dbtest.NeedPostgres(t)
	for name, c := range map[string]struct {
		cuts []dbtest.Moment
		runs int64 // 0: any
	}{
		"before it is sent":     {[]dbtest.Moment{dbtest.BeforeCommit}, 2},
		"before it is answered": {[]dbtest.Moment{dbtest.AfterCommit}, 0},
		"once it is answered":   {[]dbtest.Moment{dbtest.AfterAnswer}, 1},
		"twice":                 {[]dbtest.Moment{dbtest.BeforeCommit, dbtest.BeforeCommit}, 3},
		"before, then after":    {[]dbtest.Moment{dbtest.BeforeCommit, dbtest.AfterAnswer}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, outage := failing(t, dbtest.Postgres, func(c *db.Config) { c.Patience = time.Minute })
			for _, moment := range c.cuts {
				outage.Proxy.CutCommit(moment, nil)
			}
			var runs, hooks int64
			write(t, d, func(tx *db.Tx) error {
				runs++
				tx.OnCommit(func() { hooks++ })
				return add(tx, 1)
			})
			if got := ids(t, d); !slices.Equal(got, []int64{1}) {
				t.Errorf("rows %v", got)
			}
			if hooks != 1 {
				t.Errorf("the hook ran %d times", hooks)
			}
			if c.runs != 0 && runs != c.runs {
				t.Errorf("the write ran %d times, not %d", runs, c.runs)
			}
			atRest(t, d)
		})
	}
}

// TestACommitIsAskedAboutOnceTheServerIsBack loses the server with the answer to a COMMIT. It is
// back before the patience ends, and the caller gets the outcome.
func TestACommitIsAskedAboutOnceTheServerIsBack(t *testing.T) {
	t.Parallel()
	dbtest.NeedPostgres(t)
	d, outage := failing(t, dbtest.Postgres, func(c *db.Config) { c.Patience = time.Minute })
	outage.Proxy.CutCommit(dbtest.AfterAnswer, outage.Proxy.Close)
	ended := make(chan error)
	go func() { ended <- tryWrite(d, func(tx *db.Tx) error { return add(tx, 1) }) }()
	<-outage.Proxy.Refused()
	outage.Proxy.Open()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	if got := ids(t, d); !slices.Equal(got, []int64{1}) {
		t.Errorf("rows %v", got)
	}
}

// TestACommitOfUnknownOutcomeIsLogged keeps the server away: the caller gets an error, and the
// doubt is logged.
func TestACommitOfUnknownOutcomeIsLogged(t *testing.T) {
	t.Parallel()
	dbtest.NeedPostgres(t)
	var said strings.Builder // written only by the Write below
	log := slog.New(slog.NewTextHandler(&said, nil))
	d, outage := failing(t, dbtest.Postgres, func(c *db.Config) { c.Log = log })
	outage.Proxy.CutCommit(dbtest.AfterAnswer, outage.Proxy.Close)
	runs := 0
	err := tryWrite(d, func(tx *db.Tx) error { runs++; return add(tx, 1) })
	if !errors.Is(err, db.ErrUnavailable) {
		t.Errorf("error %v", err)
	}
	if runs != 1 {
		t.Errorf("what may have taken effect was run %d times", runs)
	}
	if !strings.Contains(said.String(), "whether it took effect cannot be learned") {
		t.Errorf("the log says %q", said.String())
	}
	outage.Proxy.Open()
	if got := ids(t, d); !slices.Equal(got, []int64{1}) {
		t.Errorf("rows %v", got)
	}
}

// TestACallerGoneDuringTheCommit checks that a caller who goes during the commit gets no wrong
// result.
func TestACallerGoneDuringTheCommit(t *testing.T) {
	t.Parallel()
	dbtest.NeedPostgres(t)
	for name, moment := range map[string]dbtest.Moment{"before": dbtest.BeforeCommit, "after": dbtest.AfterAnswer} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, outage := failing(t, dbtest.Postgres)
			ctx, cancel := context.WithCancel(context.Background())
			outage.Proxy.CutCommit(moment, cancel)
			_, err := db.Write(ctx, d, func(tx *db.Tx) (struct{}, error) { return struct{}{}, add(tx, 1) })
			if rows := ids(t, d); (err == nil) != (len(rows) == 1) || len(rows) > 1 {
				t.Errorf("the write said %v, and there are %d rows", err, len(rows))
			}
		})
	}
}

// TestCloseLeavesNothingBehind checks that closing a database ends all goroutines and connections.
func TestCloseLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		label := "close " + string(kind)
		pprof.Do(context.Background(), pprof.Labels("test", label), func(ctx context.Context) {
			d, outage := failing(t, kind)
			for range 3 {
				outage.Begin(t)
				var wg sync.WaitGroup
				for i := range int64(10) {
					wg.Go(func() { tryWrite(d, func(tx *db.Tx) error { return add(tx, i) }) })
				}
				for range 10 {
					ctx, cancel := context.WithCancel(ctx)
					wg.Go(func() {
						db.Read(ctx, d, func(tx *db.Tx) (int64, error) { return db.Value[int64](tx, `SELECT COUNT(*) FROM things`) })
					})
					cancel()
				}
				wg.Wait()
				outage.End()
				write(t, d, func(tx *db.Tx) error { return add(tx, 99) })
			}
			if err := d.Close(); err != nil {
				t.Fatal(err)
			}
			proxied := 0
			until(t, "the connections end", func() bool {
				if outage.Proxy != nil {
					proxied = outage.Proxy.Connections()
				}
				return proxied == 0
			})
			ours := 1 // this one
			if outage.Proxy != nil {
				ours++ // and the proxy's
			}
			until(t, "the goroutines end", func() bool { return goroutines(t, label) == ours })
		})
	})
}

// goroutines counts the goroutines begun under a label, directly or indirectly.
func goroutines(t *testing.T, label string) int {
	t.Helper()
	var b bytes.Buffer
	if err := pprof.Lookup("goroutine").WriteTo(&b, 1); err != nil {
		t.Fatal(err)
	}
	n := 0
	for stanza := range strings.SplitSeq(b.String(), "\n\n") {
		if !strings.Contains(stanza, fmt.Sprintf(`"test":%q`, label)) {
			continue
		}
		count := 0
		for line := range strings.Lines(stanza) {
			if _, err := fmt.Sscanf(line, "%d @", &count); err == nil {
				break
			}
		}
		n += count
	}
	return n
}

// atRest waits until no connection is in use; the pool releases them in its own time.
func atRest(t *testing.T, d *db.DB) {
	t.Helper()
	until(t, "no connection is in use", func() bool { s := d.Stats(); return s.InUse == 0 && s.Waiting == 0 })
}

// until waits for an event without a notification.
func until(t *testing.T, what string, happened func() bool) {
	t.Helper()
	for began := time.Now(); !happened(); {
		if time.Since(began) > 10*time.Second {
			t.Fatalf("in vain waiting until %s", what)
		}
		tick := time.NewTimer(time.Millisecond)
		<-tick.C
	}
}

func readIDs(d *db.DB) ([]int64, error) {
	return db.Read(context.Background(), d, func(tx *db.Tx) ([]int64, error) {
		return db.All(tx, db.ScanValue[int64], `SELECT id FROM things ORDER BY id`)
	})
}
