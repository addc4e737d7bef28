package seal

import (
	"context"
	"crypto/rsa"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/db/dbtest"
	"podium/internal/db/lock"
	"podium/internal/journal"
	"podium/internal/notify"
	"podium/internal/wire"
)

type counted struct {
	N int `json:"n"`
}

func (counted) Kind() string { return "test.counted" }

func (counted) Audience() journal.Audience { return journal.Within() }

func (counted) AuditLine(journal.Entry) journal.Line { return journal.Action("counted", "Counted") }

// bench is a database with its log and a sealer.
type bench struct {
	t      *testing.T
	db     *db.DB
	notify *notify.Local
	log    *journal.Log
	sealed chan int64 // the newest seal of company 7, after each batch
}

func newBench(t *testing.T, kind dbtest.Kind) *bench {
	t.Helper()
	b := &bench{t: t, db: dbtest.Open(t, kind), notify: notify.NewLocal(), sealed: make(chan int64, 1000)}
	b.log = &journal.Log{
		Wake:    func() { b.notify.Notify("events", "") },
		Allowed: func(auth.Grant, journal.Subject, journal.Fact) []auth.Role { return []auth.Role{"USER_PROVISIONING"} },
	}
	return b
}

func (b *bench) sealer() *Sealer {
	return &Sealer{
		DB: b.db, Log: slog.New(slog.DiscardHandler), Notify: b.notify,
		Companies: func() map[wire.CompanyID]*rsa.PrivateKey {
			return map[wire.CompanyID]*rsa.PrivateKey{7: ownKey(), 8: ownKey()}
		},
		Sealed: func(company wire.CompanyID, newest int64) {
			if company == 7 {
				b.sealed <- newest
			}
		},
	}
}

// record records a fact in its own transaction.
func (b *bench) record(company wire.CompanyID, n int) {
	b.t.Helper()
	_, err := db.Write(context.Background(), b.db, func(tx *db.Tx) (struct{}, error) { return struct{}{}, b.recordIn(tx, company, n) })
	if err != nil {
		b.t.Error(err)
	}
}

func (b *bench) recordIn(tx *db.Tx, company wire.CompanyID, n int) error {
	caller := auth.Caller{Company: company, User: 7<<36 | 1, Username: "admin", Email: "admin@x.example", Roles: []auth.Role{"INDIVIDUAL"}}
	return b.log.Record(tx, caller, journal.Subject{ID: fmt.Sprint(n), Name: "jane", Email: "jane@x.example"}, counted{n})
}

// run runs sealers until the test calls stop or ends.
func (b *bench) run(sealers ...*Sealer) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	for _, s := range sealers {
		running.Go(func() { s.Run(ctx) })
	}
	stop = sync.OnceFunc(func() {
		cancel()
		running.Wait()
	})
	b.t.Cleanup(stop)
	return stop
}

// until waits until so many facts of company 7 are sealed.
func (b *bench) until(facts int64) {
	b.t.Helper()
	deadline := time.After(time.Minute)
	for {
		select {
		case newest := <-b.sealed:
			if newest >= facts {
				return
			}
		case <-deadline:
			b.t.Fatalf("%d facts are not sealed", facts)
		}
	}
}

func (b *bench) verify(company wire.CompanyID) (Report, error) {
	return db.Read(context.Background(), b.db, func(tx *db.Tx) (Report, error) { return Verify(tx, company, ownKeys(), nil) })
}

func (b *bench) wantWhole(company wire.CompanyID, facts int64) Report {
	b.t.Helper()
	r, err := b.verify(company)
	if err != nil || r.Sealed != facts || r.Unsealed != 0 {
		b.t.Fatalf("%+v, %v; not %d facts sealed and whole", r, err, facts)
	}
	return r
}

// TestTwoNodesSealEachFactOnce checks that two nodes seal the facts of many writers once each, in
// one chain.
func TestTwoNodesSealEachFactOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		const writers, each = 6, 60
		b := newBench(t, kind)
		b.run(b.sealer(), b.sealer())
		var wg sync.WaitGroup
		for w := range writers {
			wg.Go(func() {
				for i := range each {
					b.record(7, w*each+i)
				}
			})
		}
		wg.Wait()
		b.record(8, 1)
		b.until(writers * each)
		b.wantWhole(7, writers*each)
	})
}

