package op_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"

	"podium/internal/db/dbtest"
	"podium/internal/wire"
)

func TestParameters(t *testing.T) {
	t.Parallel()
	s := newStage(t, dbtest.Open(t, dbtest.SQLite)) // none of this reaches the database
	yes, no := true, false
	for _, c := range []struct {
		path string
		want echo
	}{
		{"/play/echo/7/w?must=m", echo{ID: 7, Word: "w", Limit: 50, Must: "m"}},
		{"/play/echo/7/w/?must=m", echo{ID: 7, Word: "w", Limit: 50, Must: "m"}},
		{"/play/echo/7/a%2Fb%3D?must=m", echo{ID: 7, Word: "a/b=", Limit: 50, Must: "m"}},
		{"/play/echo/7/jane@acme.example?must=%2B+x", echo{ID: 7, Word: "jane@acme.example", Limit: 50, Must: "+ x"}},
		{"/play/echo/7/w?must=m&active=True&soft=TRUE&limit=100", echo{ID: 7, Word: "w", Active: &yes, Soft: true, Limit: 100, Must: "m"}},
		{"/play/echo/7/w?must=m&active=False&soft=0", echo{ID: 7, Word: "w", Active: &no, Limit: 50, Must: "m"}},
		{"/play/echo/7/w?must=m&ids=1,2,3&other=x", echo{ID: 7, Word: "w", IDs: ids(1, 2, 3), Limit: 50, Must: "m"}},
		{"/play/echo/7/w?must=m&ids=1%2C2&ids=3", echo{ID: 7, Word: "w", IDs: ids(1, 2, 3), Limit: 50, Must: "m"}},
		{"/play/echo/7/w?must=m&active=&ids=&limit=", echo{ID: 7, Word: "w", Limit: 50, Must: "m"}},
		{"/play/echo/7/w?must=m&active=None&ids=null&limit=None", echo{ID: 7, Word: "w", Limit: 50, Must: "m"}},
	} {
		a := s.ask("GET", c.path, "", "X-Scope: all", "User-Agent: test")
		c.want.Scope, c.want.Agent = "all", "test"
		want, err := json.Marshal(c.want)
		if err != nil {
			t.Fatal(err)
		}
		s.want(a, 200, string(want))
	}
	for path, names := range map[string]string{
		"/play/echo/x/w?must=m":                    "id",
		"/play/echo/-7/w?must=m":                   "id",
		"/play/echo/7/w%00?must=m":                 "word",
		"/play/echo/7/%ff?must=m":                  "word",
		"/play/echo/7/w":                           "must",
		"/play/echo/7/w?must=":                     "must",
		"/play/echo/7/w?must=None":                 "must",
		"/play/echo/7/w?must=m&active=yes":         "active",
		"/play/echo/7/w?must=m&limit=0":            "limit",
		"/play/echo/7/w?must=m&limit=101":          "limit",
		"/play/echo/7/w?must=m&limit=1e1":          "limit",
		"/play/echo/7/w?must=m&ids=1,x":            "ids",
		"/play/echo/7/w?must=m&ids=1,,2":           "ids",
		"/play/echo/99999999999999999999/w?must=m": "id",
	} {
		a := s.ask("GET", path, "")
		if a.status != 400 || !strings.Contains(a.body, "Invalid value for "+names+":") {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
	}
}

func TestBodies(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *stage) {
		for i, body := range []string{
			`{"id": %d, "name": "x", "owner": "7", "more": null, "flags": null, "then": null}`,
			`{"id": %d, "name": "x", "unknown": {"a": [1, 2]}, "owner": 7}`,
			"\n\t{\"id\": %d, \"name\": \"x\\\\u0000 is no NUL\"} ",
		} {
			s.want(s.ask("POST", "/play/rows", fmt.Sprintf(body, i)), 200, `{"ok":true}`)
		}
		before := s.rows()
		for body, words := range map[string]string{
			``:                                       "needs a JSON body",
			`""`:                                     "needs a JSON body",
			`null`:                                   "needs a JSON body",
			`{`:                                      "not valid JSON",
			`{"id": 9} x`:                            "not valid JSON",
			`[]`:                                     "an object is expected",
			`7`:                                      "an object is expected",
			`{"id": "nine"}`:                         "Invalid value for id: a whole number",
			`{"id": 9.5}`:                            "Invalid value for id: a whole number",
			`{"name": 9}`:                            "Invalid value for name: a string",
			`{"more": {"count": "x"}}`:               "Invalid value for more.count: a whole number",
			`{"more": 7}`:                            "Invalid value for more: an object",
			`{"flags": [true, 1]}`:                   "Invalid value for flags: true or false",
			`{"flags": {}}`:                          "Invalid value for flags: an array",
			`{"owner": "alice"}`:                     "Invalid value for owner: a whole number",
			`{"owner": true}`:                        "Invalid value for owner: a whole number",
			`{"id": 9, "name": "refuse me"}`:         "name: it is refused",
			"{\"name\": \"\xff\"}":                   "not valid UTF-8",
			`{"name": "a\u0000b"}`:                   "NUL",
			`{"x": ` + strings.Repeat("[", 65) + `}`: "nested",
			strings.Repeat("[", 5000):                "nested",
			`{"name": "` + strings.Repeat("x", 10_000): "larger than",
		} {
			status := 400
			if strings.Contains(words, "larger") {
				status = 413
			}
			a := s.ask("POST", "/play/rows", body)
			if a.status != status || !strings.Contains(a.body, words) {
				t.Errorf("%.60s: %d %s", body, a.status, a.body)
			}
		}
		chunked := s.request("POST", "/play/rows", io.MultiReader(strings.NewReader(`{"name": "`), strings.NewReader(strings.Repeat("x", 20_000))))
		if a := s.send(chunked); a.status != 413 {
			t.Errorf("a body too large in chunks: %d %s", a.status, a.body)
		}
		if s.rows() != before {
			t.Error("a refused body left a row")
		}
	})
}

