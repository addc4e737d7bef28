package feeds

import (
	"cmp"
	"context"
	"slices"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/op"
	"podium/internal/pod/feeds/event"
	"podium/internal/pod/messages"
)

// The operations of datafeed 1, which the vendor has retired. They are feeds of a kind of their
// own, whose answers are acknowledged when they have reached the client.

// oldFeedsEach is how many feeds of datafeed 1 a user has at most: the published default. A further
// one takes the place of the one that was read longest ago. The published 503 would keep a kit that
// makes a feed at each start waiting for half an hour.
const oldFeedsEach = 5

var (
	createOldFeed   = oldCreate("createDatafeedV4", "POST /agent/v4/datafeed/create")
	createOldFeedV1 = oldCreate("createDatafeedV1", "POST /agent/v1/datafeed/create")

	readOldFeed = oldRead("readDatafeedV4", "GET /agent/v4/datafeed/{id}/read", "Read a datafeed, older form.", op.Call((*Service).readOldFeed),
		"Waits for events; none: no content. The answer itself acknowledges them. If it does not reach the "+
			"client, the next read answers them again.")
	readOldFeedV1 = oldRead("readDatafeedV1", "GET /agent/v1/datafeed/{id}/read", "Read the messages of a datafeed, oldest form.",
		op.Call((*Service).readOldFeedV1), "As readDatafeedV4, but only messages, in their first form.")
	readOldFeedV2 = oldRead("readDatafeedV2", "GET /agent/v2/datafeed/{id}/read", "Read the messages of a datafeed, second form.",
		op.Call((*Service).readOldFeedV2), "As readDatafeedV4, but only messages, in their second form.")
)

func oldCreate(id, route string) op.Operation[Service] {
	return op.Operation[Service]{
		ID: id, Route: route, Tag: "Datafeed", Summary: "Create a datafeed, older form.", Needs: auth.AnyUser, KeyManagerToken: true,
		Passive: true, Deprecated: true, Replaced: "/agent/v5/datafeeds POST", Handle: op.Write((*Service).createOldFeed),
	}
}

func oldRead(id, route, summary string, handle op.Handler[Service], about string) op.Operation[Service] {
	return op.Operation[Service]{
		ID: id, Route: route, Tag: "Datafeed", Summary: summary, About: about, Needs: auth.AnyUser, KeyManagerToken: true,
		Passive: true, Waits: true, Deprecated: true, Replaced: "/agent/v5/datafeeds/{datafeedId}/read POST", Handle: handle,
	}
}

// OldFeed is a feed of datafeed 1: the published Datafeed.
type OldFeed struct {
	ID string `json:"id"`
}

func (s *Service) createOldFeed(tx *db.Tx, caller auth.Caller, _ nothing) (OldFeed, error) {
	if s.Retired {
		return OldFeed{}, errRetired
	}
	if err := owners(tx, caller.User); err != nil {
		return OldFeed{}, err
	}
	own, err := live(tx, caller.User, older)
	if err != nil {
		return OldFeed{}, err
	}
	if len(own) >= oldFeedsEach {
		oldest := slices.MinFunc(own, func(a, b feed) int { return cmp.Compare(a.used, b.used) })
		if err := tx.Exec(`DELETE FROM feeds WHERE id = $1`, oldest.id); err != nil {
			return OldFeed{}, err
		}
	}
	f, err := insert(tx, caller, older, "", filter{})
	tx.OnCommit(func() {
		s.Log.Warn("a client uses a datafeed of the older form, which the vendor has retired", "user", caller.User, "username", caller.Username)
	})
	return OldFeed{f.id}, err
}

// errRetired is the published refusal of an operation that is switched off.
var errRetired = apierr.Gone("The requested endpoint is deprecated and can no longer be used. The endpoint that replaces it is: /agent/v5/datafeeds POST")

type oldReadInput struct {
	ID    string `path:"id" maxLength:"128"`
	Limit *int   `query:"limit" min:"1" max:"1000000" doc:"Accepted without effect: an answer has at most 100 events."`
}

type oldReadV1Input struct {
	ID    string `path:"id" maxLength:"128"`
	Limit *int   `query:"maxMessages" min:"1" max:"1000000" doc:"Accepted without effect: an answer has at most 100 messages."`
}

func (s *Service) readOldFeed(ctx context.Context, caller auth.Caller, in oldReadInput) (op.Handed[op.Optional[[]event.Event]], error) {
	return readOld(ctx, s, caller, in.ID, func(e event.Event) (event.Event, bool) { return e, true })
}

func (s *Service) readOldFeedV1(ctx context.Context, caller auth.Caller, in oldReadV1Input) (op.Handed[op.Optional[[]messages.V1Message]], error) {
	return readOld(ctx, s, caller, in.ID, func(e event.Event) (messages.V1Message, bool) {
		if e.Payload.MessageSent == nil {
			return messages.V1Message{}, false
		}
		return messages.V1(e.Payload.MessageSent.Message), true
	})
}

func (s *Service) readOldFeedV2(ctx context.Context, caller auth.Caller, in oldReadV1Input) (op.Handed[op.Optional[[]messages.V2Message]], error) {
	return readOld(ctx, s, caller, in.ID, func(e event.Event) (messages.V2Message, bool) {
		if e.Payload.MessageSent == nil {
			return messages.V2Message{}, false
		}
		return messages.V2(e.Payload.MessageSent.Message), true
	})
}

// readOld reads a feed of datafeed 1. form returns an event as the operation answers it; ok is
// false for one that it leaves out.
func readOld[T any](ctx context.Context, s *Service, caller auth.Caller, id string, form func(event.Event) (T, bool)) (op.Handed[op.Optional[[]T]], error) {
	none := op.Handed[op.Optional[[]T]]{Then: func(error) {}}
	if s.Retired {
		return none, errRetired
	}
	s.Active(caller.User)
	r := reading{s: s, caller: caller, kind: older, id: id, hold: s.Hold}
	for {
		t, err := r.wait(ctx)
		if err != nil || t.number == 0 {
			return none, err
		}
		events, err := t.made.get()
		if err != nil {
			r.release(ctx, t)
			return none, err
		}
		list := make([]T, 0, len(events))
		for _, e := range events {
			if v, ok := form(e); ok {
				list = append(list, v)
			}
		}
		if len(list) == 0 {
			if err := r.finish(ctx, t); err != nil {
				return none, err
			}
			continue
		}
		return op.Handed[op.Optional[[]T]]{Value: op.Optional[[]T]{Value: &list}, Then: func(failed error) {
			if failed != nil {
				r.release(ctx, t)
			} else if err := r.finish(ctx, t); err != nil {
				s.Log.Warn("events of an older feed could not be acknowledged; they are delivered again", "feed", id, "error", err)
			}
		}}, nil
	}
}

// finish acknowledges what was taken.
func (r *reading) finish(ctx context.Context, t taken) error {
	_, err := db.Write(context.WithoutCancel(ctx), r.s.DB, func(tx *db.Tx) (struct{}, error) { return struct{}{}, finish(tx, r.id, t.number) })
	return err
}