// TestSealedWithinASecond checks the median of some facts, because other work runs on the machine.
func TestSealedWithinASecond(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		b := newBench(t, kind)
		b.run(b.sealer(), b.sealer())
		var took []time.Duration
		for i := range 7 {
			b.record(7, i)
			committed := time.Now()
			b.until(int64(i + 1))
			took = append(took, time.Since(committed))
		}
		slices.Sort(took)
		t.Logf("sealed after %v", took)
		if took[len(took)/2] > time.Second {
			t.Errorf("facts wait for %v", took)
		}
	})
}

// TestSealedWithoutNotification checks that facts without a notification are sealed too.
func TestSealedWithoutNotification(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		b := newBench(t, kind)
		b.run(b.sealer())
		b.log.Wake = nil
		b.record(7, 1)
		b.until(1)
		b.wantWhole(7, 1)
	})
}

// TestEndsInTheMiddle checks that the chain continues however often sealers end during their work,
// and that the last one seals the rest before it ends.
func TestEndsInTheMiddle(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		b := newBench(t, kind)
		s := b.sealer()
		total := 0
		for i := range 40 {
			for range 5 {
				b.record(7, total)
				total++
			}
			ctx, cancel := context.WithTimeout(context.Background(), time.Duration(i)*200*time.Microsecond)
			s.round(ctx)
			cancel()
		}
		stop := b.run(s)
		b.until(1)
		b.record(7, total)
		stop()
		// elsewhere a transaction of another test may delay the last ones
		if kind == dbtest.SQLite {
			b.wantWhole(7, int64(total+1))
		} else if r, err := b.verify(7); err != nil || r.Sealed+r.Unsealed != int64(total+1) {
			t.Fatalf("%+v, %v", r, err)
		}
	})
}

// TestManyBatches seals many more facts than one batch holds.
func TestManyBatches(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		b := newBench(t, kind)
		const facts = 3*most + 17
		_, err := db.Write(context.Background(), b.db, func(tx *db.Tx) (struct{}, error) {
			for i := range facts {
				if err := b.recordIn(tx, 7, i); err != nil {
					return struct{}{}, err
				}
			}
			return struct{}{}, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		b.run(b.sealer())
		b.until(facts)
		if r := b.wantWhole(7, facts); r.Checkpoints != 4 {
			t.Errorf("%d checkpoints", r.Checkpoints)
		}
	})
}

// TestLongTransactions checks that what was committed before a long transaction ended is sealed
// after it, and that writers never wait for the sealer, even while it holds its lock.
func TestLongTransactions(t *testing.T) {
	t.Parallel()
	if !slices.Contains(dbtest.Kinds(t), dbtest.Postgres) {
		return // on SQLite there is one transaction at a time
	}
	b := newBench(t, dbtest.Postgres)
	b.record(7, 1)
	b.run(b.sealer())
	b.until(1)
	recorded, finish, ended := make(chan struct{}), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		_, err := db.Write(context.Background(), b.db, func(tx *db.Tx) (struct{}, error) {
			err := b.recordIn(tx, 7, 2)
			close(recorded)
			<-finish
			return struct{}{}, err
		})
		if err != nil {
			t.Error(err)
		}
	}()
	<-recorded
	b.record(7, 3)
	s := b.sealer()
	if did := s.round(context.Background()); did.sealed || !did.more {
		t.Errorf("while an older transaction is open: %+v", did)
	}
	close(finish)
	<-ended
	b.until(3)
	b.wantWhole(7, 3)
	subjects, err := db.Read(context.Background(), b.db, func(tx *db.Tx) ([]string, error) {
		return db.All(tx, db.ScanValue[string], `
			SELECT subject
			FROM event_seals s
			JOIN events e ON e.position = s.position AND e.seq = s.seq
			WHERE s.company = $1
			ORDER BY s.number`, 7)
	})
	if err != nil || strings.Join(subjects, " ") != "1 2 3" {
		t.Errorf("sealed in the order %v (%v)", subjects, err)
	}

	_, err = db.Write(context.Background(), b.db, func(tx *db.Tx) (struct{}, error) {
		if err := tx.Lock(lock.SealsOf(7)); err != nil {
			return struct{}{}, err
		}
		if _, err := tx.Horizon(); err != nil { // a lock is sent with the next statement that reads
			return struct{}{}, err
		}
		for i := range 20 {
			b.record(7, 10+i) // in their own transactions, while this one holds the sealer's lock
		}
		return struct{}{}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	b.until(23)
	b.wantWhole(7, 23)
}

var errUndo = errors.New("undo")

// TestAlterationsOfStoredRows alters rows of a real database in transactions that are rolled back:
// each alteration is found in the right table.
func TestAlterationsOfStoredRows(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		b := newBench(t, kind)
		const facts = 40
		for i := range facts / 4 {
			for j := range 4 {
				b.record(7, 4*i+j)
			}
			b.record(8, i)
		}
		b.run(b.sealer())
		b.until(facts)
		b.wantWhole(7, facts)
		tried := 0
		for number := int64(1); number <= facts; number += 3 {
			for _, c := range storedAlterations(number) {
				tried++
				_, err := db.Write(context.Background(), b.db, func(tx *db.Tx) (struct{}, error) {
					if err := tx.Change(c.sql, number); err != nil {
						return struct{}{}, fmt.Errorf("%s: %w", c.sql, err)
					}
					_, err := Verify(tx, 7, ownKeys(), nil)
					var broken *Broken
					if !errors.As(err, &broken) || broken.Table != c.table || c.exact && broken.Number != number {
						t.Errorf("%s, number %d: %v", c.sql, number, err)
					}
					if inParts := verifyParts(tx, 7); c.table != "audit_trail" && (inParts == nil || broken != nil && inParts.Error() != broken.Error()) {
						t.Errorf("%s, number %d: in parts %v; as a whole %v", c.sql, number, inParts, broken)
					}
					return struct{}{}, errUndo
				})
				if !errors.Is(err, errUndo) {
					t.Fatal(err)
				}
			}
		}
		t.Logf("%d alterations of stored rows, all found", tried)
		b.wantWhole(7, facts) // they were rolled back
	})
}

