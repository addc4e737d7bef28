package listings

import (
	"encoding/json"
	"reflect"
	"strings"

	"podium/internal/pod/streams"
)

// TypeObject is the published object around a type. The .NET SDK sends the type alone.
type TypeObject struct {
	Type streams.Type `json:"type"`
}

// UnmarshalJSON accepts the object, or the type alone.
func (t *TypeObject) UnmarshalJSON(data []byte) error {
	if data[0] == '"' {
		return json.Unmarshal(data, &t.Type)
	}
	type plain TypeObject
	return json.Unmarshal(data, (*plain)(t))
}

// Flag is a boolean that samples of the published description send as text.
type Flag bool

// UnmarshalJSON accepts true and false, also as text.
func (f *Flag) UnmarshalJSON(data []byte) error {
	switch strings.ToLower(strings.Trim(string(data), `"`)) {
	case "true":
		*f = true
	case "false":
		*f = false
	case "null", "":
	default:
		return &json.UnmarshalTypeError{Value: "value", Type: reflect.TypeFor[bool]()}
	}
	return nil
}
