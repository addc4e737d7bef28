package openapi_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"podium/internal/auth"
	"podium/internal/op"
	"podium/internal/openapi"
)

func TestDescribeIsValidAndTheSameEachTime(t *testing.T) {
	t.Parallel()
	if err := describe(t).Validate(t.Context()); err != nil {
		t.Fatal(err)
	}
	first := render(t)
	for range 20 {
		if second := render(t); first != second {
			t.Fatal("two descriptions of the same operations differ")
		}
	}
	if !strings.HasSuffix(first, "}\n") || !strings.Contains(first, "Only <open> books change.") {
		t.Error("no line break at the end, or signs written as numbers")
	}
}

func render(t *testing.T) string {
	t.Helper()
	var text bytes.Buffer
	if err := openapi.WriteJSON(&text, describe(t)); err != nil {
		t.Fatal(err)
	}
	return text.String()
}

// at returns the value at a path of members of the description, as JSON in one line.
func at(t *testing.T, path ...string) string {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(render(t)), &v); err != nil {
		t.Fatal(err)
	}
	for _, member := range path {
		switch x := v.(type) {
		case map[string]any:
			v = x[member]
		case []any:
			i := slices.IndexFunc(x, func(e any) bool { return e.(map[string]any)["name"] == member })
			if i < 0 {
				t.Fatalf("there is no %s in %s", member, path)
			}
			v = x[i]
		}
	}
	text, _ := json.Marshal(v)
	return string(text)
}

