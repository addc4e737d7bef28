package openapi

import (
	_ "embed"
	"net/http"

	"github.com/swaggest/swgui/v5emb"

	"podium/internal/static"
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
	mux.Handle("GET /openapi.json", static.New("application/json", static.AskAgain, document))
	mux.Handle("GET /docs", static.New("text/html; charset=utf-8", static.AskAgain, static.CompiledIn(explorerPage)))
	mux.HandleFunc("GET /docs/{$}", func(w http.ResponseWriter, _ *http.Request) {
		// The address is relative, like all addresses of the page: a proxy may serve the pod under
		// a path.
		w.Header().Set("Location", "../docs")
		w.WriteHeader(http.StatusPermanentRedirect)
	})
	mux.Handle("GET /docs/explorer.js", static.New("text/javascript; charset=utf-8", static.AskAgain, static.CompiledIn(explorerScript)))
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
