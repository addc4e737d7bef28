package op

import (
	"bytes"
	"context"
	"net/http"
	"time"

	"podium/internal/auth"
)

// Stream makes a handler that answers with server-sent events, as many and for as long as it
// likes. E is what each event carries. Until something is sent an error is answered like any other;
// afterwards it ends the stream.
func Stream[S, In, E any](fn func(*S, context.Context, auth.Caller, In, *Events[E]) error) Handler[S] {
	return handler(func(s *S, f *Frame, x *exchange, in In) (Streamed[E], error) {
		err := fn(s, x.r.Context(), x.caller, in, &Events[E]{f: f, x: x, checked: time.Now()})
		return Streamed[E]{}, err
	})
}

// Streamed is the output of an operation that answers with events, each of which carries an E.
type Streamed[E any] struct{ Event E }

// Events is where the events of one answer go.
type Events[E any] struct {
	f       *Frame
	x       *exchange
	checked time.Time // when the session was last known to live
}

// recheckAfter is how long a stream goes on before its session is looked at again.
const recheckAfter = time.Second

// Begin sends the answer's header, so that the client knows that it is heard.
func (e *Events[E]) Begin() error {
	h := e.x.w.Header()
	h["Content-Type"] = []string{"text/event-stream"}
	h["Cache-Control"] = []string{"no-store"}
	h["X-Accel-Buffering"] = []string{"no"} // proxies pass events on at once
	e.x.w.WriteHeader(http.StatusOK)
	e.x.streaming = true
	return e.flush()
}

// Send sends events that EncodeEvent made, or, with none, a sign of life, which clients ignore. It
// refuses when the caller's session has ended meanwhile.
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

// alive asks whether the session still is, at most once a second.
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

// EncodeEvent writes an event as it goes over the wire: its name, its id, by which a client
// can resume, and what it carries, as JSON. The bytes may be sent on any number of streams.
func EncodeEvent(name, id string, carried any) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("event: " + name + "\nid: " + id + "\ndata: ")
	if _, err := encode(&b, carried); err != nil { // JSON has no line breaks outside of its end
		return nil, err
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}
