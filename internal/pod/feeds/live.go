package feeds

import (
	"context"
	"time"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/follow"
	"podium/internal/op"
	"podium/internal/pod/feeds/event"
	"podium/internal/pod/happenings"
)

var watchEvents = op.Operation[Service]{
	ID:      "watchEvents",
	Route:   "GET /podium/v1/events",
	Tag:     "Datafeed",
	Summary: "Stream what happens in the caller's streams.",
	About: "Sends server-sent events named as the types of a datafeed, from now on. To resume, send the id of the " +
		"last event in the header Last-Event-ID: what happened meanwhile follows, as far back as a day. " +
		"Nothing is acknowledged. While the stream is open, its user is connected.",
	Needs:   auth.AnyUser,
	Passive: true,
	Waits:   true,
	Handle:  op.Stream((*Service).watchEvents),
}

type watchInput struct {
	After *follow.EventID `header:"Last-Event-ID" maxLength:"64"`
}

// signEvery is how often an open stream gives a sign of life, and its user one of presence.
const signEvery = 15 * time.Second

// stretch is what a stream reads at once: happenings with their events, and where it reads on.
type stretch struct {
	list   []happenings.Happening
	events [][]event.Event // by happening
	next   follow.Cursor
	more   bool // there are happenings above the horizon
}

// watchEvents sends events until the client disconnects, its session ends or the node drains.
func (s *Service) watchEvents(ctx context.Context, caller auth.Caller, in watchInput, out *op.Events[event.Event]) error {
	woken, leave, err := s.ears.listen(ctx, caller, fanout)
	if err != nil {
		return err
	}
	defer leave()
	at, err := s.beginning(ctx, in.After)
	if err != nil {
		return err
	}
	if err := out.Begin(); err != nil {
		return err
	}
	s.Seen(caller.User)
	beat := time.NewTicker(signEvery)
	defer beat.Stop()
	for {
		page, err := db.Read(ctx, s.DB, func(tx *db.Tx) (stretch, error) { return s.after(tx, caller, at) })
		if err != nil {
			return err
		}
		before := at
		at = page.next
		if len(page.list) > 0 {
			if err := sendAll(out, before, page); err != nil {
				return err
			}
			continue
		}
		var soon <-chan time.Time
		if page.more {
			soon = time.After(follow.Soon)
		}
		select {
		case <-woken:
		case <-soon:
		case <-beat.C:
			s.Seen(caller.User)
			if err := out.Send(); err != nil {
				return err
			}
		case <-s.Draining:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// beginning returns where a stream begins: after the given event, or at the end of the log. It
// refuses a place of which happenings have been removed.
func (s *Service) beginning(ctx context.Context, after *follow.EventID) (follow.Cursor, error) {
	return db.Read(ctx, s.DB, func(tx *db.Tx) (follow.Cursor, error) {
		if after == nil {
			end, err := happenings.All.End(tx)
			return end.Last, err
		}
		at := follow.Cursor(*after)
		kept, err := happenings.Kept(tx, at)
		if err == nil && !kept {
			err = apierr.Invalid("Invalid value for Last-Event-ID: what followed it has been removed")
		}
		return at, err
	})
}

// after returns what the caller is told after a place.
func (s *Service) after(tx *db.Tx, caller auth.Caller, at follow.Cursor) (stretch, error) {
	end, err := happenings.All.End(tx)
	if err != nil {
		return stretch{}, err
	}
	all := feed{kind: fanout, owner: caller.User, company: caller.Company}
	list, err := all.visible(tx, at, endOfLog, end.Horizon, pageMost)
	if err != nil {
		return stretch{}, err
	}
	page := stretch{list: list, next: later(at, end.Last), more: end.More()}
	if len(list) > 0 {
		page.next = list[len(list)-1].Cursor
	}
	page.events, err = s.Events.BuildEach(tx, caller.Company, list)
	return page, err
}

// sendAll sends events. The last event of a happening has its place as its id, and the others have
// the place before: a client that resumes misses none.
func sendAll(out *op.Events[event.Event], before follow.Cursor, page stretch) error {
	var bytes [][]byte
	for i, h := range page.list {
		for n, e := range page.events[i] {
			if n == len(page.events[i])-1 {
				before = h.Cursor
			}
			one, err := op.EncodeEvent(string(e.Type), follow.EventID(before).String(), e)
			if err != nil {
				return err
			}
			bytes = append(bytes, one)
		}
	}
	if len(bytes) == 0 {
		return nil
	}
	return out.Send(bytes...)
}
