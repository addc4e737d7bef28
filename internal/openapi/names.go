package openapi

import (
	"fmt"
	"path"
	"reflect"
	"regexp"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// named gives every component its name, writes it into all references, and returns the components.
//
// A component has the name of its Go type. A type that differs between requests and answers is two
// components; the one for requests has the suffix "Request". Types of two packages with the same
// name are prefixed with the names of their packages.
func (s *schemas) named() openapi3.Schemas {
	byName := map[string][]shape{}
	for sh := range s.made {
		if name := s.name(sh); sh == s.leading(sh) {
			byName[name] = append(byName[name], sh)
		}
	}
	final := map[shape]string{}
	components := openapi3.Schemas{}
	for name, shapes := range byName {
		for _, sh := range shapes {
			unique := name
			if len(shapes) > 1 {
				unique = path.Base(sh.t.PkgPath()) + "." + name
			}
			if components[unique] != nil {
				panic(fmt.Sprintf("%s: two types would be the component %s", sh.t, unique))
			}
			components[unique] = s.made[sh].NewRef()
			final[sh] = unique
		}
	}
	for _, u := range s.uses {
		leading := s.leading(u.shape)
		u.ref.Ref = "#/components/schemas/" + final[leading]
		u.ref.Value = s.made[leading]
	}
	return components
}

// leading returns the shape whose schema is used for this one. If both directions have the same
// schema, that is the shape of answers.
func (s *schemas) leading(sh shape) shape {
	answer := shape{sh.t, inResponse}
	if sh.to == inRequest && s.alike(sh.t) {
		return answer
	}
	return sh
}

// alike reports whether a type occurs in requests and answers and is the same in both.
func (s *schemas) alike(t reflect.Type) bool {
	request, response := s.made[shape{t, inRequest}], s.made[shape{t, inResponse}]
	return request != nil && response != nil && same(request, response, map[*openapi3.Schema]bool{})
}

// same reports whether the two directions of a type are equal in what may differ: required members,
// members that may be null, and limits, at any depth.
func same(a, b *openapi3.Schema, seen map[*openapi3.Schema]bool) bool {
	if seen[a] {
		return true
	}
	seen[a] = true
	if limitsOf(a) != limitsOf(b) || len(a.Required) != len(b.Required) || len(a.AnyOf) != len(b.AnyOf) || !sameType(a.Type, b.Type) {
		return false
	}
	for name, ref := range a.Properties {
		if !same(ref.Value, b.Properties[name].Value, seen) {
			return false
		}
	}
	if a.Items != nil && !same(a.Items.Value, b.Items.Value, seen) {
		return false
	}
	values := a.AdditionalProperties.Schema
	return values == nil || same(values.Value, b.AdditionalProperties.Schema.Value, seen)
}

func sameType(a, b *openapi3.Types) bool {
	return len(a.Slice()) == len(b.Slice())
}

// decoration matches the parts of a generic type's name beside the names of its arguments: the
// paths of their packages, and a number for types declared inside a function.
var decoration = regexp.MustCompile(`[^\[\],]*[./]|·[0-9]+`)

func (s *schemas) name(sh shape) string {
	name := sh.t.Name()
	if outer, arguments, ok := strings.Cut(name, "["); ok { // Page[podium/internal/….Room]
		arguments = decoration.ReplaceAllString(strings.TrimRight(arguments, "]"), "")
		name = outer + "Of" + strings.NewReplacer(",", "And", "[", "Of", "]", "").Replace(arguments)
	}
	if _, both := s.made[shape{sh.t, inResponse}]; sh.to == inRequest && both {
		name += "Request"
	}
	return name
}
