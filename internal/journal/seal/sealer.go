package seal

import (
	"cmp"
	"context"
	"crypto/rsa"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"podium/internal/db"
	"podium/internal/db/lock"
	"podium/internal/follow"
	"podium/internal/journal"
	"podium/internal/notify"
	"podium/internal/wire"
)

// The pace of the sealer: a fact is sealed within a second of its commit, and a busy company needs
// a handful of signatures a second.
const (
	beat    = 200 * time.Millisecond // between the starts of two rounds
	standby = 300 * time.Millisecond // the additional pause of a node whose seals came second
	look    = 500 * time.Millisecond // the pause of a node without notifications
	most    = 512                    // facts in one batch
)

// Sealer seals the facts of all companies. Several nodes may run one: of two that seal the same
// facts the second does nothing, and from then on lets the other go first until it stops.
type Sealer struct {
	DB     *db.DB
	Log    *slog.Logger
	Notify notify.Notifier // wakes by the topic "events"

	// Companies returns the companies whose facts are sealed, with the key of each.
	Companies func() map[wire.CompanyID]*rsa.PrivateKey

	oldest atomic.Int64 // wire.Time of the oldest fact that the last round left unsealed; 0: none

	// Sealed, if set, is called after each batch with the number of the newest seal.
	Sealed func(company wire.CompanyID, newest int64)
}

// Run seals until ctx ends, and then once more what was recorded until then.
func (s *Sealer) Run(ctx context.Context) {
	pause := time.Duration(0) // standby, while another node goes first
	loop := follow.Loop{Notify: s.Notify, Topic: "events", Look: look}
	loop.Run(ctx, func(ctx context.Context, woken bool) follow.Next {
		if woken {
			sleep(ctx, pause)
		}
		began := time.Now()
		did := s.round(ctx)
		switch {
		case did.second:
			pause = standby
		case did.sealed:
			pause = 0
		}
		if did.full {
			return follow.Again // a busy company must not fall behind
		}
		sleep(ctx, beat-time.Since(began))
		if did.more {
			sleep(ctx, pause)
			return follow.Again
		}
		return follow.Woken
	})
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	for s.round(last).sealed {
	}
}

func sleep(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// done is the result of looking for facts to seal.
type done struct {
	sealed bool
	second bool      // another node had sealed them meanwhile
	full   bool      // a whole batch was sealed, and there are more
	more   bool      // there are more, or some above the horizon
	left   wire.Time // when the oldest remaining fact was recorded; 0: none
}

// round seals at most a batch of each company.
func (s *Sealer) round(ctx context.Context) done {
	var all done
	var oldest wire.Time
	for company, key := range s.Companies() {
		one, err := s.batch(ctx, company, key)
		if err != nil {
			if ctx.Err() == nil {
				s.Log.Warn("facts cannot be sealed; trying again", "company", int64(company), "error", err)
			}
			one.more = true
			one.left = cmp.Or(wire.Time(s.oldest.Load()), s.DB.Now()) // it is unknown what there is
		}
		if one.left != 0 && (oldest == 0 || one.left < oldest) {
			oldest = one.left
		}
		all = done{all.sealed || one.sealed, all.second || one.second, all.full || one.full, all.more || one.more, 0}
	}
	s.oldest.Store(int64(oldest))
	return all
}

// Lag returns the age of the oldest fact that the sealer left unsealed when it last looked; 0 if
// there was none.
func (s *Sealer) Lag() time.Duration {
	oldest := wire.Time(s.oldest.Load())
	if oldest == 0 {
		return 0
	}
	return max(s.DB.Now().Std().Sub(oldest.Std()), 0)
}

// found is what there is to seal.
type found struct {
	head     Seal
	previous int64 // the number of the newest checkpoint
	facts    []journal.Raw
	more     bool
	left     wire.Time // when the first fact after them was recorded; 0: none
}

// batch seals some facts of a company. Only the insertion is done in a writing transaction.
func (s *Sealer) batch(ctx context.Context, company wire.CompanyID, key *rsa.PrivateKey) (done, error) {
	f, err := db.Read(ctx, s.DB, func(tx *db.Tx) (found, error) { return unsealed(tx, company) })
	if err != nil || len(f.facts) == 0 {
		return done{more: f.more, left: f.left}, err
	}
	seals := chain(f.head, f.facts)
	newest := seals[len(seals)-1]
	c := Checkpoint{Company: company, Number: newest.Number, Previous: f.previous, Cursor: newest.Cursor, Hash: newest.Hash, At: s.DB.Now()}
	if err := c.sign(key); err != nil {
		return done{}, err
	}
	first, err := db.Write(ctx, s.DB, func(tx *db.Tx) (bool, error) {
		if err := tx.Lock(lock.SealsOf(company)); err != nil {
			return false, err
		}
		if now, err := head(tx, company); err != nil || now != f.head {
			return false, err
		}
		if err := insertSeals(tx, company, seals); err != nil {
			return false, err
		}
		return true, insertCheckpoint(tx, c)
	})
	if err != nil {
		return done{}, err
	}
	if first && s.Sealed != nil {
		s.Sealed(company, newest.Number)
	}
	return done{sealed: first, second: !first, full: first && f.more && len(f.facts) == most, more: f.more, left: f.left}, nil
}

// unsealed returns what there is to seal of a company.
func unsealed(tx *db.Tx, company wire.CompanyID) (f found, err error) {
	if f.head, err = head(tx, company); err != nil {
		return f, err
	}
	c, err := Newest(tx, company)
	if err != nil && !errors.Is(err, db.ErrNoRow) {
		return f, err
	}
	f.previous = c.Number
	if f.facts, err = journal.Settled(tx, company, f.head.Cursor, most); err != nil {
		return f, err
	}
	end := f.head.Cursor
	if n := len(f.facts); n > 0 {
		end = f.facts[n-1].Cursor
	}
	rest, err := journal.Stored(tx, company, end, 1)
	if f.more = len(rest) > 0; f.more {
		f.left = wire.Time(whole(rest[0].Values[4]))
	}
	return f, err
}

// chain returns the seals of facts that follow a seal.
func chain(after Seal, facts []journal.Raw) []Seal {
	var l linker
	seals := make([]Seal, len(facts))
	for i, fact := range facts {
		after = Seal{Number: after.Number + 1, Cursor: fact.Cursor, Hash: l.link(after.Hash, after.Number+1, fact)}
		seals[i] = after
	}
	return seals
}
