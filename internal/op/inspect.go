package op

import (
	"io"
	"net/http"
	"net/url"
	"time"

	"podium/internal/auth"
)

// Inspector is told of finished exchanges. Its methods must be quick: the client's connection waits
// for them.
type Inspector interface {
	// Keep returns how many bytes of a request's and of an answer's body Inspect is given. b is nil
	// for a path without operation.
	Keep(b *Bound) (sent, answered int)

	// Inspect takes an exchange. It must not keep or change its headers and its URL.
	Inspect(Inspected)
}

// Inspected is a finished exchange. A stream of events is finished when it ends.
type Inspected struct {
	Operation *Bound      // nil: no operation has the path
	Caller    auth.Caller // the zero Kind if the request has no live session
	Used      []auth.Right
	Unmet     bool // Operation.Needs refused the caller
	Method    string
	URL       *url.URL
	Header    map[string][]string // of the request, by canonical names
	Answer    map[string][]string // the header of the answer
	Sent      Captured
	Answered  Captured
	Address   string
	Trace     string
	Began     time.Time
	Took      time.Duration
	Status    int
	Reason    string // of a refusal, as in the log
}

// Captured is a body, of which the first bytes are kept.
type Captured struct {
	Bytes []byte
	Size  int64 // of what was read or written
}

func (c *Captured) add(p []byte, most int) {
	c.Size += int64(len(p))
	if room := most - len(c.Bytes); room > 0 {
		c.Bytes = append(c.Bytes, p[:min(room, len(p))]...)
	}
}

// capture copies the bodies of an exchange for the Inspector.
type capture struct {
	http.ResponseWriter
	body           io.ReadCloser // the request's
	sent, answered Captured
	mostSent, most int
	used           auth.Usage
}

// Unwrap returns the writer below, for http.ResponseController.
func (c *capture) Unwrap() http.ResponseWriter { return c.ResponseWriter }

// Write writes to the client and copies what was written.
func (c *capture) Write(p []byte) (int, error) {
	n, err := c.ResponseWriter.Write(p)
	c.answered.add(p[:n], c.most)
	return n, err
}

// capturedBody is the request's body.
type capturedBody struct{ c *capture }

// Read reads from the client and copies what was read.
func (b capturedBody) Read(p []byte) (int, error) {
	n, err := b.c.body.Read(p)
	b.c.sent.add(p[:n], b.c.mostSent)
	return n, err
}

// Close closes the request's body.
func (b capturedBody) Close() error { return b.c.body.Close() }

// inspect begins to copy an exchange, if the frame has an Inspector.
func (f *Frame) inspect(b *Bound, x *exchange) {
	if f.Inspector == nil {
		return
	}
	c := &capture{ResponseWriter: x.w, body: x.r.Body}
	c.mostSent, c.most = f.Inspector.Keep(b)
	x.captured, x.w = c, c
	if x.r.ContentLength != 0 && x.r.Body != nil {
		x.r.Body = capturedBody{c}
	}
}

// inspected hands a finished exchange to the Inspector.
func (f *Frame) inspected(b *Bound, x *exchange, status int, took time.Duration, reason string) {
	c := x.captured
	if c == nil {
		return
	}
	if x.caller.Company == 0 {
		x.caller.Company, _ = f.Company(x.r)
	}
	if b == nil && x.caller.Company != 0 {
		x.credentials = credentials(&Bound{}, x.caller.Company, x.r)
		if found, err := f.Authenticate(x.r.Context(), x.caller.Company, x.credentials); err == nil {
			x.caller = found
		}
	}
	f.Inspector.Inspect(Inspected{
		Operation: b, Caller: x.caller, Used: c.used.Rights(), Unmet: x.unmet,
		Method: x.r.Method, URL: x.r.URL, Header: x.r.Header, Answer: x.w.Header(), Sent: c.sent, Answered: c.answered,
		Address: x.address, Trace: x.trace, Began: x.began, Took: took, Status: status, Reason: reason,
	})
}
