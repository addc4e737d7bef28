package xmltree

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// characters reads text up to the next <, with references resolved and line ends made LF.
func (p *parser) characters() (string, error) {
	start := p.at
	for p.at < len(p.text) { // most texts need no change
		switch c := p.text[p.at]; {
		case c == '<':
			return p.text[start:p.at], nil
		case c == '&' || c == '\r':
			return p.changed(start)
		case c == ']' && p.has("]]>"):
			return "", fail(errCDATAEnd)
		case (c >= 0xEF || c < ' ') && !p.characterAllowed():
			return "", p.notAllowed("the element content of the document")
		}
		p.at++
	}
	return p.text[start:p.at], nil
}

// changed goes on with a text that differs from what is written from the present place on.
func (p *parser) changed(start int) (string, error) {
	b := []byte(p.text[start:p.at])
	for p.at < len(p.text) {
		switch c := p.text[p.at]; {
		case c == '<':
			return string(b), nil
		case c == '&':
			var err error
			if b, err = p.reference(b); err != nil {
				return "", err
			}
			continue
		case c == '\r':
			if p.at++; p.at == len(p.text) || p.text[p.at] != '\n' {
				b = append(b, '\n')
			}
			continue
		case c == ']' && p.has("]]>"):
			return "", fail(errCDATAEnd)
		case (c >= 0xEF || c < ' ') && !p.characterAllowed():
			return "", p.notAllowed("the element content of the document")
		default:
			b = append(b, c)
		}
		p.at++
	}
	return string(b), nil
}

// quoted reads an attribute's value with its quotes. White space that is written as such becomes
// a space each.
func (p *parser) quoted(name, element string) (string, error) {
	quote := p.text[p.at]
	p.at++
	start := p.at
	var b []byte
	plain := true
	for p.at < len(p.text) {
		c := p.text[p.at]
		if plain && (c == '&' || c == '\r' || c == '\n' || c == '\t') {
			plain = false
			b = append(b, p.text[start:p.at]...)
		}
		switch {
		case c == quote:
			value := p.text[start:p.at]
			if !plain {
				value = string(b)
			}
			p.at++
			return value, nil
		case c == '<':
			return "", fail(`The value of attribute "%s" associated with an element type "%s" must not contain the '<' character.`, name, element)
		case c == '&':
			var err error
			if b, err = p.reference(b); err != nil {
				return "", err
			}
			continue
		case c == '\r' && p.has("\r\n"):
			p.at++
			fallthrough
		case c == '\r' || c == '\n' || c == '\t':
			b = append(b, ' ')
		case (c >= 0xEF || c < ' ') && !p.characterAllowed():
			return "", p.notAllowed(`the value of attribute "` + name + `" and element is "` + element + `"`)
		case !plain:
			b = append(b, c)
		}
		p.at++
	}
	return "", fail(errEnd)
}

var predefined = map[string]byte{"lt": '<', "gt": '>', "amp": '&', "quot": '"', "apos": '\''}

// reference reads what begins with & and appends the character that it encodes.
func (p *parser) reference(b []byte) ([]byte, error) {
	p.at++
	if p.has("#") {
		return p.numeric(b)
	}
	if p.at == len(p.text) || !nameStart(p.text[p.at:]) {
		return nil, fail("The entity name must immediately follow the '&' in the entity reference.")
	}
	name := p.name()
	if p.at == len(p.text) || p.text[p.at] != ';' {
		return nil, fail(`The reference to entity "%s" must end with the ';' delimiter.`, name)
	}
	p.at++
	c, ok := predefined[name]
	if !ok {
		return nil, fail(`The entity "%s" was referenced, but not declared.`, name)
	}
	return append(b, c), nil
}

func (p *parser) numeric(b []byte) ([]byte, error) {
	p.at++
	base, digits := 10, "0123456789"
	if p.has("x") {
		p.at++
		base, digits = 16, "0123456789abcdefABCDEF"
	}
	start := p.at
	for p.at < len(p.text) && strings.IndexByte(digits, p.text[p.at]) >= 0 {
		p.at++
	}
	text := p.text[start:p.at]
	switch {
	case text == "" && base == 16:
		return nil, fail(`A hexadecimal representation must immediately follow the "&#x" in a character reference.`)
	case text == "":
		return nil, fail(`A decimal representation must immediately follow the "&#" in a character reference.`)
	case p.at == len(p.text) || p.text[p.at] != ';':
		return nil, fail("The character reference must end with the ';' delimiter.")
	}
	p.at++
	n, err := strconv.ParseInt(text, base, 32)
	if err != nil || !allowed(rune(n)) {
		mark := "&#"
		if base == 16 {
			mark = "&#x"
		}
		if len(text) > 20 {
			text = text[:20]
		}
		return nil, fail(`Character reference "%s%s" is an invalid XML character.`, mark, text)
	}
	return utf8.AppendRune(b, rune(n)), nil
}

// allowed reports whether XML 1.0 has the character.
func allowed(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' || r >= 0x20 && r <= 0xD7FF || r >= 0xE000 && r <= 0xFFFD || r >= 0x10000 && r <= 0x10FFFF
}

// characterAllowed reports whether XML has the character at the present place. Only control
// characters, and what begins with a byte of 0xEF or more, may be ones that it has not.
func (p *parser) characterAllowed() bool {
	r, size := utf8.DecodeRuneInString(p.text[p.at:])
	return allowed(r) && (r != utf8.RuneError || size > 1)
}

func (p *parser) notAllowed(where string) error {
	r, _ := utf8.DecodeRuneInString(p.text[p.at:])
	return fail("An invalid XML character (Unicode: 0x%x) was found in %s.", r, where)
}

// name reads a name; the caller has looked that one begins here.
func (p *parser) name() string {
	start := p.at
	for p.at < len(p.text) && nameByte(p.text[p.at]) {
		if p.text[p.at] >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(p.text[p.at:])
			if !nameRune(r) {
				break
			}
			p.at += size
			continue
		}
		p.at++
	}
	return p.text[start:p.at]
}

// nameByte reports whether the byte can stand in a name. Bytes of other than ASCII characters can.
func nameByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '_' || c == '.' || c == ':' || c >= utf8.RuneSelf
}

func nameStart(text string) bool {
	c := text[0]
	if c < utf8.RuneSelf {
		return nameByte(c) && (c < '0' || c > '9') && c != '-' && c != '.'
	}
	r, _ := utf8.DecodeRuneInString(text)
	return nameRune(r) && r != 0xB7 && (r < 0x300 || r > 0x36F) && r != 0x203F && r != 0x2040
}

// nameRune reports whether a character outside of ASCII can stand in a name.
func nameRune(r rune) bool {
	return r == 0xB7 || r >= 0xC0 && r != 0xD7 && r != 0xF7 && r <= 0x37D && r != 0x37E || r >= 0x37F && r <= 0x1FFF ||
		r == 0x200C || r == 0x200D || r == 0x203F || r == 0x2040 || r >= 0x2070 && r <= 0x218F || r >= 0x2C00 && r <= 0x2FEF ||
		r >= 0x3001 && r <= 0xD7FF || r >= 0xF900 && r <= 0xFDCF || r >= 0xFDF0 && r <= 0xFFFD && r != utf8.RuneError ||
		r >= 0x10000 && r <= 0xEFFFF
}
