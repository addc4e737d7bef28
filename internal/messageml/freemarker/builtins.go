package freemarker

import (
	"math/big"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

var htmlEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

func boolText(b bool) string {
	if b {
		return "true"
	}
	return "false"
}

// onText makes a built-in of texts. It may return nil for a text that it cannot be used on. A
// number counts as its text.
func onText(do func(string) value) func(*call) (value, bool) {
	return func(c *call) (value, bool) {
		s, ok := asText(c.of)
		if !ok || len(c.arguments) > 0 {
			return nil, false
		}
		v := do(s)
		return v, v != nil
	}
}

// onTwo makes a built-in of two texts.
func onTwo(do func(s, t string) value) func(*call) (value, bool) {
	return func(c *call) (value, bool) {
		s, ok := asText(c.of)
		t, ok2 := c.text(0)
		if !ok || !ok2 || len(c.arguments) != 1 {
			return nil, false
		}
		return do(s, t), true
	}
}

func onList(do func(list) (value, bool)) func(*call) (value, bool) {
	return func(c *call) (value, bool) {
		l, ok := c.of.(list)
		if !ok || len(c.arguments) > 0 {
			return nil, false
		}
		return do(l)
	}
}

func onNumber(do func(*big.Rat) value) func(*call) (value, bool) {
	return func(c *call) (value, bool) {
		n, ok := c.of.(*big.Rat)
		if !ok {
			return nil, false
		}
		return do(n), true
	}
}

func is(what func(value) bool) func(*call) (value, bool) {
	return func(c *call) (value, bool) { return what(c.of), true }
}

func floor(n *big.Rat) *big.Rat {
	return new(big.Rat).SetInt(new(big.Int).Div(n.Num(), n.Denom()))
}

func firstLetter(s string, change func(rune) rune) string {
	for i, r := range s {
		if !unicode.IsSpace(r) {
			return s[:i] + string(change(r)) + s[i+utf8.RuneLen(r):]
		}
	}
	return s
}

func capitalized(s string) string {
	var b strings.Builder
	start := true
	for _, r := range s {
		if start {
			b.WriteRune(unicode.ToUpper(r))
		} else {
			b.WriteRune(unicode.ToLower(r))
		}
		start = unicode.IsSpace(r)
	}
	return b.String()
}

func builtinString(c *call) (value, bool) {
	switch v := c.of.(type) {
	case string:
		return v, true
	case *big.Rat:
		if len(c.arguments) == 0 {
			return human(v), true
		}
		pattern, ok := c.text(0)
		if !ok {
			return nil, false
		}
		return formatted(v, pattern)
	case bool:
		if len(c.arguments) == 0 {
			return boolText(v), true
		}
		yes, ok := c.text(0)
		no, ok2 := c.text(1)
		if !ok || !ok2 {
			return nil, false
		}
		if v {
			return yes, true
		}
		return no, true
	}
	return nil, false
}

func builtinSize(c *call) (value, bool) {
	switch v := c.of.(type) {
	case list:
		return number(len(v)), true
	case hash:
		return number(v.object.Len()), true
	}
	return nil, false
}

func builtinSubstring(c *call) (value, bool) {
	s, ok := c.of.(string)
	if !ok || len(c.arguments) == 0 || len(c.arguments) > 2 {
		return nil, false
	}
	runes := []rune(s)
	from, ok := whole(c.arguments[0])
	to := len(runes)
	if ok && len(c.arguments) == 2 {
		to, ok = whole(c.arguments[1])
	}
	if !ok || from < 0 || from > to || to > len(runes) {
		return nil, false
	}
	return string(runes[from:to]), true
}

func builtinJoin(c *call) (value, bool) {
	l, ok := c.of.(list)
	between, ok2 := c.text(0)
	if !ok || !ok2 || len(c.arguments) > 3 {
		return nil, false
	}
	if len(l) == 0 {
		if none, ok := c.text(1); ok {
			return none, true
		}
		return "", true
	}
	var b strings.Builder
	for i, item := range l {
		text, ok := asText(item)
		if !ok && item != nil || b.Len()+len(text) > maxBytes {
			return nil, false
		}
		if i > 0 {
			b.WriteString(between)
		}
		b.WriteString(text)
	}
	if after, ok := c.text(2); ok {
		b.WriteString(after)
	}
	return b.String(), true
}

// sorted sorts texts without regard to case, numbers by size, false before true.
func sorted(l list) (value, bool) {
	l = slices.Clone(l)
	good := true
	slices.SortStableFunc(l, func(a, b value) int {
		switch a := a.(type) {
		case string:
			if b, ok := b.(string); ok {
				if c := strings.Compare(strings.ToLower(a), strings.ToLower(b)); c != 0 {
					return c
				}
				return -strings.Compare(a, b) // small letters first, as in an English dictionary
			}
		case *big.Rat:
			if b, ok := b.(*big.Rat); ok {
				return a.Cmp(b)
			}
		case bool:
			if b, ok := b.(bool); ok {
				return strings.Compare(boolText(a), boolText(b))
			}
		}
		good = false
		return 0
	})
	return l, good
}
