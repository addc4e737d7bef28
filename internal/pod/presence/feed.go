package presence

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/db/lock"
	"podium/internal/follow"
	"podium/internal/journal"
	"podium/internal/op"
	"podium/internal/wire"
)

// Limits of feeds. The first is published.
const (
	feedPage  = 500       // the most statuses that one read answers
	feedLife  = time.Hour // without a read
	feedsEach = 10        // of one user

	noteUse = time.Minute // how exactly the time of a feed's last read is stored

	// horizonPatience is how long a new feed waits for the horizon, far longer than any Write of
	// the pod takes. If another transaction on the same PostgreSQL server writes for longer, the
	// feed may begin with slightly older changes.
	horizonPatience = 5 * time.Second
)

// Feed names a feed: the published StringId.
type Feed struct {
	ID string `json:"id"`
}

var createFeed = op.Operation[Service]{
	ID:      "createPresenceFeed",
	Route:   "POST /pod/v1/presence/feed/create",
	Tag:     "Presence",
	Summary: "Create a presence feed.",
	About: "The feed delivers all users of the company whose presence changes from now on. A " +
		"user has at most ten feeds; a feed that is not read for an hour is deleted.",
	Needs:   auth.AnyUser,
	Opens:   []auth.Permission{auth.GetPresence},
	Passive: true,
	Handle:  op.Call((*Service).createFeed),
}

func (s *Service) createFeed(ctx context.Context, caller auth.Caller, _ nothing) (Feed, error) {
	// The feed must not deliver changes made before the call. While such changes are above the
	// horizon, createFeed waits. It may deliver changes that others make meanwhile.
	look := func() (follow.End, error) {
		return db.Read(ctx, s.DB, func(tx *db.Tx) (follow.End, error) { return changes.End(tx, caller.Company) })
	}
	first, err := look()
	began := time.Now()
	for now := first; err == nil && now.Horizon <= first.Newest && time.Since(began) < horizonPatience; now, err = look() {
		select {
		case <-time.After(follow.Soon):
		case <-ctx.Done():
			return Feed{}, ctx.Err()
		}
	}
	if err != nil {
		return Feed{}, err
	}
	return db.Write(ctx, s.DB, func(tx *db.Tx) (Feed, error) { return newFeed(tx, caller) })
}

func newFeed(tx *db.Tx, caller auth.Caller) (Feed, error) {
	if err := tx.Lock(lock.PresenceFeedsOf(caller.User)); err != nil {
		return Feed{}, err
	}
	held, err := db.Value[int64](tx, `SELECT COUNT(*) FROM presence_feeds WHERE owner = $1 AND used > $2`, caller.User, tx.UnusedSince(feedLife))
	if err != nil {
		return Feed{}, err
	}
	if held >= feedsEach {
		return Feed{}, apierr.Invalid("Too many presence feeds")
	}
	now, err := changes.End(tx, caller.Company)
	if err != nil {
		return Feed{}, err
	}
	f := Feed{ID: newFeedID()}
	return f, tx.Exec(`
		INSERT INTO presence_feeds (id, company, owner, position, seq, used, lease, lease_until)
		VALUES ($1, $2, $3, $4, $5, $6, '', 0)`,
		f.ID, caller.Company, caller.User, now.Last.Position, now.Last.Seq, tx.Now())
}

// newFeedID returns a random UUID, of version 4.
func newFeedID() string {
	var b [16]byte
	rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

type feedInput struct {
	FeedID string `path:"feedId" maxLength:"128"`
}

var deleteFeed = op.Operation[Service]{
	ID:      "deletePresenceFeed",
	Route:   "POST /pod/v1/presence/feed/{feedId}/delete",
	Tag:     "Presence",
	Summary: "Delete a presence feed.",
	About:   "A waiting read of the feed answers with nothing.",
	Needs:   auth.AnyUser,
	Opens:   []auth.Permission{auth.GetPresence},
	Passive: true,
	Handle:  op.Write((*Service).deleteFeed),
}

func (s *Service) deleteFeed(tx *db.Tx, caller auth.Caller, in feedInput) (Feed, error) {
	if _, err := lockedFeed(tx, caller, in.FeedID); err != nil {
		return Feed{}, err
	}
	s.wake(tx, caller.Company)
	return Feed{in.FeedID}, tx.Change(`DELETE FROM presence_feeds WHERE id = $1`, in.FeedID)
}

// feed is the reading position of its owner.
type feed struct {
	id         string
	owner      wire.UserID
	cursor     journal.Cursor
	used       wire.Time // the last read, to within noteUse
	leaseUntil wire.Time // of the read that is answering; 0: none
}

var errFeed = apierr.Invalid("Invalid presence feed id")

// ownFeed returns a feed of the caller. It fails with NotFound.
func ownFeed(tx *db.Tx, caller auth.Caller, id string) (feed, error) {
	f, err := db.One(tx, scanFeed, `
		SELECT id, owner, position, seq, used, lease_until
		FROM presence_feeds
		WHERE id = $1 AND company = $2 AND used > $3`, id, caller.Company, tx.UnusedSince(feedLife))
	if errors.Is(err, db.ErrNoRow) {
		return f, errFeed
	}
	if err == nil && f.owner != caller.User {
		return f, apierr.Forbidden("only its creator may use a presence feed")
	}
	return f, err
}

func scanFeed(row db.Row) (f feed, err error) {
	return f, row.Scan(&f.id, &f.owner, &f.cursor.Position, &f.cursor.Seq, &f.used, &f.leaseUntil)
}

// lockedFeed locks a feed and returns it as ownFeed does.
func lockedFeed(tx *db.Tx, caller auth.Caller, id string) (feed, error) {
	if err := tx.Lock(lock.PresenceFeed(id)); err != nil {
		return feed{}, err
	}
	return ownFeed(tx, caller, id)
}
