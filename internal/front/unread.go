package front

import (
	"io"
	"net/http"
	"time"
)

// How long an answer waits for a body that nobody wants.
const (
	shortBody   = 256 << 10              // a longer one is not waited for before the answer is given
	shortWait   = 500 * time.Millisecond // for a short one to end, so that its connection can be kept
	unreadPiece = 16 << 10               // has a shortWait to arrive, where a client may have stopped sending
)

// rest is what a handler leaves unread of a request's body. Many clients write a whole body before
// they read the answer. If the server closed the connection meanwhile, they would see a reset in the
// place of the answer. So the rest is read and dropped beside the answer, bounded in bytes and by the
// time that a body has. A client that reads while it writes hears the answer at once.
//
// On HTTP/1 the connection is kept only after a short body that arrives quickly: the answer to any other
// says "Connection: close". A client that asked by "Expect: 100-continue" whether to send its
// body is not told to; if it sends the body all the same, that is read as long as it comes.
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

// begin is called before the answer's header is written.
func (r *rest) begin(answer http.Header) {
	if r.body.ended.Load() {
		return
	}
	untold := r.asks && !r.body.begun.Load()
	if r.http2 {
		r.reading = !untold // reading would send "100 Continue" behind the answer
		return
	}
	r.reading = true
	if untold {
		answer.Set("Connection", "close")
		return
	}
	_ = r.body.expect(r.timeout) // the handler may have waited for long
	if !r.endsShortly() {
		answer.Set("Connection", "close")
	}
}

// endsShortly begins to read beside the answer, and reports whether that was soon done.
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

// drop reads and drops at most n bytes, and tells how many there were.
func (r *rest) drop(n int64) int64 {
	dropped, _ := io.CopyN(io.Discard, r.body, n)
	return dropped
}

// finish is called when the handler has returned. It sends the answer and reads the rest.
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

// dropWhileItComes reads and drops until nothing has come for a moment: a client that has heard the
// answer may send no more. On HTTP/2 it does not say so, and learns only from the handler's
// return that the answer has ended.
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
