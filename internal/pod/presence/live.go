package presence

import (
	"context"
	"sync/atomic"
	"time"

	"podium/internal/auth"
	"podium/internal/follow"
	"podium/internal/journal"
	"podium/internal/op"
)

var watchPresence = op.Operation[Service]{
	ID:      "watchPresence",
	Route:   "GET /podium/v1/presence/events",
	Tag:     "Presence",
	Summary: "Stream the presence of all users of the company.",
	About: "Sends server-sent events named presence, one for each change from now on. To " +
		"resume, send the id of the last event in the header Last-Event-ID: the present " +
		"status of all users who changed meanwhile follows. With 0-0, begins with the " +
		"present status of all users who have ever been present. While the stream is " +
		"open, its user is connected.",
	Needs:   auth.AnyUser,
	Opens:   []auth.Permission{auth.GetPresence},
	Passive: true,
	Waits:   true,
	Handle:  op.Stream((*Service).watch),
}

type watchInput struct {
	After *follow.EventID `header:"Last-Event-ID" maxLength:"64"`
}

// watch sends events until the client disconnects, its session ends or the node drains.
func (s *Service) watch(ctx context.Context, caller auth.Caller, in watchInput, out *op.Events[Presence]) error {
	h, leave, err := s.join(ctx, caller.Company)
	if err != nil {
		return err
	}
	defer leave()
	cursor := h.end()
	if in.After != nil {
		cursor = journal.Cursor(*in.After)
	}
	if err := out.Begin(); err != nil {
		return err
	}
	woken := h.listen()
	defer h.forget(woken)
	defer context.AfterFunc(ctx, woken.Wake)()
	var silent atomic.Bool // it is time for a sign of life
	beat := time.AfterFunc(signEvery, func() { silent.Store(true); woken.Wake() })
	defer beat.Stop()
	s.sign(caller)
	eyes := viewer{user: caller.User, walled: caller.Walled}
	for {
		events, from := h.after(cursor)
		if from != nil {
			page, err := s.changesFor(ctx, caller.Company, cursor, hubPage)
			if err != nil {
				return err
			}
			events = page.Rows
		}
		if len(events) > 0 {
			cursor = events[len(events)-1].number
			if events, err = s.seen(ctx, &eyes, events); err != nil {
				return err
			}
			if err := send(out, events); err != nil {
				return err
			}
			continue
		}
		if from != nil {
			cursor = *from // there are no events between
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		select {
		case <-s.Draining:
			return nil
		default:
		}
		if silent.Swap(false) {
			beat.Reset(signEvery)
			s.sign(caller)
			if err := out.Send(); err != nil {
				return err
			}
		}
		<-woken
	}
}

// sign records activity of the stream's user, unless an application acts on their behalf.
func (s *Service) sign(caller auth.Caller) {
	if caller.Kind == auth.UserSession {
		s.Seen(caller.User)
	}
}

func send(out *op.Events[Presence], events []sentEvent) error {
	switch len(events) {
	case 0:
		return nil
	case 1: // the usual number, for which no list is allocated
		return out.Send(events[0].bytes)
	}
	bytes := make([][]byte, len(events))
	for i, e := range events {
		bytes[i] = e.bytes
	}
	return out.Send(bytes...)
}

// end returns the number of the hub's last event.
func (h *hub) end() journal.Cursor {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.last
}
