package published

import (
	"errors"
	"io/fs"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

// parse reads a small document written in a test.
func parse(t *testing.T, text string) *openapi3.T {
	t.Helper()
	text = "openapi: 3.0.0\ninfo: {title: T, version: '1'}\n" + strings.ReplaceAll(text, "\t", "  ")
	doc, err := openapi3.NewLoader().LoadFromData([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// spec returns a small published description under /pod.
func spec(t *testing.T, text string) *Spec {
	t.Helper()
	s := &Spec{}
	s.add("/pod", false, parse(t, text))
	return s
}

const routes = `
paths:
	/v1/user/{uid}:
		get: {responses: {"200": {description: one user}}}
	/v1/user/list:
		get: {responses: {"200": {description: users}}}
	/v1/{thing}/list:
		get: {responses: {"200": {description: anything}}}
	/v1/user/{uid}/roles/:
		post: {responses: {"200": {description: roles}}}
`

func TestFind(t *testing.T) {
	t.Parallel()
	s := spec(t, routes)
	for route, want := range map[string]string{
		"GET /pod/v1/user/{uid}":          "/pod/v1/user/{uid}",
		"GET /pod/v1/user/{userId}":       "/pod/v1/user/{uid}",
		"GET /pod/v1/user/list":           "/pod/v1/user/list",
		"GET /pod/v1/user/other":          "", // a different route, not the one with a parameter
		"POST /pod/v1/user/{uid}":         "",
		"GET /v1/user/{uid}":              "",
		"POST /pod/v1/user/{id}/roles":    "/pod/v1/user/{uid}/roles",
		"GET /pod/v1/user/{uid}/roles/of": "",
	} {
		method, path, _ := strings.Cut(route, " ")
		got := ""
		if o, ok := s.Find(method, path); ok {
			got = o.Path
		}
		if got != want {
			t.Errorf("%s is found as %q, not as %q", route, got, want)
		}
	}
}

func TestAnswering(t *testing.T) {
	t.Parallel()
	s := spec(t, routes)
	for path, want := range map[string]string{
		"/pod/v1/user/7":         "/pod/v1/user/{uid}",
		"/pod/v1/user/a%2Fb?x=1": "/pod/v1/user/{uid}",
		"/pod/v1/user/list":      "/pod/v1/user/list",
		"/pod/v1/user/l%69st":    "/pod/v1/user/list",
		"/pod/v1/room/list":      "/pod/v1/{thing}/list",
		"/pod/v1/user/":          "",
		"/pod/v1/user":           "",
	} {
		got := ""
		if o, ok := s.answering("GET", path); ok {
			got = o.Path
		}
		if got != want {
			t.Errorf("%s is answered by %q, not by %q", path, got, want)
		}
	}
}

func TestTheFirstFileCounts(t *testing.T) {
	t.Parallel()
	s := spec(t, routes)
	s.add("/pod", false, parse(t, `
paths:
	/v1/user/{id}:
		get: {responses: {"200": {description: the deprecated one}}}
		put: {responses: {"200": {description: gone from the first}}}
`))
	if o, _ := s.Find("GET", "/pod/v1/user/{id}"); *o.Responses.Value("200").Value.Description != "one user" {
		t.Error("the twin hides the first file")
	}
	if _, ok := s.Find("PUT", "/pod/v1/user/{id}"); !ok {
		t.Error("what only the twin has is not found")
	}
}

// TestWithoutFiles is not parallel, because the environment names the folder.
func TestWithoutFiles(t *testing.T) {
	t.Setenv(Folder, "")
	s := Load(t)
	if s != nil {
		t.Fatal("Load returned a description without a folder")
	}
	if _, ok := s.Find("GET", "/pod/v1/podcert"); ok {
		t.Error("a nil Spec finds an operation")
	}
	if err := s.ValidateResponse("GET", "/pod/v1/podcert", 999, []byte("?")); err != nil {
		t.Errorf("a nil Spec reports: %v", err)
	}
	if err := s.ValidateRequest("GET", "/pod/v1/podcert", []byte("?")); err != nil {
		t.Errorf("a nil Spec reports: %v", err)
	}
	if found := s.Compare(parse(t, routes)); found != nil {
		t.Errorf("a nil Spec reports: %v", found)
	}
}

func TestFilesNotThere(t *testing.T) {
	t.Parallel()
	if _, err := read(t.TempDir()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("an empty folder reads as %v", err)
	}
}
