package messageml

import "podium/internal/messageml/xmltree"

var (
	checkbox = boxKind("checkbox")
	radio    = boxKind("radio")
)

// boxKind returns a checkbox or a radio button. What it holds becomes its label.
func boxKind(name string) *kind {
	k := &kind{name: name, class: name, bit: inOther,
		attributes: texts("name", "value", "checked", "disabled", "readonly", "formnovalidate").with(attributes{"label": dropped}),
	}
	k.presented = k.attributes.with(attributes{"type": dropped, "id": dropped, "data-formnovalidate": kept("formnovalidate")})
	k.check = func(b *builder, e *element) error {
		if err := checkField(e); err != nil {
			return err
		}
		if err := e.booleans("checked", "disabled", "readonly", "formnovalidate"); err != nil {
			return err
		}
		if err := e.requireText("name"); err != nil {
			return err
		}
		if err := e.only(inText | inBold | inItalic); err != nil {
			return err
		}
		if !e.has("value") {
			e.set("value", "on")
		}
		if len(e.children) > 0 {
			e.id = b.newID()
		}
		return nil
	}
	k.write = func(w *writer, e *element) {
		id := ""
		if e.id != "" {
			id = name + "-group-" + e.id
			w.open("div")
			w.attr("class", name+"-group")
			w.end()
		}
		w.open("input")
		w.attr("type", name)
		for _, a := range []value{
			{"name", "name"}, {"checked", "checked"}, {"value", "value"}, {"disabled", "disabled"}, {"readonly", "readonly"},
			{"formnovalidate", "data-formnovalidate"},
		} {
			w.given(e, a.name, a.text)
		}
		w.id(id)
		w.closed()
		if id == "" {
			return
		}
		w.open("label")
		w.attr("for", id)
		w.end()
		w.children(e)
		w.close("label")
		w.close("div")
	}
	return k
}

// splitBox takes the group apart that a box with a label became: its input has the attributes,
// its label the content.
func splitBox(k *kind, n *xmltree.Node) (*xmltree.Node, error) {
	var input, label *xmltree.Node
	for _, c := range n.Children {
		switch {
		case c.Kind == xmltree.Text && blank(c.Text):
		case c.Name == "input" && input == nil && c.Attribute("type") == k.name:
			input = c
		case c.Name == "label" && label == nil:
			label = c
		default:
			return nil, refuse(`Invalid PresentationML for the "%s" element`, k.name)
		}
	}
	if input == nil || label == nil {
		return nil, refuse(`Invalid PresentationML for the "%s" element`, k.name)
	}
	return &xmltree.Node{Name: "input", Attributes: input.Attributes, Children: label.Children}, nil
}
