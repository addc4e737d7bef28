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

// ErrBodyTooSlow is the error of reading a body that has not arrived in time. It is an
// os.ErrDeadlineExceeded.
var ErrBodyTooSlow = fmt.Errorf("the request body did not arrive in time: %w", os.ErrDeadlineExceeded)

// limitBodyTime gives a body until timeout to arrive. If it is late, the handler reads
// ErrBodyTooSlow. The client is answered 408 whatever the handler answers, unless the answer has
// begun. A request without a body has no deadline, and the deadline ends with the body: a long poll
// waits without limit.
//
// What the handler leaves unread is read and dropped, up to unread bytes, so that the client
// receives the answer: see unread.go.
//
// On HTTP/1, net/http cancels the request's context together with the failed read. So the handler's
// work ends even if it ignores the error.
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
			next.ServeHTTP(w, r) // the connection has no deadlines, or is closed
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

// timedBody is a body with a deadline. At the end of the body, net/http lifts the deadline. From
// then on a deadline would cut off the connection, so no code may set one.
type timedBody struct {
	io.ReadCloser
	control *http.ResponseController
	timeout time.Duration
	begun   atomic.Bool // the body has been read from
	late    atomic.Bool
	ended   atomic.Bool
}

// expect sets the deadline for the rest of the body.
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
	return b.ReadCloser.Close() // on HTTP/1 it may read to the end
}

// timedAnswer is the answer to a request whose body has a deadline.
type timedAnswer struct {
	http.ResponseWriter
	body    *timedBody
	rest    *rest
	begun   bool // the header is written
	refused bool // by timedAnswer: what the handler writes is discarded
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

// FlushError implements the flushing of http.ResponseController.
func (a *timedAnswer) FlushError() error {
	if !a.begun {
		a.WriteHeader(http.StatusOK)
	}
	return a.body.control.Flush()
}

// Flush implements http.Flusher, for code that asks for that interface.
func (a *timedAnswer) Flush() { _ = a.FlushError() }

// Unwrap returns the inner ResponseWriter for http.ResponseController.
func (a *timedAnswer) Unwrap() http.ResponseWriter { return a.ResponseWriter }
