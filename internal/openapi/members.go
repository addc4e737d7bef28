package openapi

import (
	"reflect"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// members adds the fields of a struct to an object's properties as encoding/json writes them, with
// the fields of embedded structs.
func (s *schemas) members(object *openapi3.Schema, sh shape) {
	object.Properties = openapi3.Schemas{}
	level := []embedded{{t: sh.t}}
	for len(level) > 0 { // a field hides those of the same name that are embedded deeper
		var deeper []embedded
		found := openapi3.Schemas{}
		for _, e := range level {
			for i := range e.t.NumField() {
				f := e.t.Field(i)
				name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
				inner := indirect(f.Type)
				switch {
				case f.Tag.Get("json") == "-":
				case f.Anonymous && name == "" && inner.Kind() == reflect.Struct:
					deeper = append(deeper, embedded{inner, e.optional || f.Type.Kind() == reflect.Pointer})
				case !f.IsExported():
				default:
					if name == "" {
						name = f.Name
					}
					if object.Properties[name] != nil || found[name] != nil {
						continue
					}
					found[name] = s.member(f, options, sh.to)
					if sh.to == inResponse && !e.optional && always(f, options) {
						object.Required = append(object.Required, name)
					}
				}
			}
		}
		for name, ref := range found {
			object.Properties[name] = ref
		}
		level = deeper
	}
}

// embedded is a struct that another one embeds.
type embedded struct {
	t        reflect.Type
	optional bool // embedded by pointer: all of its members are present, or none
}

func (s *schemas) member(f reflect.StructField, options string, to direction) *openapi3.SchemaRef {
	ref := s.of(f.Type, to)
	if hasOption(options, "string") {
		ref = openapi3.NewStringSchema().NewRef()
	}
	if to == inRequest && len(ref.Value.Properties) == 0 {
		limit(ref.Value, f.Type, f.Tag)
	}
	if mayBeNull(f) && to == inResponse && !omitted(options) {
		ref = orNull(ref)
	}
	if doc := f.Tag.Get("doc"); doc != "" {
		if ref.Value.Properties != nil && indirect(f.Type).Name() != "" {
			// A description beside a reference is for this place only, not for the component.
			ref.Extensions = map[string]any{"description": doc}
		} else {
			ref.Value.Description = doc
		}
	}
	return ref
}

// mayBeNull reports whether a field can be written as null: a pointer, or a list with the tag
// null:"true". For other lists the operations return [] when they are empty.
func mayBeNull(f reflect.StructField) bool {
	return f.Type.Kind() == reflect.Pointer || f.Tag.Get("null") == "true"
}

// orNull returns the schema of a value that may be null.
func orNull(ref *openapi3.SchemaRef) *openapi3.SchemaRef {
	if ref.Value.Properties == nil {
		if ref.Value.Type != nil {
			types := append(*ref.Value.Type, openapi3.TypeNull)
			ref.Value.Type = &types
		}
		if ref.Value.Enum != nil {
			ref.Value.Enum = append(ref.Value.Enum, nil)
		}
		return ref
	}
	null := &openapi3.Schema{Type: &openapi3.Types{openapi3.TypeNull}}
	return (&openapi3.Schema{AnyOf: openapi3.SchemaRefs{ref, null.NewRef()}}).NewRef()
}

// always reports whether a field is in every answer and not null.
func always(f reflect.StructField, options string) bool {
	return !mayBeNull(f) && !omitted(options)
}

func omitted(options string) bool {
	return hasOption(options, "omitempty") || hasOption(options, "omitzero")
}

func hasOption(options, option string) bool {
	for o := range strings.SplitSeq(options, ",") {
		if o == option {
			return true
		}
	}
	return false
}

func indirect(t reflect.Type) reflect.Type {
	if t.Kind() == reflect.Pointer {
		return t.Elem()
	}
	return t
}
