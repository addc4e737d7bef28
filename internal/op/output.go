package op

import (
	"bytes"
	"encoding/json"
)

// Optional is an output that may be empty: the answer is then 204 without a body.
type Optional[T any] struct{ Value *T }

func (o Optional[T]) content() any {
	if o.Value == nil {
		return nil
	}
	return o.Value
}

// optional is an Optional of any type.
type optional interface{ content() any }

// Ready is an output whose JSON is encoded in advance, for cached values that answer many requests.
type Ready[T any] struct {
	Value T
	text  []byte
}

// MakeReady encodes the JSON of a value.
func MakeReady[T any](value T) (Ready[T], error) {
	text, err := encode(new(bytes.Buffer), value)
	return Ready[T]{value, text}, err
}

func (r Ready[T]) ready() []byte { return r.text }

// ready is a Ready of any type.
type ready interface{ ready() []byte }

// Versioned is an output with the tag of its version. It is sent in the header ETag, for a later
// change with If-Match.
type Versioned[T any] struct {
	Value T
	Tag   string
}

func (v Versioned[T]) version() (any, string) { return v.Value, v.Tag }

// versioned is a Versioned of any type.
type versioned interface{ version() (any, string) }

// encode appends the JSON of a value to a buffer, and returns the buffer's content.
func encode(buf *bytes.Buffer, value any) ([]byte, error) {
	encoder := json.NewEncoder(buf)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return nil, err
	}
	return buf.Bytes()[:buf.Len()-1], nil // the encoder ends with a line break
}

// Handed is an output that is notified: Then is called after the answer was written to the client's
// connection, or with the error that prevented it. Then is part of the request and should be short.
type Handed[T any] struct {
	Value T
	Then  func(error)
}

func (h Handed[T]) handed() (any, func(error)) { return h.Value, h.Then }

// handed is a Handed of any type.
type handed interface {
	handed() (value any, then func(error))
}
