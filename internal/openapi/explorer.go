package openapi

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/swaggest/swgui/v5emb"
)

// The page is our own: that of the swgui module has inline scripts, which the policy below forbids.
// The files of Swagger UI are compiled in and served beside the page.
var (
	//go:embed explorer.html
	explorerPage []byte
	//go:embed explorer.js
	explorerScript []byte
)

// policy lets the page load from and call only its own origin. Swagger UI sets style attributes and
// has its icons in data URLs.
const policy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
	"font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// Explorer serves a document at /openapi.json, and at /docs a page on which to read it and to try
// operations. Both are public and call no other host.
//
// document returns the document as WriteJSON writes it. It is called once, at the first request: to
// describe all operations takes longer than everything else at the start of a pod. If it fails, the
// document's address answers 500 from then on; document itself must log the error.
func Explorer(document func() ([]byte, error)) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /openapi.json", newStatic("application/json", document))
	mux.Handle("GET /docs", newStatic("text/html; charset=utf-8", compiledIn(explorerPage)))
	mux.HandleFunc("GET /docs/{$}", func(w http.ResponseWriter, _ *http.Request) {
		// The address is relative, like all addresses of the page: a proxy may serve the pod under
		// a path.
		w.Header().Set("Location", "../docs")
		w.WriteHeader(http.StatusPermanentRedirect)
	})
	mux.Handle("GET /docs/explorer.js", newStatic("text/javascript; charset=utf-8", compiledIn(explorerScript)))
	assets := v5emb.New("", "", "/docs/")
	for _, name := range []string{"swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png"} {
		mux.Handle("GET /docs/"+name, assets)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		mux.ServeHTTP(w, r)
	})
}

// static is a text that never changes while the pod runs. It is made and compressed at the first
// request.
type static struct {
	contentType string
	content     func() (forms, error)
}

// forms holds a text in the two forms in which it is sent.
type forms struct {
	plain, packed []byte
	tag           string
}

func newStatic(contentType string, text func() ([]byte, error)) *static {
	return &static{contentType, sync.OnceValues(func() (forms, error) {
		plain, err := text()
		if err != nil {
			return forms{}, err
		}
		return pack(plain), nil
	})}
}

// compiledIn returns a function that returns a text.
func compiledIn(text []byte) func() ([]byte, error) {
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

func (s *static) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c, err := s.content()
	if err != nil {
		http.Error(w, "this cannot be shown", http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", s.contentType)
	// the client stores it and asks again each time: a new release has a new tag
	h.Set("Cache-Control", "no-cache")
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
