package op

import (
	"net/http"
	"strings"
)

// routes finds the operation for a request: the standard library's mux, but with the
// published JSON for what is not found, and without its redirects, which clients do not follow
// with their tokens and bodies.
type routes struct {
	mux *http.ServeMux
}

// failure answers a request that no operation matches.
type failure func(w http.ResponseWriter, r *http.Request, status int, message string)

func newRoutes(fail failure) *routes {
	rs := &routes{mux: http.NewServeMux()}
	rs.mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if allow := rs.methods(r); allow != "" {
			w.Header().Set("Allow", allow)
			fail(w, r, http.StatusMethodNotAllowed, "The operation is called with "+allow)
			return
		}
		fail(w, r, http.StatusNotFound, "There is no such operation")
	})
	return rs
}

func (rs *routes) add(method, path string, h http.HandlerFunc) {
	rs.mux.HandleFunc(method+" "+path, h)
}

// methods lists the methods by which the request's path is an operation.
func (rs *routes) methods(r *http.Request) string {
	var found []string
	other := *r
	for _, method := range []string{"DELETE", "GET", "PATCH", "POST", "PUT"} {
		other.Method = method
		if _, pattern := rs.mux.Handler(&other); pattern != "/" {
			found = append(found, method)
		}
	}
	return strings.Join(found, ", ")
}

func (rs *routes) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := r.URL.EscapedPath()
	if clean := cleanPath(path); clean != path {
		r = withPath(r, clean)
	}
	rs.mux.ServeHTTP(w, r)
}

// cleanPath drops the slash at the end that some clients send. A path with empty or dotted
// segments, which the mux would redirect, becomes one that nothing has.
func cleanPath(path string) string {
	if strings.Contains(path, "//") || strings.Contains(path, "/.") {
		for segment := range strings.SplitSeq(strings.TrimPrefix(path, "/"), "/") {
			if segment == "" || segment == "." || segment == ".." {
				return "/-"
			}
		}
	}
	if len(path) > 1 && path[len(path)-1] == '/' {
		return path[:len(path)-1]
	}
	if !strings.HasPrefix(path, "/") {
		return "/-"
	}
	return path
}

func withPath(r *http.Request, escaped string) *http.Request {
	other := *r
	u := *r.URL
	other.URL = &u
	if parsed, err := u.Parse(escaped); err == nil {
		u.Path, u.RawPath = parsed.Path, parsed.RawPath
	}
	return &other
}
