package presence

import (
	"context"
	"crypto/rand"
	"errors"
	"time"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/follow"
	"podium/internal/journal"
	"podium/internal/op"
	"podium/internal/wire"
)

// leaseLife is how long a read may take to send its answer. If a server dies meanwhile, the feed
// continues after that with what was not answered.
const leaseLife = 10 * time.Second

var readFeed = op.Operation[Service]{
	ID:      "readPresenceFeed",
	Route:   "GET /pod/v1/presence/feed/{feedId}/read",
	Tag:     "Presence",
	Summary: "Read a presence feed.",
	About: "Answers the presence of each user whose presence has changed since the last " +
		"read, at most 500 users; the next read has the rest. If nothing has changed, " +
		"waits for a second.",
	Needs:   auth.AnyUser,
	Opens:   []auth.Permission{auth.GetPresence},
	Passive: true,
	Waits:   true,
	Handle:  op.Call((*Service).readFeed),
}

func (s *Service) readFeed(ctx context.Context, caller auth.Caller, in feedInput) (op.Handed[[]Presence], error) {
	woken, stop := s.Notify.Listen(topic)
	defer stop()
	over := time.NewTimer(s.Hold)
	defer over.Stop()
	none := op.Handed[[]Presence]{Value: []Presence{}, Then: func(error) {}}
	for looked := false; ; looked = true {
		now, err := db.Read(ctx, s.DB, func(tx *db.Tx) (glance, error) { return glanceAt(tx, caller, in.FeedID) })
		if errors.Is(err, errFeed) && looked {
			return none, nil // it was deleted while this read waited
		}
		if err != nil {
			return none, err
		}
		if now.changed {
			page, err := db.Write(ctx, s.DB, func(tx *db.Tx) (page, error) { return take(tx, caller, in.FeedID) })
			if err != nil || len(page.list) > 0 {
				return op.Handed[[]Presence]{Value: page.list, Then: s.handedOver(ctx, caller, in.FeedID, page)}, err
			}
		} else if now.forgotten {
			_, err := db.Write(ctx, s.DB, func(tx *db.Tx) (struct{}, error) { return struct{}{}, noteRead(tx, in.FeedID) })
			if err != nil {
				return none, err
			}
		}
		var soon <-chan time.Time
		if now.changed || now.more {
			soon = time.After(follow.Soon)
		}
		select {
		case <-woken:
		case <-soon:
		case <-over.C:
			return none, nil
		case <-s.Draining:
			return none, nil
		case <-ctx.Done():
			return none, ctx.Err()
		}
	}
}

// glance is the state of a feed, read without locking it.
type glance struct {
	changed   bool // there is something to answer, and no other read is answering it now
	more      bool // there are changes above the horizon
	forgotten bool // the stored time of its last read is out of date
}

func glanceAt(tx *db.Tx, caller auth.Caller, id string) (g glance, err error) {
	f, err := ownFeed(tx, caller, id)
	if err != nil {
		return g, err
	}
	if f.leased(tx.Now()) {
		return g, nil // the other read wakes this one
	}
	g.forgotten = f.used.Add(noteUse) <= tx.Now()
	first, err := changes.Page(tx, f.cursor, 1, caller.Company)
	g.changed, g.more = len(first.Rows) > 0, first.More
	return g, err
}

// leased reports whether another read is answering. A lease that ends later than any lease given
// now was given by a wrong clock, and does not count.
func (f feed) leased(now wire.Time) bool {
	return f.leaseUntil > now && f.leaseUntil <= now.Add(2*leaseLife)
}

// page is the answer of one read.
type page struct {
	list  []Presence
	lease string
	next  journal.Cursor // the position after it
}

// take leases a feed to one read. Until its answer is sent, or the lease ends, other reads find
// nothing in the feed. It locks the feed.
func take(tx *db.Tx, caller auth.Caller, id string) (p page, err error) {
	f, err := lockedFeed(tx, caller, id)
	if err != nil || f.leased(tx.Now()) {
		return p, err
	}
	changed, err := changes.After(tx, f.cursor, feedPage, caller.Company)
	if err != nil || len(changed) == 0 {
		return p, err
	}
	p = page{lease: rand.Text(), next: changed[len(changed)-1].number}
	if p.list, err = shown(tx, caller, changed); err != nil {
		return p, err
	}
	if len(p.list) == 0 { // barriers hide all of them: there is nothing to answer
		return p, tx.Change(`UPDATE presence_feeds SET position = $2, seq = $3 WHERE id = $1`, id, p.next.Position, p.next.Seq)
	}
	return p, tx.Change(`
		UPDATE presence_feeds
		SET lease = $2, lease_until = $3, used = $4
		WHERE id = $1`, id, p.lease, tx.Now().Add(leaseLife), tx.Now())
}

// handedOver returns the function to call after sending a page. It moves the feed on; if sending
// failed, it ends the lease, so that the next read gets the page. A feed that was deleted
// meanwhile, or whose lease has ended, stays unchanged.
func (s *Service) handedOver(ctx context.Context, caller auth.Caller, id string, p page) func(error) {
	return func(failed error) {
		statement, args := `UPDATE presence_feeds SET lease_until = 0, position = $3, seq = $4 WHERE id = $1 AND lease = $2`,
			[]any{id, p.lease, p.next.Position, p.next.Seq}
		if failed != nil {
			statement, args = `UPDATE presence_feeds SET lease_until = 0 WHERE id = $1 AND lease = $2`, args[:2]
		}
		// The client may have disconnected after receiving its answer.
		_, err := db.Write(context.WithoutCancel(ctx), s.DB, func(tx *db.Tx) (struct{}, error) {
			s.wake(tx, caller.Company) // another read may wait for this one
			return struct{}{}, tx.Exec(statement, args...)
		})
		if err != nil {
			s.Log.Warn("a presence feed could not be moved on; what was answered will be answered again", "feed", id, "error", err)
		}
	}
}

func noteRead(tx *db.Tx, id string) error {
	return tx.Exec(`UPDATE presence_feeds SET used = $2 WHERE id = $1`, id, tx.Now())
}
