package freemarker

import "strings"

// span is a part of a text, from its first byte to the one behind its last.
type span struct{ from, to int }

// stripped returns the white space that is not written, in order: that of lines which have nothing
// else but directives and comments, their line breaks included. So directives leave no empty lines.
func stripped(text string) []span {
	var all, line []span // line: the white space of the present line
	tags, other := false, false
	end := func(breaks int) {
		if tags && !other {
			if breaks >= 0 {
				line = append(line, span{breaks, breaks + 1})
			}
			all = append(all, line...)
		}
		line, tags, other = line[:0:0], false, false
	}
	for i := 0; i < len(text); {
		switch rest := text[i:]; {
		case strings.HasPrefix(rest, "<#noparse>"):
			n := strings.Index(rest, "</#noparse>")
			if n < 0 {
				return all
			}
			i, tags, other = i+n+len("</#noparse>"), true, true
		case strings.HasPrefix(rest, "<#"), strings.HasPrefix(rest, "</#"):
			i += tagLength(rest)
			tags = true
		case rest[0] == '\n':
			end(i)
			i++
		case rest[0] == ' ' || rest[0] == '\t' || rest[0] == '\r':
			n := len(rest) - len(strings.TrimLeft(rest, " \t\r"))
			line = append(line, span{i, i + n})
			i += n
		default:
			other = true
			i++
		}
	}
	end(-1)
	return all
}

// tagLength returns the length of a directive's tag or a comment with which the text begins.
func tagLength(text string) int {
	if strings.HasPrefix(text, "<#--") {
		if n := strings.Index(text, "-->"); n >= 0 {
			return n + 3
		}
		return len(text)
	}
	var quote byte
	open := 0
	for i := range len(text) {
		switch c := text[i]; {
		case quote != 0:
			if c == quote && text[i-1] != '\\' {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '(' || c == '[' || c == '{':
			open++
		case c == ')' || c == ']' || c == '}':
			open--
		case c == '>' && open <= 0:
			return i + 1
		}
	}
	return len(text)
}

// without returns the part of the text that is written.
func without(text string, part span, strip []span) string {
	var b strings.Builder
	at := part.from
	for _, s := range strip {
		if s.to <= at || s.from >= part.to {
			continue
		}
		b.WriteString(text[at:max(at, s.from)])
		at = min(s.to, part.to)
	}
	if at == part.from {
		return text[part.from:part.to]
	}
	b.WriteString(text[at:part.to])
	return b.String()
}
