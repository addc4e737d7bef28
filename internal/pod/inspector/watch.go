package inspector

import (
	"context"
	"time"

	"podium/internal/auth"
	"podium/internal/op"
	"podium/internal/wire"
)

var watchCalls = op.Operation[Service]{
	ID:      "watchInspectedCalls",
	Route:   "GET /podium/v1/inspector/calls/events",
	Tag:     "Inspector",
	Summary: "Stream recorded calls.",
	About: "Sends server-sent events named call, of the calls that end from now on. To resume, send the " +
		"id of the last event in the header Last-Event-ID; with the id of another node, or of an " +
		"earlier run, all calls that are recorded follow. A call that is a stream of events itself " +
		"is told of when it ends.",
	Needs:   auth.AnyUser,
	Passive: true,
	Waits:   true,
	Also:    []int{404},
	Handle:  op.Stream((*Service).watch),
}

type watchInput struct {
	Account   *wire.UserID `query:"account" doc:"Whose calls."`
	App       *string      `query:"app" maxLength:"128" doc:"The calls of the sessions of an application."`
	Operation *string      `query:"operation" maxLength:"128"`
	After     *string      `header:"Last-Event-ID" maxLength:"64"`
}

// beatEvery is how often an open stream gives a sign of life, and its caller's right is checked.
const beatEvery = 15 * time.Second

// watch sends calls until the client disconnects, its session ends, it loses the right or the node
// drains.
func (s *Service) watch(ctx context.Context, caller auth.Caller, in watchInput, out *op.Events[Call]) error {
	f, err := s.allow(caller, filter{user: given(in.Account), app: given(in.App), operation: given(in.Operation)})
	if err != nil {
		return err
	}
	woken, leave := s.Recorder.listen(caller.Company)
	defer leave()
	at := s.Recorder.newest()
	if in.After != nil {
		at, _ = s.Recorder.number(*in.After)
	}
	if err := out.Begin(); err != nil {
		return err
	}
	beat := time.NewTicker(beatEvery)
	defer beat.Stop()
	for {
		var calls []Call
		if calls, at = s.Recorder.after(caller.Company, at, f); len(calls) > 0 {
			if err := send(out, calls); err != nil {
				return err
			}
		}
		select {
		case <-woken:
		case <-beat.C:
			if err := s.stillMay(ctx, caller, f); err != nil {
				return err
			}
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

func send(out *op.Events[Call], calls []Call) error {
	events := make([][]byte, len(calls))
	for i, c := range calls {
		var err error
		if events[i], err = op.EncodeEvent("call", c.ID, c); err != nil {
			return err
		}
	}
	return out.Send(events...)
}
