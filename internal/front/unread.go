package front

import (
	"io"
	"net/http"
	"time"
)

// How long an answer waits for a body that the handler leaves unread.
const (
	shortBody = 256 << 10 // the answer does not wait for a longer body
	// for a short body to end, so that its connection can be kept
	shortWait = 500 * time.Millisecond
	// must arrive within a shortWait, because a client may have stopped sending
	unreadPiece = 16 << 10
)

// rest is what a handler leaves unread of a request's body. Many clients write a whole body before
// they read the answer. If the server closed the connection meanwhile, they would see a reset
// instead of the answer. So the rest is read and dropped while the answer is sent, limited in bytes
// and by the time of a body. A client that reads while it writes receives the answer at once.
//
// On HTTP/1 the connection is kept only after a short body that arrives quickly: any other answer
// has "Connection: close". A client that asked by "Expect: 100-continue" whether to send its body
// is not told to. If it sends the body anyway, that is read as long as it comes.
type rest struct {
	body     *timedBody
	timeout  time.Duration
	limit    int64
	length   int64 // of the whole body; -1: not known
	http2    bool
	asks     bool          // the client waits for "100 Continue"
	reading  bool          // begin was called before the body had ended
	finished chan struct{} // HTTP/1: closed when nothing more is read
}

func newRest(r *http.Request, body *timedBody, limit int64) *rest {
	return &rest{
		body: body, timeout: body.timeout, limit: limit, length: r.ContentLength, http2: r.ProtoMajor == 2,
		asks: r.Header.Get("Expect") != "",
	}
}

// begin must be called before the answer's header is written.
func (r *rest) begin(answer http.Header) {
	if r.body.ended.Load() {
		return
	}
	untold := r.asks && !r.body.begun.Load()
	if r.http2 {
		r.reading = !untold // reading would send "100 Continue" after the answer
		return
	}
	r.reading = true
	if untold {
		answer.Set("Connection", "close")
		return
	}
	_ = r.body.expect(r.timeout) // the handler may have taken long
	if !r.endsShortly() {
		answer.Set("Connection", "close")
	}
}

// endsShortly begins to read while the answer is sent, and reports whether the body ended within
// shortWait.
func (r *rest) endsShortly() bool {
	short := make(chan bool, 1)
	r.finished = make(chan struct{})
	go func() {
		defer close(r.finished)
		n := r.drop(min(shortBody, r.limit))
		ended := r.body.ended.Load()
		short <- ended
		if !ended {
			r.drop(r.limit - n)
		}
	}()
	if r.length > shortBody {
		return false
	}
	timer := time.NewTimer(shortWait)
	defer timer.Stop()
	select {
	case ended := <-short:
		return ended
	case <-timer.C:
		return false
	}
}

// drop reads and drops at most n bytes, and returns how many there were.
func (r *rest) drop(n int64) int64 {
	dropped, _ := io.CopyN(io.Discard, r.body, n)
	return dropped
}

// finish must be called when the handler has returned. It sends the answer and reads the rest.
func (r *rest) finish() {
	if !r.reading {
		return
	}
	if r.finished == nil {
		if r.body.control.Flush() == nil {
			r.dropWhileItComes()
		}
		return
	}
	select {
	case <-r.finished:
	default:
		if r.body.control.Flush() == nil {
			<-r.finished
		}
	}
}

// dropWhileItComes reads and drops until nothing has come for a moment: a client that has received
// the answer may stop sending. On HTTP/2 the client learns that the answer has ended only when the
// handler returns.
func (r *rest) dropWhileItComes() {
	for end := time.Now().Add(r.timeout); r.limit > 0; {
		wait := min(shortWait, time.Until(end))
		if wait <= 0 || r.body.expect(wait) != nil {
			return
		}
		n, err := io.CopyN(io.Discard, r.body, min(unreadPiece, r.limit))
		if err != nil {
			return
		}
		r.limit -= n
	}
}
