// Package forms reads the forms of a message as they are stored, and checks the values that users
// submit. Package messageml checks the forms themselves when a message is sent.
package forms

import (
	"strconv"
	"strings"

	"podium/internal/messageml/xmltree"
)

// Form is a form of a message.
type Form struct {
	ID      string
	fields  []field
	buttons map[string]bool // by name; whether it submits values that are not checked
}

// kind is what a field takes.
type kind string

const (
	text     kind = "text"
	checkbox kind = "checkbox"
	radio    kind = "radio"
	choice   kind = "select"
	date     kind = "date"
	clock    kind = "time"
	zone     kind = "timezone-picker"
	persons  kind = "person-selector"
	rooms    kind = "room-selector"
	anyDate  kind = "date-selector"
)

// field is one field of a form. Several may have one name.
type field struct {
	name       string
	kind       kind
	required   bool
	multiple   bool
	submits    bool // a change of it submits the form
	unchecked  bool // its value is not checked
	least      int  // characters of a text, values of a choice
	most       int  // 0: not bounded
	from, to   string
	pattern    string
	complaint  string   // what the form says of a value that the pattern refuses
	selectable []string // the values of a choice, or that of a box
}

// Find returns the form with an id of a message in PresentationML; ok is false if there is none.
func Find(presentation, id string) (f Form, ok bool, err error) {
	root, err := xmltree.Parse(presentation)
	if err != nil {
		return f, false, err
	}
	node := find(root, id)
	if node == nil {
		return f, false, nil
	}
	f = Form{ID: id, buttons: map[string]bool{}}
	f.read(node)
	return f, true, nil
}

func find(n *xmltree.Node, id string) *xmltree.Node {
	if n.Kind != xmltree.Element {
		return nil
	}
	if n.Name == "form" && n.Attribute("id") == id {
		return n
	}
	for _, c := range n.Children {
		if found := find(c, id); found != nil {
			return found
		}
	}
	return nil
}

// read collects the fields and buttons below a node.
func (f *Form) read(n *xmltree.Node) {
	for _, c := range n.Children {
		if c.Kind != xmltree.Element {
			continue
		}
		if c.Name == "button" {
			if c.Attribute("type") == "action" {
				f.buttons[c.Attribute("name")] = isTrue(c, "data-formnovalidate")
			}
			continue
		}
		if kind := kindOf(c); kind != "" {
			f.fields = append(f.fields, fieldOf(c, kind))
			continue
		}
		f.read(c)
	}
}

// kindOf returns the kind of the field that an element is; empty for any other element.
func kindOf(n *xmltree.Node) kind {
	switch n.Name {
	case "input":
		switch kind := kind(n.Attribute("type")); kind {
		case checkbox, radio, date, clock:
			return kind
		}
		return text
	case "textarea":
		return text
	case "select":
		return choice
	case "div":
		switch kind := kind(n.Attribute("class")); kind {
		case zone, persons, rooms, anyDate:
			return kind
		}
	}
	return ""
}

func fieldOf(n *xmltree.Node, kind kind) field {
	f := field{
		name: either(n, "name"), kind: kind, required: isTrue(n, "required") || isTrue(n, "data-required"), multiple: isTrue(n, "multiple"),
		submits: isTrue(n, "data-auto-submit"), unchecked: isTrue(n, "data-formnovalidate"), from: n.Attribute("min"), to: n.Attribute("max"),
		pattern: n.Attribute("pattern"), complaint: n.Attribute("data-pattern-error-message"),
	}
	switch kind {
	case text:
		f.least, f.most = number(n, "minlength"), number(n, "maxlength")
	case choice:
		f.least, f.most = number(n, "data-min"), number(n, "data-max")
		for _, c := range n.Children {
			if c.Name == "option" {
				f.selectable = append(f.selectable, c.Attribute("value"))
			}
		}
	case checkbox, radio:
		f.selectable = []string{n.Attribute("value")}
	}
	return f
}

// either returns an attribute by its name, or by its name with data- before it.
func either(n *xmltree.Node, name string) string {
	if value := n.Attribute(name); value != "" {
		return value
	}
	return n.Attribute("data-" + name)
}

func isTrue(n *xmltree.Node, name string) bool { return strings.EqualFold(n.Attribute(name), "true") }

func number(n *xmltree.Node, name string) int {
	value, err := strconv.Atoi(n.Attribute(name))
	if err != nil {
		return 0 // absent: the attribute is checked when the message is sent
	}
	return value
}
