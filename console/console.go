// Package console serves the web console: a page that calls the pod's operations like any other
// client. The page's sources are in src; make console builds dist from them.
package console

import (
	"embed"
	"io/fs"
	"net/http"
	"path"
	"strings"

	"podium/internal/static"
)

//go:embed dist
var dist embed.FS

// policy lets the page load from and call only its own origin. Pictures come as data of the API's
// answers.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src blob:; " +
	"font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'"

// Path is where the console is served.
const Path = "/console/"

// Handler serves the console at Path. Its files are public and the same for each caller.
func Handler() http.Handler {
	mux := http.NewServeMux()
	err := fs.WalkDir(dist, "dist", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := dist.ReadFile(name)
		if err != nil {
			return err
		}
		relative := strings.TrimPrefix(name, "dist/")
		caching, address := static.AskAgain, Path+relative
		if strings.HasPrefix(relative, "assets/") { // their names change with their contents
			caching = static.Forever
		}
		if relative == "index.html" {
			address = Path + "{$}"
		}
		mux.Handle("GET "+address, static.New(contentType(name), caching, static.CompiledIn(text)))
		return nil
	})
	if err != nil {
		panic("console: " + err.Error()) // what is compiled in can be read
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		mux.ServeHTTP(w, r)
	})
}

// contentType goes by the ending alone. mime.TypeByExtension reads tables of the machine, which may
// be wrong.
func contentType(name string) string {
	switch path.Ext(name) {
	case ".html":
		return "text/html; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	}
	return "application/octet-stream"
}
