package jsontree

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// maxDepth is how deep arrays and objects may be nested.
const maxDepth = 500

// Parse reads the first JSON value of the text. What follows it is ignored, as the published
// Agent ignores it. Of a member that is named twice the last value counts.
func Parse(text string) (Value, error) {
	p := &parser{text: text}
	return p.value(0)
}

type parser struct {
	text string
	at   int
}

// SyntaxError says what is wrong with the text, and where.
type SyntaxError struct {
	Reason string
	Offset int // in bytes
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("%s at offset %d", e.Reason, e.Offset)
}

func (p *parser) fail(reason string) error { return &SyntaxError{Reason: reason, Offset: p.at} }

func (p *parser) space() {
	for p.at < len(p.text) {
		switch p.text[p.at] {
		case ' ', '\t', '\n', '\r':
			p.at++
		default:
			return
		}
	}
}

// next returns the next byte that is no white space, without taking it; 0 at the end.
func (p *parser) next() byte {
	p.space()
	if p.at == len(p.text) {
		return 0
	}
	return p.text[p.at]
}

func (p *parser) value(depth int) (Value, error) {
	if depth > maxDepth {
		return nil, p.fail(fmt.Sprintf("arrays and objects are nested more than %d deep", maxDepth))
	}
	switch c := p.next(); {
	case c == '{':
		return p.object(depth)
	case c == '[':
		return p.array(depth)
	case c == '"':
		return p.string()
	case c == '-' || '0' <= c && c <= '9':
		return p.number()
	case c == 0 && p.at == len(p.text):
		return nil, p.fail("unexpected end of input")
	}
	for word, v := range map[string]Value{"true": true, "false": false, "null": nil} {
		if strings.HasPrefix(p.text[p.at:], word) && !p.wordGoesOn(p.at+len(word)) {
			p.at += len(word)
			return v, nil
		}
	}
	return nil, p.fail("unexpected character")
}

func (p *parser) wordGoesOn(at int) bool {
	if at >= len(p.text) {
		return false
	}
	c := p.text[at]
	return c == '_' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c >= utf8.RuneSelf
}

func (p *parser) object(depth int) (Value, error) {
	p.at++
	o := NewObject()
	if p.next() == '}' {
		p.at++
		return o, nil
	}
	for {
		if p.next() != '"' {
			return nil, p.fail("a member's name in double quotes is expected")
		}
		name, err := p.string()
		if err != nil {
			return nil, err
		}
		if p.next() != ':' {
			return nil, p.fail("a colon is expected")
		}
		p.at++
		v, err := p.value(depth + 1)
		if err != nil {
			return nil, err
		}
		o.Set(name, v)
		switch p.next() {
		case ',':
			p.at++
		case '}':
			p.at++
			return o, nil
		default:
			return nil, p.fail("a comma or } is expected")
		}
	}
}

func (p *parser) array(depth int) (Value, error) {
	p.at++
	a := &Array{}
	if p.next() == ']' {
		p.at++
		return a, nil
	}
	for {
		v, err := p.value(depth + 1)
		if err != nil {
			return nil, err
		}
		a.Items = append(a.Items, v)
		switch p.next() {
		case ',':
			p.at++
		case ']':
			p.at++
			return a, nil
		default:
			return nil, p.fail("a comma or ] is expected")
		}
	}
}

// string reads a string in double quotes.
func (p *parser) string() (string, error) {
	p.at++
	start := p.at
	for p.at < len(p.text) { // most strings have no escapes
		switch c := p.text[p.at]; {
		case c == '"':
			s := p.text[start:p.at]
			p.at++
			return s, nil
		case c == '\\':
			return p.escaped(start)
		case c < 0x20:
			return "", p.fail("a control character in a string must be escaped")
		}
		p.at++
	}
	return "", p.fail("a string does not end")
}

