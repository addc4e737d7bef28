package forms

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/dlclark/regexp2"
)

// Error says which value is refused, and why.
type Error struct{ Name, Why string }

// Error returns the text for the user.
func (e *Error) Error() string { return fmt.Sprintf("formValues.%s: %s", e.Name, e.Why) }

func refuse(name, format string, args ...any) error {
	return &Error{name, fmt.Sprintf(format, args...)}
}

// action is the member that names the button, as published.
const action = "action"

// Check returns the values that a submission has as the author of the form is told of them, by the
// names of the fields. What the published event always has, and the client left out, is added.
func (f Form) Check(given map[string]json.RawMessage) (map[string]any, error) {
	how, err := f.pressed(given)
	if err != nil {
		return nil, err
	}
	var name string
	if err := json.Unmarshal(given[action], &name); err != nil {
		return nil, err // pressed has read it
	}
	values := map[string]any{action: name}
	groups := f.groups()
	for name := range given {
		if groups[name] == nil && name != action {
			return nil, refuse(name, "the form has no such field")
		}
	}
	for name, same := range groups {
		value, err := same.value(given[name], how)
		if err != nil {
			return nil, err
		}
		if value != nil {
			values[name] = value
		}
	}
	return values, nil
}

// checking says how values are checked.
type checking struct {
	loosely bool      // not whether there is one, and not its length, pattern and bounds
	until   time.Time // patterns are matched
}

// pressed checks which button, or which field, submits the form. It returns how the values are
// checked.
func (f Form) pressed(given map[string]json.RawMessage) (checking, error) {
	how := checking{until: time.Now().Add(patternTime)}
	name, err := textOf(action, given[action])
	if err != nil {
		return how, err
	}
	var isButton bool
	if how.loosely, isButton = f.buttons[name]; isButton {
		return how, nil
	}
	if slices.ContainsFunc(f.fields, func(one field) bool { return one.submits && one.name == name }) {
		return how, nil
	}
	return how, refuse(action, "it names no button of the form")
}

// group is the fields of one name.
type group []field

// groups returns the fields by their names, without those whose name the button has.
func (f Form) groups() map[string]group {
	groups := make(map[string]group)
	for _, one := range f.fields {
		if one.name != action {
			groups[one.name] = append(groups[one.name], one)
		}
	}
	return groups
}

