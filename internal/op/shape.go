package op

import (
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"podium/internal/apierr"
)

// shape describes a body of one type with the limits of each value. It is made once for each
// operation; walker checks bodies against it.
type shape struct {
	kind    kind
	limits  limits
	members []namedShape
	exact   map[string]int // members by name
	folded  map[string]int // members by name in the folding of encoding/json, which ignores case
	element *shape
	unread  []string // published members that the type does not have
}

type kind int

const (
	anything kind = iota
	anObject
	aList
	aMap
	aText
	aNumber // whole
	aBoolean
)

type namedShape struct {
	name  string
	shape *shape
}

// disguised is a type whose own JSON looks like that of another type. Package openapi uses the same
// method.
type disguised interface{ JSONAs() any }

// maxMembers is the most members of a type of an input.
const maxMembers = 64

// shapeOf returns the shape of a type. tag is that of the field with the type. missing is called
// for each value without a limit.
func shapeOf(t reflect.Type, tag reflect.StructTag, missing func(string)) *shape {
	m := shapes{missing: missing, objects: map[reflect.Type]*shape{}}
	return m.of(t, tag, "")
}

// shapes makes the shapes of a type and its parts.
type shapes struct {
	missing func(path string)
	objects map[reflect.Type]*shape // under construction: a type may contain itself
}

func (m *shapes) of(t reflect.Type, tag reflect.StructTag, path string) *shape {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	s := &shape{limits: compileLimits(t, tag)}
	looks := t
	if d, ok := reflect.New(t).Interface().(disguised); ok {
		if looks = reflect.TypeOf(d.JSONAs()); looks == nil { // any JSON, which only the size of the body limits
			return s
		}
	}
	own := reflect.PointerTo(looks).Implements(reflect.TypeFor[json.Unmarshaler]())
	if !own && reflect.PointerTo(looks).Implements(reflect.TypeFor[encoding.TextUnmarshaler]()) {
		s.kind = aText
	} else {
		s.kind = kindOf(looks)
	}
	switch s.kind {
	case aList, aMap:
		s.element = m.of(looks.Elem(), withoutItems(tag), path+"[]")
	case anObject:
		if outer, ok := m.objects[looks]; ok {
			return outer
		}
		m.objects[looks] = s
		m.addMembers(s, looks, path)
		delete(m.objects, looks)
	}
	switch l := s.limits; {
	case s.kind == aText && l.MaxLength == 0 && l.Enum == nil,
		s.kind == aNumber && (l.Min == nil || l.Max == nil),
		(s.kind == aList || s.kind == aMap) && l.MaxItems == 0,
		s.kind == anything:
		m.missing(path)
	}
	return s
}

// withoutItems returns the tags that apply to a list's elements.
func withoutItems(tag reflect.StructTag) reflect.StructTag {
	var kept strings.Builder
	for _, name := range []string{"min", "max", "minLength", "maxLength", "pattern", "enum"} {
		if value, ok := tag.Lookup(name); ok {
			fmt.Fprintf(&kept, "%s:%q ", name, value)
		}
	}
	return reflect.StructTag(kept.String())
}

func kindOf(t reflect.Type) kind {
	switch t.Kind() {
	case reflect.Struct:
		return anObject
	case reflect.Slice:
		return aList
	case reflect.Map:
		return aMap
	case reflect.String:
		return aText
	case reflect.Int, reflect.Int32, reflect.Int64:
		return aNumber
	case reflect.Bool:
		return aBoolean
	}
	return anything
}

// addMembers adds a struct's members, including those of embedded structs. A member hides those of
// the same name that are embedded deeper.
func (m *shapes) addMembers(s *shape, t reflect.Type, path string) {
	s.exact, s.folded = map[string]int{}, map[string]int{}
	for level := []reflect.Type{t}; len(level) > 0; {
		var deeper []reflect.Type
		for _, t := range level {
			for i := range t.NumField() {
				f := t.Field(i)
				name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
				inner := f.Type
				if inner.Kind() == reflect.Pointer {
					inner = inner.Elem()
				}
				switch {
				case f.Name == "_":
					if unread, ok := f.Tag.Lookup("unread"); ok {
						s.unread = append(s.unread, unread)
					}
				case f.Tag.Get("json") == "-":
				case f.Anonymous && name == "" && inner.Kind() == reflect.Struct:
					deeper = append(deeper, inner)
				case f.IsExported():
					if name == "" {
						name = f.Name
					}
					if _, there := s.exact[name]; there {
						continue
					}
					s.exact[name] = len(s.members)
					s.folded[string(appendFolded(nil, []byte(name)))] = len(s.members)
					s.members = append(s.members, namedShape{name, m.of(f.Type, f.Tag, join(path, name))})
				}
			}
		}
		level = deeper
	}
	if len(s.folded) < len(s.members) || len(s.members) > maxMembers {
		panic(fmt.Sprintf("%s has more than %d members, or two whose names differ by case alone", t, maxMembers))
	}
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// refuse returns the refusal of a value at a path.
func (s *shape) refuse(path, wrong string) error {
	if s.limits.refusal != "" {
		return apierr.Invalid("%s", s.limits.refusal)
	}
	if path == "" {
		path = "body"
	}
	return apierr.Invalid("%s: %s", path, wrong)
}
