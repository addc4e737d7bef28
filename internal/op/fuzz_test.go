package op

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// FuzzDecodeBody checks that a decoded body has no NUL, is not too deep, and equals the result of
// encoding/json.
func FuzzDecodeBody(f *testing.F) {
	for _, seed := range []string{`{"a": [1, "x"]}`, `"\u0000"`, `"\\u0000"`, `[[[]]]`, `""`, `null`, "{\"a\":\"\xff\"}", `{"a":"]["}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var got any
		if _, err := decodeBody(slices.Clone(data), reflect.ValueOf(&got).Elem(), nil); err != nil {
			return
		}
		var want any
		if err := json.Unmarshal(data, &want); err != nil || !reflect.DeepEqual(got, want) {
			t.Fatalf("%q: %v, not %v (%v)", data, got, want, err)
		}
		if depth(got) > maxDepth || holdsNUL(got) {
			t.Fatalf("%q passed", data)
		}
	})
}

func depth(v any) int {
	deepest := 0
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			deepest = max(deepest, depth(e))
		}
	case map[string]any:
		for _, e := range v {
			deepest = max(deepest, depth(e))
		}
	default:
		return 0
	}
	return deepest + 1
}

func holdsNUL(v any) bool {
	switch v := v.(type) {
	case string:
		return strings.ContainsRune(v, 0)
	case []any:
		for _, e := range v {
			if holdsNUL(e) {
				return true
			}
		}
	case map[string]any:
		for k, e := range v {
			if strings.ContainsRune(k, 0) || holdsNUL(e) {
				return true
			}
		}
	}
	return false
}

// FuzzParseBool checks that only spellings of true and false are accepted, and with the right
// value.
func FuzzParseBool(f *testing.F) {
	for _, seed := range []string{"True", "false", "1", "0", "", "yes", "ſ", "TRUE "} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := parseBool(text)
		lower := strings.ToLower(text)
		isTrue, isFalse := lower == "true" || text == "1", lower == "false" || text == "0"
		if (err == nil) != (isTrue || isFalse) && isASCII(text) {
			t.Fatalf("%q: %v", text, err)
		}
		if err == nil && isASCII(text) && got != isTrue {
			t.Fatalf("%q is %v", text, got)
		}
	})
}

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= 0x80 {
			return false
		}
	}
	return true
}

// FuzzPaths checks that no path is answered by a redirect.
func FuzzPaths(f *testing.F) {
	for _, seed := range []string{"/a", "/a/", "//a", "/a/../b", "/a/%2e%2e", "/a//", "/%2F", "/a/b", "/.", "/a/.", "a", "/a;b"} {
		f.Add(seed)
	}
	routes := newRoutes(func(w http.ResponseWriter, _ *http.Request, status int, _ string) { w.WriteHeader(status) })
	found := func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) }
	routes.add("GET", "/a", found)
	routes.add("GET", "/a/{id}/b", found)
	f.Fuzz(func(t *testing.T, path string) {
		u, err := url.ParseRequestURI(path)
		if err != nil {
			return
		}
		w := httptest.NewRecorder()
		routes.ServeHTTP(w, &http.Request{Method: "GET", URL: u, Host: "x", Header: http.Header{}})
		if w.Code >= 300 && w.Code < 400 {
			t.Fatalf("%q is redirected to %q", path, w.Header().Get("Location"))
		}
	})
}
