package feeds

import (
	"slices"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/db/lock"
	"podium/internal/follow"
	"podium/internal/pod/happenings"
	"podium/internal/wire"
)

// errNoFeed is the published refusal of a feed that the caller does not have. The SDKs make a new
// one then; older ones look for the beginning of the text.
func errNoFeed(id string) error {
	return apierr.Invalid("Could not find a datafeed with the id: %s", id)
}

// look is the state of a feed, read without locking it.
type look struct {
	work bool          // a transaction has something to do: take does it
	more bool          // there are happenings above the horizon
	due  wire.Time     // when the next range is delivered again; 0: none is open
	at   follow.Cursor // the feed has nothing up to this place
	note bool          // the stored time of its last read is out of date
}

// glance returns the state of a feed. ack is the number of a range to acknowledge, or 0. from is a
// place up to which the feed is known to have nothing new.
func glance(tx *db.Tx, caller auth.Caller, k kind, id string, ack int64, from follow.Cursor) (l look, err error) {
	f, ok, err := own(tx, caller, k, id)
	if err == nil && !ok {
		err = errNoFeed(id)
	}
	if err != nil {
		return l, err
	}
	l.note = f.used.Add(noteUseAfter) <= tx.Now()
	l.work = slices.ContainsFunc(f.open, func(s span) bool { return s.Number == ack || s.due(tx.Now()) })
	l.due, l.at = f.due(), later(from, f.read)
	if l.work || len(f.open) >= rangesMost {
		return l, nil
	}
	end, err := happenings.All.End(tx)
	if err != nil {
		return l, err
	}
	first, err := f.visible(tx, l.at, endOfLog, end.Horizon, 1)
	if err != nil {
		return l, err
	}
	if l.work = len(first) > 0; !l.work {
		l.at = later(l.at, end.Last)
	}
	l.more = end.More()
	return l, nil
}

// later returns the later one of two places.
func later(a, b follow.Cursor) follow.Cursor {
	if a.Compare(b) < 0 {
		return b
	}
	return a
}

// taken is what a read hands out: happenings, and the number of their range. If there is none, the
// number is 0, and look is the state of the feed.
type taken struct {
	number int64
	list   []happenings.Happening
	made   *made // the events of list
	look   look
}

// again hands out the first range that is due.
func (f *feed) again(tx *db.Tx) ([]happenings.Happening, int64, error) {
	for len(f.open) > 0 {
		i := slices.IndexFunc(f.open, func(s span) bool { return s.due(tx.Now()) })
		if i < 0 {
			return nil, 0, nil
		}
		s := &f.open[i]
		list, err := f.visible(tx, s.From, s.To, s.To.Position+1, pageMost)
		if err != nil {
			return nil, 0, err
		}
		if len(list) > 0 {
			s.Until = tx.Now().Add(lease)
			return list, s.Number, nil
		}
		f.acknowledge(s.Number) // its happenings have been removed
	}
	return nil, 0, nil
}

// release has a range delivered at once, because its answer did not reach the client.
func release(tx *db.Tx, id string, number int64) error {
	return change(tx, id, func(f *feed) {
		for i := range f.open {
			if f.open[i].Number == number {
				f.open[i].Until = tx.Now()
			}
		}
	})
}

// finish acknowledges a range of a feed.
func finish(tx *db.Tx, id string, number int64) error {
	return change(tx, id, func(f *feed) { f.acknowledge(number) })
}

// change changes the ranges of a feed, if it is still there.
func change(tx *db.Tx, id string, do func(*feed)) error {
	if err := tx.Lock(lock.Feed(id)); err != nil {
		return err
	}
	list, err := db.All(tx, scanFeed, selectFeeds+` WHERE id = $1`, id)
	if err != nil || len(list) == 0 {
		return err
	}
	do(&list[0])
	return list[0].save(tx)
}
