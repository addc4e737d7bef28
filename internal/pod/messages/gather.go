package messages

import (
	"context"
	"sync"

	"podium/internal/db"
)

// writeOne writes a draft in a transaction of its own.
func (s *Service) writeOne(ctx context.Context, d *draft) outcome {
	outcomes, err := db.Write(ctx, s.DB, func(tx *db.Tx) ([]outcome, error) { return s.writeAll(tx, []*draft{d}) })
	if err != nil {
		return outcome{err: err}
	}
	return outcomes[0]
}

// gatherer writes drafts that arrive at the same time in one transaction. On
// PostgreSQL that saves most of the round trips and commits (docs/performance.md).
type gatherer struct {
	s *Service

	mu      sync.Mutex
	waiting []*pending
	writing int // how many transactions run
}

// pending is a draft that waits for its transaction.
type pending struct {
	*draft
	done chan outcome
}

// The limits of a gatherer. While one transaction commits, another one collects drafts.
const (
	maxBatch   = 64
	maxWriting = 2
)

func (g *gatherer) send(drafts []*draft) []outcome {
	list := make([]*pending, len(drafts))
	for i, d := range drafts {
		list[i] = &pending{draft: d, done: make(chan outcome, 1)}
	}
	g.mu.Lock()
	g.waiting = append(g.waiting, list...)
	if g.writing < maxWriting {
		g.writing++
		go g.write()
	}
	g.mu.Unlock()
	outcomes := make([]outcome, len(list))
	for i, p := range list {
		select {
		case outcomes[i] = <-p.done:
		case <-p.ctx.Done():
			outcomes[i].err = p.ctx.Err()
		}
	}
	return outcomes
}

// write writes batches until no draft waits.
func (g *gatherer) write() {
	for {
		g.mu.Lock()
		n := min(len(g.waiting), maxBatch)
		if n == 0 {
			g.writing--
			g.waiting = nil
			g.mu.Unlock()
			return
		}
		list := g.waiting[:n:n]
		g.waiting = g.waiting[n:]
		g.mu.Unlock()
		g.commit(list)
	}
}

// commit writes a batch. If the transaction fails, each draft is written alone, so that none fails
// because of another one. A draft whose client has left before is not written.
func (g *gatherer) commit(list []*pending) {
	drafts := make([]*draft, 0, len(list))
	kept := make([]*pending, 0, len(list))
	for _, p := range list {
		if err := p.ctx.Err(); err != nil {
			p.done <- outcome{err: err}
			continue
		}
		drafts, kept = append(drafts, p.draft), append(kept, p)
	}
	if len(kept) == 0 {
		return
	}
	outcomes, err := db.Write(context.WithoutCancel(kept[0].ctx), g.s.DB, func(tx *db.Tx) ([]outcome, error) { return g.s.writeAll(tx, drafts) })
	for i, p := range kept {
		switch {
		case err == nil:
			p.done <- outcomes[i]
		case len(kept) == 1:
			p.done <- outcome{err: err}
		default:
			p.done <- g.s.writeOne(context.WithoutCancel(p.ctx), p.draft)
		}
	}
}
