package op

import (
	"net/http"
	"slices"
	"strings"
)

// routes finds the operation for a request. It uses the standard library's mux, but answers the
// published JSON for unknown paths, and never redirects, because clients do not follow redirects
// with their tokens and bodies.
type routes struct {
	mux *http.ServeMux
}

// failure answers a request that matches no operation.
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

// methods returns the methods for which the request's path is an operation.
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
	if clean := rs.clean(r, path); clean != path {
		r = withPath(r, clean)
	}
	rs.mux.ServeHTTP(w, r)
}

// nowhere is a path that no operation has.
const nowhere = "/-"

// clean returns the path that a request means. It removes a trailing slash, which some clients
// send, and repeated slashes of clients that join a base address and a path with one each. Other
// paths that the mux would redirect, such as those with dot segments, become nowhere.
func (rs *routes) clean(r *http.Request, path string) string {
	if !strings.HasPrefix(path, "/") {
		return nowhere
	}
	if strings.Contains(path, "/.") {
		for segment := range strings.SplitSeq(path, "/") {
			if segment == "." || segment == ".." {
				return nowhere
			}
		}
	}
	if strings.Contains(path, "//") {
		return rs.withoutRepeatedSlashes(r, path)
	}
	if len(path) > 1 && path[len(path)-1] == '/' {
		return path[:len(path)-1]
	}
	return path
}

// withoutRepeatedSlashes removes repeated slashes before and between the fixed segments of a path.
// Beside a parameter they may be an empty value: the path then becomes nowhere.
func (rs *routes) withoutRepeatedSlashes(r *http.Request, path string) string {
	var segments []string
	repeated := make(map[int]bool) // the indexes of segments with repeated slashes before them
	for segment := range strings.SplitSeq(path[1:], "/") {
		if segment == "" {
			repeated[len(segments)] = true
		} else {
			segments = append(segments, segment)
		}
	}
	if len(path) > 1 && !strings.HasSuffix(path, "//") && strings.HasSuffix(path, "/") {
		delete(repeated, len(segments)) // the trailing slash
	}
	if len(repeated) > maxRepeated || repeated[len(segments)] {
		return nowhere
	}
	clean := "/" + strings.Join(segments, "/")
	fixed := fixedSegments(rs.pattern(r, clean))
	for i := range repeated {
		if i >= len(fixed) || !fixed[i] || i > 0 && !fixed[i-1] {
			return nowhere
		}
		withValue := "/" + strings.Join(slices.Insert(slices.Clone(segments), i, "-"), "/")
		if rs.pattern(r, withValue) != "" {
			return nowhere
		}
	}
	return clean
}

// maxRepeated is the most places in a path with repeated slashes.
const maxRepeated = 4

// pattern returns the pattern of the operation at a path, for the request's method or another;
// empty if there is none.
func (rs *routes) pattern(r *http.Request, path string) string {
	other := *withPath(r, path)
	for _, method := range []string{r.Method, "DELETE", "GET", "PATCH", "POST", "PUT"} {
		other.Method = method
		if _, pattern := rs.mux.Handler(&other); pattern != "/" {
			_, pattern, _ = strings.Cut(pattern, " ")
			return pattern
		}
	}
	return ""
}

// fixedSegments returns which segments of a pattern are fixed, not parameters.
func fixedSegments(pattern string) []bool {
	var fixed []bool
	for segment := range strings.SplitSeq(strings.TrimPrefix(pattern, "/"), "/") {
		fixed = append(fixed, !strings.HasPrefix(segment, "{"))
	}
	return fixed
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
