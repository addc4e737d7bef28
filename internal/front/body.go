package front

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"sync/atomic"
	"time"
)

// ErrBodyTooSlow is what reading a request's body ends with when the body has not
// arrived in time. It is an os.ErrDeadlineExceeded.
var ErrBodyTooSlow = fmt.Errorf("the request body did not arrive in time: %w", os.ErrDeadlineExceeded)

// limitBodyTime returns a body so long to arrive. When it does not, the handler reads
// ErrBodyTooSlow, and the client is answered 408 whatever the handler says, unless it
// has begun to answer before. A request without a body has no deadline at all, and
// the deadline ends with the body: a long poll waits as long as it likes.
//
// What the handler leaves unread of a body is read and dropped, up to unread bytes, so
// that the client hears the answer: see unread.go.
//
// On HTTP/1, net/http cancels the request's context together with the failed read:
// what the handler began ends also where it does not look at the error.
func limitBodyTime(next http.Handler, timeout time.Duration, unread int64) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Body == nil || r.Body == http.NoBody {
			next.ServeHTTP(w, r)
			return
		}
		body := &timedBody{
			ReadCloser: r.Body,
			control:    http.NewResponseController(w),
			timeout:    timeout,
		}
		if err := body.expect(timeout); err != nil {
			next.ServeHTTP(w, r) // not a connection, or one that is gone
			return
		}
		answer := &timedAnswer{ResponseWriter: w, body: body, rest: newRest(r, body, unread)}
		r.Body = body
		next.ServeHTTP(answer, r)
		if !answer.begun {
			answer.WriteHeader(http.StatusOK)
		}
		answer.rest.finish()
	})
}

// A timedBody is a body with a deadline. When the body has ended, net/http lifts the
// deadline; from then on it would cut off the connection, and nobody may set it.
type timedBody struct {
	io.ReadCloser
	control *http.ResponseController
	timeout time.Duration
	begun   atomic.Bool // somebody has asked for it
	late    atomic.Bool
	ended   atomic.Bool
}

// expect returns what is still to come of the body its time.
func (b *timedBody) expect(timeout time.Duration) error {
	return b.control.SetReadDeadline(time.Now().Add(timeout))
}

func (b *timedBody) Read(p []byte) (int, error) {
	b.begun.Store(true)
	if b.late.Load() {
		return 0, ErrBodyTooSlow
	}
	n, err := b.ReadCloser.Read(p)
	switch {
	case err == nil:
	case errors.Is(err, os.ErrDeadlineExceeded):
		b.late.Store(true)
		err = ErrBodyTooSlow
	default:
		b.ended.Store(true)
	}
	return n, err
}

func (b *timedBody) Close() error {
	b.ended.Store(true)
	return b.ReadCloser.Close() // on HTTP/1 it may read on to the end
}

// A timedAnswer is the answer to a request whose body has a deadline.
type timedAnswer struct {
	http.ResponseWriter
	body    *timedBody
	rest    *rest
	begun   bool // the header is written
	refused bool // by us: what the handler writes goes nowhere
}

func (a *timedAnswer) WriteHeader(status int) {
	interim := status >= 100 && status < 200 && status != http.StatusSwitchingProtocols
	switch {
	case a.refused:
	case a.begun || interim:
		a.ResponseWriter.WriteHeader(status)
	case a.body.late.Load():
		a.begun, a.refused = true, true
		refuse(a.ResponseWriter, http.StatusRequestTimeout, "The request body did not arrive in time")
	default:
		a.begun = true
		a.rest.begin(a.Header())
		a.ResponseWriter.WriteHeader(status)
	}
}

func (a *timedAnswer) Write(p []byte) (int, error) {
	if !a.begun {
		a.WriteHeader(http.StatusOK)
	}
	if a.refused {
		return len(p), nil
	}
	return a.ResponseWriter.Write(p)
}

// FlushError is for http.ResponseController.
func (a *timedAnswer) FlushError() error {
	if !a.begun {
		a.WriteHeader(http.StatusOK)
	}
	return a.body.control.Flush()
}

// Flush is for those who ask whether a http.ResponseWriter is a http.Flusher.
func (a *timedAnswer) Flush() { _ = a.FlushError() }

// Unwrap is for http.ResponseController.
func (a *timedAnswer) Unwrap() http.ResponseWriter { return a.ResponseWriter }
