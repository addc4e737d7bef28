package op

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"podium/internal/apierr"
)

// maxDepth is the deepest nesting of arrays and objects in a body.
const maxDepth = 64

// buffers is a pool of buffers for bodies and answers.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// maxPooled is the largest buffer kept for the next request.
const maxPooled = 1 << 20

func buffer() *bytes.Buffer { return buffers.Get().(*bytes.Buffer) }

func release(b *bytes.Buffer) {
	if b.Cap() <= maxPooled {
		b.Reset()
		buffers.Put(b)
	}
}

// body reads the JSON body into the field Body of an input, or the multipart body into its field
// Form, if it has one. A body that the
// operation does not declare is ignored, because some clients send one with every request. When the
// body has arrived, the operation takes its place in the gate: a body in transit holds none.
func (p *plan) body(f *Frame, b *Bound, x *exchange, v reflect.Value) error {
	if p.form != nil {
		if err := p.form.read(f, b, x, v.Field(p.form.index)); err != nil {
			return err
		}
		return f.enter(b, x)
	}
	if p.json < 0 {
		return f.enter(b, x)
	}
	text := buffer()
	defer release(text)
	if err := readBody(text, f, x, max(b.MaxBody, f.MaxBody)); err != nil {
		return err
	}
	if err := f.enter(b, x); err != nil {
		return err
	}
	unknown, err := decodeBody(text.Bytes(), v.Field(p.json), p.shape)
	unknown.tell(x.w.Header())
	if err == nil && f.StrictBodies {
		err = unknown.refuse()
	}
	return err
}

// byteOrderMark is what some programs write before UTF-8 text; RFC 8259 allows readers to ignore
// it.
const byteOrderMark = "\xef\xbb\xbf"

// decodeBody parses one JSON value of a shape; nil: any. An empty body, and the empty string that
// the Java SDK sends instead, count as an absent body. It may modify data.
func decodeBody(data []byte, v reflect.Value, s *shape) (unknown ignored, err error) {
	data = bytes.TrimPrefix(data, []byte(byteOrderMark))
	data = bytes.Trim(data, " \t\r\n") // the white space of JSON, and no other
	if optional := v.Kind() == reflect.Pointer; len(data) == 0 || string(data) == `""` || string(data) == "null" {
		if optional {
			return ignored{}, nil
		}
		return ignored{}, apierr.Invalid("The request needs a JSON body")
	}
	if !utf8.Valid(data) {
		return ignored{}, apierr.Invalid("The request body is not valid UTF-8")
	}
	w := walker{data: data}
	data, err = w.walk(s)
	if err != nil {
		return w.ignored, err
	}
	if err := json.Unmarshal(data, v.Addr().Interface()); err != nil {
		return w.ignored, explainJSON(err)
	}
	return w.ignored, nil
}

func explainJSON(err error) error {
	var wrong *json.UnmarshalTypeError
	var refused *apierr.Error
	switch {
	case errors.As(err, &wrong) && wrong.Field != "":
		return apierr.Invalid("Invalid value for %s: %s is expected", member(wrong.Field), expected(wrong.Type))
	case errors.As(err, &wrong):
		return apierr.Invalid("Malformed request body: %s is expected", expected(wrong.Type))
	case errors.As(err, &refused):
		return refused
	}
	return apierr.Invalid("Malformed request body: it is not valid JSON")
}

// member returns the path of a member as the client knows it: without embedded types, whose names
// alone begin with a capital.
func member(path string) string {
	parts := strings.Split(path, ".")
	return strings.Join(slices.DeleteFunc(parts, func(part string) bool { return part != "" && part[0] >= 'A' && part[0] <= 'Z' }), ".")
}

// expected returns what a client should send for a Go type.
func expected(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "true or false"
	case reflect.Slice:
		return "an array"
	case reflect.Struct, reflect.Map:
		return "an object"
	case reflect.Int, reflect.Int32, reflect.Int64:
		return "a whole number"
	}
	return "a " + strings.ToLower(t.Name())
}
