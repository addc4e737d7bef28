package messageml

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf16"
)

// kind is a tag of the language.
type kind struct {
	name  string // as error texts call the element: always its MessageML name
	class string // as lists in error texts call it
	bit   mask   // its place in content models

	attributes attributes // that it takes when it is written as MessageML
	presented  attributes // that it takes when it is written as PresentationML; nil: the same

	presentedTag bool // its tag is the same in PresentationML

	numbered   bool // it takes a number of the entities, before what it holds is built
	keepsLines bool // line breaks of its own texts stay

	check func(b *builder, e *element) error
	write func(w *writer, e *element)
}

// attributes says which attributes an element takes, by the names that are written. "" is
// the key of class and style, which most elements take.
type attributes map[string]attribute

// attribute says under which name an attribute is kept, and how its value is read.
type attribute struct {
	as   string // empty: its own name
	read func(b *builder, e *element, value string) (string, error)
}

// element is one element of a message, or a text.
type element struct {
	kind      *kind  // nil: a text
	tag       string // as it was written
	parent    *element
	presented bool   // it was written as PresentationML
	text      string // of a text
	values    []value
	children  []*element

	id     string // generated, where the output needs one
	number int    // among the entities of the message
	entity *entity
}

type value struct{ name, text string }

// get returns the attribute's value, and whether it was given.
func (e *element) get(name string) (string, bool) {
	for i := range e.values {
		if e.values[i].name == name {
			return e.values[i].text, true
		}
	}
	return "", false
}

func (e *element) attr(name string) string {
	text, _ := e.get(name)
	return text
}

func (e *element) has(name string) bool {
	_, ok := e.get(name)
	return ok
}

func (e *element) set(name, text string) {
	for i := range e.values {
		if e.values[i].name == name {
			e.values[i].text = text
			return
		}
	}
	e.values = append(e.values, value{name, text})
}

func (e *element) isText() bool { return e.kind == nil }

// isBlank reports whether the element is a text of white space only.
func (e *element) isBlank() bool { return e.isText() && blank(e.text) }

// is reports whether the element is of the class. Kinds are compared by it, not by address, since
// kinds whose rules name one another could not be declared else.
func (e *element) is(class string) bool { return e.kind != nil && e.kind.class == class }

// inside returns the nearest ancestor of one of the classes, nil if there is none.
func (e *element) inside(classes ...string) *element {
	for a := e.parent; a != nil; a = a.parent {
		if slices.Contains(classes, a.kind.class) {
			return a
		}
	}
	return nil
}

// walk calls do for the element and all that it holds, in the order of the document.
func (e *element) walk(do func(*element)) {
	do(e)
	for _, c := range e.children {
		c.walk(do)
	}
}

// content returns the text of the element's own texts.
func (e *element) content() string {
	if len(e.children) == 1 && e.children[0].isText() {
		return e.children[0].text
	}
	var b strings.Builder
	for _, c := range e.children {
		b.WriteString(c.text)
	}
	return b.String()
}

// length returns the number of UTF-16 units of the text, in which Java counts.
func length(text string) int {
	n := 0
	for _, r := range text {
		n += utf16.RuneLen(r)
	}
	return n
}

func refuse(format string, args ...any) error {
	return &Error{Message: fmt.Sprintf(format, args...)}
}
