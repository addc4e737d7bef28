package feeds

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/db/lock"
	"podium/internal/follow"
	"podium/internal/pod/happenings"
	"podium/internal/wire"
)

// Limits of feeds. The first two and the lease are published.
const (
	feedsEach    = 20               // datafeeds of one user
	feedLife     = 30 * time.Minute // without a read
	hosesEach    = 5                // datahoses of one user
	lease        = 30 * time.Second // until what was not acknowledged is delivered again
	pageMost     = 100              // happenings of one answer
	pageBytes    = 1 << 20          // of one answer, roughly
	rangesMost   = 64               // handed out and not acknowledged
	noteUseAfter = time.Minute      // how exactly the time of the last read is stored
)

// kind is what a feed delivers.
type kind string

const (
	fanout   kind = "fanout"   // what happens in the owner's streams
	datahose kind = "datahose" // what happens in all streams of the owner's company
	older    kind = "older"    // as fanout, for the operations of datafeed 1
)

// feed is a row of feeds.
type feed struct {
	id      string
	company wire.CompanyID
	owner   wire.UserID
	kind    kind
	tag     string
	filter  filter // of a datahose
	created wire.Time
	used    wire.Time       // the last read, to within noteUseAfter
	read    follow.Cursor   // the happenings up to it were handed out, or are not for the feed
	open    []span          // handed out, not acknowledged; in the order of the log
	spans   int64           // how many were handed out
	skipped []follow.Cursor // what had happened before the feed, and was above the horizon then
}

// span is a range of the log that was handed out.
type span struct {
	Number int64         `json:"n"`
	From   follow.Cursor `json:"from"`  // after it
	To     follow.Cursor `json:"to"`    // up to and with it
	Until  wire.Time     `json:"until"` // when it is delivered again
}

// due reports whether a range is to be delivered again. A lease that ends later than any lease
// given now was given by a wrong clock, and does not count.
func (s span) due(now wire.Time) bool { return s.Until <= now || s.Until > now.Add(2*lease) }

// noSpans is what is stored where no range is open.
const noSpans = "[]"

const selectFeeds = `
	SELECT id, company, owner, kind, tag, filter, created, used, read_position, read_seq, open, ranges, skipped
	FROM feeds`

func scanFeed(row db.Row) (f feed, err error) {
	var selected, open, skipped string
	err = row.Scan(&f.id, &f.company, &f.owner, &f.kind, &f.tag, &selected, &f.created, &f.used,
		&f.read.Position, &f.read.Seq, &open, &f.spans, &skipped)
	if err == nil && open != noSpans {
		err = json.Unmarshal([]byte(open), &f.open)
	}
	if err == nil && skipped != "" {
		err = json.Unmarshal([]byte(skipped), &f.skipped)
	}
	if err == nil && f.kind == datahose {
		err = json.Unmarshal([]byte(selected), &f.filter)
	}
	return f, err
}

// of reports whether it is a live feed of the caller.
func (f *feed) of(tx *db.Tx, caller auth.Caller, k kind) bool {
	return f.owner == caller.User && f.kind == k && f.used > tx.UnusedSince(feedLife)
}

// own returns a live feed of the caller; ok is false if there is none with this id.
func own(tx *db.Tx, caller auth.Caller, k kind, id string) (f feed, ok bool, err error) {
	f, err = db.One(tx, scanFeed, selectFeeds+` WHERE id = $1 AND owner = $2 AND kind = $3 AND used > $4`,
		id, caller.User, k, tx.UnusedSince(feedLife))
	if errors.Is(err, db.ErrNoRow) {
		return f, false, nil
	}
	return f, err == nil, err
}

// live returns the live feeds of a user, the oldest first.
func live(tx *db.Tx, owner wire.UserID, k kind) ([]feed, error) {
	return db.All(tx, scanFeed, selectFeeds+`
		WHERE owner = $1 AND kind = $2 AND used > $3
		ORDER BY created, id`, owner, k, tx.UnusedSince(feedLife))
}

// insert begins a feed at the horizon of the log. What is above it and visible has happened before
// the feed, which leaves it out; what is above it and not visible has not.
func insert(tx *db.Tx, caller auth.Caller, k kind, tag string, selected filter) (feed, error) {
	end, err := happenings.All.End(tx)
	if err != nil {
		return feed{}, err
	}
	skipped, err := db.All(tx, follow.ScanCursor, `
		SELECT position, seq
		FROM happenings
		WHERE (position, seq) > ($1, $2)`, end.Last.Position, end.Last.Seq)
	if err != nil {
		return feed{}, err
	}
	f := feed{
		id: newID(k), company: caller.Company, owner: caller.User, kind: k, tag: tag, filter: selected, created: tx.Now(), used: tx.Now(),
		read: end.Last, skipped: skipped,
	}
	row, err := f.row()
	if err != nil {
		return feed{}, err
	}
	return f, tx.InsertAll(insertFeeds, [][]any{row}, "")
}

const insertFeeds = `
	INSERT INTO feeds (id, company, owner, kind, tag, filter, created, used, read_position, read_seq, open, ranges, skipped)
	VALUES`

// row returns the values of insertFeeds. It forgets what the feed skips once it has passed it.
func (f *feed) row() ([]any, error) {
	open := []byte(noSpans)
	var err error
	if len(f.open) > 0 {
		open, err = json.Marshal(f.open)
	}
	passed := f.passed()
	f.skipped = slices.DeleteFunc(f.skipped, func(c follow.Cursor) bool { return c.Compare(passed) <= 0 })
	return []any{
		f.id, f.company, f.owner, f.kind, f.tag, f.filter.text(), f.created, f.used, f.read.Position, f.read.Seq, string(open), f.spans,
		placesText(f.skipped),
	}, err
}

// placesText returns places as stored.
func placesText(list []follow.Cursor) string {
	if len(list) == 0 {
		return ""
	}
	text, _ := json.Marshal(list) // numbers: it cannot fail
	return string(text)
}

// newID returns an id in the published form: the SDKs use a feed again only if its id has it.
func newID(k kind) string {
	raw := make([]byte, 16)
	rand.Read(raw)
	if k == datahose {
		return hex.EncodeToString(raw) + "_p"
	}
	return hex.EncodeToString(raw) + "_f"
}

// save stores what was handed out.
func (f *feed) save(tx *db.Tx) error {
	row, err := f.row()
	if err != nil {
		return err
	}
	return tx.Change(`
		UPDATE feeds
		SET used = $2, read_position = $3, read_seq = $4, open = $5, ranges = $6, skipped = $7
		WHERE id = $1`, append([]any{f.id}, row[7:]...)...)
}

// passed returns the place up to which nothing is delivered any more.
func (f feed) passed() follow.Cursor {
	passed := f.read
	for _, s := range f.open {
		if s.From.Compare(passed) < 0 {
			passed = s.From
		}
	}
	return passed
}

// acknowledge ends a range; ok is false if it is not open.
func (f *feed) acknowledge(number int64) (ok bool) {
	before := len(f.open)
	f.open = slices.DeleteFunc(f.open, func(s span) bool { return s.Number == number })
	return len(f.open) < before
}

// due returns when the first open range is delivered again; 0: none is open.
func (f feed) due() (first wire.Time) {
	for _, s := range f.open {
		if first == 0 || s.Until < first {
			first = s.Until
		}
	}
	return first
}

// owners locks how many feeds a user has.
func owners(tx *db.Tx, owner wire.UserID) error { return tx.Lock(lock.FeedsOf(owner)) }
