package op

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"podium/internal/wire"
)

// limits holds the compiled limits of a value.
type limits struct {
	wire.Limits
	pattern *regexp.Regexp
	refusal string // the published text of any refusal; empty: the frame's own text
}

// limited is a type that declares the limits of its values.
type limited interface{ Limits() wire.Limits }

// enumerated is a type that lists its values. Its own Validate refuses others with the published
// text; much longer texts are refused before.
type enumerated interface{ Enum() []string }

// maxWord is the most characters of a text that must be one of the published words. It limits what
// a refusal repeats.
const maxWord = 128

// LimitsOf returns the limits of a field's values: those of its tags, and otherwise those of its
// type. minItems and maxItems apply to a list itself, all others to its elements.
func LimitsOf(t reflect.Type, tag reflect.StructTag) wire.Limits {
	l := typeLimits(t)
	l.Min, l.Max = tagNumber(tag, "min", l.Min), tagNumber(tag, "max", l.Max)
	for name, limit := range map[string]*int{"minLength": &l.MinLength, "maxLength": &l.MaxLength, "minItems": &l.MinItems, "maxItems": &l.MaxItems} {
		if n := tagNumber(tag, name, nil); n != nil {
			*limit = int(*n)
		}
	}
	if pattern, ok := tag.Lookup("pattern"); ok {
		l.Pattern = pattern
	}
	if words, ok := tag.Lookup("enum"); ok {
		l.Enum = strings.Split(words, ",")
	}
	return l
}

// typeLimits returns the limits that a type declares; for a list also those of its elements.
func typeLimits(t reflect.Type) wire.Limits {
	zero := reflect.New(t).Interface()
	if l, ok := zero.(limited); ok {
		return l.Limits()
	}
	if _, ok := zero.(enumerated); ok {
		return wire.AtMost(maxWord)
	}
	switch t.Kind() {
	case reflect.Pointer:
		return typeLimits(t.Elem())
	case reflect.Slice, reflect.Map:
		return typeLimits(t.Elem())
	case reflect.Int32:
		return wire.Between(-1<<31, 1<<31-1)
	}
	return wire.Limits{}
}

func tagNumber(tag reflect.StructTag, name string, otherwise *int64) *int64 {
	text, ok := tag.Lookup(name)
	if !ok {
		return otherwise
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		panic(fmt.Sprintf("the tag %s:%q is not a number", name, text))
	}
	return &n
}

func compileLimits(t reflect.Type, tag reflect.StructTag) limits {
	l := limits{Limits: LimitsOf(t, tag), refusal: tag.Get("refusal")}
	if l.Pattern != "" {
		l.pattern = regexp.MustCompile(l.Pattern)
	}
	return l
}

// lacking reports whether a parameter of a type has a value without limits.
func (l *limits) lacking(t reflect.Type) bool {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() == reflect.Slice {
		return l.MaxItems == 0 || l.lacking(t.Elem())
	}
	switch kindOf(t) {
	case aText:
		return l.MaxLength == 0 && l.Enum == nil
	case aNumber:
		return l.Min == nil || l.Max == nil
	}
	return kindOf(t) == anObject && l.MaxLength == 0 // it is parsed from a text
}

// number returns what is wrong with a whole number; empty if nothing is.
func (l *limits) number(n int64) string {
	switch {
	case l.Min != nil && n < *l.Min:
		return fmt.Sprintf("it must be at least %d", *l.Min)
	case l.Max != nil && n > *l.Max:
		return fmt.Sprintf("it must be at most %d", *l.Max)
	}
	return ""
}

// length returns what is wrong with the length of a text; empty if nothing is. bytes is its length
// in bytes. characters counts its characters; it is called only if the bytes do not decide.
func (l *limits) length(bytes int, characters func() int) string {
	switch {
	case l.MaxLength > 0 && bytes > l.MaxLength && characters() > l.MaxLength:
		return fmt.Sprintf("it has more than %d characters", l.MaxLength)
	case l.MinLength > 1 && characters() < l.MinLength:
		return fmt.Sprintf("it has less than %d characters", l.MinLength)
	case l.MinLength > 0 && bytes == 0:
		return "it is empty"
	}
	return ""
}

// form returns what is wrong with a text of valid length; empty if nothing is.
func (l *limits) form(text string) string {
	switch {
	case l.pattern != nil && !l.pattern.MatchString(text):
		return fmt.Sprintf("it does not match %s", l.Pattern)
	case l.Enum != nil && !slices.Contains(l.Enum, text):
		return fmt.Sprintf("one of %s is expected", strings.Join(l.Enum, ", "))
	}
	return ""
}

// text returns what is wrong with a text; empty if nothing is.
func (l *limits) text(text string) string {
	if wrong := l.length(len(text), func() int { return utf8.RuneCountInString(text) }); wrong != "" {
		return wrong
	}
	return l.form(text)
}

// items returns what is wrong with the number of a list's elements so far; empty if nothing is. If
// ended is false, more elements may follow.
func (l *limits) items(n int, ended bool) string {
	switch {
	case l.MaxItems > 0 && n > l.MaxItems:
		return fmt.Sprintf("it has more than %d elements", l.MaxItems)
	case ended && n < l.MinItems:
		return fmt.Sprintf("it has less than %d elements", l.MinItems)
	}
	return ""
}