// TestABodyThatIsNotDeclared checks requests with a body to operations without one: some clients
// send a body, or its headers, with every request.
func TestABodyThatIsNotDeclared(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *stage) {
		for _, body := range []string{"", `""`, "{", strings.Repeat("x", 5000)} {
			a := s.ask("GET", "/play/rows", body, "sessionToken: token-of-alice", "Content-Type: application/json")
			s.want(a, 204, "")
		}
		close(s.release)
		for _, body := range []string{"", `""`, "null", "{}"} {
			s.want(s.ask("POST", "/play/wait", body, "Content-Type: application/json"), 200, `{"ok":true}`)
		}
		s.want(s.ask("POST", "/play/wait", "{"), 400, "")
	})
}

func TestABodyThatStopsShort(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *stage) {
		conn, err := net.Dial("tcp", s.server.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(conn, "POST /play/rows HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{\"id\": 1, \"name\": \"x\"}")
		if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(conn)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(got, []byte(" 200 ")) || s.rows() != 0 {
			t.Errorf("half a body was taken: %s", got)
		}
	})
}

func TestPaths(t *testing.T) {
	t.Parallel()
	s := newStage(t, dbtest.Open(t, dbtest.SQLite)) // none of this reaches the database
	for path, status := range map[string]int{
		"/play/nothing":               404,
		"/":                           404,
		"//play/missing":              400,
		"/play//missing":              400,
		"///play////missing/":         400,
		"/play/missing//listed":       404, // the operation's answer
		"//play/echo/7/w?must=m":      200,
		"/play//echo/7/w?must=m":      200,
		"/play/echo//7/w?must=m":      404,
		"/play/echo/7//w?must=m":      404,
		"/play/echo//w?must=m":        404,
		"/play/echo/7/w//?must=m":     404,
		"/play/missing//":             404,
		"//":                          404,
		"/%2Fplay/missing":            404,
		"/play/%2F/missing":           404,
		"//play/./missing":            404,
		"//play/../play/missing":      404,
		"/play/echo//rows":            404, // an empty id, not the operation without one
		"/a//b//c//d//e//f":           404,
		"/play/../play/missing":       404,
		"/play/./missing":             404,
		"/play/missing/":              400, // the operation's answer
		"/play%2Fmissing":             404,
		"/play/echo/7/w/x?must=m":     404,
		"/play/echo/7/%2e%2e?must=m":  200,
		"/play/echo/7/%2F%2F?must=m":  200,
		"/play/echo/7/w%0d%0a?must=m": 200,
	} {
		if a := s.ask("GET", path, ""); a.status != status {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
	}
	a := s.ask("PUT", "/play/rows", "{}")
	s.want(a, 405, `{"code":405,"message":"The operation is called with GET, POST"}`)
	if a.header.Get("Allow") != "GET, POST" {
		t.Errorf("Allow: %q", a.header.Get("Allow"))
	}
	if a := s.ask("PUT", "//play//rows", "{}"); a.status != 405 || a.header.Get("Location") != "" {
		t.Errorf("repeated slashes by a wrong method: %d %v", a.status, a.header)
	}
	if a := s.ask("HEAD", "//play/missing", ""); a.status != 400 {
		t.Errorf("HEAD with repeated slashes: %d", a.status)
	}
	if a := s.ask("OPTIONS", "/play/rows", ""); a.status != 405 || a.header.Get("Allow") != "GET, POST" {
		t.Errorf("OPTIONS: %d %v", a.status, a.header)
	}
	if a := s.ask("HEAD", "/play/missing", ""); a.status != 400 || a.body != "" {
		t.Errorf("HEAD: %d %q", a.status, a.body)
	}
}

func ids(list ...wire.UserID) []wire.UserID { return list }
