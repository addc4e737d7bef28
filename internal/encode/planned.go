package encode

import (
	"encoding"
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unsafe"
)

// Planned encodes by plans, one for each type, which it makes when it first meets the type. A plan
// goes through a struct's memory: it knows the place and the kind of each field, and has its name
// ready. A type with something that plans do not cover (a map, an interface, a method of its own)
// is left to Plain, alone or with all that holds it.
type Planned struct{}

// Append implements Encoder.
func (Planned) Append(b []byte, value any) ([]byte, error) {
	v := reflect.ValueOf(value)
	if !v.IsValid() {
		return append(b, "null"...), nil
	}
	p := planOf(v.Type())
	if p == nil {
		return Plain{}.Append(b, value)
	}
	at := reflect.New(v.Type())
	at.Elem().Set(v)
	o := output{b: b}
	p(&o, at.UnsafePointer())
	if o.err != nil {
		return b, o.err
	}
	return o.b, nil
}

// output is what plans write to. After an error, what they write is of no use.
type output struct {
	b   []byte
	err error
}

// plan appends the value of its type that is at an address.
type plan func(*output, unsafe.Pointer)

var plans sync.Map // reflect.Type → plan; nil: left to Plain

func planOf(t reflect.Type) plan {
	if known, ok := plans.Load(t); ok {
		return known.(plan)
	}
	p, ok := planFor(t, nil)
	if !ok {
		p = nil
	}
	plans.Store(t, p)
	return p
}

var (
	ownJSON = reflect.TypeFor[json.Marshaler]()
	ownText = reflect.TypeFor[encoding.TextMarshaler]()
)

// planFor makes a type's plan. It fails for a type that the package leaves to Plain together with
// what holds it. within is the types that hold this one: a type that holds itself, other than by a
// pointer, has no plan.
func planFor(t reflect.Type, within []reflect.Type) (plan, bool) {
	for _, outer := range within {
		if outer == t {
			return nil, false
		}
	}
	within = append(within[:len(within):len(within)], t)
	if t.Implements(ownJSON) || t.Implements(ownText) {
		return byPlain(t), true
	}
	if pointer := reflect.PointerTo(t); pointer.Implements(ownJSON) || pointer.Implements(ownText) {
		return nil, false // whether encoding/json calls the method depends on where the value is
	}
	switch t.Kind() {
	case reflect.Bool:
		return func(o *output, p unsafe.Pointer) { o.b = strconv.AppendBool(o.b, *(*bool)(p)) }, true
	case reflect.Int:
		return func(o *output, p unsafe.Pointer) { o.b = strconv.AppendInt(o.b, int64(*(*int)(p)), 10) }, true
	case reflect.Int32:
		return func(o *output, p unsafe.Pointer) { o.b = strconv.AppendInt(o.b, int64(*(*int32)(p)), 10) }, true
	case reflect.Int64:
		return func(o *output, p unsafe.Pointer) { o.b = strconv.AppendInt(o.b, *(*int64)(p), 10) }, true
	case reflect.String:
		if t == reflect.TypeFor[json.Number]() {
			return nil, false
		}
		return func(o *output, p unsafe.Pointer) { o.b = appendText(o.b, *(*string)(p)) }, true
	case reflect.Pointer:
		return ofPointer(t, within)
	case reflect.Slice:
		return ofSlice(t, within)
	case reflect.Struct:
		return ofStruct(t, within)
	}
	return byPlain(t), true
}

// byPlain leaves one value to Plain.
func byPlain(t reflect.Type) plan {
	return func(o *output, p unsafe.Pointer) {
		b, err := Plain{}.Append(o.b, reflect.NewAt(t, p).Elem().Interface())
		if o.b = b; err != nil {
			o.err = err
		}
	}
}

func ofPointer(t reflect.Type, within []reflect.Type) (plan, bool) {
	elem, ok := planFor(t.Elem(), within)
	if slices.Contains(within, t.Elem()) { // a type that holds itself: the inner value is left to Plain
		elem, ok = byPlain(t.Elem()), true
	}
	return func(o *output, p unsafe.Pointer) {
		if at := *(*unsafe.Pointer)(p); at != nil {
			elem(o, at)
		} else {
			o.b = append(o.b, "null"...)
		}
	}, ok
}

