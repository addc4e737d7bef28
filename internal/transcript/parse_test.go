package transcript

import (
	"reflect"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	t.Parallel()
	parsed, err := parse("# A.\nbob> GET /a?b=${c}\nX-A: 1\nX-B:\n\n{\n\n  \"x\": 1\n}\n\n200\nX-C: 2\n\n[\n\n1]\na = .[0]\nb = header:X-C\n\n---\n\nanonymous> PUT /b\n\n\n204")
	if err != nil {
		t.Fatal(err)
	}
	one := value{kind: array, items: []value{{kind: number, text: "1"}}}
	want := []exchange{
		{
			line: 1, actor: "bob", method: "GET", path: "/a?b=${c}",
			headers: []header{{2, "X-A", "1"}, {3, "X-B", ""}},
			body:    "{\n\n  \"x\": 1\n}", requestEnd: 9,
			expects: true, status: 200, statusLine: 10, answerHeaders: []header{{11, "X-C", "2"}},
			answer: &one, bodyLine: 13, bodyTo: 16,
			captures: []capture{{16, "a", ".[0]"}, {17, "b", "header:X-C"}},
		},
		{
			line: 21, actor: "anonymous", method: "PUT", path: "/b", requestEnd: 22,
			expects: true, status: 204, statusLine: 24, bodyLine: 25, bodyTo: 25,
		},
	}
	if !reflect.DeepEqual(parsed.exchanges, want) {
		t.Errorf("is\n%+v\nshould be\n%+v", parsed.exchanges, want)
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"200\n":                                 "1: a request such as `bob> GET /path` should stand here",
		"\n# x\n{}\n":                           "3: a request such as",
		"bob> get /a\n":                         "1: a request is written",
		"bob>GET /a\n":                          "1: a request is written",
		"bob> GET a\n":                          "1: a request is written",
		"bob> GET /a b\n":                       "1: a request is written",
		"bob> GET /a\n{}\n":                     "2: a header or an empty line should stand here",
		"bob> GET /a\n\n200\n{\n":               "4: the expected body: unexpected EOF",
		"bob> GET /a\n\n200\n\n{} {}\n":         "5: the expected body: there is something behind the JSON value",
		"bob> GET /a\n\n200\n{\"a\":1,\"a\":1}": "4: the expected body: the member a is there twice",
		"bob> GET /a\n\n200\n{${a}: 1}\n":       "4: the expected body: the name of a member is a variable",
		"bob> GET /a\n\n200\n\"\\uE000\"\n":     "4: the expected body: it has the character U+E000",
		"bob> GET /a\n\n200\n1\na = .b\nc\n":    "6: a capture such as `id = .user.id` should stand here",
		"bob> GET /a\n\n200\n" + strings.Repeat("[", 2000) + strings.Repeat("]", 2000): "4: the expected body: it is nested too deep",
	} {
		if _, err := parse(text); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%.50q: should be %q, is %v", text, want, err)
		}
	}
}

func TestLayout(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 60)
	for text, want := range map[string]string{
		`{"a":[1,{}],"b":null}`: `{"a": [1, {}], "b": null}`,
		`{"a":"` + long + `","b":["` + long + `",${c}],"d":[],"e":{"f":1}}`: "{\n  \"a\": \"" + long + "\",\n  \"b\": [\"" + long +
			"\", ${c}],\n  \"d\": [],\n  \"e\": {\"f\": 1}\n}",
		`["` + long + `", ["` + long + `", "` + long + `"]]`: "[\n  \"" + long + "\",\n  [\n    \"" + long + "\",\n    \"" + long + "\"\n  ]\n]",
	} {
		v, err := parseExpected(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(layout(v), "\n"); got != want {
			t.Errorf("is\n%s\nshould be\n%s", got, want)
		}
	}
}

// FuzzParse checks that the parser ends on any text, that all line numbers are within the file, and
// that an expected body, written and parsed again, is the same.
func FuzzParse(f *testing.F) {
	f.Add("# A.\nbob> GET /a?b=${c}\nX-A: 1\n\n{\"x\": 1}\n\n200\nX-C: 2\n\n{\"a\": [${b}, \"${c}\", null, 1e3]}\na = .[0]\n\n---\nanonymous> PUT /b\n\n204\n")
	f.Add("bob> GET /a\n\n200\n\"\\\"${a}\\\\\"\n")
	f.Add("bob> GET /a\nx = .y\n\n---\n200\n\n")
	f.Fuzz(func(t *testing.T, text string) {
		parsed, err := parse(text)
		if err != nil {
			return
		}
		if got := parsed.with(nil); got != text {
			t.Fatalf("without edits it becomes %q", got)
		}
		before := 0
		for _, x := range parsed.exchanges {
			if x.line < before || x.requestEnd <= x.line || x.requestEnd > len(parsed.lines) {
				t.Fatalf("the request is in the lines from %d to %d of %q", x.line, x.requestEnd, text)
			}
			before = x.requestEnd
			if !x.expects {
				continue
			}
			if x.statusLine < x.requestEnd || x.bodyLine <= x.statusLine || x.bodyTo < x.bodyLine || x.bodyTo > len(parsed.lines) {
				t.Fatalf("the answer is in the lines %d, %d to %d of %q", x.statusLine, x.bodyLine, x.bodyTo, text)
			}
			before = x.bodyTo
			if x.answer == nil {
				continue
			}
			written := strings.Join(layout(*x.answer), "\n")
			again, err := parseExpected(written)
			if err != nil || !reflect.DeepEqual(again, *x.answer) {
				t.Fatalf("%q reads as %+v (%v), not as %+v", written, again, err, *x.answer)
			}
		}
	})
}
