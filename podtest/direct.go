package podtest

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"sync"
)

// direct calls handlers without a socket: with the race detector, both ends of HTTP take longer
// than most operations. An answer is delivered while the handler still writes it. When the client
// closes its body or gives up, the request's context ends, as on a connection.
//
// The servers at the pod's addresses run too, for tests of what only HTTP shows.
type direct map[string]http.Handler // by the host of the address

// RoundTrip implements http.RoundTripper.
func (d direct) RoundTrip(r *http.Request) (*http.Response, error) {
	handler, ok := d[r.URL.Host]
	if !ok {
		return nil, fmt.Errorf("podtest: the pod has no address %s", r.URL.Host)
	}
	target := r.URL.RequestURI()
	parsed, err := url.ParseRequestURI(target)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(r.Context())
	in := r.Clone(ctx)
	in.URL, in.RequestURI, in.RemoteAddr = parsed, target, "127.0.0.1:1"
	in.Proto, in.ProtoMajor, in.ProtoMinor = "HTTP/1.1", 1, 1
	if in.Host == "" {
		in.Host = r.URL.Host
	}
	if in.Body == nil {
		in.Body = http.NoBody
	}
	a := &answering{header: http.Header{}, none: r.Method == http.MethodHead, begun: make(chan struct{}), cancel: cancel}
	a.more.L = &a.mu
	context.AfterFunc(ctx, func() { a.end(context.Cause(ctx)) })
	go func() {
		defer func() {
			if v := recover(); v != nil {
				a.end(io.ErrUnexpectedEOF) // a server would close the connection
			}
		}()
		handler.ServeHTTP(a, in)
		a.WriteHeader(http.StatusOK)
		a.end(io.EOF)
	}()
	<-a.begun
	if a.status == 0 {
		cancel()
		return nil, a.err
	}
	return &http.Response{
		Status: fmt.Sprint(a.status, " ", http.StatusText(a.status)), StatusCode: a.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: a.sent, Body: a, ContentLength: -1, Request: r,
	}, nil
}

// answering is an answer that a handler writes and a client reads.
type answering struct {
	header http.Header // the handler's
	none   bool        // the request is answered without a body
	cancel func()
	begun  chan struct{} // closed when status and sent, or err, are set

	mu     sync.Mutex
	more   sync.Cond
	status int
	sent   http.Header
	body   bytes.Buffer
	err    error // after the body; nil: there may be more
}

// Header implements http.ResponseWriter.
func (a *answering) Header() http.Header { return a.header }

// WriteHeader implements http.ResponseWriter.
func (a *answering) WriteHeader(status int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.status != 0 || a.err != nil || status < 200 {
		return
	}
	a.status, a.sent = status, maps.Clone(a.header)
	close(a.begun)
}

// Write implements http.ResponseWriter. It does not wait for the client.
func (a *answering) Write(p []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	a.mu.Lock()
	defer a.mu.Unlock()
	switch {
	case a.err != nil:
		return 0, a.err
	case a.status == http.StatusNoContent || a.status == http.StatusNotModified:
		return 0, http.ErrBodyNotAllowed
	case !a.none:
		a.body.Write(p)
		a.more.Broadcast()
	}
	return len(p), nil
}

// Flush implements http.Flusher. All that is written can be read at once.
func (a *answering) Flush() { a.WriteHeader(http.StatusOK) }

// end ends the answer, unless it has ended.
func (a *answering) end(err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.err != nil {
		return
	}
	a.err = err
	if a.status == 0 {
		close(a.begun)
	}
	a.more.Broadcast()
}

// Read reads the body.
func (a *answering) Read(p []byte) (int, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for a.body.Len() == 0 && a.err == nil {
		a.more.Wait()
	}
	if a.body.Len() > 0 {
		return a.body.Read(p)
	}
	return 0, a.err
}

// Close ends the request's context: the client reads no more.
func (a *answering) Close() error {
	a.cancel()
	return nil
}
