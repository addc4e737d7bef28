package op

import (
	"context"
	"net/http"
	"reflect"
	"time"

	"podium/internal/auth"
)

// Stream returns a handler that answers with server-sent events, without limit of number or time. E
// is the type of an event's data. Before the first event an error is answered like any other; later
// it ends the stream.
func Stream[S, In, E any](fn func(*S, context.Context, auth.Caller, In, *Events[E]) error) Handler[S] {
	return handler(func(s *S, f *Frame, x *exchange, in In) (Streamed[E], error) {
		err := fn(s, x.r.Context(), x.caller, in, &Events[E]{f: f, x: x, checked: time.Now()})
		return Streamed[E]{}, err
	})
}

// Streamed is the output of an operation that answers with events of type E.
type Streamed[E any] struct{ Event E }

// answer is that of a stream that ended before it began.
func (s Streamed[E]) answer() answer { return answer{empty: true} }

func (s Streamed[E]) form() Form { return Form{Content: reflect.TypeFor[E](), Events: true} }

// Events sends the events of one answer.
type Events[E any] struct {
	f       *Frame
	x       *exchange
	checked time.Time // when the session was last known to be live
}

// recheckAfter is the interval at which a stream checks its session.
const recheckAfter = time.Second

// Begin sends the answer's header, so that the client knows that the stream has begun.
func (e *Events[E]) Begin() error {
	h := e.x.w.Header()
	h["Content-Type"] = []string{"text/event-stream"}
	h["Cache-Control"] = []string{"no-store"}
	h["X-Accel-Buffering"] = []string{"no"} // proxies forward events at once
	e.x.w.WriteHeader(http.StatusOK)
	e.x.streaming = true
	e.f.Metrics.stream(1)
	return e.flush()
}

// Send sends events made by EncodeEvent or, without any, a comment that keeps the connection open.
// It fails if the caller's session has ended.
func (e *Events[E]) Send(events ...[]byte) error {
	if err := e.alive(); err != nil {
		return err
	}
	if len(events) == 0 {
		events = [][]byte{[]byte(":\n\n")}
	}
	for _, event := range events {
		if _, err := e.x.w.Write(event); err != nil {
			return err
		}
	}
	return e.flush()
}

// alive checks, at most once a second, that the session is live.
func (e *Events[E]) alive() error {
	if time.Since(e.checked) < recheckAfter {
		return nil
	}
	x := e.x
	if _, err := e.f.Authenticate(x.r.Context(), x.caller.Company, x.credentials); err != nil {
		return err
	}
	e.checked = time.Now()
	return nil
}

func (e *Events[E]) flush() error { return http.NewResponseController(e.x.w).Flush() }

// EncodeEvent returns an encoded event: its name, its id, by which a client can resume, and its
// data as JSON. The bytes may be sent on any number of streams.
func EncodeEvent(name, id string, carried any) ([]byte, error) {
	// JSON has no line breaks.
	event, err := answers.Append([]byte("event: "+name+"\nid: "+id+"\ndata: "), carried)
	return append(event, "\n\n"...), err
}
