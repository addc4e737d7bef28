package transcript_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"podium/internal/transcript"
)

func TestRun(t *testing.T) {
	t.Parallel()
	var seen []string
	c := config()
	c.After = func(method, path string, status int, body []byte) error {
		seen = append(seen, fmt.Sprintf("%s %s %d %v", method, path, status, len(body) > 0))
		return nil
	}
	transcript.Run(t, feeds(), "testdata/feeds.http", c)
	want := []string{
		"POST /feeds 201 true",
		"GET /feeds/feed%2F00000000000000000001?as=50%25+%22off%22+%26+more 403 true",
		"GET /feeds/feed%2F00000000000000000001 401 true",
		"DELETE /feeds/feed%2F00000000000000000001 204 false",
	}
	if !slices.Equal(seen, want) {
		t.Errorf("After saw\n%s\nnot\n%s", strings.Join(seen, "\n"), strings.Join(want, "\n"))
	}
}

// TestMatching compares answers of /echo with what is expected.
func TestMatching(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ got, expected, wrong string }{
		{`{"a": 1, "b": [true, null]}`, `{"b": [true, null], "a": 1}`, ""},
		{`{"a": 1}`, `{"a": 2}`, ".a: expected 2, got 1"},
		{`{"a": 1}`, `{"a": "1"}`, `.a: expected "1", got 1`},
		{`{"a": 1}`, `{}`, ".a: not expected, got 1"},
		{`{}`, `{"a": 1}`, ".a: missing"},
		{`{"a": {"b": [1, 2]}}`, `{"a": {"b": [1, 3]}}`, ".a.b[1]: expected 3, got 2"},
		{`[1]`, `[1, 2]`, "the body: expected 2 items, got 1"},
		{`{"a": null}`, `{"a": false}`, ".a: expected false, got null"},
		{`9007199254740993`, `9007199254740992`, "the body: expected 9007199254740992, got 9007199254740993"},
		{`"x"`, `"<string>"`, ""},
		{`7`, `"<string>"`, "the body: expected <string>, got 7"},
		{`7`, `"<number>"`, ""},
		{`"7"`, `"<number>"`, `the body: expected <number>, got "7"`},
		{`1787000000000`, `"<time>"`, ""},
		{`1787000000`, `"<time>"`, "the body: expected <time>, got 1787000000"},
		{`"2026-08-19T01:02:03.5Z"`, `"<time>"`, ""},
		{`"yesterday"`, `"<time>"`, `the body: expected <time>, got "yesterday"`},
		{`"abcdefghijklmnop"`, `"<token>"`, ""},
		{`"Bearer abcdefghijklmnop"`, `"<token>"`, ""},
		{`"abc"`, `"<token>"`, `the body: expected <token>, got "abc"`},
		{`"abcdefgh ijklmnop"`, `"<token>"`, `the body: expected <token>, got "abcdefgh ijklmnop"`},
		{`{"a": null}`, `{"a": "<any>"}`, ""},
		{`{}`, `{"a": "<any>"}`, ".a: missing"},
		{`plain text`, `"<any>"`, ""},
		{`plain text`, `"plain text"`, "the body is not JSON"},
		{`"<b>"`, `"<b>"`, ""},
		// clients differ in how they read this
		{`{"a": 1, "a": 1}`, `{"a": 1}`, "the body is not JSON"},
		{`13056700579859`, `${user}`, ""},
		{`"13056700579859"`, `"${user}"`, ""},
		{`"13056700579859"`, `${user}`, `the body: expected 13056700579859, got "13056700579859"`},
		{`"of ${user}!"`, `"of 13056700579859!"`, ""},
		{`"\"quoted\" ${topic}"`, `"\"quoted\" ${topic}"`, ""},
		{`1`, `"${unheard}"`, "nothing is known as ${unheard}"},
		{`1`, `${unheard}`, "nothing is known as ${unheard}"},
		{`"\ue000user"`, `"<string>"`, ""}, // the internal mark of variables
	} {
		said, failed, _ := run(t, "anonymous> POST /echo\n\n"+test.got+"\n\n200\n"+test.expected+"\n", config())
		if want := "line 6: " + test.wrong; failed != (test.wrong != "") || failed && !strings.Contains(said, want) {
			t.Errorf("%s for %s: should be %q, is:\n%s", test.got, test.expected, test.wrong, said)
		}
	}
}

