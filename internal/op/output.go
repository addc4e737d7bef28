package op

import (
	"bytes"
	"reflect"

	"podium/internal/encode"
)

// answer is what an operation answers when it succeeds. The frame writes it, whatever the type of
// the output is.
type answer struct {
	value any    // what is written as JSON
	text  []byte // the JSON of value if it has been made before, else nil
	empty bool   // there is nothing to answer with: 204
	code  int    // the status; 0: the operation's own
	tag   string // the header ETag; empty for none
	file  *File  // what is sent instead of JSON; nil for JSON
	// what is written instead of JSON while it is read; nil for JSON
	download *Download
	headers  map[string]string
	cookies  []Cookie
	then     func(error) // is told what became of the answer; nil if the operation does not ask
}

// Form is what the API description says about an output.
type Form struct {
	Content  reflect.Type // what the JSON of an answer, or of each event, carries
	Optional bool         // the answer may be 204
	Tagged   bool         // the answer has the header ETag
	Events   bool         // the answer is a stream of events
	Once     bool         // the answer is a download, which no cache keeps
}

// output is an output that is more than a value to be written as JSON. Outputs may hold each other.
type output interface {
	answer() answer
	form() Form
}

// answerOf returns the answer of any output.
func answerOf(out any) answer {
	if o, ok := out.(output); ok {
		return o.answer()
	}
	return answer{value: out}
}

// formOf returns the form of outputs of a type.
func formOf(out reflect.Type) Form {
	if o, ok := reflect.Zero(out).Interface().(output); ok {
		return o.form()
	}
	return Form{Content: out}
}

// Optional is an output that may be empty: the answer is then 204 without a body.
type Optional[T any] struct{ Value *T }

func (o Optional[T]) answer() answer {
	if o.Value == nil {
		return answer{empty: true}
	}
	return answerOf(*o.Value)
}

func (o Optional[T]) form() Form {
	f := formOf(reflect.TypeFor[T]())
	f.Optional = true
	return f
}

// Ready is an output whose JSON is encoded in advance, for cached values that answer many requests.
type Ready[T any] struct {
	Value T
	text  []byte
}

// MakeReady encodes the JSON of a value.
func MakeReady[T any](value T) (Ready[T], error) {
	text, err := answers.Append(nil, value)
	return Ready[T]{value, text}, err
}

// ReadyAs returns an output whose JSON the caller has encoded.
func ReadyAs[T any](value T, text []byte) Ready[T] { return Ready[T]{value, text} }

// EncodeJSON returns the JSON of a value as answers have it.
func EncodeJSON(value any) ([]byte, error) { return answers.Append(nil, value) }

func (r Ready[T]) answer() answer { return answer{value: r.Value, text: r.text} }

func (r Ready[T]) form() Form { return formOf(reflect.TypeFor[T]()) }

// Versioned is an output with the tag of its version. It is sent in the header ETag, for a later
// change with If-Match.
type Versioned[T any] struct {
	Value T
	Tag   string
}

func (v Versioned[T]) answer() answer {
	a := answerOf(v.Value)
	a.tag = v.Tag
	return a
}

func (v Versioned[T]) form() Form {
	f := formOf(reflect.TypeFor[T]())
	f.Tagged = true
	return f
}

// Status is an output with a status that depends on the value. The operation's Also lists the
// statuses beside that of success.
type Status[T any] struct {
	Code  int
	Value T
}

func (s Status[T]) answer() answer {
	a := answerOf(s.Value)
	a.code = s.Code
	return a
}

func (s Status[T]) form() Form { return formOf(reflect.TypeFor[T]()) }

// answers writes all answers. encode.Plain does the same, in more time.
var answers encode.Encoder = encode.Planned{}

// written encodes the JSON of a value into an empty buffer, and returns the buffer's content.
func written(buf *bytes.Buffer, value any) ([]byte, error) {
	text, err := answers.Append(buf.AvailableBuffer(), value)
	if err == nil {
		*buf = *bytes.NewBuffer(text) // the text may have outgrown the buffer: the larger one is kept
	}
	return text, err
}

// Handed is an output that is notified: Then is called after the answer was written to the client's
// connection, or with the error that prevented it. Then is part of the request and should be short.
type Handed[T any] struct {
	Value T
	Then  func(error)
}

func (h Handed[T]) answer() answer {
	a := answerOf(h.Value)
	a.then = h.Then
	return a
}

// refuse tells that the answer is not written.
func (h Handed[T]) refuse(err error) { h.Then(err) }

func (h Handed[T]) form() Form { return formOf(reflect.TypeFor[T]()) }

// Headed is an output with headers of its own.
type Headed[T any] struct {
	Value   T
	Headers map[string]string
}

func (h Headed[T]) answer() answer {
	a := answerOf(h.Value)
	a.headers = h.Headers
	return a
}

func (h Headed[T]) form() Form { return formOf(reflect.TypeFor[T]()) }
