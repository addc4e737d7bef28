package front

import (
	"errors"
	"net"
	"net/http"
	"sync/atomic"
	"time"
)

// writePiece is how much must be taken within one write timeout: at 30 seconds, two
// kilobytes a second.
const writePiece = 64 << 10

// A patientListener gives connections that end when the client does not take what is
// written to it. A http.Server's own WriteTimeout would begin with the request, and
// end long polls. On HTTP/2 a client may also take no more of one stream; that is
// for limitAnswerTime.
type patientListener struct {
	net.Listener
	timeout time.Duration
}

func (l patientListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &patientConn{Conn: conn, timeout: l.timeout}, nil
}

// A patientConn has its patience anew for each piece that it writes: once the timeout, or up to
// half as much again, so that a deadline serves many short answers.
type patientConn struct {
	net.Conn
	timeout  time.Duration
	deadline atomic.Int64 // asked for by net/http or crypto/tls, in Unix nanoseconds; 0: none
	until    atomic.Int64 // the patience that the connection has now, likewise; 0: not known
}

func (c *patientConn) Write(p []byte) (n int, err error) {
	for first := true; first || n < len(p); first = false {
		if err := c.wait(); err != nil {
			return n, err
		}
		written, err := c.Conn.Write(p[n:min(n+writePiece, len(p))])
		n += written
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

// wait returns the next piece its patience.
func (c *patientConn) wait() error {
	now := time.Now()
	if set := c.deadline.Load(); set != 0 && set < now.Add(c.timeout).UnixNano() {
		c.until.Store(0)
		return c.Conn.SetWriteDeadline(time.Unix(0, set))
	}
	if c.until.Load() >= now.Add(c.timeout).UnixNano() {
		return nil
	}
	until := now.Add(c.timeout + c.timeout/2)
	c.until.Store(until.UnixNano())
	return c.Conn.SetWriteDeadline(until)
}

func (c *patientConn) SetWriteDeadline(t time.Time) error {
	if t.IsZero() { // net/http says so after each request; what is being written keeps its patience
		c.deadline.Store(0)
		return nil
	}
	c.deadline.Store(t.UnixNano())
	c.until.Store(0)
	return c.Conn.SetWriteDeadline(t)
}

func (c *patientConn) SetDeadline(t time.Time) error {
	return errors.Join(c.Conn.SetReadDeadline(t), c.SetWriteDeadline(t))
}

// CloseWrite lets net/http say that the answer has ended before it closes, so that a
// client which is still sending reads the answer.
func (c *patientConn) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return nil
}

// limitAnswerTime ends a stream of HTTP/2 when the client does not take what is
// written to it.
func limitAnswerTime(next http.Handler, timeout time.Duration) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ProtoMajor != 2 {
			next.ServeHTTP(w, r)
			return
		}
		answer := &patientAnswer{ResponseWriter: w, control: http.NewResponseController(w), timeout: timeout}
		next.ServeHTTP(answer, r)
		answer.begin() // net/http writes the rest now
	})
}

// A patientAnswer has its patience anew for each piece that is written. Between two
// of them the handler may wait as long as it likes.
type patientAnswer struct {
	http.ResponseWriter
	control *http.ResponseController
	timeout time.Duration
}

func (a *patientAnswer) begin() { _ = a.control.SetWriteDeadline(time.Now().Add(a.timeout)) }
func (a *patientAnswer) end()   { _ = a.control.SetWriteDeadline(time.Time{}) }

func (a *patientAnswer) Write(p []byte) (n int, err error) {
	for first := true; first || n < len(p); first = false {
		a.begin()
		written, err := a.ResponseWriter.Write(p[n:min(n+writePiece, len(p))])
		a.end()
		n += written
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

// FlushError is for http.ResponseController.
func (a *patientAnswer) FlushError() error {
	a.begin()
	defer a.end()
	return a.control.Flush()
}

// Flush is for those who ask whether a http.ResponseWriter is a http.Flusher.
func (a *patientAnswer) Flush() { _ = a.FlushError() }

// Unwrap is for http.ResponseController.
func (a *patientAnswer) Unwrap() http.ResponseWriter { return a.ResponseWriter }
