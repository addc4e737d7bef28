package freemarker

import (
	"math/big"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// forbiddenBuiltins reach outside of the message. They fail when they run.
var forbiddenBuiltins = map[string]bool{"new": true, "api": true, "eval": true, "interpret": true, "eval_json": true}

// loopBuiltins tell of the present turn of the loop whose variable they follow.
var loopBuiltins = map[string]bool{"index": true, "counter": true, "has_next": true, "is_first": true, "is_last": true, "is_odd_item": true, "is_even_item": true, "item_parity": true}

// call is one use of a built-in.
type call struct {
	r         *run
	at        position
	of        value
	arguments []value
	called    bool
}

// text returns an argument that is a text.
func (c *call) text(i int) (string, bool) {
	if i >= len(c.arguments) {
		return "", false
	}
	s, ok := c.arguments[i].(string)
	return s, ok
}

// builtins are what may follow a question mark. A built-in returns ok false for what it cannot be
// used on.
var builtins = map[string]func(*call) (value, bool){
	"c": func(c *call) (value, bool) {
		switch v := c.of.(type) {
		case *big.Rat:
			return computer(v), true
		case bool:
			return boolText(v), true
		}
		return nil, false
	},
	"string":      builtinString,
	"size":        builtinSize,
	"length":      onText(func(s string) value { return number(utf8.RuneCountInString(s)) }),
	"html":        onText(func(s string) value { return htmlEscapes.Replace(s) }),
	"xhtml":       onText(func(s string) value { return strings.ReplaceAll(htmlEscapes.Replace(s), "'", "&#39;") }),
	"xml":         onText(func(s string) value { return strings.ReplaceAll(htmlEscapes.Replace(s), "'", "&apos;") }),
	"upper_case":  onText(func(s string) value { return strings.ToUpper(s) }),
	"lower_case":  onText(func(s string) value { return strings.ToLower(s) }),
	"cap_first":   onText(func(s string) value { return firstLetter(s, unicode.ToUpper) }),
	"uncap_first": onText(func(s string) value { return firstLetter(s, unicode.ToLower) }),
	"capitalize":  onText(func(s string) value { return capitalized(s) }),
	"trim":        onText(func(s string) value { return strings.TrimFunc(s, func(r rune) bool { return r <= ' ' }) }),
	"number": onText(func(s string) value {
		n, ok := new(big.Rat).SetString(strings.TrimSpace(s))
		if !ok || strings.ContainsAny(s, "/_xXpP") || !small(n) {
			return nil
		}
		return n
	}),
	"boolean": onText(func(s string) value {
		switch s {
		case "true":
			return true
		case "false":
			return false
		}
		return nil
	}),
	"replace": func(c *call) (value, bool) {
		s, ok := c.of.(string)
		old, ok1 := c.text(0)
		new, ok2 := c.text(1)
		if !ok || !ok1 || !ok2 || len(c.arguments) > 2 || strings.Count(s, old)*len(new) > maxBytes {
			return nil, false
		}
		return strings.ReplaceAll(s, old, new), true
	},
	"contains":    onTwo(func(s, t string) value { return strings.Contains(s, t) }),
	"starts_with": onTwo(func(s, t string) value { return strings.HasPrefix(s, t) }),
	"ends_with":   onTwo(func(s, t string) value { return strings.HasSuffix(s, t) }),
	"index_of": onTwo(func(s, t string) value {
		i := strings.Index(s, t)
		if i > 0 {
			i = utf8.RuneCountInString(s[:i])
		}
		return number(i)
	}),
	"last_index_of": onTwo(func(s, t string) value {
		i := strings.LastIndex(s, t)
		if i > 0 {
			i = utf8.RuneCountInString(s[:i])
		}
		return number(i)
	}),
	"split": onTwo(func(s, t string) value {
		var items list
		for _, part := range strings.Split(s, t) {
			items = append(items, part)
		}
		return items
	}),
	"substring": builtinSubstring,
	"join":      builtinJoin,
	"first": onList(func(l list) (value, bool) {
		if len(l) == 0 {
			return nil, true
		}
		return l[0], true
	}),
	"last": onList(func(l list) (value, bool) {
		if len(l) == 0 {
			return nil, true
		}
		return l[len(l)-1], true
	}),
	"reverse": onList(func(l list) (value, bool) {
		l = slices.Clone(l)
		slices.Reverse(l)
		return l, true
	}),
	"sort": onList(sorted),
	"seq_contains": func(c *call) (value, bool) {
		l, ok := c.of.(list)
		if !ok || len(c.arguments) != 1 {
			return nil, false
		}
		return slices.ContainsFunc(l, func(v value) bool { same, ok := equal(v, c.arguments[0]); return ok && same }), true
	},
	"keys": func(c *call) (value, bool) {
		h, ok := c.of.(hash)
		if !ok {
			return nil, false
		}
		var keys list
		for _, name := range h.object.Names() {
			keys = append(keys, name)
		}
		return keys, true
	},
	"values": func(c *call) (value, bool) {
		h, ok := c.of.(hash)
		if !ok {
			return nil, false
		}
		var values list
		for _, name := range h.object.Names() {
			values = append(values, h.get(name))
		}
		return values, true
	},
	"int":     onNumber(func(n *big.Rat) value { return new(big.Rat).SetInt(truncated(n)) }),
	"abs":     onNumber(func(n *big.Rat) value { return new(big.Rat).Abs(n) }),
	"floor":   onNumber(func(n *big.Rat) value { return floor(n) }),
	"ceiling": onNumber(func(n *big.Rat) value { return new(big.Rat).Neg(floor(new(big.Rat).Neg(n))) }),
	"round":   onNumber(func(n *big.Rat) value { return floor(new(big.Rat).Add(n, big.NewRat(1, 2))) }),
	"is_hash": is(func(v value) bool { _, ok := v.(hash); return ok }), "is_hash_ex": is(func(v value) bool { _, ok := v.(hash); return ok }),
	"is_string":   is(func(v value) bool { _, ok := v.(string); return ok }),
	"is_number":   is(func(v value) bool { _, ok := v.(*big.Rat); return ok }),
	"is_boolean":  is(func(v value) bool { _, ok := v.(bool); return ok }),
	"is_sequence": is(func(v value) bool { _, ok := v.(list); return ok }), "is_enumerable": is(func(v value) bool { _, ok := v.(list); return ok }),
	"then":        nil, // evaluates only one of its arguments: see eval
	"has_content": nil, // takes what is missing, too
}

func (e *builtin) eval(r *run) (value, error) {
	if err := r.spend(e.position, 0); err != nil {
		return nil, err
	}
	switch {
	case forbiddenBuiltins[e.name]:
		return nil, invalid(e.position)
	case loopBuiltins[e.name]:
		return r.ofLoop(e)
	case e.name == "has_content":
		return r.hasContent(e)
	case e.name == "then":
		return r.then(e)
	}
	of, err := r.present(e.of)
	if err != nil {
		return nil, err
	}
	c := &call{r: r, at: e.position, of: of, called: e.called}
	for _, argument := range e.arguments {
		v, err := r.present(argument)
		if err != nil {
			return nil, err
		}
		c.arguments = append(c.arguments, v)
	}
	v, ok := builtins[e.name](c)
	if !ok {
		return nil, invalid(e.position)
	}
	return v, r.spend(e.position, weight(of)+weight(v))
}

// weight returns what a value counts in the budget.
func weight(v value) int {
	switch v := v.(type) {
	case string:
		return len(v)
	case list:
		return 8 * len(v)
	}
	return 0
}

func (r *run) then(e *builtin) (value, error) {
	if len(e.arguments) != 2 {
		return nil, invalid(e.position)
	}
	yes, err := r.truth(e.of)
	if err != nil {
		return nil, err
	}
	if yes {
		return e.arguments[0].eval(r)
	}
	return e.arguments[1].eval(r)
}

func (r *run) hasContent(e *builtin) (value, error) {
	v, err := e.of.eval(r)
	if _, grouped := e.of.(*group); grouped && r.missing(err) {
		return false, nil
	}
	if err != nil {
		return nil, err
	}
	switch v := v.(type) {
	case nil:
		return false, nil
	case string:
		return v != "", nil
	case list:
		return len(v) > 0, nil
	case hash:
		return v.object.Len() > 0, nil
	}
	return true, nil
}

// ofLoop describes the loop whose variable is before the question mark.
func (r *run) ofLoop(e *builtin) (value, error) {
	variable, ok := e.of.(*name)
	if !ok {
		return nil, invalid(e.position)
	}
	for i := len(r.loops) - 1; i >= 0; i-- {
		t := r.loops[i]
		if t.as != variable.name || t.as == "" {
			continue
		}
		switch e.name {
		case "index":
			return number(t.index), nil
		case "counter":
			return number(t.index + 1), nil
		case "has_next":
			return !t.last, nil
		case "is_last":
			return t.last, nil
		case "is_first":
			return t.index == 0, nil
		case "is_odd_item":
			return t.index%2 == 0, nil
		case "is_even_item":
			return t.index%2 == 1, nil
		case "item_parity":
			return []string{"odd", "even"}[t.index%2], nil
		}
	}
	return nil, invalid(e.position)
}
