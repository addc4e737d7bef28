// Package jsontree reads JSON into a tree that keeps the order of members, and writes the tree as
// the published Agent writes EntityJSON: numbers as Java prints them, no white space.
//
// Not inside: any knowledge of entities.
package jsontree

// Object is a JSON object. Members keep the order in which they came first.
type Object struct {
	names  []string
	values map[string]Value
}

// Value is nil, bool, Number, string, *Array or *Object.
type Value any

// Number is a JSON number as it is written out.
type Number string

// Array is a JSON array.
type Array struct{ Items []Value }

// NewObject returns an empty object.
func NewObject() *Object { return &Object{values: make(map[string]Value)} }

// Len returns the number of members.
func (o *Object) Len() int { return len(o.names) }

// Names returns the names of the members in their order. The caller must not change the slice.
func (o *Object) Names() []string { return o.names }

// Get returns the member's value, and whether there is such a member.
func (o *Object) Get(name string) (Value, bool) {
	v, ok := o.values[name]
	return v, ok
}

// Text returns the member's value if it is a string, else "".
func (o *Object) Text(name string) string {
	s, _ := o.values[name].(string)
	return s
}

// Set writes a member. A member that is there keeps its place.
func (o *Object) Set(name string, v Value) {
	if _, ok := o.values[name]; !ok {
		o.names = append(o.names, name)
	}
	o.values[name] = v
}

// With sets a member and returns the object, so that literals can be chained.
func (o *Object) With(name string, v Value) *Object {
	o.Set(name, v)
	return o
}