// value checks the value of the fields of one name. It returns nil for none.
func (g group) value(given json.RawMessage, how checking) (any, error) {
	given = present(given)
	first := g[0]
	if len(g) == 1 || g.boxes() {
		return g.one(given, how)
	}
	if given == nil || given[0] != '[' {
		return first.check(given, how)
	}
	var list []json.RawMessage
	if err := json.Unmarshal(given, &list); err != nil {
		return nil, refuse(first.name, "it is no value of the form")
	}
	if len(list) > len(g) {
		return nil, refuse(first.name, "the form has %d fields of this name", len(g))
	}
	all := make([]any, len(list))
	for i, one := range list { // in any order: each must suit one of the fields
		var err error
		for _, f := range g {
			if all[i], err = f.check(present(one), how); err == nil {
				break
			}
		}
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

// boxes reports whether the fields are the boxes, or the radio buttons, of one group.
func (g group) boxes() bool {
	return !slices.ContainsFunc(g, func(f field) bool { return f.kind != g[0].kind || f.kind != checkbox && f.kind != radio })
}

// one checks the value of one field, or of one group of boxes.
func (g group) one(given json.RawMessage, how checking) (any, error) {
	first := g[0]
	if !g.boxes() {
		return first.check(given, how)
	}
	if given == nil {
		return nil, nil
	}
	for _, f := range g[1:] {
		first.selectable = append(slices.Clip(first.selectable), f.selectable...)
	}
	if first.kind == radio || given[0] != '[' {
		return first.choose(given)
	}
	return first.chooseSome(given)
}

// present returns a value, or nil for one that is absent.
func present(value json.RawMessage) json.RawMessage {
	if len(value) == 0 || string(value) == "null" {
		return nil
	}
	return value
}

// check checks the value of one field. A value that the client left out is as published.
func (f field) check(given json.RawMessage, how checking) (any, error) {
	how.loosely = how.loosely || f.unchecked
	switch f.kind {
	case persons:
		return f.users(given, how)
	case rooms:
		return f.selected(given, how)
	case checkbox, radio:
		if given == nil {
			return nil, nil
		}
		return f.choose(given)
	}
	if f.kind == choice && f.multiple {
		return f.several(given, how)
	}
	value := ""
	if given != nil {
		var err error
		if value, err = textOf(f.name, given); err != nil {
			return nil, err
		}
	}
	if value == "" {
		if f.required && !how.loosely {
			return nil, refuse(f.name, "it is required")
		}
		return value, nil
	}
	return value, f.checkText(value, how)
}

// checkText checks a value that is there.
func (f field) checkText(value string, how checking) error {
	switch f.kind {
	case choice:
		if !slices.Contains(f.selectable, value) {
			return refuse(f.name, "it is none of the options")
		}
	case date, anyDate:
		if _, err := time.Parse(time.DateOnly, value); err != nil {
			return refuse(f.name, "a date such as 2020-09-15 is expected")
		}
		return f.between(value, how)
	case clock:
		if _, err := time.Parse(time.TimeOnly, value); err != nil || len(value) != len(time.TimeOnly) {
			return refuse(f.name, "a time such as 13:51:06 is expected")
		}
		return f.between(value, how)
	case zone:
		if len(value) > maxZone || strings.ContainsFunc(value, func(r rune) bool { return r <= ' ' || r > '~' }) {
			return refuse(f.name, "a time zone such as Europe/Paris is expected")
		}
	default:
		return f.checkLength(value, how)
	}
	return nil
}

// between checks a date or a time against the field's bounds. Their texts have the order of time.
func (f field) between(value string, how checking) error {
	switch {
	case how.loosely:
		return nil
	case f.from != "" && value < f.from:
		return refuse(f.name, "it is before %s", f.from)
	case f.to != "" && value > f.to:
		return refuse(f.name, "it is after %s", f.to)
	}
	return nil
}

// Limits of values whose field has none.
const (
	maxText     = 10_000 // characters
	maxZone     = 64
	maxSelected = 100 // users, or streams, of a selector
)

// patternTime is how long the patterns of a form are matched. Values that take longer are accepted:
// a pattern may be made to take for ever.
const patternTime = 50 * time.Millisecond

func (f field) checkLength(value string, how checking) error {
	n := utf8.RuneCountInString(value)
	if n > maxText {
		return refuse(f.name, "it has more than %d characters", maxText)
	}
	switch {
	case how.loosely:
		return nil
	case n < f.least:
		return refuse(f.name, "it has less than %d characters", f.least)
	case f.most > 0 && n > f.most:
		return refuse(f.name, "it has more than %d characters", f.most)
	case f.pattern == "":
		return nil
	}
	pattern, err := regexp2.Compile("^(?:"+f.pattern+")$", regexp2.ECMAScript)
	if err != nil {
		return nil // the sender's pattern was checked by itself
	}
	if pattern.MatchTimeout = time.Until(how.until); pattern.MatchTimeout <= 0 {
		return nil
	}
	if matches, err := pattern.MatchString(value); err == nil && !matches {
		return refuse(f.name, "%s", f.complaint)
	}
	return nil
}

// textOf returns a value that must be a text without control characters, as messages have none.
func textOf(name string, given json.RawMessage) (string, error) {
	if present(given) == nil {
		return "", refuse(name, "it is required")
	}
	var value string
	if err := json.Unmarshal(given, &value); err != nil {
		return "", refuse(name, "a text is expected")
	}
	if strings.ContainsFunc(value, func(r rune) bool { return r < ' ' && r != '\t' && r != '\n' && r != '\r' }) {
		return "", refuse(name, "it has a control character")
	}
	return value, nil
}