func TestFailing(t *testing.T) {
	t.Parallel()
	c := config()
	c.After = func(_, path string, _ int, _ []byte) error {
		if strings.HasSuffix(path, "after") {
			return errors.New("not as published")
		}
		return nil
	}
	for _, test := range []struct{ text, want string }{
		{"anonymous> POST /echo?status=418\n\n{\"a\": 1}\n\n200\nX-A: b\n\n{\"a\": 2}\n", strings.Join([]string{
			"x.http:1: anonymous> POST /echo?status=418",
			"  line 5: expected 200, got 418",
			`  line 6: X-A: expected "b", got []`,
			"  line 8: .a: expected 2, got 1",
			"expected:",
			"  200",
			`  {"a": 2}`,
			"got:",
			"  418",
			`  {"a": 1}`,
		}, "\n")},
		{"anonymous> POST /echo\n\n1\n\n200\n", "line 6: no body is expected"},
		{"anonymous> POST /echo\n\n200\n1\n", "line 4: a body is expected, there is none"},
		{"carol> POST /echo\n\n200\n", "x.http:1: carol> POST /echo: the test has no actor carol"},
		{"anonymous> POST /${what}\n\n200\n", "x.http:1: anonymous> POST /${what}: nothing is known as ${what}"},
		{"anonymous> POST /echo\nX-A: ${what}\n\n200\n", "nothing is known as ${what}"},
		{"anonymous> POST /echo\n\n${what}\n\n200\n", "nothing is known as ${what}"},
		{"anonymous> POST /echo\n\n200\nX-A: ${what}\n", "nothing is known as ${what}"},
		{"anonymous> POST /%zz\n\n200\n", `invalid URL escape "%zz"`},
		{"anonymous> POST /echo\n\n{}\n\n200\n{}\nid = .id\n", "x.http:7: anonymous> POST /echo: capturing id: the answer has nothing at .id\ngot 200\n{}"},
		{"anonymous> POST /echo\n\n{\"a\": []}\n\n200\n{\"a\": []}\nid = .a\n", "at .a is an array, not a single value"},
		{"anonymous> POST /echo\n\n[1]\n\n200\n[1]\nid = ..b\n", "..b is not a path"},
		{"anonymous> POST /echo\n\n[1]\n\n200\n[1]\nid = .[1]\n", "the answer has nothing at .[1]"},
		{"anonymous> POST /echo\n\n200\nid = header:X-Id\n", "the answer has no header X-Id"},
		{"anonymous> POST /echo\n\n200\nid = .\n", "the answer has no JSON body"},
		{"anonymous> POST /echo\n", "nothing is expected yet; `make update` writes what comes back"},
		{"anonymous> POST /echo?after\n\n200\n", "x.http:1: anonymous> POST /echo?after: not as published"},
	} {
		said, failed, after := run(t, test.text, c)
		if !failed || !strings.Contains(said, test.want) {
			t.Errorf("%q\nshould say %s\nsays %s", test.text, test.want, said)
		}
		if after != test.text {
			t.Errorf("%q is rewritten: %q", test.text, after)
		}
	}
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ headers, expected, wrong string }{
		{"", "X-Echo: 2", ""},
		{"", "x-echo: <number>", ""},
		{"", "X-Echo: <string>", ""},
		{"", "X-Echo: <time>", `X-Echo: expected "<time>", got ["2"]`},
		{"", "X-Echo: <token>", `X-Echo: expected "<token>", got ["2"]`},
		{"", "X-Other: <any>", `X-Other: expected "<any>", got []`},
		{"", "X-Host: example.com", ""},
		{"Host: other.example\n", "X-Host: other.example", ""},
		{"Host: ${user}\n", "X-Host: ${user}", ""},
		{"", "X-Type: application/json", ""},
		{"Content-Type: text/plain\n", "X-Type: text/plain", ""},
	} {
		text := "anonymous> POST /echo\n" + test.headers + "\n{}\n\n200\n" + test.expected + "\n\n{}\n"
		said, failed, _ := run(t, text, config())
		if failed != (test.wrong != "") || !strings.Contains(said, test.wrong) {
			t.Errorf("%q: should say %q, says %s", text, test.wrong, said)
		}
	}
}

// TestAllExchangesRun checks that the exchanges after a failed one run.
func TestAllExchangesRun(t *testing.T) {
	t.Parallel()
	said, _, _ := run(t, "anonymous> POST /echo\n\n1\n\n200\n2\n\nanonymous> POST /echo\n\n1\n\n200\n3\n", config())
	if !strings.Contains(said, "expected 2, got 1") || !strings.Contains(said, "expected 3, got 1") {
		t.Error(said)
	}
}