func TestDescribe(t *testing.T) {
	t.Parallel()
	list := []string{"paths", "/pod/v1/books", "get"}
	change := []string{"paths", "/pod/v1/books/{id}", "put"}
	note := []string{"paths", "/agent/v1/user/{uid}/note", "post"}
	forget := []string{"paths", "/agent/v1/user/{uid}/note", "delete"}
	login := []string{"paths", "/login/guest", "post"}
	health := []string{"paths", "/health", "get"}
	book := []string{"components", "schemas", "Book"}
	tests := []struct {
		what string
		base []string
		path string
		want string
	}{
		{"the id", list, "operationId", `"listBooks"`},
		{"the tag", list, "tags", `["Books"]`},
		{"deprecated", note, "deprecated", `true`},
		{"not deprecated", list, "deprecated", `null`},

		{"the right", change, "description", `"Only \u003copen\u003e books change.\n\nNeeds the session of a user with the rights CREATE_APPS and MONITOR_ROOMS.\n\nClosed to sessions on behalf of a user."`},
		{"permissions", list, "description", `"Needs the session of a user.\n\nOn behalf of a user: with the permission LIST_USER_STREAMS or MANAGE_ROOMS."`},
		{"the right, except for oneself", note, "description", `"Needs the session of a user, and for any other user than that one the right VIEW_USER_DETAIL.\n\nClosed to sessions on behalf of a user."`},
		{"no right", login, "description", `"Needs no session."`},
		{"an application", forget, "description", `"Needs the session of an application."`},

		{"credentials", list, "security", `[{"sessionToken":[]},{"bearer":[]}]`},
		{"credentials at the Agent", note, "security", `[{"sessionToken":[]},{"bearer":[]},{"keyManagerToken":[],"sessionToken":[]}]`},
		{"no credentials", login, "security", `null`},

		{"a list", list, "parameters uid", `{"explode":false,"in":"query","name":"uid","schema":{"items":{"format":"int64","maximum":9007199254740991,"minimum":0,"type":"integer"},"maxItems":3,"type":"array"},"style":"form"}`},
		{"bounds and a default", list, "parameters limit", `{"description":"How many at most.","in":"query","name":"limit","schema":{"default":100,"maximum":1000,"minimum":1,"type":"integer"}}`},
		{"a pointer", list, "parameters active", `{"in":"query","name":"active","schema":{"type":"boolean"}}`},
		{"a required parameter", list, "parameters word required", `true`},
		{"a required tag", list, "parameters X-Scope", `{"in":"header","name":"X-Scope","schema":{"maxLength":9,"type":"string"}}`},
		{"a path parameter", note, "parameters uid", `{"in":"path","name":"uid","required":true,"schema":{"format":"int64","maximum":9007199254740991,"minimum":0,"type":"integer"}}`},
		// a parameter that the input does not declare
		{"one that no code reads", forget, "parameters uid", `{"in":"path","name":"uid","required":true,"schema":{"type":"string"}}`},

		{"a body", change, "requestBody required", `true`},
		{"its type", change, "requestBody content application/json schema", `{"$ref":"#/components/schemas/BookRequest"}`},
		{"an optional body", note, "requestBody required", `null`},
		{"a type that is the same both ways", note, "requestBody content application/json schema", `{"$ref":"#/components/schemas/Note"}`},
		{"no body", login, "requestBody", `null`},

		{"an answer", change, "responses 200 content application/json schema", `{"$ref":"#/components/schemas/Book"}`},
		{"an answer that may be nothing", list, "responses 200 content application/json schema", `{"$ref":"#/components/schemas/PageOfBook"}`},
		{"the nothing", list, "responses 204", `{"$ref":"#/components/responses/NoContent"}`},
		{"another success", note, "responses 201 content application/json schema", `{"$ref":"#/components/schemas/Note"}`},
		{"not 200 as well", note, "responses 200", `null`},
		{"always nothing", forget, "responses 204", `{"description":"No Content"}`},
		{"an error", forget, "responses 401", `{"$ref":"#/components/responses/Unauthorized"}`},
		{"one more error", change, "responses 404", `{"$ref":"#/components/responses/NotFound"}`},
		{"an error unknown to HTTP", change, "responses 452", `{"$ref":"#/components/responses/Status452"}`},
		{"the shape of errors", []string{"components", "responses"}, "NotFound content application/json schema", `{"$ref":"#/components/schemas/Error"}`},
		{"401 where it is listed", login, "responses 401", `{"$ref":"#/components/responses/Unauthorized"}`},
		{"no 401 where all may call", health, "responses 401", `null`},
		{"any object", health, "responses 200 content application/json schema", `{"additionalProperties":{},"type":"object"}`},

		{"what is always there", book, "required", `["id","title","mark","owner","readers","created"]`},
		{"lengths", []string{"components", "schemas", "BookRequest"}, "properties title", `{"maxLength":80,"minLength":1,"type":"string"}`},
		{"only in requests", book, "properties title", `{"type":"string"}`},
		{"a form", []string{"components", "schemas", "BookRequest"}, "properties mark", `{"maxLength":8,"pattern":"^S[0-9]+$","type":"string"}`},
		{"elements", []string{"components", "schemas", "BookRequest"}, "properties readers maxItems", `10`},
		{"elements at least", []string{"components", "schemas", "BookRequest"}, "properties readers minItems", `1`},
		{"the limits of a type", []string{"components", "schemas", "BookRequest"}, "properties owner", `{"format":"int64","maximum":9007199254740991,"minimum":0,"type":"integer"}`},
		{"of a map", []string{"components", "schemas", "BookRequest"}, "properties labels", `{"additionalProperties":{"maxLength":7,"type":"string"},"maxProperties":5,"type":"object"}`},
		{"words that are declared", list, "parameters word", `{"in":"query","name":"word","required":true,"schema":{"enum":["a","b"],"maxLength":20,"type":"string"}}`},
		{"in a request nothing is", []string{"components", "schemas", "BookRequest"}, "required", `null`},
		{"words", book, "properties id", `{"description":"Made by the pod.","type":"string"}`},
		{"values", book, "properties genre", `{"enum":["CRIME","VERSE"],"type":"string"}`},
		{"text outside", book, "properties mark", `{"type":"string"}`},
		{"a user", book, "properties owner", `{"format":"int64","type":"integer"}`},
		{"a map", book, "properties labels", `{"additionalProperties":{"type":"string"},"type":"object"}`},
		{"itself, with words", book, "properties sequel", `{"$ref":"#/components/schemas/Book","description":"The book after this one."}`},
		{"a time that may be null", book, "properties returned", `{"description":"Milliseconds since 1970-01-01 UTC.","format":"int64","type":["integer","null"]}`},
		{"an embedded time", book, "properties created", `{"description":"Milliseconds since 1970-01-01 UTC.","format":"int64","type":"integer"}`},
		{"not what is hidden", book, "properties hidden", `null`},
		{"nor what JSON leaves out", book, "properties Secret", `null`},
		{"nothing twice", []string{"components", "schemas"}, "NoteRequest", `null`},
	}
	for _, test := range tests {
		if got := at(t, slices.Concat(test.base, strings.Fields(test.path))...); got != test.want {
			t.Errorf("%s: %s\nis        %s\nshould be %s", test.what, test.path, got, test.want)
		}
	}
}

