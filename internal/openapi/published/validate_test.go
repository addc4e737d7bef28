package published

import (
	"strings"
	"testing"
)

const feed = `
paths:
	/v1/feed/{id}:
		post:
			requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Feed'}}}}
			responses:
				"200": {description: ok, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Feed'}}}}}
				"204": {description: nothing}
				"404": {description: none, content: {application/json: {schema: {$ref: '#/components/schemas/Oops'}}}}
components:
	schemas:
		Feed:
			type: object
			required: [id]
			properties: {id: {type: string}, state: {type: string, enum: [UP, DOWN]}, n: {type: integer, format: int64}}
		Oops:
			type: object
			properties: {code: {type: integer}, message: {type: string}}
`

func TestValidateResponse(t *testing.T) {
	t.Parallel()
	s := spec(t, feed)
	for _, test := range []struct {
		status     int
		body, want string // want is a part of the error; "" for none
	}{
		{200, `[]`, ""},
		{200, `[{"id": "a", "state": "UP", "n": 13056700579859, "more": 1}]`, ""},
		{200, `[{"id": "a"}, {"id": 7}]`, ".[1].id: value must be a string"},
		{200, `[{"state": "LEFT"}]`, `[0].id: property "id" is missing; [0].state: value is not one of the allowed values`},
		{200, `[{"id": null}]`, `[0].id: property "id" is missing`},
		{200, `[{"id": "a", "state": null, "n": null}]`, ""},
		{200, `[null]`, "[0]: Value is not nullable"},
		{200, `[{"id": "a", "n": 1.5}]`, "[0].n: value must be an integer"},
		{200, `{}`, "the body: value must be an array"},
		{200, `null`, "the body: Value is not nullable"},
		{200, ``, "there is no body"},
		{200, `[`, "the body is not JSON"},
		{204, ``, ""},
		{201, `[]`, "the status is not published"},
		{404, `{"code": "404"}`, ".code: value must be an integer"},
		{404, ``, ""},

		{403, `{"code": 403, "message": "No"}`, ""}, // published for other operations
		{403, `{"code": 403}`, `"message" is missing`},
		{401, `"no"`, "the body: value must be an object"},
		{405, `nothing`, ""}, // a status of the frame
		{429, ``, ""},
	} {
		err := s.ValidateResponse("POST", "/pod/v1/feed/7?limit=1", test.status, []byte(test.body))
		switch {
		case test.want == "" && err != nil:
			t.Errorf("%d %s: %v", test.status, test.body, err)
		case test.want != "" && err == nil:
			t.Errorf("%d %s passes; it should be: %s", test.status, test.body, test.want)
		case test.want != "" && !strings.Contains(err.Error(), strings.TrimPrefix(test.want, ".")):
			t.Errorf("%d %s: %v\nshould be: %s", test.status, test.body, err, test.want)
		}
	}
	if err := s.ValidateResponse("GET", "/pod/v1/other", 200, nil); err != nil {
		t.Errorf("an operation that is not published: %v", err)
	}
}

func TestValidateRequest(t *testing.T) {
	t.Parallel()
	s := spec(t, feed)
	for body, want := range map[string]string{
		`{"id": "a"}`: "",
		`{"id": 7}`:   "POST /pod/v1/feed/{id}, the request: .id: value must be a string",
		``:            "POST /pod/v1/feed/{id}, the request: there is no body",
	} {
		got := ""
		if err := s.ValidateRequest("POST", "/pod/v1/feed/7", []byte(body)); err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%s: %q, should be %q", body, got, want)
		}
	}
}
