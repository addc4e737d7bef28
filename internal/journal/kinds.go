package journal

import (
	"encoding/json"
	"fmt"
	"reflect"
)

// Kinds maps the kinds of facts that a program knows to their types.
type Kinds struct {
	facts []Fact
	types map[string]reflect.Type
}

// NewKinds returns the kinds of the given facts, one of each kind, whose content is ignored. It
// fails if two have the same kind.
func NewKinds(facts ...Fact) (*Kinds, error) {
	k := &Kinds{facts: facts, types: make(map[string]reflect.Type, len(facts))}
	for _, f := range facts {
		if other, taken := k.types[f.Kind()]; taken {
			return nil, fmt.Errorf("%T and %s are both of the kind %s", f, other, f.Kind())
		}
		k.types[f.Kind()] = reflect.TypeOf(f)
	}
	return k, nil
}

// Facts returns an empty fact of each kind, in the given order.
func (k *Kinds) Facts() []Fact { return k.facts }

// Decode returns the fact in an entry.
func (k *Kinds) Decode(e Entry) (Fact, error) {
	t, ok := k.types[e.Kind]
	if !ok {
		return nil, fmt.Errorf("fact %d: its kind is not known: %s", e.Seq, e.Kind)
	}
	fact := reflect.New(t)
	if err := json.Unmarshal([]byte(e.Data), fact.Interface()); err != nil {
		return nil, fmt.Errorf("fact %d: %w", e.Seq, err)
	}
	return fact.Elem().Interface().(Fact), nil
}

// check returns an error if a fact cannot be decoded, because its kind is not listed.
func (k *Kinds) check(f Fact) error {
	if k != nil && k.types[f.Kind()] != reflect.TypeOf(f) {
		return fmt.Errorf("%T is missing from the list of facts of its chapter", f)
	}
	if stream := f.Audience().stream; stream != aboutStream(f.Kind()) {
		return fmt.Errorf("%T: kinds of facts about streams, and no others, begin with %s", f, ofStream)
	}
	return nil
}
