package op

import (
	"bytes"
	"net/http"
	"reflect"
	"time"
)

// File is an output that is a file, not JSON. The operation's Produces is its type. The frame
// handles caching and partial requests (If-None-Match, Range, HEAD). Errors are JSON.
type File struct {
	Content []byte
	ETag    string // identifies the content, without quotes: different content has a different one
	Cache   string // the header Cache-Control
}

func (f File) answer() answer { return answer{file: &f} }

func (f File) form() Form { return Form{Content: reflect.TypeFor[File]()} }

// writeFile sends a file. Its headers make browsers use the declared type and run nothing in it.
func (f *Frame) writeFile(b *Bound, x *exchange, file File) int {
	h := x.w.Header()
	h.Set("Content-Type", b.Produces)
	h.Set("ETag", `"`+file.ETag+`"`)
	h.Set("Cache-Control", file.Cache)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	w := &statusWriter{ResponseWriter: x.w, status: http.StatusOK}
	http.ServeContent(w, x.r, "", time.Time{}, bytes.NewReader(file.Content))
	return w.status
}

// statusWriter records the status that was sent.
type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}
