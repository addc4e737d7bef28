package messageml

import (
	"strconv"
	"strings"
)

// anyText is an attribute that takes any text.
var anyText = attribute{}

// kept returns an attribute that is kept under another name.
func kept(as string) attribute { return attribute{as: as} }

// dropped is an attribute that is taken and left out of the output.
var dropped = attribute{read: func(*builder, *element, string) (string, error) { return "", nil }, as: "-"}

// int64Attribute returns an attribute of the name that takes what Java's Long.parseLong takes, and
// is written as a number.
func int64Attribute(name string) attribute {
	return attribute{read: func(_ *builder, _ *element, text string) (string, error) {
		n, err := parseLong(text)
		if err != nil {
			return "", refuse(`Invalid input: %s must be a int64 value not "%s"`, name, text)
		}
		return strconv.FormatInt(n, 10), nil
	}}
}

// parseLong reads a whole number with an optional sign.
func parseLong(text string) (int64, error) { return strconv.ParseInt(text, 10, 64) }

// global is class and style.
var global = attributes{"class": anyText, "style": {read: readStyle}}

// with returns the attributes of both sets.
func (a attributes) with(more attributes) attributes {
	all := make(attributes, len(a)+len(more))
	for name, rule := range a {
		all[name] = rule
	}
	for name, rule := range more {
		all[name] = rule
	}
	return all
}

// texts returns attributes that take any text and are kept under their own names.
func texts(names ...string) attributes {
	a := make(attributes, len(names))
	for _, name := range names {
		a[name] = anyText
	}
	return a
}

// oneOf refuses a value that is not among those given; the case of letters does not matter.
func (e *element) oneOf(name, shown string, values ...string) error {
	given, ok := e.get(name)
	if !ok {
		return nil
	}
	for _, v := range values {
		if strings.EqualFold(v, given) {
			return nil
		}
	}
	return refuse(`Attribute "%s" of element "%s" can only be one of the following values: [%s].`, shown, e.kind.name, strings.Join(values, ", "))
}

// booleans refuses values other than true and false.
func (e *element) booleans(names ...string) error {
	for _, name := range names {
		if err := e.oneOf(name, name, "true", "false"); err != nil {
			return err
		}
	}
	return nil
}

// isTrue reports whether the attribute is true, however it is spelled.
func (e *element) isTrue(name string) bool { return strings.EqualFold(e.attr(name), "true") }

// require refuses an element without the attribute.
func (e *element) require(name string) error {
	if !e.has(name) {
		return refuse(`The attribute "%s" is required`, name)
	}
	return nil
}

// requireText refuses an element whose attribute is missing or blank.
func (e *element) requireText(name string) error {
	if blank(e.attr(name)) {
		return refuse(`The attribute "%s" is required`, name)
	}
	return nil
}

// atMost refuses a value of more than max UTF-16 units.
func (e *element) atMost(name string, max int) error {
	if length(e.attr(name)) > max {
		return refuse(`The attribute "%s" length is bigger than maximum allowed [%d]`, name, max)
	}
	return nil
}