// escaped goes on with a string that began at start and has an escape at the present place.
func (p *parser) escaped(start int) (string, error) {
	var b strings.Builder
	b.WriteString(p.text[start:p.at])
	for p.at < len(p.text) {
		c := p.text[p.at]
		p.at++
		switch {
		case c == '"':
			return b.String(), nil
		case c < 0x20:
			return "", p.fail("a control character in a string must be escaped")
		case c != '\\':
			b.WriteByte(c)
			continue
		}
		if p.at == len(p.text) {
			break
		}
		c = p.text[p.at]
		p.at++
		switch c {
		case '"', '\\', '/':
			b.WriteByte(c)
		case 'b':
			b.WriteByte('\b')
		case 'f':
			b.WriteByte('\f')
		case 'n':
			b.WriteByte('\n')
		case 'r':
			b.WriteByte('\r')
		case 't':
			b.WriteByte('\t')
		case 'u':
			r, err := p.unicode()
			if err != nil {
				return "", err
			}
			b.WriteRune(r)
		default:
			return "", p.fail("unknown escape")
		}
	}
	return "", p.fail("a string does not end")
}

// unicode reads the digits behind \u, and the second half of a pair. A half without the other
// becomes U+FFFD, since it cannot be stored.
func (p *parser) unicode() (rune, error) {
	unit, err := p.hex4()
	if err != nil {
		return 0, err
	}
	if !utf16.IsSurrogate(unit) {
		return unit, nil
	}
	if strings.HasPrefix(p.text[p.at:], `\u`) {
		back := p.at
		p.at += 2
		low, err := p.hex4()
		if err != nil {
			return 0, err
		}
		if r := utf16.DecodeRune(unit, low); r != utf8.RuneError {
			return r, nil
		}
		p.at = back
	}
	return utf8.RuneError, nil
}

func (p *parser) hex4() (rune, error) {
	if p.at+4 > len(p.text) {
		return 0, p.fail("four hexadecimal digits are expected")
	}
	n, err := strconv.ParseUint(p.text[p.at:p.at+4], 16, 32)
	if err != nil {
		return 0, p.fail("four hexadecimal digits are expected")
	}
	p.at += 4
	return rune(n), nil
}

func (p *parser) number() (Value, error) {
	start := p.at
	if p.text[p.at] == '-' {
		p.at++
	}
	whole := p.digits()
	if whole == 0 {
		return nil, p.fail("a digit is expected")
	}
	if first := p.at - whole; whole > 1 && p.text[first] == '0' {
		return nil, p.fail("a number must not begin with 0")
	}
	fraction := false
	if p.at < len(p.text) && p.text[p.at] == '.' {
		fraction = true
		if p.at++; p.digits() == 0 {
			return nil, p.fail("a digit is expected")
		}
	}
	if p.at < len(p.text) && (p.text[p.at] == 'e' || p.text[p.at] == 'E') {
		fraction = true
		p.at++
		if p.at < len(p.text) && (p.text[p.at] == '+' || p.text[p.at] == '-') {
			p.at++
		}
		if p.digits() == 0 {
			return nil, p.fail("a digit is expected")
		}
	}
	if p.wordGoesOn(p.at) {
		return nil, p.fail("unexpected character")
	}
	text := p.text[start:p.at]
	if fraction {
		f, _ := strconv.ParseFloat(text, 64) // out of range: an infinity, as in Java
		return Number(Double(f)), nil
	}
	if text == "-0" {
		return Number("0"), nil
	}
	return Number(text), nil
}

func (p *parser) digits() int {
	start := p.at
	for p.at < len(p.text) && '0' <= p.text[p.at] && p.text[p.at] <= '9' {
		p.at++
	}
	return p.at - start
}

// Int returns a whole number's value; ok is false for another number.
func (n Number) Int() (i *big.Int, ok bool) {
	return new(big.Int).SetString(string(n), 10)
}

// Float returns the number's value.
func (n Number) Float() float64 {
	f, _ := strconv.ParseFloat(strings.Trim(string(n), `"`), 64)
	return f
}
