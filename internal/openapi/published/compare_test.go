package published

import (
	"fmt"
	"strings"
	"testing"
)

// compare compares two versions of one operation, each written as the members of a YAML object.
func compare(t *testing.T, ours, theirs string) string {
	t.Helper()
	document := func(path, operation string) string {
		if !strings.Contains(operation, "responses") {
			operation += `, responses: {"200": {description: ok}}`
		}
		return fmt.Sprintf("paths: {%q: {post: {%s}}}", path, strings.TrimPrefix(operation, ", "))
	}
	var list []string
	for _, d := range spec(t, document("/v1/a", theirs)).Compare(parse(t, document("/pod/v1/a", ours))) {
		list = append(list, strings.TrimPrefix(string(d), "POST /pod/v1/a: "))
	}
	return strings.Join(list, "\n")
}

func TestCompareParameters(t *testing.T) {
	t.Parallel()
	parameter := func(name, in, more string) string {
		return fmt.Sprintf("parameters: [{name: %s, in: %s, %s}]", name, in, more)
	}
	text := "schema: {type: string}"
	number := "schema: {type: integer}"
	list := "schema: {type: array, items: {type: integer}}"
	session := "security: [{sessionToken: []}]"
	for _, test := range []struct{ ours, theirs, want string }{
		{"", "", ""},
		{parameter("a", "query", text), parameter("a", "query", text), ""},
		{"", parameter("a", "query", text), "parameter a in query: missing"},
		{parameter("a", "query", text), "", "parameter a in query: not published"},
		{parameter("a", "query", "required: true, "+text), "", "parameter a in query: not published, and required"},
		{parameter("a", "query", text), parameter("a", "header", text), "parameter a in header: missing\nparameter a in query: not published"},
		{parameter("a", "query", "required: true, "+text), parameter("a", "query", text), "parameter a in query: required, published optional"},
		{parameter("a", "query", text), parameter("a", "query", "required: true, "+text), "parameter a in query: optional, published required"},
		{parameter("a", "query", number), parameter("a", "query", text), "parameter a in query: integer, published string"},
		// with commas, both are text
		{parameter("a", "query", list), parameter("a", "query", text), ""},
		{parameter("X-A", "header", text), parameter("x-a", "header", text), ""},

		{session, parameter("sessionToken", "header", "required: true, "+text), ""},
		{parameter("sessionToken", "header", text), parameter("sessionToken", "header", "required: true, "+text), ""},
		{"", parameter("sessionToken", "header", text), "parameter sessionToken in header: missing"},
		{session, "", "parameter sessionToken in header: not published"},
		{session, session, ""},
		{"", parameter("keyManagerToken", "header", text), ""},
		{"", parameter("User-Agent", "header", "required: true, "+text), ""},
	} {
		if got := compare(t, test.ours, test.theirs); got != test.want {
			t.Errorf("ours %s\npublished %s\ngives %q\nnot   %q", test.ours, test.theirs, got, test.want)
		}
	}
}

