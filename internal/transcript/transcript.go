// Package transcript runs the files testdata/*.http: requests to an HTTP handler, and the expected
// answers. It is for tests only. An exchange looks like this:
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
// The name before > is an actor of the test, whose credentials the request carries; anonymous has
// none. The request line is followed by headers, then, after an empty line, by a body, which may be
// any text. After another empty line follows the status on a line of its own. Below it are the
// headers that the answer must have (it may have others) and its body. The body is JSON and is
// compared by structure: the same members in any order. If no body is expected, there must be none.
// The last lines capture values of the answer for later exchanges of the file: a path such as
// .users[0].id or .[0].id, or header:Name.
//
// A request with the header "Content-Type: multipart/form-data" has a JSON object as its body. Its
// members are the parts of the form, as client.EncodeForm reads them.
//
// The next request line begins the next exchange; a line --- may precede it. Lines that begin with
// # are comments. They are allowed before a request line, not inside a body.
//
// ${name} is a captured value or a variable of the test. In the path it is escaped for paths and
// queries, inside JSON for JSON. As an expected value without quotes it is the variable's value as
// JSON.
//
// An expected string "<string>", "<number>", "<time>", "<token>" or "<any>" matches any value of
// that kind. A time is a number of milliseconds in this century or a text of RFC 3339. A token is
// at least 16 printable characters without spaces, with or without "Bearer " before them. In
// headers the same words are written without quotes.
//
// With PODIUM_UPDATE=1, Run rewrites the statuses, headers and bodies that do not match, and adds
// missing ones. It keeps everything else in the file, and each value that still matches, above all
// placeholders and variables. It writes a new value as a variable if it equals one of at least four
// characters, and as its kind if it is captured.
package transcript

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"
)

// Update is the environment variable that makes Run rewrite expectations.
const Update = "PODIUM_UPDATE"

// Actor adds an actor's credentials to a request.
type Actor func(*http.Request)

// Config is the input of Run beside the handler and the file.
type Config struct {
	// Actors holds the actors by name. anonymous need not be among them.
	Actors map[string]Actor

	// Variables holds the variables that are known from the start.
	Variables map[string]string

	// After is called with every answer, for example to check it against the published description.
	// path is the path that was sent, with the query. An error fails the test.
	After func(method, path string, status int, body []byte) error
}

// Run runs a file through a handler. It fails the test if an answer is not as expected.
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
	// also when an exchange ends the test: what is rewritten so far helps to repair it
	defer func() {
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

// replace writes a file in one step, because the same transcript may run on another database at the
// same time.
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
