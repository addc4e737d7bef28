// Package encode writes answers as JSON. There are two encoders that write the same bytes: Plain is
// encoding/json, and Planned works out once for each type what there is to write. The tests compare
// the two over the types of all answers. What Planned is worth is in docs/performance.md.
//
// Not inside: reading JSON, HTTP.
package encode

import (
	"bytes"
	"encoding/json"
)

// Encoder appends a value to b as JSON, on one line and without the escapes that HTML would need.
type Encoder interface {
	Append(b []byte, value any) ([]byte, error)
}

// Plain is encoding/json.
type Plain struct{}

// Append implements Encoder.
func (Plain) Append(b []byte, value any) ([]byte, error) {
	buf := bytes.NewBuffer(b)
	encoder := json.NewEncoder(buf)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return b, err
	}
	return buf.Bytes()[:buf.Len()-1], nil // the encoder ends with a line break
}
