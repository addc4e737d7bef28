package messageml

import (
	"cmp"
	"slices"

	"podium/internal/messageml/jsontree"
	"podium/internal/messageml/xmltree"
)

// builder makes elements of a document, and checks them. The first fault ends it.
type builder struct {
	options Options
	data    *jsontree.Object
	users   Users

	presented bool               // the root is a <div>
	scopes    []*jsontree.Object // the data of the entity elements around the present one, innermost last
	count     int                // of the entities that shorthand tags have made
	ids       map[string]bool    // of forms and dialogs
	late      error              // found when the message is written, so that any other fault counts before it
	hints     map[string]hint    // labels of fields that came back, by the id of the field
}

// document builds the root and all that it holds.
func (b *builder) document(tree *xmltree.Node) (*element, error) {
	if err := b.checkEntityIDs(tree); err != nil {
		return nil, err
	}
	b.presented = tree.Name == "div"
	if tree.Name != "messageML" && !b.presented {
		return nil, refuse("Root tag must be <messageML> or <div>")
	}
	if err := b.readHints(tree); err != nil {
		return nil, err
	}
	if err := b.lookUp(tree); err != nil {
		return nil, err
	}
	root := &element{kind: messageML, presented: b.presented}
	if err := b.attributes(root, tree); err != nil {
		return nil, err
	}
	if err := b.children(root, tree); err != nil {
		return nil, err
	}
	return root, b.finish(root)
}

// shorthands are the tags that may not stand in PresentationML.
var shorthands = map[string]bool{
	"mention": true, "hash": true, "cash": true, "chime": true, "card": true, "expandable-card": true, "header": true, "body": true,
}

// refuseLater refuses the message unless another fault is found.
func (b *builder) refuseLater(text string) {
	if b.late == nil {
		b.late = refuse("%s", text)
	}
}

// build builds one element: its attributes by their names, then what it holds, then its own rules.
func (b *builder) build(n *xmltree.Node, parent *element) error {
	k, presented, err := b.kindOf(n, parent)
	if err != nil {
		return err
	}
	if k == unwrapped {
		return b.unwrap(n, parent)
	}
	if b.presented && shorthands[n.Name] {
		return refuse(`Shorthand tag "%s" is not allowed in PresentationML`, n.Name)
	}
	if n.Name == "div" && (k == checkbox || k == radio) {
		if n, err = splitBox(k, n); err != nil {
			return err
		}
	}
	if k.class == "chime" && !parent.is("messageml") {
		return refuse(`Element "%s" has to be the only element in the message.`, k.name)
	}
	e := &element{kind: k, tag: n.Name, parent: parent, presented: presented}
	parent.children = append(parent.children, e)
	if err := b.attributes(e, n); err != nil {
		return err
	}
	leave, err := b.enter(e)
	if err != nil {
		return err
	}
	if err := b.children(e, n); err != nil {
		return err
	}
	leave()
	if id, ok := e.get("id"); ok && e.presented && b.hints != nil {
		b.takeHints(e, id)
	}
	if k.check == nil {
		return nil
	}
	return k.check(b, e)
}

func (b *builder) children(e *element, n *xmltree.Node) error {
	for _, c := range n.Children {
		if c.Kind == xmltree.Text {
			e.children = append(e.children, &element{parent: e, text: c.Text})
			continue
		}
		if err := b.build(c, e); err != nil {
			return err
		}
	}
	return nil
}

// attributes reads the attributes of an element in the order of their names.
func (b *builder) attributes(e *element, n *xmltree.Node) error {
	if len(n.Attributes) == 0 {
		return nil
	}
	if len(n.Attributes) > 1 {
		slices.SortFunc(n.Attributes, func(x, y xmltree.Attribute) int { return cmp.Compare(x.Name, y.Name) })
	}
	known := e.kind.attributes
	if e.presented && e.kind.presented != nil {
		known = e.kind.presented
	}
	for _, a := range n.Attributes {
		rule, ok := known[a.Name]
		if !ok {
			return b.unknownAttribute(e, a.Name)
		}
		text := a.Value
		if rule.read != nil {
			var err error
			if text, err = rule.read(b, e, text); err != nil {
				return err
			}
		}
		switch rule.as {
		case "-":
		case "":
			e.set(a.Name, text)
		default:
			e.set(rule.as, text)
		}
	}
	return nil
}

// onlyFor lists the attributes of a div that one class allows, for the words of the refusal.
var onlyFor = map[string]string{
	"data-entity-id": "entity", "data-icon-src": "card", "data-accent-color": "card",
	"data-state": "expandable-card", "data-variant": "expandableCardBody",
}

func (b *builder) unknownAttribute(e *element, name string) error {
	class, ok := onlyFor[name]
	switch {
	case ok && e.is("div"), name == "data-entity-id" && e.is("span"):
		return refuse(`The attribute "%s" is only allowed if the element class is "%s".`, name, class)
	case (e.is("messageml") || e.kind == dialogTitle || e.kind == dialogBody || e.kind == dialogFooter) && (name == "class" || name == "style"):
		return refuse(`Element "%s" may not have attributes`, e.kind.name)
	}
	return refuse(`Attribute "%s" is not allowed in "%s"`, name, e.kind.name)
}
