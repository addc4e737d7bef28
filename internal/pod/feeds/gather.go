package feeds

import (
	"context"
	"sync"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/db/lock"
	"podium/internal/follow"
	"podium/internal/pod/feeds/event"
	"podium/internal/pod/happenings"
)

const (
	gatherMost    = 256 // reads in one transaction
	gatherersMost = 2   // transactions of one node at the same time
)

// gatherer takes from feeds for many reads in one transaction: one message wakes hundreds of reads
// at the same time. Reads that arrive while transactions run wait for the next one.
type gatherer struct {
	db     *db.DB
	events *event.Builder

	mu      sync.Mutex
	waiting []*request
	running int // transactions
}

// request is a read that takes what its feed has.
type request struct {
	ctx    context.Context
	caller auth.Caller
	kind   kind
	id     string
	ack    int64         // the number of the range to acknowledge; 0: none
	from   follow.Cursor // the feed is known to have nothing new up to it

	taken taken
	err   error
	done  chan struct{} // closed when taken and err are set
}

// take acknowledges a range, and hands out the next one. It waits for the outcome also when ctx
// ends, because the feed may have handed out something.
func (g *gatherer) take(r *request) (taken, error) {
	r.done = make(chan struct{})
	g.mu.Lock()
	g.waiting = append(g.waiting, r)
	if g.running < gatherersMost {
		g.running++
		go g.run()
	}
	g.mu.Unlock()
	<-r.done
	return r.taken, r.err
}

// run serves requests until none waits.
func (g *gatherer) run() {
	for {
		g.mu.Lock()
		list := g.waiting[:min(gatherMost, len(g.waiting))]
		g.waiting = g.waiting[len(list):]
		if len(list) == 0 {
			g.running--
			g.mu.Unlock()
			return
		}
		g.mu.Unlock()
		g.serve(list)
	}
}

// serve performs requests, and lets their reads continue.
func (g *gatherer) serve(list []*request) {
	live := make([]*request, 0, len(list))
	for _, r := range list {
		if r.err = r.ctx.Err(); r.err == nil {
			live = append(live, r)
		}
	}
	if len(live) > 0 {
		outcomes, err := db.Write(context.Background(), g.db, func(tx *db.Tx) ([]outcome, error) { return takeAll(tx, live) })
		for i, r := range live {
			if r.err = err; err == nil {
				r.taken, r.err = outcomes[i].taken, outcomes[i].err
			}
		}
		g.share(live)
	}
	for _, r := range list {
		close(r.done)
	}
}

// share gives reads that are handed the same happenings in the same company one place for their
// events.
func (g *gatherer) share(list []*request) {
	same := make(map[string]*made)
	for _, r := range list {
		if r.taken.number == 0 {
			continue
		}
		key := keyOf(r.caller.Company, r.taken.list)
		if same[key] == nil {
			same[key] = &made{builder: g.events, db: g.db, company: r.caller.Company, list: r.taken.list}
		}
		r.taken.made = same[key]
	}
}

// outcome is what a request comes to.
type outcome struct {
	taken taken
	err   error
}

// taking is a transaction for several requests.
type taking struct {
	tx      *db.Tx
	feeds   map[string]*feed
	changed map[string]bool
	end     *follow.End // nil: not read yet
	recent  *recent     // nil: there is none
}

// takeAll performs requests: see take. It locks the feeds. A request that is refused does not keep
// the others from what they want.
func takeAll(tx *db.Tx, list []*request) ([]outcome, error) {
	t := &taking{tx: tx, feeds: make(map[string]*feed), changed: make(map[string]bool)}
	if err := t.load(list); err != nil {
		return nil, err
	}
	outcomes := make([]outcome, len(list))
	wanting := make([]*feed, 0, len(list)) // by request; nil: it wants nothing new
	for i, r := range list {
		f := t.feeds[r.id]
		wanting = append(wanting, nil)
		if f == nil || !f.of(tx, r.caller, r.kind) {
			outcomes[i].err = errNoFeed(r.id)
			continue
		}
		out := &outcomes[i].taken
		acknowledged := r.ack != 0 && f.acknowledge(r.ack)
		open := len(f.open)
		var err error
		if out.list, out.number, err = f.again(tx); err != nil {
			return nil, err
		}
		out.look.at = later(r.from, f.read)
		if acknowledged || out.number != 0 || len(f.open) != open || f.used.Add(noteUseAfter) <= tx.Now() {
			t.changed[f.id] = true
		}
		if out.number == 0 {
			wanting[i] = f
		}
	}
	if err := t.lookAhead(outcomes, wanting); err != nil {
		return nil, err
	}
	for i, f := range wanting {
		if f == nil {
			continue
		}
		out := &outcomes[i].taken
		if len(f.open) < rangesMost {
			if err := t.next(f, out); err != nil {
				return nil, err
			}
		}
		out.look.due = f.due()
	}
	return outcomes, t.save()
}

// load locks the feeds and reads them.
func (t *taking) load(list []*request) error {
	var keys []lock.Key
	var ids []string
	seen := make(map[string]bool, len(list))
	for _, r := range list {
		if !seen[r.id] {
			seen[r.id] = true
			keys, ids = append(keys, lock.Feed(r.id)), append(ids, r.id)
		}
	}
	if err := t.tx.Lock(keys...); err != nil {
		return err
	}
	rows, err := db.All(t.tx, scanFeed, selectFeeds+` WHERE id IN ($1)`, ids)
	for i := range rows {
		t.feeds[rows[i].id] = &rows[i]
	}
	return err
}

// next hands out the next range of what is new after the place that out has. Without any, it moves
// that place on.
func (t *taking) next(f *feed, out *taken) error {
	end, err := t.logEnd()
	if err != nil {
		return err
	}
	from := later(out.look.at, f.read)
	list, known := t.recent.visible(f, from)
	if !known {
		if list, err = f.visible(t.tx, from, endOfLog, end.Horizon, pageMost); err != nil {
			return err
		}
	}
	if len(list) == 0 {
		out.look.at, out.look.more = later(from, end.Last), end.More()
		f.read = out.look.at
		return nil
	}
	list = page(list)
	f.spans++
	s := span{Number: f.spans, From: from, To: list[len(list)-1].Cursor, Until: t.tx.Now().Add(lease)}
	f.open = append(f.open, s)
	f.read = s.To
	out.list, out.number = list, s.Number
	t.changed[f.id] = true
	return nil
}

// logEnd returns where the log ends.
func (t *taking) logEnd() (follow.End, error) {
	if t.end != nil {
		return *t.end, nil
	}
	end, err := happenings.All.End(t.tx)
	if err == nil {
		t.end = &end
	}
	return end, err
}

// save stores the feeds that have changed.
func (t *taking) save() error {
	var rows [][]any
	for id := range t.changed {
		f := t.feeds[id]
		f.used = t.tx.Now()
		row, err := f.row()
		if err != nil {
			return err
		}
		rows = append(rows, row)
	}
	return t.tx.InsertAll(insertFeeds, rows, `
		ON CONFLICT (id) DO UPDATE
		SET used = excluded.used, read_position = excluded.read_position, read_seq = excluded.read_seq, open = excluded.open,
			ranges = excluded.ranges, skipped = excluded.skipped`)
}
