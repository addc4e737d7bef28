package feeds

import (
	"context"
	"errors"
	"time"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/follow"
	"podium/internal/op"
	"podium/internal/pod/feeds/event"
)

var readFeed = op.Operation[Service]{
	ID:      "readDatafeed",
	Route:   "POST /agent/v5/datafeeds/{datafeedId}/read",
	Tag:     "Datafeed",
	Summary: "Read a datafeed.",
	About: "Acknowledges the events of an earlier answer, and answers the next ones, at most a hundred or about " +
		"a megabyte. If there are none, waits for 18 seconds. Events that are not acknowledged within 30 " +
		"seconds are delivered again, before newer ones. Several readers of one feed share its events.",
	Needs:           auth.AnyUser,
	KeyManagerToken: true,
	Passive:         true,
	Waits:           true,
	Handle:          op.Call((*Service).readFeed),
}

// Acknowledgement is the body of a read: the published AckId.
type Acknowledgement struct {
	AckID          *AckID `json:"ackId" maxLength:"256" doc:"Of the last answer. Empty or missing: nothing is acknowledged."`
	UpdatePresence *bool  `json:"updatePresence" doc:"Whether the read is a sign of presence. By default it is."`
}

// Events is the answer to a read: the published V5EventList.
type Events struct {
	Events []event.Event `json:"events"`
	AckID  AckID         `json:"ackId"`
}

type readInput struct {
	ID   string `path:"datafeedId" maxLength:"128"`
	Body *Acknowledgement
}

func (s *Service) readFeed(ctx context.Context, caller auth.Caller, in readInput) (op.Handed[op.Ready[Events]], error) {
	body := in.Body
	if body == nil {
		body = &Acknowledgement{}
	}
	r := reading{s: s, caller: caller, kind: fanout, id: in.ID, hold: s.Hold}
	if body.AckID != nil {
		var err error
		if r.ack, err = body.AckID.number(in.ID); err != nil {
			return op.Handed[op.Ready[Events]]{}, err
		}
	}
	s.notePresence(caller, body.UpdatePresence)
	return r.answer(ctx)
}

// notePresence records that a user reads, unless the user asks for that not to be shown.
func (s *Service) notePresence(caller auth.Caller, wanted *bool) {
	if wanted == nil || *wanted {
		s.Active(caller.User)
	}
}

// reading is one read of a feed.
type reading struct {
	s      *Service
	caller auth.Caller
	kind   kind
	id     string
	ack    int64 // the number of the range to acknowledge; 0: none
	hold   time.Duration
	from   follow.Cursor // the feed has nothing new up to it
}

// answer waits for events and returns them. If the answer does not reach the client, the next read
// gets them.
func (r *reading) answer(ctx context.Context) (op.Handed[op.Ready[Events]], error) {
	t, err := r.wait(ctx)
	if err != nil {
		return op.Handed[op.Ready[Events]]{}, err
	}
	if t.number == 0 {
		none, err := op.MakeReady(Events{Events: []event.Event{}, AckID: ackFor(r.id, 0)})
		return op.Handed[op.Ready[Events]]{Value: none, Then: func(error) {}}, err
	}
	answer, err := t.made.answer(ackFor(r.id, t.number))
	if err != nil {
		r.release(ctx, t)
		return op.Handed[op.Ready[Events]]{}, err
	}
	return op.Handed[op.Ready[Events]]{
		Value: answer,
		Then: func(failed error) {
			if failed != nil {
				r.release(ctx, t)
			}
		},
	}, nil
}

func (r *reading) release(ctx context.Context, t taken) {
	_, err := db.Write(context.WithoutCancel(ctx), r.s.DB, func(tx *db.Tx) (struct{}, error) { return struct{}{}, release(tx, r.id, t.number) })
	if err != nil {
		r.s.Log.Warn("events did not reach a client; they are delivered again after 30 seconds", "feed", r.id, "error", err)
	}
}

// wait returns what the feed hands out, or nothing after the time to wait, and when the node ends.
func (r *reading) wait(ctx context.Context) (taken, error) {
	woken, leave, err := r.s.ears.listen(ctx, r.caller, r.kind)
	if err != nil {
		return taken{}, err
	}
	defer leave()
	patience := time.NewTimer(r.hold)
	defer patience.Stop()
	// A read with an acknowledgement, and one that was woken, has something to write.
	writes := r.ack != 0
	for looked := false; ; looked = true {
		t, err := r.look(ctx, writes)
		var refused *apierr.Error
		if looked && errors.As(err, &refused) {
			return taken{}, nil // it was deleted while this read waited
		}
		if err != nil || t.number != 0 {
			return t, err
		}
		r.from = t.look.at
		var over bool
		if writes, over = r.sleep(ctx, woken, patience.C, t.look); over {
			return taken{}, ctx.Err()
		}
	}
}

// look takes what the feed has. Unless there is surely something to write, it reads first.
func (r *reading) look(ctx context.Context, writes bool) (taken, error) {
	if !writes {
		now, err := db.Read(ctx, r.s.DB, func(tx *db.Tx) (look, error) { return glance(tx, r.caller, r.kind, r.id, r.ack, r.from) })
		if err != nil || !now.work && !now.note {
			return taken{look: now}, err
		}
		r.from = now.at
	}
	t, err := r.s.gather.take(&request{ctx: ctx, caller: r.caller, kind: r.kind, id: r.id, ack: r.ack, from: r.from})
	if err == nil {
		r.ack = 0 // it is stored: what the client has acknowledged is never delivered again
	}
	return t, err
}

// sleep waits until the feed may have something, and reports whether it surely has; over reports
// that the read has waited long enough.
func (r *reading) sleep(ctx context.Context, woken follow.Waker, patience <-chan time.Time, now look) (surely, over bool) {
	var soon <-chan time.Time
	if now.more {
		soon = time.After(follow.Soon)
	} else if now.due != 0 {
		soon = time.After(time.Duration(now.due-r.s.DB.Now())*time.Millisecond + time.Millisecond)
	}
	select {
	case <-woken:
		return true, false
	case <-soon:
		return false, false
	case <-patience:
	case <-r.s.Draining:
	case <-ctx.Done():
	}
	return false, true
}
