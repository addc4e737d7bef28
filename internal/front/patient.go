package front

import (
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

// A patientConn has its patience anew for each piece that it writes.
type patientConn struct {
	net.Conn
	timeout  time.Duration
	deadline atomic.Int64 // set by net/http or crypto/tls, in Unix nanoseconds; 0: none
}

func (c *patientConn) Write(p []byte) (n int, err error) {
	for first := true; first || n < len(p); first = false {
		until := time.Now().Add(c.timeout)
		if set := c.deadline.Load(); set != 0 && set < until.UnixNano() {
			until = time.Unix(0, set)
		}
		if err := c.Conn.SetWriteDeadline(until); err != nil {
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

func (c *patientConn) SetWriteDeadline(t time.Time) error {
	c.remember(t)
	return c.Conn.SetWriteDeadline(t)
}

func (c *patientConn) SetDeadline(t time.Time) error {
	c.remember(t)
	return c.Conn.SetDeadline(t)
}

func (c *patientConn) remember(t time.Time) {
	if t.IsZero() {
		c.deadline.Store(0)
	} else {
		c.deadline.Store(t.UnixNano())
	}
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
