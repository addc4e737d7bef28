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

// maxDepth is how deep arrays and objects of a body may stand in one another.
const maxDepth = 64

// buffers holds what bodies are read into and answers are written into.
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

// body reads the JSON body into the field Body of an input that has one. A body that an
// operation does not ask for is not looked at: some clients send one with every request. Once
// the body has arrived, the operation takes its place among those that go on: a body that is on
// its way holds none.
func (p *plan) body(f *Frame, b *Bound, x *exchange, v reflect.Value) error {
	if p.json < 0 {
		return f.enter(b, x)
	}
	text := buffer()
	defer release(text)
	if err := readBody(text, f, x, f.MaxBody); err != nil {
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

// byteOrderMark is what some programs write at the head of UTF-8 files, and RFC 8259 lets a reader pass over.
const byteOrderMark = "\xef\xbb\xbf"

// decodeBody reads one JSON value, which has a shape; nil: any. Nothing at all, and the empty string that the Java
// SDK sends where there is no body, is a body left out. It may change data.
func decodeBody(data []byte, v reflect.Value, s *shape) (unknown ignored, err error) {
	data = bytes.TrimPrefix(data, []byte(byteOrderMark))
	data = bytes.Trim(data, " \t\r\n") // what JSON takes for space, and no more
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

// member returns the path of a member as its sender knows it: without the types that are embedded on the way, whose names alone
// begin with a capital.
func member(path string) string {
	parts := strings.Split(path, ".")
	return strings.Join(slices.DeleteFunc(parts, func(part string) bool { return part != "" && part[0] >= 'A' && part[0] <= 'Z' }), ".")
}

// expected returns what a client should have sent for a Go type.
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