func TestCompareBodies(t *testing.T) {
	t.Parallel()
	body := func(schema string) string { return "{application/json: {schema: {" + schema + "}}}" }
	object := func(properties string) string { return "type: object, properties: {" + properties + "}" }
	for _, test := range []struct{ ours, theirs, request, response string }{
		{object("a: {type: string}"), object("a: {type: string}"), "", ""},
		{object(""), object("a: {type: string}"), "request field a: missing", "response field a: missing"},
		{object("a: {type: string}"), object("b: {type: string}"),
			"request field a: not published\nrequest field b: missing",
			"response field a: not published\nresponse field b: missing"},
		{object("a: {type: string}, b: {}"), object("a: {type: integer}, b: {}"),
			"request field a: string, published integer", "response field a: string, published integer"},
		{object("a: {type: integer}"), object("a: {type: number}"), "request field a: integer, published number", ""},
		{object("a: {type: string}"), object("a: {type: string}") + ", required: [a]", "", "response field a: optional, published required"},
		{object("a: {type: string}") + ", required: [a]", object("a: {type: string}"), "", ""},

		{object("a: {type: array, items: {" + object("b: {type: string}") + "}}"),
			object("a: {type: array, items: {" + object("b: {type: string}, c: {type: string}") + "}}"),
			"request field a[].c: missing", "response field a[].c: missing"},
		// The members of a missing value are not reported.
		{object(""), object("a: {" + object("b: {type: string}") + "}, ab: {type: string}"),
			"request field a: missing\nrequest field ab: missing", "response field a: missing\nresponse field ab: missing"},
		{"type: array, items: {" + object("a: {type: string}") + "}", object("a: {type: string}"),
			"request body: array, published object", "response body: array, published object"},
		{object("a: {" + object("b: {type: string}") + "}"), object("a: {type: object}"), "", ""},
		{object("a: {type: object, additionalProperties: {type: string}}"), object("a: {type: object, additionalProperties: {type: integer}}"),
			"request field a{}: string, published integer", "response field a{}: string, published integer"},
		{object("a: {type: string}, b: {type: string}"),
			"allOf: [{" + object("a: {type: string}") + "}, {" + object("b: {type: string}") + "}]", "", ""},
		{object("a: {anyOf: [{" + object("b: {type: string}") + "}, {type: 'null'}]}"), object("a: {" + object("b: {type: string}") + "}"), "", ""},

		{object("a: {type: string, enum: [X, Y]}"), object("a: {type: string, enum: [Y, Z]}"),
			"request field a: value Z: not taken", "response field a: value X: not published"},
		{object("a: {type: string}"), object("a: {type: string, enum: [Y, Z]}"), "", ""},
	} {
		got := compare(t, "requestBody: {content: "+body(test.ours)+"}", "requestBody: {content: "+body(test.theirs)+"}")
		if got != test.request {
			t.Errorf("a request of ours %s\npublished %s\ngives %q\nnot   %q", test.ours, test.theirs, got, test.request)
		}
		answer := func(schema string) string {
			return `responses: {"200": {description: ok, content: ` + body(schema) + `}}`
		}
		if got := compare(t, answer(test.ours), answer(test.theirs)); got != test.response {
			t.Errorf("an answer of ours %s\npublished %s\ngives %q\nnot   %q", test.ours, test.theirs, got, test.response)
		}
	}
}

func TestCompareTheRest(t *testing.T) {
	t.Parallel()
	text := "{application/json: {schema: {type: string}}}"
	status := func(n string) string {
		return `responses: {"200": {description: ok}, "` + n + `": {description: more}}`
	}
	for _, test := range []struct{ ours, theirs, want string }{
		{"requestBody: {content: " + text + "}", "", "request body: not published"},
		{"", "requestBody: {content: " + text + "}", "request body: missing"},
		{"requestBody: {required: true, content: " + text + "}", "requestBody: {content: " + text + "}", "request body: required, published optional"},
		{"requestBody: {content: " + text + "}", "requestBody: {required: true, content: " + text + "}", ""},
		{status("204"), "", "status 204: not published"},
		{"", status("204"), "status 204: missing"},
		{status("404"), "", "status 404: not published"},
		{"", status("404"), "status 404: missing"},
		{status("401"), "", ""},
		{"", status("503"), ""},
		{`responses: {"200": {description: ok, content: ` + text + `}}`, "", "response body of 200: not published"},
		{"", `responses: {"200": {description: ok, content: ` + text + `}}`, "response body of 200: missing"},
	} {
		if got := compare(t, test.ours, test.theirs); got != test.want {
			t.Errorf("ours %s\npublished %s\ngives %q\nnot   %q", test.ours, test.theirs, got, test.want)
		}
	}
}

func TestCompareRoutes(t *testing.T) {
	t.Parallel()
	ours := strings.ReplaceAll(strings.ReplaceAll(routes, "/v1/", "/pod/v1/"), "/pod/v1/user/{uid}:", "/pod/v1/user/{userId}:")
	ours += "\t/pod/v1/own:\n\t\tget: {responses: {\"200\": {description: ours}}}\n"
	got := spec(t, routes).Compare(parse(t, ours))
	want := []Difference{
		"GET /pod/v1/own: not published",
		"GET /pod/v1/user/{userId}: parameter {userId} in path: published as {uid}",
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("is\n%q\nshould be\n%q", got, want)
	}
}

// TestCompareRecursive checks that a type that contains itself is compared in finite time.
func TestCompareRecursive(t *testing.T) {
	t.Parallel()
	tree := `
paths:
	/v1/tree:
		get: {responses: {"200": {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Tree'}}}}}}
components:
	schemas:
		Tree: {type: object, properties: {name: {type: string}, branches: {type: array, items: {$ref: '#/components/schemas/Tree'}}}}
`
	ours := strings.Replace(strings.Replace(tree, "/v1/tree", "/pod/v1/tree", 1), "name:", "title:", 1)
	got := spec(t, tree).Compare(parse(t, ours))
	want := []Difference{
		"GET /pod/v1/tree: response field name: missing",
		"GET /pod/v1/tree: response field title: not published",
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("is\n%q\nshould be\n%q", got, want)
	}
}
