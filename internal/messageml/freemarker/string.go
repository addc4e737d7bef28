package freemarker

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// string reads a text in quotes. With r before it nothing in it is special; else it may have
// escapes and interpolations.
func (r *reader) string(at position) (expression, error) {
	raw := r.text[r.i] == 'r'
	if raw {
		r.i++
	}
	quote := r.text[r.i]
	r.i++
	var b strings.Builder
	start := r.place()
	for r.i < len(r.text) {
		c := r.text[r.i]
		switch {
		case c == quote:
			r.i++
			if raw || !strings.Contains(b.String(), "${") && !strings.Contains(b.String(), "#{") {
				return &literal{at, b.String()}, nil
			}
			nodes, err := parseAt(b.String(), start, r.depth)
			if err != nil {
				return nil, err
			}
			return &interpolated{at, nodes}, nil
		case c == '\\' && !raw:
			if err := r.escape(&b); err != nil {
				return nil, err
			}
		default:
			b.WriteByte(c)
			r.i++
		}
	}
	return nil, syntax(at, "Unexpected end of file reached: a text does not end.")
}

var escapes = map[byte]string{
	'"': `"`, '\'': "'", '{': "{", '=': "=", '\\': `\`, 'n': "\n", 'r': "\r", 't': "\t", 'f': "\f", 'b': "\b", 'l': "<", 'g': ">", 'a': "&",
}

func (r *reader) escape(b *strings.Builder) error {
	at := r.place()
	r.i++
	if r.i == len(r.text) {
		return syntax(at, "Unexpected end of file reached: a text does not end.")
	}
	c := r.text[r.i]
	r.i++
	if plain, ok := escapes[c]; ok {
		b.WriteString(plain)
		return nil
	}
	if c != 'x' {
		return syntax(at, "Invalid escape sequence in a string literal.")
	}
	digits := 0
	for digits < 4 && r.i+digits < len(r.text) && strings.IndexByte("0123456789abcdefABCDEF", r.text[r.i+digits]) >= 0 {
		digits++
	}
	code, err := strconv.ParseUint(r.text[r.i:r.i+digits], 16, 32)
	if err != nil || !utf8.ValidRune(rune(code)) {
		return syntax(at, "Invalid escape sequence in a string literal.")
	}
	r.i += digits
	b.WriteRune(rune(code))
	return nil
}
