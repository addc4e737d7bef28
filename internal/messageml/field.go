package messageml

import "podium/internal/messageml/xmltree"

// The longest names, labels and hints of fields, in UTF-16 units.
const (
	maxName  = 64
	maxLabel = 256
	maxTitle = 256
)

// checkField checks what all fields have in common: labels of bounded length, a form around them, a
// name.
func checkField(e *element) error {
	longest := maxLabel
	if e.is("datepicker") {
		longest = maxDateLabel
	}
	if length(e.attr("label")) > longest {
		return refuse("The attribute label value is too long. Max length is: %d", longest)
	}
	if length(e.attr("title")) > maxTitle {
		return refuse("The attribute title value is too long. Max length is: %d", maxTitle)
	}
	if err := e.innerChildOf("form"); err != nil {
		return err
	}
	return e.require("name")
}

// labels are the attributes by which a field gets a label and a hint.
var labels = texts("label", "title")

// tieLabels returns the last check of a field: it must have a name that is not blank. It draws the
// id that ties the label and the hint to the field.
func (b *builder) tieLabels(e *element) error {
	if err := e.requireText("name"); err != nil {
		return err
	}
	if e.has("label") || e.has("title") {
		e.id = b.newID()
	}
	return nil
}

// labelled writes a field, wrapped with its label and hint if it has them. field is told the id to
// write, "" for none.
func (w *writer) labelled(e *element, prefix string, field func(id string)) {
	if e.id == "" {
		field("")
		return
	}
	id := prefix + "-" + e.id
	w.open("div")
	w.attr("class", prefix+"-group")
	w.attr("data-generated", "true")
	w.end()
	if label, ok := e.get("label"); ok {
		w.open("label")
		w.attr("for", id)
		w.end()
		w.escape(label)
		w.close("label")
	}
	if title, ok := e.get("title"); ok {
		w.open("span")
		w.attr("class", "info-hint")
		w.attr("data-target-id", id)
		w.attr("data-title", title)
		w.end()
		w.close("span")
	}
	field(id)
	w.close("div")
}

// id writes the attribute id if there is one.
func (w *writer) id(id string) {
	if id != "" {
		w.attr("id", id)
	}
}

// unwrapped marks what the output generates around a field: it is taken apart when it comes back,
// and made again.
var unwrapped = &kind{name: "div", class: "div"}

// unwrap builds what a generated wrapper holds in its place. Labels and hints were read before.
func (b *builder) unwrap(n *xmltree.Node, parent *element) error {
	if n.Name != "div" {
		return nil
	}
	return b.children(parent, n)
}

// hint is the label and the title of a field that came back as PresentationML.
type hint struct {
	label, title       string
	hasLabel, hasTitle bool
}

// readHints reads the labels and hints of the document, by the id of the field that they name.
func (b *builder) readHints(root *xmltree.Node) error {
	var err error
	collect(root, func(n *xmltree.Node) bool {
		if class := n.Attribute("class"); class == "checkbox-group" || class == "radio-group" {
			return false // the label there is the content of a box
		}
		target, isLabel := "", n.Name == "label"
		switch {
		case isLabel:
			target = n.Attribute("for")
		case n.Name == "span" && n.Attribute("class") == "info-hint":
			target = n.Attribute("data-target-id")
		}
		if target == "" {
			return true
		}
		h := b.hints[target]
		if isLabel && h.hasLabel || !isLabel && h.hasTitle {
			err = refuse("Invalid MessageML content, multiple splittable elements with the same id created")
		}
		if isLabel {
			h.label, h.hasLabel = plainText(n), true
		} else {
			h.title, h.hasTitle = n.Attribute("data-title"), true
		}
		if b.hints == nil {
			b.hints = make(map[string]hint)
		}
		b.hints[target] = h
		return true
	})
	return err
}

func plainText(n *xmltree.Node) string {
	text := n.Text
	for _, c := range n.Children {
		text += plainText(c)
	}
	return text
}

// takeHints gives a field that came back the label and the hint that were beside it.
func (b *builder) takeHints(e *element, id string) {
	h := b.hints[id]
	if h.hasLabel {
		e.set("label", h.label)
	}
	if h.hasTitle {
		e.set("title", h.title)
	}
}
