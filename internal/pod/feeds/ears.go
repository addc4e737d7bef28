package feeds

import (
	"context"
	"log/slog"
	"maps"
	"sync"
	"time"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/follow"
	"podium/internal/notify"
	"podium/internal/pod/happenings"
	"podium/internal/wire"
)

const (
	earsPage  = 1000        // happenings read at once
	earsLook  = time.Second // how often the log is read without a notification, because one may be lost
	earsSleep = time.Minute // after the last read of a user
)

// ears wakes the reads that wait on this node. One follower reads the log for all of them, and
// finds in memory whom a happening concerns: only those reads ask the database. What memory holds
// is a hint; which events a feed delivers is decided by the database.
type ears struct {
	db     *db.DB
	notify notify.Notifier
	log    *slog.Logger

	starting sync.Mutex // held while the follower begins

	mu        sync.Mutex
	users     map[wire.UserID]*listener
	streams   map[int64]map[wire.UserID]bool // the streams of these users
	companies map[wire.CompanyID]map[follow.Waker]bool
	stop      context.CancelFunc // ends the follower; nil: none runs
	rested    time.Time          // when users were last forgotten, or the follower began
	behind    time.Time          // since when happenings wait above the horizon; zero: there are none
}

// listener is a user with reads that wait, or waited lately.
type listener struct {
	reads  map[follow.Waker]bool
	known  bool // the streams are in memory
	unused time.Time
}

func newEars(d *db.DB, n notify.Notifier, log *slog.Logger) *ears {
	return &ears{
		db: d, notify: n, log: log,
		users: make(map[wire.UserID]*listener), streams: make(map[int64]map[wire.UserID]bool), companies: make(map[wire.CompanyID]map[follow.Waker]bool),
	}
}

// listen returns a waker for a read until leave is called. A happening that a later look at the
// database does not show wakes it.
func (e *ears) listen(ctx context.Context, caller auth.Caller, k kind) (w follow.Waker, leave func(), err error) {
	w = follow.NewWaker()
	learn := false
	if k == datahose {
		leave = e.enterCompany(caller.Company, w)
	} else {
		leave, learn = e.enter(caller.User, w)
	}
	if err = e.begin(ctx); err == nil && learn {
		err = e.learn(ctx, caller.User)
	}
	if err != nil {
		leave()
	}
	return w, leave, err
}

// enter adds a read of a user, and reports whether the user's streams are to be learned.
func (e *ears) enter(user wire.UserID, w follow.Waker) (leave func(), learn bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	l := e.users[user]
	if l == nil {
		l = &listener{reads: make(map[follow.Waker]bool)}
		e.users[user] = l
	}
	l.reads[w] = true
	return func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		delete(l.reads, w)
		l.unused = time.Now()
	}, !l.known
}

// enterCompany adds a read of a datahose.
func (e *ears) enterCompany(company wire.CompanyID, w follow.Waker) (leave func()) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.companies[company] == nil {
		e.companies[company] = make(map[follow.Waker]bool)
	}
	e.companies[company][w] = true
	return func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		delete(e.companies[company], w)
		if len(e.companies[company]) == 0 {
			delete(e.companies, company)
		}
	}
}

// learn loads the streams of a user. What the follower learns meanwhile stays.
func (e *ears) learn(ctx context.Context, user wire.UserID) error {
	list, err := db.Read(ctx, e.db, func(tx *db.Tx) ([]int64, error) {
		return db.All(tx, db.ScanValue[int64], `SELECT stream FROM stream_members WHERE user_id = $1`, user)
	})
	if err != nil {
		return err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, stream := range list {
		e.add(stream, user)
	}
	if l := e.users[user]; l != nil {
		l.known = true
	}
	return nil
}

func (e *ears) add(stream int64, user wire.UserID) {
	if e.streams[stream] == nil {
		e.streams[stream] = make(map[wire.UserID]bool)
	}
	e.streams[stream][user] = true
}

// begin starts the follower, unless it runs. Reads that are entered keep it running.
func (e *ears) begin(ctx context.Context) error {
	e.starting.Lock()
	defer e.starting.Unlock()
	if e.runs() {
		return nil
	}
	end, err := db.Read(ctx, e.db, happeningsEnd)
	if err != nil {
		return err
	}
	follows, stop := context.WithCancel(context.Background())
	e.mu.Lock()
	e.stop, e.rested = stop, time.Now()
	e.mu.Unlock()
	go e.follow(follows, end.Last)
	return nil
}

func (e *ears) runs() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.stop != nil
}

