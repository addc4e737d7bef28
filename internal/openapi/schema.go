package openapi

import (
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"time"

	"github.com/getkin/kin-openapi/openapi3"

	"podium/internal/wire"
)

// direction is whether a type occurs in a request or in an answer.
type direction bool

const (
	inRequest  direction = false
	inResponse direction = true
)

// shape is a struct type in one direction: only in answers does it have required members.
type shape struct {
	t  reflect.Type
	to direction
}

// schemas makes a schema of each type, and a component of each named struct type.
type schemas struct {
	made map[shape]*openapi3.Schema
	uses []use // in the order found
}

// use is a reference to a component.
type use struct {
	shape shape
	ref   *openapi3.SchemaRef
}

// enumerated is a type that can list its values.
type enumerated interface{ Enum() []string }

// disguised is a type whose own JSON looks like that of another type.
type disguised interface{ JSONAs() any }

// of returns the schema of a type. The schema of a component is made once and shared; any other
// belongs to the caller.
func (s *schemas) of(t reflect.Type, to direction) *openapi3.SchemaRef {
	if t.Kind() == reflect.Pointer {
		return s.of(t.Elem(), to)
	}
	zero := reflect.New(t).Interface()
	if d, ok := zero.(disguised); ok {
		if as := reflect.TypeOf(d.JSONAs()); as != nil {
			return s.of(as, to)
		}
		return openapi3.NewSchema().NewRef() // nil: any JSON
	}
	if known := knownType(t); known != nil {
		return known.NewRef()
	}
	if e, ok := zero.(enumerated); ok {
		schema := openapi3.NewStringSchema()
		for _, value := range e.Enum() {
			schema.Enum = append(schema.Enum, value)
		}
		return schema.NewRef()
	}
	if _, ok := zero.(json.Marshaler); ok {
		panic(fmt.Sprintf("%s writes its own JSON: a method JSONAs must tell what that looks like", t))
	}
	if _, ok := zero.(encoding.TextMarshaler); ok {
		return openapi3.NewStringSchema().NewRef()
	}
	if t.Kind() == reflect.Struct {
		return s.component(shape{t, to})
	}
	return s.plain(t, to).NewRef()
}

// knownType returns the schema of types whose JSON is known without reflection, or nil.
func knownType(t reflect.Type) *openapi3.Schema {
	switch t {
	case reflect.TypeFor[wire.UserID](), reflect.TypeFor[wire.CompanyID]():
		return openapi3.NewInt64Schema()
	case reflect.TypeFor[wire.Time]():
		schema := openapi3.NewInt64Schema()
		schema.Description = "Milliseconds since 1970-01-01 UTC."
		return schema
	case reflect.TypeFor[time.Time]():
		return openapi3.NewDateTimeSchema()
	case reflect.TypeFor[json.RawMessage]():
		return openapi3.NewSchema()
	}
	return nil
}

func (s *schemas) plain(t reflect.Type, to direction) *openapi3.Schema {
	switch t.Kind() {
	case reflect.String:
		return openapi3.NewStringSchema()
	case reflect.Bool:
		return openapi3.NewBoolSchema()
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Uint8, reflect.Uint16:
		return openapi3.NewIntegerSchema()
	case reflect.Int32:
		return openapi3.NewInt32Schema()
	case reflect.Int64, reflect.Uint, reflect.Uint32, reflect.Uint64:
		return openapi3.NewInt64Schema()
	case reflect.Float32, reflect.Float64:
		return openapi3.NewFloat64Schema()
	case reflect.Slice, reflect.Array:
		if t.Elem().Kind() == reflect.Uint8 {
			return openapi3.NewBytesSchema()
		}
		schema := openapi3.NewArraySchema()
		schema.Items = s.of(t.Elem(), to)
		return schema
	case reflect.Map:
		schema := openapi3.NewObjectSchema()
		schema.AdditionalProperties.Schema = s.of(t.Elem(), to)
		return schema
	case reflect.Interface:
		return openapi3.NewSchema()
	}
	panic(fmt.Sprintf("%s has no form in JSON", t))
}

// component returns a reference to the schema of a struct type; a struct without a name is
// described in place.
func (s *schemas) component(sh shape) *openapi3.SchemaRef {
	schema, made := s.made[sh]
	if !made {
		schema = openapi3.NewObjectSchema()
		if sh.t.Name() != "" {
			s.made[sh] = schema // before its members, which may be of the same type
		}
		s.members(schema, sh)
	}
	ref := schema.NewRef()
	if sh.t.Name() != "" {
		s.uses = append(s.uses, use{sh, ref})
	}
	return ref
}
