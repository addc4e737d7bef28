// Package openapi describes operations by their declarations and Go types alone. It makes the
// OpenAPI document, the table docs/operations.txt, and the pages on which a pod serves the document
// and an explorer of it.
//
// How types are described, beyond the rules of encoding/json:
//
//   - a field's tag `doc:"…"` is its description;
//   - a type with a method Enum() []string lists its values;
//   - a type that writes its own JSON has a method JSONAs() any, whose value is of a type
//     that looks like that JSON: func (IDs) JSONAs() any { return "" };
//   - a parameter is optional if it is a pointer, a list, or has a default; the tag
//     `required:"true"` or `required:"false"` overrides that. Path parameters are required;
//   - in an answer, a field is required unless it is a pointer or left out when empty. In a
//     request none is: what an operation insists on, its Validate says.
//
// Not inside: how the frame handles a request (package op), and the published description that
// tests compare with (package published).
package openapi

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"

	"podium/internal/op"
)

// Describe returns the OpenAPI document of the operations. Like op.Bind it panics for a declaration
// that cannot be described: that is a programming error.
func Describe(operations []op.Bound, info openapi3.Info) *openapi3.T {
	components := openapi3.NewComponents()
	doc := &openapi3.T{OpenAPI: "3.1.0", Info: &info, Paths: openapi3.NewPaths(), Components: &components}
	d := &description{doc: doc, schemas: schemas{made: map[shape]*openapi3.Schema{}}}
	components.SecuritySchemes = securitySchemes()
	components.Responses = openapi3.ResponseBodies{}
	tags := map[string]bool{}
	for i := range operations {
		b := &operations[i]
		item := doc.Paths.Value(b.Path)
		if item == nil {
			item = &openapi3.PathItem{}
			doc.Paths.Set(b.Path, item)
		}
		if item.GetOperation(b.Method) != nil {
			panic(fmt.Sprintf("two operations answer %s %s", b.Method, b.Path))
		}
		item.SetOperation(b.Method, d.operation(b))
		tags[b.Tag] = true
	}
	for _, tag := range slices.Sorted(maps.Keys(tags)) {
		doc.Tags = append(doc.Tags, &openapi3.Tag{Name: tag})
	}
	components.Schemas = d.schemas.named()
	return doc
}

// description is a document under construction.
type description struct {
	doc     *openapi3.T
	schemas schemas
}

// WriteJSON writes the document indented, its members in alphabetical order, and ends with
// a line break: the same document is always the same bytes.
func WriteJSON(w io.Writer, doc *openapi3.T) error {
	data, err := json.Marshal(doc)
	if err != nil {
		return err
	}
	// Encoded again as a plain value, because only this encoder leaves <, > and & unescaped.
	var plain any
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	if err := decoder.Decode(&plain); err != nil {
		return err
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(plain)
}
