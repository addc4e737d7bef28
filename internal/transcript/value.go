package transcript

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
)

// value is a JSON value that keeps the order of its members and the digits of its numbers.
type value struct {
	kind    kind
	text    string // of a string, a number, true, false, null; of a variable: its name
	members []member
	items   []value
}

type member struct {
	name  string
	value value
}

type kind string

const (
	object   kind = "object"
	array    kind = "array"
	str      kind = "string"
	number   kind = "number"
	literal  kind = "literal"  // true, false, null
	variable kind = "variable" // ${name} outside of quotes
)

// unquoted marks, in a string, the name of a variable that was outside of quotes. No other text may
// contain it: it is for private use and belongs to no alphabet.
const unquoted = "\uE000"

// parseJSON parses one JSON value.
func parseJSON(text string) (value, error) { return read(text, false) }

func read(text string, expected bool) (value, error) {
	decoder := decoder{json.NewDecoder(strings.NewReader(text)), expected}
	decoder.UseNumber()
	v, err := decoder.value(0)
	if err != nil {
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return value{}, err
	}
	if _, err := decoder.Token(); err != io.EOF {
		return value{}, errors.New("there is something behind the JSON value")
	}
	return v, nil
}

// parseExpected parses one JSON value in which variables may be outside of quotes.
func parseExpected(text string) (value, error) {
	if strings.Contains(text, unquoted) || strings.Contains(strings.ToLower(text), `\ue000`) {
		return value{}, errors.New("it has the character U+E000")
	}
	var out strings.Builder
	quoted := false
	for i := 0; i < len(text); i++ {
		if !quoted {
			if name := reference.FindString(text[i:]); name != "" && strings.HasPrefix(text[i:], name) {
				out.WriteString(`"` + unquoted + name[2:len(name)-1] + `"`)
				i += len(name) - 1
				continue
			}
		}
		switch {
		case text[i] == '"':
			quoted = !quoted
		case text[i] == '\\' && quoted && i+1 < len(text):
			out.WriteByte(text[i])
			i++
		}
		out.WriteByte(text[i])
	}
	return read(out.String(), true)
}

// maxDepth is the deepest nesting of values.
const maxDepth = 1000

type decoder struct {
	*json.Decoder
	expected bool // variables may be outside of quotes
}

func (d decoder) value(depth int) (value, error) {
	if depth > maxDepth {
		return value{}, errors.New("it is nested too deep")
	}
	token, err := d.Token()
	if err != nil {
		return value{}, err
	}
	switch t := token.(type) {
	case json.Delim:
		if t == '{' {
			return d.object(depth)
		}
		v := value{kind: array}
		for d.More() {
			item, err := d.value(depth + 1)
			if err != nil {
				return v, err
			}
			v.items = append(v.items, item)
		}
		_, err := d.Token()
		return v, err
	case string:
		if name, ok := strings.CutPrefix(t, unquoted); ok && d.expected {
			return value{kind: variable, text: name}, nil
		}
		return value{kind: str, text: t}, nil
	case json.Number:
		return value{kind: number, text: t.String()}, nil
	}
	text, _ := json.Marshal(token) // true, false or null
	return value{kind: literal, text: string(text)}, nil
}

func (d decoder) object(depth int) (value, error) {
	v := value{kind: object}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return v, err
		}
		if d.expected && strings.HasPrefix(name.(string), unquoted) {
			return v, errors.New("the name of a member is a variable")
		}
		if v.member(name.(string)) != nil {
			return v, fmt.Errorf("the member %s is there twice", name)
		}
		inner, err := d.value(depth + 1)
		if err != nil {
			return v, err
		}
		v.members = append(v.members, member{name.(string), inner})
	}
	_, err := d.Token()
	return v, err
}

// member returns the member of an object, or nil.
func (v *value) member(name string) *value {
	for i := range v.members {
		if v.members[i].name == name {
			return &v.members[i].value
		}
	}
	return nil
}

// step is one step of a path: .name or [index], with an optional dot before the bracket.
var step = regexp.MustCompile(`^(?:\.([^.\[\]]+)|\.?\[(\d+)\])`)

// straight returns the internal spelling of a path: without dots before brackets.
func straight(path string) string {
	return strings.ReplaceAll(strings.TrimSuffix(path, "."), ".[", "[")
}

// at returns the value at a path such as .users[0].id; the path "." is the value itself.
func (v *value) at(path string) (*value, error) {
	if path == "." {
		return v, nil
	}
	found := v
	for rest := path; rest != ""; {
		parts := step.FindStringSubmatch(rest)
		if parts == nil {
			return nil, fmt.Errorf("%s is not a path", path)
		}
		if parts[1] != "" {
			found = found.member(parts[1])
		} else if i, err := strconv.Atoi(parts[2]); err == nil && i < len(found.items) {
			found = &found.items[i]
		} else {
			found = nil
		}
		if found == nil {
			return nil, fmt.Errorf("the answer has nothing at %s", path)
		}
		rest = rest[len(parts[0]):]
	}
	return found, nil
}
