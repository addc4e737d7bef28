package transcript

import "strings"

// width is the length from which a line of a body is split.
const width = 100

// layout formats a value for reading: on one line if it fits, else a line for each member.
func layout(v value) []string {
	return strings.Split(broken(v, "", 0), "\n")
}

// broken formats a value at an indentation. prefix is the length of the text before it on its first
// line.
func broken(v value, indent string, prefix int) string {
	line := inline(v)
	if len(indent)+prefix+len(line) <= width || len(v.members)+len(v.items) == 0 {
		return line
	}
	inner := indent + "  "
	var parts []string
	for _, m := range v.members {
		name := quote(m.name) + ": "
		parts = append(parts, inner+name+broken(m.value, inner, len(name)+1))
	}
	for _, item := range v.items {
		parts = append(parts, inner+broken(item, inner, 1))
	}
	opening, closing := "{", "}"
	if v.kind == array {
		opening, closing = "[", "]"
	}
	return opening + "\n" + strings.Join(parts, ",\n") + "\n" + indent + closing
}

// inline formats a value on one line.
func inline(v value) string {
	switch v.kind {
	case str:
		return quote(v.text)
	case variable:
		return "${" + v.text + "}"
	case array:
		parts := make([]string, len(v.items))
		for i, item := range v.items {
			parts[i] = inline(item)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case object:
		parts := make([]string, len(v.members))
		for i, m := range v.members {
			parts[i] = quote(m.name) + ": " + inline(m.value)
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	return v.text
}
