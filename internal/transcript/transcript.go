// Package transcript runs the files testdata/*.http: requests through an HTTP handler, and what
// is expected to come back. It is for tests only. An exchange looks like this:
//
//	# What this shows.
//	bob> POST /pod/v1/presence/feed/${feed}/read?limit=10
//	X-Scope: all
//
//	{"only": ["AWAY", "${mood}"], "of": ${user}}
//
//	403
//	Podium-Reason: only its creator may use a presence feed
//
//	{"code": 403, "message": "<string>"}
//	reason = .message
//
// The name before > is an actor: whoever the test says sends the request; anonymous sends it without
// credentials. Below the request line stand headers, then, after an empty line, a body,
// which may be any text. The status stands on a line of its own after another empty line; below it stand
// headers that the answer must have (it may have others) and its body, which is JSON,
// compared by structure: no member more or less, in any order. Where no body is expected,
// there must be none. The last lines capture values of the answer for later exchanges of the file:
// a path such as .users[0].id or .[0].id, or header:Name.
//
// The next request line begins the next exchange; a line --- may stand between. Lines that
// begin with # are comments. They stand before a request line, not inside a body.
//
// ${name} is a captured value or a variable that the test gave. In the path it is escaped
// as paths and queries are, inside of JSON as JSON is. As an expected value without quotes it
// is the variable's value as JSON.
//
// An expected string "<string>", "<number>", "<time>", "<token>" or "<any>" matches any value
// of that kind: a time is a number of milliseconds in this century or a text of RFC 3339, a token
// at least 16 printable characters without spaces, perhaps behind "Bearer ". In headers the same
// words stand without quotes.
//
// With PODIUM_UPDATE=1 the statuses, headers and bodies that do not match are rewritten in
// place, and those of exchanges that have none yet are added. Everything else in the file stays,
// and so does each value that matches still: placeholders and variables above all. A new value
// equal to a variable's of at least four characters is written as that variable, a captured one as its kind.
package transcript

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"
)

// Update is the environment variable that has Run rewrite expectations.
const Update = "PODIUM_UPDATE"

// Actor puts the credentials of whoever sends it on a request.
type Actor func(*http.Request)

// Config is what the exchanges of a file need beside the handler.
type Config struct {
	// Actors by the name that stands before >. anonymous need not be among them.
	Actors map[string]Actor

	// Variables are those known from the start.
	Variables map[string]string

	// After sees every answer, for instance to hold it against the published description. Path is
	// as it was sent, with the query. Its error fails the test.
	After func(method, path string, status int, body []byte) error
}

// Run runs a file through a handler.
func Run(t testing.TB, handler http.Handler, file string, config Config) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := parse(string(data))
	if err != nil {
		t.Fatalf("%s:%v", file, err)
	}
	r := &runner{t: t, handler: handler, file: file, config: config, variables: variables{}}
	for name, value := range config.Variables {
		r.variables[name] = value
	}
	defer func() { // also when an exchange ends the test: what came so far helps to mend it
		if len(r.edits) == 0 {
			return
		}
		if err := replace(file, parsed.with(r.edits)); err != nil {
			t.Error(err)
			return
		}
		t.Logf("%s is rewritten", file)
	}()
	for _, x := range parsed.exchanges {
		r.run(x)
	}
}

// replace writes a file whole or not at all: the same transcript may run on another database
// at the same time.
func replace(file, text string) error {
	temporary, err := os.CreateTemp(filepath.Dir(file), ".transcript-*")
	if err != nil {
		return err
	}
	defer os.Remove(temporary.Name())
	if _, err := temporary.WriteString(text); err != nil {
		return err
	}
	if err := temporary.Chmod(0o644); err != nil {
		return err
	}
	if err := temporary.Close(); err != nil {
		return err
	}
	return os.Rename(temporary.Name(), file)
}
