package forms

import (
	"encoding/json"
	"slices"
)

// choose checks a value that is one of the field's.
func (f field) choose(given json.RawMessage) (any, error) {
	value, err := textOf(f.name, given)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(f.selectable, value) {
		return nil, refuse(f.name, "it is no value of the form")
	}
	return value, nil
}

// chooseSome checks a list of values of the field, each at most as often as the field has it.
func (f field) chooseSome(given json.RawMessage) ([]string, error) {
	list := []string{}
	if err := json.Unmarshal(given, &list); err != nil {
		return nil, refuse(f.name, "a list of texts is expected")
	}
	left := slices.Clone(f.selectable)
	for _, value := range list {
		i := slices.Index(left, value)
		if i < 0 {
			return nil, refuse(f.name, "it is no value of the form")
		}
		left = slices.Delete(left, i, i+1)
	}
	return list, nil
}

// several checks the values of a select from which several may be chosen. Their number is that of
// the form.
func (f field) several(given json.RawMessage, how checking) (any, error) {
	list := []string{}
	if given != nil {
		var err error
		if list, err = f.chooseSome(given); err != nil {
			return nil, err
		}
	}
	n := len(list)
	switch {
	case how.loosely || n == 0 && !f.required:
		return list, nil
	case n == 0:
		return nil, refuse(f.name, "it is required")
	case n < f.least:
		return nil, refuse(f.name, "it has less than %d values", f.least)
	case f.most > 0 && n > f.most:
		return nil, refuse(f.name, "it has more than %d values", f.most)
	}
	return list, nil
}

// users checks the ids of the users that a person-selector has.
func (f field) users(given json.RawMessage, how checking) (any, error) {
	ids := []int64{}
	if given != nil {
		if err := json.Unmarshal(given, &ids); err != nil || slices.ContainsFunc(ids, func(id int64) bool { return id <= 0 }) {
			return nil, refuse(f.name, "a list of user ids is expected")
		}
	}
	if ids == nil {
		ids = []int64{}
	}
	switch {
	case len(ids) == 0 && f.required && !how.loosely:
		return nil, refuse(f.name, "it is required")
	case len(ids) > maxSelected:
		return nil, refuse(f.name, "it has more than %d values", maxSelected)
	}
	return ids, nil
}

// Selected is the value of a room-selector: the published form, with the ids of users as texts.
type Selected struct {
	Users   []string `json:"userIds"`
	Streams []string `json:"streamIds"` // in standard base64
}

// maxID is the most characters of an id in a selector.
const maxID = 64

func (f field) selected(given json.RawMessage, how checking) (any, error) {
	value := Selected{Users: []string{}, Streams: []string{}}
	if given != nil {
		if err := json.Unmarshal(given, &value); err != nil {
			return nil, refuse(f.name, "an object with userIds and streamIds is expected")
		}
	}
	for _, list := range []*[]string{&value.Users, &value.Streams} {
		if *list == nil { // it was null
			*list = []string{}
		}
	}
	all := slices.Concat(value.Users, value.Streams)
	switch {
	case len(all) == 0 && f.required && !how.loosely:
		return nil, refuse(f.name, "it is required")
	case len(all) > maxSelected:
		return nil, refuse(f.name, "it has more than %d values", maxSelected)
	case slices.ContainsFunc(all, func(id string) bool { return id == "" || len(id) > maxID || !isID(id) }):
		return nil, refuse(f.name, "a list of ids is expected")
	}
	return value, nil
}

// isID reports whether a text has only characters of ids: those of base64.
func isID(text string) bool {
	return !slices.ContainsFunc([]byte(text), func(c byte) bool {
		letter := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
		return !letter && c != '+' && c != '/' && c != '=' && c != '-' && c != '_'
	})
}
