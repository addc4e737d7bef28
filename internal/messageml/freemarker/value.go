package freemarker

import (
	"math/big"
	"strings"

	"podium/internal/messageml/jsontree"
)

// value is a text, a number, true or false, a list, a hash, or nil for what is missing.
type value any

type list []value

// hash is an object. Its values are converted when they are read.
type hash struct{ object *jsontree.Object }

// text of a JSON string is a string; a number is a *big.Rat.
func fromJSON(v jsontree.Value) value {
	switch v := v.(type) {
	case nil:
		return nil
	case jsontree.Number:
		if n, ok := new(big.Rat).SetString(strings.Trim(string(v), `"`)); ok && small(n) {
			return n
		}
		return nil
	case *jsontree.Array:
		items := make(list, len(v.Items))
		for i, item := range v.Items {
			items[i] = fromJSON(item)
		}
		return items
	case *jsontree.Object:
		return hash{v}
	}
	return v
}

// small reports whether a number is small enough to reckon with.
func small(n *big.Rat) bool { return n.Num().BitLen() <= 4096 && n.Denom().BitLen() <= 4096 }

func (h hash) get(name string) value {
	v, _ := h.object.Get(name)
	if wrapped, ok := v.(*wrapped); ok {
		return wrapped.value
	}
	return fromJSON(v)
}

// wrapped is a value of a template in an object that a template made.
type wrapped struct{ value value }

// plus returns a hash with the members of both; the second counts.
func (h hash) plus(more hash) hash {
	sum := jsontree.NewObject()
	for _, one := range []hash{h, more} {
		for _, name := range one.object.Names() {
			v, _ := one.object.Get(name)
			sum.Set(name, v)
		}
	}
	return hash{sum}
}

// whole returns a number as an int; ok is false if it is no whole number of that range.
func whole(v value) (n int, ok bool) {
	r, ok := v.(*big.Rat)
	if !ok || !r.IsInt() || !r.Num().IsInt64() {
		return 0, false
	}
	i := r.Num().Int64()
	if i < -1<<31 || i >= 1<<31 {
		return 0, false
	}
	return int(i), true
}

func number(n int) *big.Rat { return big.NewRat(int64(n), 1) }

// equal compares two values of one type. ok is false for values that cannot be compared.
func equal(a, b value) (same, ok bool) {
	switch a := a.(type) {
	case string:
		b, ok := b.(string)
		return a == b, ok
	case *big.Rat:
		b, ok := b.(*big.Rat)
		return ok && a.Cmp(b) == 0, ok
	case bool:
		b, ok := b.(bool)
		return a == b, ok
	}
	return false, false
}

func newHash() hash { return hash{jsontree.NewObject()} }
