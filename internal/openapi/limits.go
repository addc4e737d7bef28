package openapi

import (
	"fmt"
	"reflect"

	"github.com/getkin/kin-openapi/openapi3"

	"podium/internal/op"
)

// limit writes the limits of a request's value into its schema, as package op enforces them. The
// schema of a component is shared and has no limits except those of its members.
func limit(schema *openapi3.Schema, t reflect.Type, tag reflect.StructTag) {
	l := op.LimitsOf(t, tag)
	value := schema
	if schema.Type.Is(openapi3.TypeArray) {
		schema.MinItems = uint64(l.MinItems)
		if l.MaxItems > 0 {
			schema.MaxItems = openapi3.Ptr(uint64(l.MaxItems))
		}
		value = schema.Items.Value
	}
	if values := schema.AdditionalProperties.Schema; schema.Type.Is(openapi3.TypeObject) && values != nil {
		schema.MinProps = uint64(l.MinItems)
		if l.MaxItems > 0 {
			schema.MaxProps = openapi3.Ptr(uint64(l.MaxItems))
		}
		value = values.Value
	}
	switch {
	case value.Type.Is(openapi3.TypeInteger):
		value.Min, value.Max = float(l.Min), float(l.Max)
	case value.Type.Is(openapi3.TypeString):
		value.MinLength, value.Pattern = uint64(l.MinLength), l.Pattern
		if l.MaxLength > 0 {
			value.MaxLength = openapi3.Ptr(uint64(l.MaxLength))
		}
		for _, word := range l.Enum {
			value.Enum = append(value.Enum, word)
		}
	}
}

func float(n *int64) *float64 {
	if n == nil {
		return nil
	}
	return openapi3.Ptr(float64(*n))
}

// limitsOf returns the limits of a schema, for comparison.
func limitsOf(s *openapi3.Schema) string {
	plain := func(number *float64, length *uint64) (n float64) {
		switch {
		case number != nil:
			n = *number
		case length != nil:
			n = float64(*length)
		}
		return n
	}
	return fmt.Sprint(plain(s.Min, nil), plain(s.Max, nil), s.MinLength, plain(nil, s.MaxLength), s.MinItems, plain(nil, s.MaxItems), s.Pattern)
}
