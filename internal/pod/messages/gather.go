package messages

import (
	"context"
	"slices"
	"sync"

	"podium/internal/db"
	"podium/internal/wire"
)

// writeOne writes a draft in a transaction of its own.
func (s *Service) writeOne(ctx context.Context, d *draft) outcome {
	outcomes, err := db.Write(ctx, s.DB, func(tx *db.Tx) ([]outcome, error) { return s.writeAll(tx, []*draft{d}) })
	if err != nil {
		return outcome{err: err}
	}
	return outcomes[0]
}

// gatherer writes drafts that arrive at the same time in one transaction. On PostgreSQL that saves
// most of the round trips and commits (docs/performance.md).
//
// At most one transaction at a time writes to a stream: the next one would wait for the stream's
// lock, and with it the messages to other streams. So a stream that another transaction locks for
// long delays no stream but those of one batch.
type gatherer struct {
	s *Service

	mu      sync.Mutex
	waiting []*pending
	busy    map[wire.StreamID]bool // the streams of the transactions that run
	writing int                    // how many transactions run
}

// pending is a draft that waits for its transaction.
type pending struct {
	*draft
	done chan outcome
}

// The limits of a gatherer. While one transaction commits or waits for a lock, others go on. Each
// has a connection of the pool, of which they must leave some.
const (
	maxBatch   = 64
	maxWriting = 4
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

// write writes batches until no draft waits that it may write.
func (g *gatherer) write() {
	var list []*pending
	for {
		g.mu.Lock()
		for _, p := range list {
			delete(g.busy, p.stream)
		}
		if list = g.take(); len(list) == 0 {
			g.writing--
			g.mu.Unlock()
			return
		}
		g.mu.Unlock()
		g.commit(list)
	}
}

// take takes the next batch: the drafts that have waited longest, without those to streams that
// another batch writes to. Who ends that batch takes them. The caller holds the mutex.
func (g *gatherer) take() []*pending {
	var list []*pending
	own := make(map[wire.StreamID]bool)
	g.waiting = slices.DeleteFunc(g.waiting, func(p *pending) bool {
		if len(list) == maxBatch || g.busy[p.stream] {
			return false
		}
		own[p.stream] = true
		list = append(list, p)
		return true
	})
	for id := range own {
		g.busy[id] = true
	}
	return list
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
