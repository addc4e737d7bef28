package openapi

import (
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"podium/internal/op"
)

// inPath matches the parameters in a route.
var inPath = regexp.MustCompile(`\{([^}]+)\}`)

// parameters returns the parameters of the path, also those that the input does not read, then
// those of the query and the header in the order of the input.
func (d *description) parameters(b *op.Bound) openapi3.Parameters {
	declared := map[string]*openapi3.ParameterRef{}
	var others openapi3.Parameters
	for i := range b.In.NumField() {
		f := b.In.Field(i)
		for _, in := range []string{"path", "query", "header"} {
			name, ok := f.Tag.Lookup(in)
			if !ok {
				continue
			}
			p := &openapi3.ParameterRef{Value: d.parameter(f, in, name)}
			if in == "path" {
				declared[name] = p
			} else {
				others = append(others, p)
			}
		}
	}
	var list openapi3.Parameters
	for _, match := range inPath.FindAllStringSubmatch(b.Path, -1) {
		p := declared[match[1]]
		if p == nil {
			p = &openapi3.ParameterRef{Value: openapi3.NewPathParameter(match[1]).WithSchema(openapi3.NewStringSchema())}
		}
		list = append(list, p)
	}
	return append(list, others...)
}

func (d *description) parameter(f reflect.StructField, in, name string) *openapi3.Parameter {
	ref := d.schemas.of(f.Type, inRequest)
	p := &openapi3.Parameter{
		Name: name, In: in, Description: f.Tag.Get("doc"), Required: required(f, in), Schema: ref,
	}
	// a,b,c in one parameter; in paths and headers that is the default
	if ref.Value.Type.Is("array") && in == "query" {
		p.Style, p.Explode = "form", openapi3.Ptr(false)
	}
	limit(ref.Value, f.Type, f.Tag)
	if text, ok := f.Tag.Lookup("default"); ok {
		ref.Value.Default = defaultOf(ref.Value, text)
	}
	return p
}

func required(f reflect.StructField, in string) bool {
	if in == "path" {
		return true
	}
	if said, ok := f.Tag.Lookup("required"); ok {
		return said == "true"
	}
	_, fallback := f.Tag.Lookup("default")
	return !fallback && f.Type.Kind() != reflect.Pointer && f.Type.Kind() != reflect.Slice
}

// defaultOf returns the text of a default as a value of the parameter's type.
func defaultOf(schema *openapi3.Schema, text string) any {
	switch {
	case schema.Type.Is("array"):
		list := []any{}
		for part := range strings.SplitSeq(text, ",") {
			list = append(list, defaultOf(schema.Items.Value, strings.TrimSpace(part)))
		}
		return list
	case schema.Type.Is("integer"):
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			return n
		}
	case schema.Type.Is("boolean"):
		return strings.EqualFold(text, "true") || text == "1"
	}
	return text
}
