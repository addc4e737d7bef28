package freemarker

import (
	"strings"
	"unicode/utf8"
)

// reader reads expressions out of a template.
type reader struct {
	text  string
	i     int
	base  position // of the text's first character
	depth int
	parts int // of expressions that were read

	counted int      // how far the position was counted
	reached position // there

	// directive: a > ends the tag. Within brackets it does not.
	directive bool
	open      int
}

// place returns the present position. It goes on from where it was asked for last, so that asking
// often costs no more than reading.
func (r *reader) place() position {
	if r.i < r.counted {
		r.counted, r.reached = 0, position{}
	}
	if r.counted == 0 && r.reached == (position{}) {
		r.reached = r.base
	}
	for _, c := range r.text[r.counted:r.i] {
		if c == '\n' {
			r.reached.line++
			r.reached.column = 1
		} else {
			r.reached.column++
		}
	}
	r.counted = r.i
	return r.reached
}

func (r *reader) space() {
	for r.i < len(r.text) {
		switch {
		case strings.IndexByte(" \t\r\n", r.text[r.i]) >= 0:
			r.i++
		case strings.HasPrefix(r.text[r.i:], "<#--"):
			end := strings.Index(r.text[r.i:], "-->")
			if end < 0 {
				r.i = len(r.text)
				return
			}
			r.i += end + 3
		default:
			return
		}
	}
}

// take takes a mark if it is next.
func (r *reader) take(marks ...string) (string, bool) {
	r.space()
	for _, mark := range marks {
		if !strings.HasPrefix(r.text[r.i:], mark) {
			continue
		}
		if word := mark[0] >= 'a' && mark[0] <= 'z'; word && r.i+len(mark) < len(r.text) && nameByte(r.text[r.i+len(mark)]) {
			continue
		}
		r.i += len(mark)
		return mark, true
	}
	return "", false
}

func (r *reader) want(mark string) error {
	if _, ok := r.take(mark); !ok {
		return syntax(r.place(), "Expected %q.", mark)
	}
	return nil
}

func nameByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' || c == '$' || c == '@' || c >= utf8.RuneSelf
}

// word reads a name.
func (r *reader) word() (string, bool) {
	r.space()
	start := r.i
	for r.i < len(r.text) && (nameByte(r.text[r.i]) || r.text[r.i] == '\\' && r.i+1 < len(r.text)) {
		if r.text[r.i] == '\\' {
			r.i++
		}
		r.i++
	}
	if start == r.i || '0' <= r.text[start] && r.text[start] <= '9' {
		r.i = start
		return "", false
	}
	return strings.ReplaceAll(r.text[start:r.i], `\`, ""), true
}

// maxParts is how many parts the expressions of a template may have.
const maxParts = 20_000

// part counts a part of an expression.
func (r *reader) part() error {
	if r.parts++; r.parts > maxParts {
		return syntax(r.place(), "The template has more than %d expressions.", maxParts)
	}
	return nil
}
