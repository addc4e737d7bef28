package published

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// frames lists the statuses that the frame answers whatever is published for the operation: unknown
// company, wrong method, body too slow, too large or of a wrong type, too many requests, no
// database.
var frames = []int{404, 405, 408, 413, 415, 429, 503}

// always lists the statuses that any operation may answer, though some files omit some of them; the
// body is then that of the operation's other errors, or the usual error.
var always = []int{400, 401, 403, 500}

// ValidateResponse returns an error if an answer does not have its published shape, and nil for
// unpublished operations. A member that is null counts as absent: real servers write some so,
// against their own files, and the SDKs treat both alike.
func (s *Spec) ValidateResponse(method, path string, status int, body []byte) error {
	o, ok := s.answering(method, path)
	if !ok {
		return nil
	}
	response := o.Responses.Status(status)
	switch {
	case response != nil:
	case slices.Contains(frames, status):
		return nil
	case slices.Contains(always, status):
		return named(o, status, validate(o.errorSchema(), body, openapi3.VisitAsResponse()))
	default:
		return named(o, status, errors.New("the status is not published"))
	}
	schema := jsonSchema(response.Value.Content)
	if schema == nil || status == http.StatusNoContent { // HTTP allows no body with it
		return nil
	}
	if slices.Contains(frames, status) && len(body) == 0 {
		return nil
	}
	return named(o, status, validate(schema, body, openapi3.VisitAsResponse()))
}

// ValidateRequest returns an error if a request's JSON body does not have its published shape.
func (s *Spec) ValidateRequest(method, path string, body []byte) error {
	o, ok := s.answering(method, path)
	if !ok || o.RequestBody == nil {
		return nil
	}
	if len(body) == 0 && !o.RequestBody.Value.Required {
		return nil
	}
	schema := jsonSchema(o.RequestBody.Value.Content)
	if schema == nil {
		return nil
	}
	if err := validate(schema, body, openapi3.VisitAsRequest()); err != nil {
		return fmt.Errorf("%s %s, the request: %w", o.Method, o.Path, err)
	}
	return nil
}

func named(o *Operation, status int, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s %s, the answer %d: %w", o.Method, o.Path, status, err)
}

// usualError is the schema of errors in nearly all files.
var usualError = openapi3.NewObjectSchema().
	WithProperty("code", openapi3.NewInt32Schema()).
	WithProperty("message", openapi3.NewStringSchema()).
	WithRequired([]string{"code", "message"})

// errorSchema returns the schema of an operation's errors: that of the first error that is
// published for it, or of the usual error.
func (o *Operation) errorSchema() *openapi3.Schema {
	for _, status := range always {
		if response := o.Responses.Status(status); response != nil {
			if schema := jsonSchema(response.Value.Content); schema != nil {
				return schema
			}
		}
	}
	return usualError
}

func jsonSchema(content openapi3.Content) *openapi3.Schema {
	media := content.Get("application/json")
	if media == nil || media.Schema == nil {
		return nil
	}
	return media.Schema.Value
}

func validate(schema *openapi3.Schema, body []byte, as openapi3.SchemaValidationOption) error {
	var value any
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber() // ids need more digits than a float64 has
	if err := decoder.Decode(&value); errors.Is(err, io.EOF) {
		return errors.New("there is no body")
	} else if err != nil {
		return fmt.Errorf("the body is not JSON: %w", err)
	}
	if schema.VisitJSON(value, as) == nil {
		return nil
	}
	if err := schema.VisitJSON(withoutNull(value), openapi3.MultiErrors(), as); err != nil {
		return errors.New(strings.Join(reasons(err), "; "))
	}
	return nil
}

// withoutNull returns a value without the members that are null, at any depth.
func withoutNull(value any) any {
	switch v := value.(type) {
	case map[string]any:
		for name, inner := range v {
			if inner == nil {
				delete(v, name)
			} else {
				v[name] = withoutNull(inner)
			}
		}
	case []any:
		for i := range v {
			v[i] = withoutNull(v[i])
		}
	}
	return value
}

// reasons returns what is wrong and where, without the schema and the body that the library adds.
func reasons(err error) []string {
	var list []string
	switch e := err.(type) {
	case openapi3.MultiError:
		for _, one := range e {
			list = append(list, reasons(one)...)
		}
	case *openapi3.SchemaError:
		if e.Origin != nil {
			return reasons(e.Origin)
		}
		list = append(list, fmt.Sprintf("%s: %s", pointer(e.JSONPointer()), e.Reason))
	default:
		list = append(list, err.Error())
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// pointer returns a place in a body in the notation of transcripts: .users[0].id.
func pointer(tokens []string) string {
	var text strings.Builder
	for _, token := range tokens {
		if _, err := strconv.Atoi(token); err == nil {
			text.WriteString("[" + token + "]")
		} else {
			text.WriteString("." + token)
		}
	}
	if text.Len() == 0 {
		return "the body"
	}
	return text.String()
}
