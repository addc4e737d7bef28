package op

import (
	"io"
	"net/http"
	"reflect"
	"strconv"
)

// Download is an output that is not JSON and is written while it is read, so that it need not fit
// into memory. The operation's Produces is its type. Errors before it are JSON. If Write fails, the
// connection breaks off, so that the client does not take a part for the whole.
type Download struct {
	Name  string                // under which a browser saves it, of plain letters; empty: none is said
	Size  int64                 // how many bytes Write writes
	Write func(io.Writer) error // writes the content
	Close func() error          // is called in any case; it may be nil
}

func (d Download) answer() answer { return answer{download: &d} }

func (d Download) form() Form { return Form{Content: reflect.TypeFor[Download](), Once: true} }

// writeDownload sends a download.
func (f *Frame) writeDownload(b *Bound, x *exchange, d Download) (status int, reason string, err error) {
	if d.Close != nil {
		defer func() { _ = d.Close() }() // it was only read
	}
	h := x.w.Header()
	h.Set("Content-Type", b.Produces)
	h.Set("Content-Length", strconv.FormatInt(d.Size, 10))
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	if d.Name != "" {
		h.Set("Content-Disposition", `attachment; filename="`+d.Name+`"`)
	}
	x.w.WriteHeader(b.Success)
	if x.r.Method == http.MethodHead {
		return b.Success, "", nil
	}
	w := &counted{Writer: x.w}
	if err = d.Write(w); err == nil && w.n == d.Size {
		return b.Success, "", nil
	}
	if err == nil {
		err = io.ErrUnexpectedEOF
	}
	if x.r.Context().Err() == nil {
		f.Log.Error("a download broke off", "operation", b.ID, "trace", x.trace, "error", err)
	}
	return statusGone, "the answer broke off: " + err.Error(), err
}

// counted counts what is written.
type counted struct {
	io.Writer
	n int64
}

func (c *counted) Write(p []byte) (int, error) {
	n, err := c.Writer.Write(p)
	c.n += int64(n)
	return n, err
}
