// Package static answers requests with texts that are compiled in.
package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"sync"
	"time"
)

// A Cache-Control of a text tells clients how to store it.
const (
	// AskAgain has clients store the text and ask each time whether it has changed.
	AskAgain = "no-cache"
	// Forever is for texts whose address changes with them.
	Forever = "public, max-age=31536000, immutable"
)

// Text answers requests with a text that never changes while the pod runs. The text is made and
// compressed at the first request.
type Text struct {
	contentType, caching string
	content              func() (forms, error)
}

// forms holds a text in the two forms in which it is sent.
type forms struct {
	plain, packed []byte
	tag           string
}

// New returns a text of a content type with a Cache-Control. text is called once, at the first
// request. If it fails, each request is answered with 500; text itself must log the error.
func New(contentType, caching string, text func() ([]byte, error)) *Text {
	return &Text{contentType, caching, sync.OnceValues(func() (forms, error) {
		plain, err := text()
		if err != nil {
			return forms{}, err
		}
		return pack(plain), nil
	})}
}

// CompiledIn returns a function that returns a text.
func CompiledIn(text []byte) func() ([]byte, error) {
	return func() ([]byte, error) { return text, nil }
}

func pack(text []byte) forms {
	var packed bytes.Buffer
	// Writing to memory, at a valid level, cannot fail.
	z, _ := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	z.Write(text)
	z.Close()
	sum := sha256.Sum256(text)
	return forms{text, packed.Bytes(), hex.EncodeToString(sum[:12])}
}

// ServeHTTP sends the text, compressed if the client allows it, or says that the client has it.
func (t *Text) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c, err := t.content()
	if err != nil {
		http.Error(w, "this cannot be shown", http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", t.contentType)
	h.Set("Cache-Control", t.caching)
	h.Set("Vary", "Accept-Encoding")
	text, tag := c.plain, c.tag
	if acceptsGzip(r.Header.Get("Accept-Encoding")) {
		h.Set("Content-Encoding", "gzip")
		text, tag = c.packed, c.tag+"-gzip"
	}
	h.Set("ETag", `"`+tag+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(text))
}

// acceptsGzip reports whether a client's header allows gzip: it is named, and not with q=0.
func acceptsGzip(header string) bool {
	for coding := range strings.SplitSeq(header, ",") {
		name, quality, _ := strings.Cut(strings.TrimSpace(coding), ";")
		if !strings.EqualFold(strings.TrimSpace(name), "gzip") {
			continue
		}
		q := strings.TrimPrefix(strings.ReplaceAll(quality, " ", ""), "q=")
		return q == "" || strings.Trim(q, "0.") != ""
	}
	return false
}