// storedAlteration is a statement whose $1 is the number of a seal.
type storedAlteration struct {
	sql, table string
	exact      bool // found at exactly that number
}

func storedAlterations(number int64) []storedAlteration {
	const fact = ` WHERE company = 7 AND (position, seq) = (SELECT position, seq FROM event_seals WHERE company = 7 AND number = $1)`
	var all []storedAlteration
	for _, column := range journal.Columns()[3:] {
		change := column + ` || 'x'`
		if column == "at" || column == "actor" {
			change = column + ` + 1`
		}
		all = append(all, storedAlteration{`UPDATE events SET ` + column + ` = ` + change + fact, "facts", true})
	}
	all = append(all,
		storedAlteration{`UPDATE events SET company = 9` + fact, "facts", true},
		storedAlteration{`UPDATE events SET seq = seq + 1000000` + fact, "facts", true},
		storedAlteration{`DELETE FROM events` + fact, "facts", true},
		storedAlteration{`INSERT INTO events (position, seq, company, kind, at, actor, actor_name, actor_email, app, roles, subject, subject_name, subject_email, data, allowed_by)
			SELECT position, seq - 1000000, company, kind, at, actor, actor_name, actor_email, app, roles, subject, subject_name, subject_email, data, allowed_by
			FROM events` + fact, "facts", false},
		storedAlteration{`UPDATE event_seals SET hash = SUBSTR(hash, 2) || SUBSTR(hash, 1, 1) WHERE company = 7 AND number = $1`, "seals", true},
		storedAlteration{`UPDATE event_seals SET seq = seq + 1000000 WHERE company = 7 AND number = $1`, "seals", true},
		storedAlteration{`UPDATE event_seals SET number = number + 1000000 WHERE company = 7 AND number = $1`, "seals", true},
		storedAlteration{`DELETE FROM event_seals WHERE company = 7 AND number >= $1`, "seals", true},
		storedAlteration{`UPDATE event_checkpoints SET at = at + 1 WHERE company = 7 AND number = (SELECT MIN(number) FROM event_checkpoints WHERE company = 7 AND number >= $1)`, "checkpoints", false},
		storedAlteration{`DELETE FROM event_checkpoints WHERE company = 7 AND number = (SELECT MIN(number) FROM event_checkpoints WHERE company = 7 AND number >= $1)`, "checkpoints", false},
	)
	if number > 1 {
		all = append(all, storedAlteration{`UPDATE events SET data = (SELECT e.data FROM events e JOIN event_seals s ON e.position = s.position AND e.seq = s.seq AND s.company = 7 WHERE s.number = $1 - 1)` + fact, "facts", true})
	}
	return all
}
