package main_test

import (
	"context"
	"net/http"
	"sync"
	"syscall"
	"testing"
	"time"

	"podium/internal/db"
	"podium/internal/db/dbtest"
)

// pauseOf is for how long a pod is paused: longer than the lease of what it has handed out.
const pauseOf = 40 * time.Second

// troubled is a pod in trouble, and the bots that hear meanwhile.
type troubled struct {
	*talk
	t       *testing.T
	proxy   *dbtest.Proxy // before the database; nil on SQLite
	single  *loop
	pair    [2]*loop
	ctx     context.Context    // of all instances
	cut     context.CancelFunc // ends the second instance of the pair
	reading sync.WaitGroup
}

// TestLoopsSurvive checks that the loops of two bots survive what happens to a pod. One of the bots
// has two instances. What a bot has acknowledged is not delivered again, all that the pod has
// acknowledged is delivered, and the order in each stream is kept.
func TestLoopsSurvive(t *testing.T) {
	t.Parallel()
	troubles := []struct {
		name string
		do   func(*troubled)
	}{
		{"killed and started", (*troubled).killed},
		{"drained and started", (*troubled).drained},
		{"paused for 40 s", (*troubled).paused},
		{"its database away", (*troubled).withoutDatabase},
		{"its sessions revoked", (*troubled).revoked},
		{"one of two instances gone", (*troubled).oneInstance},
		{"its feed expired", (*troubled).expired},
	}
	dbtest.Each(t, func(t *testing.T, kind dbtest.Kind) {
		database := dbtest.URL(t, kind)
		p := &troubled{t: t}
		if kind == dbtest.Postgres {
			p.proxy = dbtest.NewProxy(t, database)
			database = p.proxy.URL
		}
		p.talk = newTalk(t, database, 1, 2, "single.bot", "pair.bot")
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		p.ctx = ctx
		p.single = p.listen(ctx, &p.reading, p.bots[0], 1)[0]
		p.pair[0] = p.listen(ctx, &p.reading, p.bots[1], 1)[0]
		p.second()
		for _, trouble := range troubles {
			t.Run(trouble.name, func(t *testing.T) {
				p.t = t // nodes that it starts live on
				before, failed := p.writers.counts()
				trouble.do(p)
				for _, b := range p.bots {
					b.log.await(t, p.writers)
				}
				now, unanswered := p.writers.counts()
				t.Logf("%d messages were acknowledged, %d were not answered", now-before, unanswered-failed)
			})
			if t.Failed() {
				t.Fatal(p.node(0).all())
			}
		}
		p.t = t
		p.finish()
		stop()
		p.reading.Wait()
		p.hearNothingAgain()
		for _, b := range p.bots {
			sent, _ := p.writers.counts()
			done := b.log.check(t, p.writers)
			// An instance of the pair goes while its last acknowledgement is on the way.
			if done < sent-100 || done < sent && b == p.bots[0] {
				t.Errorf("%s has acknowledged %d of %d messages", b.name, done, sent)
			}
		}
	})
}

// second starts the second instance of the pair.
func (p *troubled) second() {
	var ctx context.Context
	ctx, p.cut = context.WithCancel(p.ctx)
	p.pair[1] = p.listen(ctx, &p.reading, p.bots[1], 1)[0]
}

// while runs trouble amid messages that are sent, and returns when all are.
func (p *troubled) while(trouble func()) {
	p.t.Helper()
	const senders, each = 4, 30
	before, _ := p.writers.counts()
	var sending sync.WaitGroup
	sending.Go(func() { p.writers.send(func(int) string { return p.node(0).url }, senders, each) })
	eventually(p.t, "messages are sent", func() bool { now, _ := p.writers.counts(); return now >= before+senders*each/3 })
	trouble()
	sending.Wait()
}

// leasesEnd has all leases end, as they do by themselves after 30 seconds.
func (p *troubled) leasesEnd() { p.pass(pauseOf, p.bots[0].id, p.bots[1].id) }

func (p *troubled) killed() {
	p.while(func() {
		p.node(0).kill()
		p.leasesEnd()
		p.start(0)
	})
}

func (p *troubled) drained() {
	p.while(func() {
		p.drain()
		p.start(0)
	})
}

// paused stops the process. The process may hold a lock then: it continues for a moment.
func (p *troubled) paused() {
	p.while(func() {
		eventually(p.t, "the leases end while the pod is paused", func() bool {
			p.node(0).signal(syscall.SIGSTOP)
			defer p.node(0).signal(syscall.SIGCONT)
			return p.tryPass(p.t.Context(), pauseOf, []int64{p.bots[0].id, p.bots[1].id}) == nil
		})
	})
}

func (p *troubled) withoutDatabase() {
	p.while(func() {
		_, before := p.writers.counts()
		failing := func() {
			eventually(p.t, "messages are not answered", func() bool { _, now := p.writers.counts(); return now > before })
		}
		if p.proxy != nil {
			p.proxy.Close()
			failing()
			p.proxy.Open()
			return
		}
		eventually(p.t, "the test keeps the pod from writing", func() bool {
			_, err := db.Write(p.t.Context(), p.db, func(*db.Tx) (struct{}, error) {
				failing()
				return struct{}{}, nil
			})
			return err == nil
		})
	})
	p.hearWhatWasLost()
}

// hearWhatWasLost waits until the bots have heard everything. It ends leases: an answer that was
// lost is delivered again only then.
func (p *troubled) hearWhatWasLost() {
	eventually(p.t, "all messages are delivered", func() bool {
		p.leasesEnd()
		p.awake() // a read that waits has computed before when leases end
		return p.bots[0].log.missing(p.writers)+p.bots[1].log.missing(p.writers) == 0
	})
}

func (p *troubled) revoked() {
	p.while(func() {
		for _, l := range []*loop{p.single, p.pair[0], p.pair[1]} {
			token := l.session()
			wants(p.t, holding(p.t, p.node(0).url, token), http.MethodPost, logout, 200)
			eventually(p.t, "the loop logs in again", func() bool {
				p.awake()
				now := l.session()
				return now != "" && now != token
			})
		}
	})
}

// oneInstance ends an instance that has not acknowledged its last answer.
func (p *troubled) oneInstance() {
	p.while(p.cut)
	p.hearWhatWasLost() // the pod may have handed out something to the instance after the leases
	p.second()
	p.while(func() {})
}

// expired removes the feed of the single instance, as a sweep does after half an hour without a
// read, while there is nothing to hear.
func (p *troubled) expired() {
	p.settle()
	before := p.single.currentFeed()
	eventually(p.t, "the feed is removed", func() bool {
		n, err := db.Write(p.t.Context(), p.db, func(tx *db.Tx) (int64, error) { return tx.Count(`DELETE FROM feeds WHERE id = $1`, before) })
		return err == nil && n == 1
	})
	p.awake()
	eventually(p.t, "the loop has another feed", func() bool { now := p.single.currentFeed(); return now != "" && now != before })
	p.while(func() {})
}

// awake sends a message that no log counts, so that the reads that wait answer.
func (p *troubled) awake() {
	c := holding(p.t, p.node(0).url, p.writers.token)
	_, _ = c.DoForm(p.t.Context(), "/agent/v4/stream/"+p.writers.streams[0]+"/message/create", []byte(`{"message": "<messageML>awake</messageML>"}`))
}