func TestTypesOfTheSameName(t *testing.T) {
	t.Parallel()
	type Error struct { // as op.Error is called
		Line int `json:"line"`
	}
	doc := openapi.Describe(op.Bind(&shelf{}, op.Operation[shelf]{
		ID: "a", Route: "GET /a", Tag: "T", Summary: "S.", Needs: auth.Anyone, Handle: call[struct{}, Page[Error]](),
	}), *describe(t).Info)
	names := slices.Sorted(maps.Keys(doc.Components.Schemas))
	if want := []string{"PageOfError", "op.Error", "openapi_test.Error"}; !slices.Equal(names, want) {
		t.Fatalf("the components are %q, not %q", names, want)
	}
	items := doc.Components.Schemas["PageOfError"].Value.Properties["items"].Value.Items
	if items.Ref != "#/components/schemas/openapi_test.Error" || items.Value.Properties["line"] == nil {
		t.Errorf("a page of the local type Error has items of %s", items.Ref)
	}
}

// TestBothWays checks that a type is two components only if requests and answers differ.
func TestBothWays(t *testing.T) {
	t.Parallel()
	type inner struct {
		A bool `json:"a"`
	}
	type optional struct {
		A bool  `json:"a,omitempty"`
		B *bool `json:"b,omitempty"`
	}
	type limited struct {
		A []bool `json:"a,omitzero" maxItems:"3"`
	}
	type required struct {
		A bool `json:"a"`
	}
	type nullable struct {
		A *bool `json:"a"`
	}
	type nested struct {
		A map[string]inner `json:"a,omitempty" maxItems:"3"`
	}
	type nullableInner struct {
		A *inner `json:"a"`
	}
	type pointed struct {
		*inner // all of its members are present, or none
	}
	both(t, call[struct{ Body limited }, limited](), "limited", "limitedRequest")
	both(t, call[struct{ Body optional }, optional](), "optional")
	both(t, call[struct{ Body required }, required](), "required", "requiredRequest")
	both(t, call[struct{ Body nullable }, nullable](), "nullable", "nullableRequest")
	both(t, call[struct{ Body nested }, nested](), "inner", "innerRequest", "nested", "nestedRequest")
	both(t, call[struct{ Body nullableInner }, nullableInner](), "inner", "innerRequest", "nullableInner", "nullableInnerRequest")
	both(t, call[struct{ Body pointed }, pointed](), "pointed")
	both(t, call[struct{ Body required }, struct{}](), "required")
}

func both(t *testing.T, handle op.Handler[shelf], want ...string) {
	t.Helper()
	doc := openapi.Describe(op.Bind(&shelf{}, op.Operation[shelf]{
		ID: "a", Route: "POST /a", Tag: "T", Summary: "S.", Needs: auth.Anyone, Handle: handle,
	}), *describe(t).Info)
	delete(doc.Components.Schemas, "Error")
	if names := slices.Sorted(maps.Keys(doc.Components.Schemas)); !slices.Equal(names, want) {
		t.Errorf("the components are %q, not %q", names, want)
	}
	if err := doc.Validate(t.Context()); err != nil {
		t.Error(err)
	}
}

type secretive struct{}

func (secretive) MarshalJSON() ([]byte, error) { return []byte(`1`), nil }

func TestDescribeRefuses(t *testing.T) {
	t.Parallel()
	one := op.Operation[shelf]{
		ID: "a", Route: "GET /a", Tag: "T", Summary: "S.", Needs: auth.Anyone, Handle: call[struct{}, Note](),
	}
	other := one
	other.ID = "b"
	opaque := one
	opaque.Handle = call[struct{}, secretive]()
	formless := one
	formless.Handle = call[struct{}, func()]()
	for want, operations := range map[string][]op.Bound{
		"two operations answer GET /a":                op.Bind(&shelf{}, one, other),
		"a method JSONAs must tell":                   op.Bind(&shelf{}, opaque),
		"func() has no form in JSON":                  op.Bind(&shelf{}, formless),
		"would be the component openapi_test.secrets": op.Bind(&shelf{}, sameNames()...),
	} {
		func() {
			defer func() {
				if got := fmt.Sprint(recover()); !strings.Contains(got, want) {
					t.Errorf("it panics with %q, not with %q", got, want)
				}
			}()
			openapi.Describe(operations, *describe(t).Info)
		}()
	}
}

// sameNames returns two operations whose answers have types with the same name and package.
func sameNames() []op.Operation[shelf] {
	type secrets struct{ A int }
	a := op.Operation[shelf]{
		ID: "a", Route: "GET /a", Tag: "T", Summary: "S.", Needs: auth.Anyone, Handle: call[struct{}, secrets](),
	}
	b := a
	{
		type secrets struct{ B int }
		b.ID, b.Route, b.Handle = "b", "GET /b", call[struct{}, secrets]()
	}
	return []op.Operation[shelf]{a, b}
}
