package transcript

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// variables holds the known values by name.
type variables map[string]string

// reference is the use of a variable.
var reference = regexp.MustCompile(`\$\{[A-Za-z_]\w*\}`)

// expand replaces the variables in a text by their values, each escaped by escape.
func (v variables) expand(text string, escape func(string) string) (string, error) {
	var unknown error
	expanded := reference.ReplaceAllStringFunc(text, func(use string) string {
		value, ok := v[use[2:len(use)-1]]
		if !ok {
			unknown = fmt.Errorf("nothing is known as %s", use)
		}
		return escape(value)
	})
	return expanded, unknown
}

// target expands the path and the query of a request.
func (v variables) target(text string) (string, error) {
	path, query, asks := strings.Cut(text, "?")
	path, err := v.expand(path, url.PathEscape)
	if err != nil || !asks {
		return path, err
	}
	query, err = v.expand(query, url.QueryEscape)
	return path + "?" + query, err
}

func plain(s string) string { return s }

// inJSON returns a text as it is written inside a JSON string.
func inJSON(s string) string {
	return strings.TrimSuffix(strings.TrimPrefix(quote(s), `"`), `"`)
}

func quote(s string) string {
	var out strings.Builder
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.Encode(s) // a string into memory: cannot fail
	return strings.TrimSuffix(out.String(), "\n")
}

// value expands the variables in an expected value.
func (v variables) value(expected value) (value, error) {
	switch expected.kind {
	case variable:
		text, ok := v[expected.text]
		if !ok {
			return expected, fmt.Errorf("nothing is known as ${%s}", expected.text)
		}
		if parsed, err := parseJSON(text); err == nil {
			return parsed, nil
		}
		return value{kind: str, text: text}, nil
	case str:
		text, err := v.expand(expected.text, plain)
		return value{kind: str, text: text}, err
	case array:
		out := value{kind: array}
		for _, item := range expected.items {
			expanded, err := v.value(item)
			if err != nil {
				return out, err
			}
			out.items = append(out.items, expanded)
		}
		return out, nil
	case object:
		out := value{kind: object}
		for _, m := range expected.members {
			expanded, err := v.value(m.value)
			if err != nil {
				return out, err
			}
			out.members = append(out.members, member{m.name, expanded})
		}
		return out, nil
	}
	return expected, nil
}

// shortest is the length from which two equal values are unlikely to be equal by chance.
const shortest = 4

// named returns the name of the variable with a value; the first in the alphabet if there are
// several.
func (v variables) named(text string) (string, bool) {
	if len(text) < shortest {
		return "", false
	}
	for _, name := range slices.Sorted(maps.Keys(v)) {
		if v[name] == text {
			return name, true
		}
	}
	return "", false
}
