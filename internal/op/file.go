package op

import (
	"bytes"
	"net/http"
	"time"
)

// File is an output that is a file, not JSON. Of what type it is, its operation says in Produces; what
// clients may do to keep it (If-None-Match, Range, HEAD), the frame does. Errors are JSON as ever.
type File struct {
	Content []byte
	ETag    string // names the content, without quotes: another content has another
	Cache   string // the header Cache-Control
}

// writeFile sends a file. A browser must take it for what it is said to be, and run nothing in it.
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

// statusWriter remembers the status that was sent.
type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}
