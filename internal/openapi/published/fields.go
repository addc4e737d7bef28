package published

import (
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// field describes a value in a body, at a path such as users[].product.name; the body itself has
// the path "".
type field struct {
	kind     string // the JSON type; "any" if it is not described
	required bool   // always present where its parent is
	values   []any  // the permitted values; nil for any
	open     bool   // an object whose members are not described
}

// fields returns all values of a body.
func fields(ref *openapi3.SchemaRef) map[string]field {
	f := flattener{found: map[string]field{}}
	f.add(ref, "", true)
	return f.found
}

type flattener struct {
	found map[string]field
	stack []*openapi3.Schema // the parents of the current schema: a type may contain itself
}

func (f *flattener) add(ref *openapi3.SchemaRef, path string, required bool) {
	if ref == nil || ref.Value == nil {
		return
	}
	schema := ref.Value
	for _, outer := range f.stack {
		if outer == schema {
			return
		}
	}
	f.stack = append(f.stack, schema)
	defer func() { f.stack = f.stack[:len(f.stack)-1] }()

	if f.parts(schema, path, required) {
		return
	}
	found := field{kind: kind(schema), required: required, values: schema.Enum}
	values := schema.AdditionalProperties
	found.open = found.kind == "object" && len(schema.Properties) == 0 && values.Schema == nil
	f.merge(path, found)
	for name, property := range schema.Properties {
		inner := name
		if path != "" {
			inner = path + "." + name
		}
		f.add(property, inner, contains(schema.Required, name))
	}
	f.add(schema.Items, path+"[]", true)
	f.add(values.Schema, path+"{}", true)
}

// parts adds the parts of a composed schema, and reports whether it is composed.
func (f *flattener) parts(schema *openapi3.Schema, path string, required bool) bool {
	for _, part := range schema.AllOf {
		f.add(part, path, required)
	}
	for _, either := range []openapi3.SchemaRefs{schema.OneOf, schema.AnyOf} {
		for _, part := range either {
			if part.Value != nil && !part.Value.Type.Is(openapi3.TypeNull) {
				f.add(part, path, required)
			}
		}
	}
	n := len(schema.AllOf) + len(schema.OneOf) + len(schema.AnyOf)
	return n > 0 && len(schema.Properties) == 0
}

// merge adds a field, which another part of the same schema may have, too.
func (f *flattener) merge(path string, found field) {
	if before, ok := f.found[path]; ok {
		found.required = found.required || before.required
		found.open = found.open && before.open
		if before.kind != found.kind {
			found.kind = "any"
		}
	}
	f.found[path] = found
}

// kind returns the JSON type of a schema, ignoring null.
func kind(schema *openapi3.Schema) string {
	for _, t := range schema.Type.Slice() {
		if t != openapi3.TypeNull {
			return t
		}
	}
	switch {
	case len(schema.Properties) > 0:
		return "object"
	case schema.Items != nil:
		return "array"
	case len(schema.Enum) > 0:
		return "string"
	}
	return "any"
}

// within reports whether one path is inside of another.
func within(path, outer string) bool {
	rest, ok := strings.CutPrefix(path, outer)
	return ok && rest != "" && (outer == "" || strings.ContainsRune(".[{", rune(rest[0])))
}

func contains(list []string, s string) bool {
	for _, e := range list {
		if e == s {
			return true
		}
	}
	return false
}

// Bodies returns a body for each member of the published request body, at any depth: it has that
// member and those that lead to it. The keys are the paths of the members.
func (o *Operation) Bodies() map[string]any {
	bodies := map[string]any{}
	if o.RequestBody == nil {
		return bodies
	}
	for path, f := range fields(schemaOf(o.RequestBody.Value.Content)) {
		if path != "" {
			bodies[path] = around(path, f.example())
		}
	}
	return bodies
}

// example returns a value of the field's type.
func (f field) example() any {
	if len(f.values) > 0 {
		return f.values[0]
	}
	switch f.kind {
	case "object":
		return map[string]any{}
	case "array":
		return []any{}
	case "boolean":
		return true
	case "integer", "number":
		return 1
	}
	return "x"
}

// around returns the value in the objects and lists that a path such as users[].product.name leads
// through.
func around(path string, value any) any {
	path = strings.TrimPrefix(path, ".")
	if rest, ok := strings.CutPrefix(path, "[]"); ok {
		return []any{around(rest, value)}
	}
	if rest, ok := strings.CutPrefix(path, "{}"); ok {
		return map[string]any{"x": around(rest, value)}
	}
	if path == "" {
		return value
	}
	end := strings.IndexAny(path, ".[{")
	if end < 0 {
		end = len(path)
	}
	return map[string]any{path[:end]: around(path[end:], value)}
}