// follow wakes reads until ctx ends.
func (e *ears) follow(ctx context.Context, from follow.Cursor) {
	reader := follow.Reader[happenings.Happening]{
		Loop: follow.Loop{Notify: e.notify, Topic: happenings.Topic, Look: earsLook},
		Read: func(ctx context.Context, after follow.Cursor) (follow.Page[happenings.Happening], error) {
			page, err := db.Read(ctx, e.db, func(tx *db.Tx) (follow.Page[happenings.Happening], error) {
				return happenings.All.Page(tx, after, earsPage)
			})
			e.noteBehind(page.More)
			e.rest()
			return page, err
		},
		Take:   e.take,
		Failed: func(err error) { e.log.Warn("happenings cannot be followed; trying again", "error", err) },
	}
	reader.Run(ctx, from)
}

func happeningsEnd(tx *db.Tx) (follow.End, error) { return happenings.All.End(tx) }

// take wakes those whom happenings concern.
func (e *ears) take(ctx context.Context, list []happenings.Happening) error {
	changed := make(map[int64]bool)
	for _, h := range list {
		switch h.Kind {
		case happenings.IMCreated, happenings.RoomCreated, happenings.Joined, happenings.JoinedWithList, happenings.Left, happenings.LeftWithList:
			changed[h.Stream] = true
		}
	}
	e.wake(list) // before those who have left are forgotten
	if len(changed) == 0 {
		return nil
	}
	if err := e.relearn(ctx, changed); err != nil {
		return err
	}
	e.wake(list)
	return nil
}

// relearn finds out which of the users on this node are in streams whose members have changed.
func (e *ears) relearn(ctx context.Context, changed map[int64]bool) error {
	e.mu.Lock()
	users := make([]wire.UserID, 0, len(e.users))
	for user := range e.users {
		users = append(users, user)
	}
	e.mu.Unlock()
	streams := make([]int64, 0, len(changed))
	for stream := range changed {
		streams = append(streams, stream)
	}
	if len(users) == 0 {
		return nil
	}
	type member struct {
		stream int64
		user   wire.UserID
	}
	members, err := db.Read(ctx, e.db, func(tx *db.Tx) ([]member, error) {
		return db.All(tx, func(row db.Row) (m member, err error) { return m, row.Scan(&m.stream, &m.user) }, `
			SELECT stream, user_id
			FROM stream_members
			WHERE user_id IN ($1) AND stream IN ($2)`, users, streams)
	})
	if err != nil {
		return err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, user := range users {
		for _, stream := range streams {
			delete(e.streams[stream], user)
		}
	}
	for _, m := range members {
		e.add(m.stream, m.user)
	}
	return nil
}

func (e *ears) wake(list []happenings.Happening) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, h := range list {
		for company, reads := range e.companies {
			if h.Company == 0 || h.Company == company {
				wakeAll(reads)
			}
		}
		if h.About != 0 {
			e.wakeUser(h.About)
			continue
		}
		for user := range e.streams[h.Stream] {
			e.wakeUser(user)
		}
	}
}

func (e *ears) wakeUser(user wire.UserID) {
	if l := e.users[user]; l != nil {
		wakeAll(l.reads)
	}
}

func wakeAll(reads map[follow.Waker]bool) {
	for w := range reads {
		w.Wake()
	}
}

// rest forgets users that have not read for a while, and ends the follower after the last one. It
// looks at all users, but not more often than each can be forgotten.
func (e *ears) rest() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if time.Since(e.rested) < earsSleep {
		return
	}
	e.rested = time.Now()
	gone := make(map[wire.UserID]bool)
	for user, l := range e.users {
		if len(l.reads) == 0 && time.Since(l.unused) > earsSleep {
			gone[user] = true
			delete(e.users, user)
		}
	}
	if len(gone) > 0 {
		for stream, users := range e.streams {
			maps.DeleteFunc(users, func(user wire.UserID, _ bool) bool { return gone[user] })
			if len(users) == 0 {
				delete(e.streams, stream)
			}
		}
	}
	if e.stop != nil && len(e.users) == 0 && len(e.companies) == 0 {
		e.stop()
		e.stop = nil
	}
}

// noteBehind stores whether happenings wait above the horizon.
func (e *ears) noteBehind(waits bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !waits {
		e.behind = time.Time{}
	} else if e.behind.IsZero() {
		e.behind = time.Now()
	}
}

// Lag returns how long happenings have waited on this node to pass the horizon.
func (s *Service) Lag() time.Duration {
	s.ears.mu.Lock()
	defer s.ears.mu.Unlock()
	if s.ears.behind.IsZero() {
		return 0
	}
	return time.Since(s.ears.behind)
}

// wakeReads wakes the reads of a user on this node.
func (e *ears) wakeReads(user wire.UserID) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.wakeUser(user)
}

// end ends the follower, when the node ends.
func (e *ears) end() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.stop != nil {
		e.stop()
	}
}
