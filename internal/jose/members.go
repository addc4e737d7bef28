package jose

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"unicode/utf8"
)

// maxDepth is the deepest nesting of objects and arrays.
const maxDepth = 16

var (
	errNotJSON   = errors.New("not one JSON object")
	errDuplicate = errors.New("duplicate JSON member")
	errTooDeep   = errors.New("JSON nested too deep")
)

// members reads one JSON object so strictly that no other reader can read it differently: UTF-8
// only, nothing before or after, and no object with two members of one name. Names that differ only
// in case count as one, since some readers (encoding/json is one) confuse them. The values are
// string, json.Number, bool, nil, or a json.Delim for an array or object, whose content is checked
// and dropped.
func members(data []byte) (map[string]any, error) {
	// Valid comes first because Decoder.Token alone does not see what follows the object.
	if !utf8.Valid(data) || !json.Valid(data) {
		return nil, errNotJSON
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	if start, err := decoder.Token(); err != nil || start != json.Delim('{') {
		return nil, errNotJSON
	}
	return object(decoder, 1)
}

// object reads the members after an opening brace.
func object(decoder *json.Decoder, depth int) (map[string]any, error) {
	all := make(map[string]any)
	seen := make(map[string]bool)
	for decoder.More() {
		token, err := decoder.Token()
		name, ok := token.(string)
		if err != nil || !ok {
			return nil, errNotJSON
		}
		if seen[fold(name)] {
			return nil, errDuplicate
		}
		seen[fold(name)] = true
		if all[name], err = value(decoder, depth); err != nil {
			return nil, err
		}
	}
	if _, err := decoder.Token(); err != nil { // the closing brace
		return nil, errNotJSON
	}
	return all, nil
}

// value reads the next value.
func value(decoder *json.Decoder, depth int) (any, error) {
	token, err := decoder.Token()
	if err != nil {
		return nil, errNotJSON
	}
	if _, nested := token.(json.Delim); nested && depth == maxDepth {
		return nil, errTooDeep
	}
	switch token {
	case json.Delim('{'):
		_, err = object(decoder, depth+1)
	case json.Delim('['):
		for err == nil && decoder.More() {
			_, err = value(decoder, depth+1)
		}
		if err == nil {
			_, err = decoder.Token() // the closing bracket
		}
	}
	return token, err
}

// fold makes names equal that differ only in case, by Unicode's simple folding: it maps the Kelvin
// sign to k, and the long s to s.
func fold(name string) string { return strings.ToLower(strings.ToUpper(name)) }