func ofSlice(t reflect.Type, within []reflect.Type) (plan, bool) {
	if t.Elem().Kind() == reflect.Uint8 {
		return byPlain(t), true // bytes are written as base64
	}
	elem, ok := planFor(t.Elem(), within)
	size := t.Elem().Size()
	return func(o *output, p unsafe.Pointer) {
		list := *(*[]struct{})(p) // a slice of anything: only its address and its length are used
		first := *(*unsafe.Pointer)(p)
		if first == nil {
			o.b = append(o.b, "null"...)
			return
		}
		o.b = append(o.b, '[')
		for i := range len(list) {
			if i > 0 {
				o.b = append(o.b, ',')
			}
			elem(o, unsafe.Add(first, uintptr(i)*size))
		}
		o.b = append(o.b, ']')
	}, ok
}

// field is a field of a struct, or of one that is embedded in it.
type field struct {
	name   string // with a comma before it, the quotes and the colon
	offset uintptr
	plan   plan
	empty  func(unsafe.Pointer) bool // nil: written always
}

func ofStruct(t reflect.Type, within []reflect.Type) (plan, bool) {
	fields, ok := fieldsOf(t, 0, within)
	if !ok {
		return nil, false
	}
	named := make(map[string]bool)
	for _, f := range fields {
		if named[f.name] {
			return nil, false // which of the two counts is for encoding/json to say
		}
		named[f.name] = true
	}
	return func(o *output, p unsafe.Pointer) {
		first := len(o.b)
		for i := range fields {
			f := &fields[i]
			at := unsafe.Add(p, f.offset)
			if f.empty != nil && f.empty(at) {
				continue
			}
			o.b = append(o.b, f.name...)
			f.plan(o, at)
		}
		if len(o.b) == first {
			o.b = append(o.b, "{}"...)
			return
		}
		o.b[first] = '{' // in the place of the comma before the first name
		o.b = append(o.b, '}')
	}, true
}

// fieldsOf returns the fields in the order in which encoding/json writes them: those of an embedded
// struct in its place.
func fieldsOf(t reflect.Type, offset uintptr, within []reflect.Type) (fields []field, ok bool) {
	for i := range t.NumField() {
		f := t.Field(i)
		tag, tagged := f.Tag.Lookup("json")
		name, options, _ := strings.Cut(tag, ",")
		switch {
		case tag == "-":
			continue
		case f.Anonymous && f.Type.Kind() == reflect.Struct && name == "":
			inner, ok := fieldsOf(f.Type, offset+f.Offset, append(within[:len(within):len(within)], f.Type))
			if !ok {
				return nil, false
			}
			fields = append(fields, inner...)
			continue
		case f.Anonymous:
			return nil, false
		case !f.IsExported():
			continue
		case tagged && options != "" && options != "omitempty":
			return nil, false
		}
		if name == "" {
			name = f.Name
		}
		one := field{name: string(appendText([]byte(","), name)) + ":", offset: offset + f.Offset}
		if one.plan, ok = planFor(f.Type, within); !ok {
			return nil, false
		}
		if options == "omitempty" {
			one.empty = emptiness(f.Type)
		}
		fields = append(fields, one)
	}
	return fields, true
}

// emptiness returns a function that reports whether a field is left out by omitempty; nil: never.
func emptiness(t reflect.Type) func(unsafe.Pointer) bool {
	switch t.Kind() {
	case reflect.Bool:
		return func(p unsafe.Pointer) bool { return !*(*bool)(p) }
	case reflect.Int64:
		return func(p unsafe.Pointer) bool { return *(*int64)(p) == 0 }
	case reflect.String:
		return func(p unsafe.Pointer) bool { return len(*(*string)(p)) == 0 }
	case reflect.Pointer:
		return func(p unsafe.Pointer) bool { return *(*unsafe.Pointer)(p) == nil }
	case reflect.Slice:
		return func(p unsafe.Pointer) bool { return len(*(*[]struct{})(p)) == 0 }
	case reflect.Struct:
		return nil
	case reflect.Array, reflect.Map:
		return func(p unsafe.Pointer) bool { return reflect.NewAt(t, p).Elem().Len() == 0 }
	}
	return func(p unsafe.Pointer) bool { return reflect.NewAt(t, p).Elem().IsZero() }
}
