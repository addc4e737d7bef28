package front

import (
	"errors"
	"net"
	"net/http"
	"sync/atomic"
	"time"
)

// writePiece is how much the client must receive within one write timeout: at 30 seconds, two
// kilobytes a second.
const writePiece = 64 << 10

// patientListener accepts connections that end when the client does not receive what is written. A
// http.Server's own WriteTimeout would begin with the request and end long polls. On HTTP/2 a
// client may also block one stream; limitAnswerTime handles that.
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

// patientConn sets a new deadline for each piece that it writes: between once and one and a half
// times the timeout away, so that one deadline serves many short answers.
type patientConn struct {
	net.Conn
	timeout  time.Duration
	deadline atomic.Int64 // set by net/http or crypto/tls, in Unix nanoseconds; 0: none
	// the deadline that the connection has now, in Unix nanoseconds; 0: not known
	until atomic.Int64
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

// wait sets the deadline of the next piece.
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
	if t.IsZero() { // net/http does so after each request; what is being written keeps its deadline
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

// CloseWrite closes the writing half. net/http calls it before closing, so that a client that is
// still sending reads the answer.
func (c *patientConn) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return nil
}

// limitAnswerTime ends an HTTP/2 stream if the client does not receive what is written.
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

// patientAnswer sets a new deadline for each piece that is written. Between two pieces the handler
// may wait without limit.
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

// FlushError implements the flushing of http.ResponseController.
func (a *patientAnswer) FlushError() error {
	a.begin()
	defer a.end()
	return a.control.Flush()
}

// Flush implements http.Flusher, for code that asks for that interface.
func (a *patientAnswer) Flush() { _ = a.FlushError() }

// Unwrap returns the inner ResponseWriter for http.ResponseController.
func (a *patientAnswer) Unwrap() http.ResponseWriter { return a.ResponseWriter }
