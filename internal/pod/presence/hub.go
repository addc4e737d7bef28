package presence

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"podium/internal/db"
	"podium/internal/follow"
	"podium/internal/journal"
	"podium/internal/op"
	"podium/internal/pod/barriers"
	"podium/internal/wire"
)

// Each node reads a company's changes once, however many streams there are, and encodes them once
// for all. A stream holds only its position; one that is far behind reads from the database itself.

const (
	// events that a hub keeps, or up to twice as many, for streams that are slightly behind
	hubKeeps  = 1024
	hubPage   = 500         // changes read at once
	hubLooks  = time.Second // how often it looks without a notification, because one may be lost
	eventName = "presence"
)

// hubs holds the hubs of the companies that streams on this node follow.
type hubs struct {
	mu  sync.Mutex
	all map[wire.CompanyID]*hub
}

func newHubs() *hubs { return &hubs{all: make(map[wire.CompanyID]*hub)} }

// hub holds the recent events of one company.
type hub struct {
	company  wire.CompanyID
	watchers int // guarded by hubs.mu
	stop     context.CancelFunc

	// since when (Unix milliseconds) changes wait above the horizon; 0: there are none
	behind atomic.Int64

	mu      sync.Mutex
	events  []sentEvent
	from    journal.Cursor // the events are after it
	last    journal.Cursor // the last event's
	streams map[follow.Waker]bool
}

// sentEvent is an encoded change.
type sentEvent struct {
	number  journal.Cursor
	bytes   []byte
	user    wire.UserID
	version int64   // the company's barrier version when this was read; 0: there are no barriers
	groups  []int64 // the user's barrier groups at that version
}

func encodeChange(c change) (sentEvent, error) {
	bytes, err := op.EncodeEvent(eventName, follow.EventID(c.number).String(), c.Presence)
	return sentEvent{number: c.number, bytes: bytes, user: c.UserID, version: c.version}, err
}

// join returns the company's hub. The first join starts it, and the last leave ends it.
func (s *Service) join(ctx context.Context, company wire.CompanyID) (h *hub, leave func(), err error) {
	s.hubs.mu.Lock()
	defer s.hubs.mu.Unlock()
	h = s.hubs.all[company]
	if h == nil {
		begin, err := db.Read(ctx, s.DB, func(tx *db.Tx) (follow.End, error) { return changes.End(tx, company) })
		if err != nil {
			return nil, nil, err
		}
		h = &hub{company: company, from: begin.Last, last: begin.Last, streams: make(map[follow.Waker]bool)}
		var watched context.Context
		watched, h.stop = context.WithCancel(context.WithoutCancel(ctx))
		go s.follow(watched, h)
		go s.wakeAtEnd(watched, h)
		s.hubs.all[company] = h
	}
	h.watchers++
	return h, func() { s.hubs.leave(h) }, nil
}

func (all *hubs) leave(h *hub) {
	all.mu.Lock()
	defer all.mu.Unlock()
	if h.watchers--; h.watchers == 0 {
		delete(all.all, h.company)
		h.stop()
	}
}

// follow adds the company's changes to its hub until ctx ends.
func (s *Service) follow(ctx context.Context, h *hub) {
	reader := follow.Reader[sentEvent]{
		Loop: follow.Loop{
			Notify: s.Notify, Topic: topic, Look: hubLooks,
			Concerns: func(company string) bool { return company == h.company.String() },
		},
		Read: func(ctx context.Context, after journal.Cursor) (follow.Page[sentEvent], error) {
			page, err := s.changesFor(ctx, h.company, after, hubPage)
			h.note(err != nil || page.More)
			return page, err
		},
		Take: func(_ context.Context, events []sentEvent) error {
			h.add(events)
			return nil
		},
		Failed: func(err error) {
			s.Log.Warn("presence cannot be followed; trying again", "company", h.company, "error", err)
		},
	}
	reader.Run(ctx, h.end())
}

// note stores whether there are changes above the horizon.
func (h *hub) note(waits bool) {
	if !waits {
		h.behind.Store(0)
		return
	}
	h.behind.CompareAndSwap(0, time.Now().UnixMilli())
}

// Lag returns how long changes have waited on this node to pass the horizon.
func (s *Service) Lag() time.Duration {
	s.hubs.mu.Lock()
	defer s.hubs.mu.Unlock()
	var longest time.Duration
	for _, h := range s.hubs.all {
		if since := h.behind.Load(); since != 0 {
			longest = max(longest, time.Since(time.UnixMilli(since)))
		}
	}
	return longest
}

// changesFor returns the encoded changes after a cursor.
func (s *Service) changesFor(ctx context.Context, company wire.CompanyID, c journal.Cursor, limit int) (follow.Page[sentEvent], error) {
	var groups map[wire.UserID][]int64
	page, err := db.Read(ctx, s.DB, func(tx *db.Tx) (follow.Page[change], error) {
		page, err := changes.Page(tx, c, limit, company)
		if err == nil && len(page.Rows) > 0 && page.Rows[0].version > 0 {
			groups, err = barriers.GroupsOf(tx, usersOf(page.Rows))
		}
		return page, err
	})
	encoded := follow.Page[sentEvent]{Rows: make([]sentEvent, len(page.Rows)), Last: page.Last, More: page.More}
	for i, one := range page.Rows {
		if err != nil {
			break
		}
		encoded.Rows[i], err = encodeChange(one)
		encoded.Rows[i].groups = groups[one.UserID]
	}
	return encoded, err
}

// add adds events and wakes the streams.
func (h *hub) add(events []sentEvent) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.events = append(h.events, events...)
	h.last = events[len(events)-1].number
	if over := len(h.events) - hubKeeps; over > hubKeeps {
		h.from = h.events[over-1].number
		h.events = append([]sentEvent(nil), h.events[over:]...)
	}
	for w := range h.streams {
		w.Wake()
	}
}

// listen returns a channel that wakes a stream until forget is called with it.
func (h *hub) listen() follow.Waker {
	w := follow.NewWaker()
	h.mu.Lock()
	defer h.mu.Unlock()
	h.streams[w] = true
	return w
}

// forget ends what listen began.
func (h *hub) forget(w follow.Waker) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.streams, w)
}

// wakeAtEnd wakes all streams when the node ends, unless ctx ends before.
func (s *Service) wakeAtEnd(ctx context.Context, h *hub) {
	select {
	case <-s.Draining:
	case <-ctx.Done():
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for w := range h.streams {
		w.Wake()
	}
}

// after returns the events after a cursor. If the hub has dropped events after the cursor, it
// returns from instead: the cursor from which it has all.
func (h *hub) after(c journal.Cursor) (events []sentEvent, from *journal.Cursor) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if c.Compare(h.from) < 0 {
		begin := h.from
		return nil, &begin
	}
	first := len(h.events)
	for first > 0 && c.Compare(h.events[first-1].number) < 0 {
		first--
	}
	return h.events[first:len(h.events):len(h.events)], nil
}
