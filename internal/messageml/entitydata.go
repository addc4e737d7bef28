package messageml

import (
	"slices"
	"strconv"
	"strings"

	"podium/internal/messageml/jsontree"
	"podium/internal/messageml/xmltree"
)

// The types of entities that the language knows.
const (
	mentionType  = "com.symphony.user.mention"
	userIDType   = "com.symphony.user.userId"
	hashtagType  = "org.symphonyoss.taxonomy"
	securityType = "org.symphonyoss.fin.security"
	emojiType    = "com.symphony.emoji"
	dateTimeType = "org.symphonyoss"
)

// checkEntityIDs refuses a message that refers to an entity which its data does not have.
func (b *builder) checkEntityIDs(root *xmltree.Node) error {
	wanted := make(map[string]bool)
	var order []string
	collect(root, func(n *xmltree.Node) bool {
		for _, a := range n.Attributes {
			if a.Name == "data-entity-id" && !wanted[a.Value] {
				wanted[a.Value] = true
				order = append(order, a.Value)
			}
		}
		return true
	})
	if len(order) == 0 {
		return nil
	}
	found := make(map[string][]jsontree.Value)
	findMembers(b.data, wanted, found)
	for _, id := range order {
		values := found[id]
		if len(values) == 0 {
			return refuse(`Error processing EntityJSON: no entity data provided for "data-entity-id"="%s"`, id)
		}
		if len(values) > 1 {
			return refuse(`Duplicate "data-entity-id"="%s" in entityJSON`, id)
		}
		if _, ok := values[0].(*jsontree.Object); !ok {
			return notAnObject(id)
		}
	}
	return nil
}

func notAnObject(id string) error {
	return refuse(`Error processing EntityJSON: the node "%s" has to be an object`, id)
}

// collect calls do for the elements of the tree, outer ones first. It leaves out what an element
// holds for which do returns false.
func collect(n *xmltree.Node, do func(*xmltree.Node) bool) {
	if !do(n) {
		return
	}
	for _, c := range n.Children {
		if c.Kind == xmltree.Element {
			collect(c, do)
		}
	}
}

// findMembers finds the members of the names wanted, at any depth.
func findMembers(v jsontree.Value, wanted map[string]bool, found map[string][]jsontree.Value) {
	switch v := v.(type) {
	case *jsontree.Object:
		for _, name := range v.Names() {
			member, _ := v.Get(name)
			if wanted[name] {
				found[name] = append(found[name], member)
			}
			findMembers(member, wanted, found)
		}
	case *jsontree.Array:
		for _, item := range v.Items {
			findMembers(item, wanted, found)
		}
	}
}

// entityData returns the data of an entity element: of the enclosing entities the innermost that
// has it, then of the message.
func (b *builder) entityData(id string) *jsontree.Object {
	for i := len(b.scopes) - 1; i >= 0; i-- {
		if v, ok := b.scopes[i].Get(id); ok {
			object, _ := v.(*jsontree.Object)
			return object
		}
	}
	v, _ := b.data.Get(id)
	object, _ := v.(*jsontree.Object)
	return object
}

// scope returns the object that shorthand tags add their entries to.
func (b *builder) scope() *jsontree.Object {
	if len(b.scopes) > 0 {
		return b.scopes[len(b.scopes)-1]
	}
	return b.data
}

// entry adds an element's entry under the id that the prefix and its number make, unless the data
// has one of that id already. It returns the id.
func (b *builder) entry(e *element, prefix string, make func() *jsontree.Object) (string, error) {
	id := prefix + strconv.Itoa(e.number)
	if v, ok := b.scope().Get(id); ok {
		if _, ok := v.(*jsontree.Object); !ok {
			return "", notAnObject(id)
		}
		return id, nil
	}
	b.scope().Set(id, make())
	return id, nil
}

// identified returns an entry of the type whose id has one part.
func identified(kind, idType, value string) *jsontree.Object {
	part := jsontree.NewObject().With("type", idType).With("value", value)
	return jsontree.NewObject().With("type", kind).With("version", "1.0").With("id", &jsontree.Array{Items: []jsontree.Value{part}})
}

// identity returns the first part of an entry's id as text. ok is false if there is none.
func identity(o *jsontree.Object) (value string, ok bool) {
	v, _ := o.Get("id")
	parts, _ := v.(*jsontree.Array)
	if parts == nil || len(parts.Items) == 0 {
		return "", false
	}
	part, _ := parts.Items[0].(*jsontree.Object)
	if part == nil {
		return "", false
	}
	v, ok = part.Get("value")
	switch v := v.(type) {
	case string:
		return v, ok
	case jsontree.Number:
		return string(v), ok
	case bool:
		return strconv.FormatBool(v), ok
	case nil:
		return "null", ok
	}
	return "", ok
}

// entityKind returns the kind of an element of the class entity, by its data. tag is div or span.
func (b *builder) entityKind(n *xmltree.Node) (k *kind, presented bool, err error) {
	own := span
	if n.Name == "div" {
		own = div
	}
	id := n.Attribute("data-entity-id")
	exact := n.Attribute("class") == "entity"
	if id == "" {
		if exact && !hasAttribute(n, "data-entity-id") {
			return nil, false, refuse(`The attribute "data-entity-id" is required`)
		}
		return own, true, nil
	}
	data := b.entityData(id)
	if data == nil {
		return nil, false, refuse(`Error processing EntityJSON: no entity data provided for "data-entity-id"="%s"`, id)
	}
	kind, isText := data.Get("type")
	if _, isString := kind.(string); isText && !isString {
		return nil, false, notAnObject(id)
	}
	if _, ok := identity(data); ok {
		switch kind {
		case mentionType:
			return mention, true, nil
		case hashtagType:
			return hash, true, nil
		case securityType:
			return cash, true, nil
		}
	}
	if !exact {
		return own, true, nil
	}
	if own == div {
		return entityDiv, true, nil
	}
	return entitySpan, true, nil
}

func hasAttribute(n *xmltree.Node, name string) bool {
	return slices.ContainsFunc(n.Attributes, func(a xmltree.Attribute) bool { return a.Name == name })
}

// isEntity reports whether a class has the word entity.
func isEntity(class string) bool {
	for word := range strings.FieldsSeq(class) {
		if word == "entity" {
			return true
		}
	}
	return false
}

var (
	entityAttributes = global.with(texts("data-entity-id"))
	entityDiv        = &kind{name: "div", class: "div", bit: inOther, attributes: entityAttributes, write: same("div")}
	entitySpan       = &kind{name: "span", class: "span", bit: inSpan, attributes: entityAttributes, write: same("span")}
)

// enter makes the entity of an element and opens its scope: the entities that the element holds add
// their entries to the object there. What a mention or a tag holds is not shown, so its entities
// go nowhere. leave closes the scope.
func (b *builder) enter(e *element) (leave func(), err error) {
	if e.kind.numbered && !e.has("data-entity-id") {
		b.count++
		e.number = b.count
	}
	var scope *jsontree.Object
	switch {
	case e.kind == entityDiv || e.kind == entitySpan:
		scope = b.entityData(e.attr("data-entity-id"))
	case e.is("emoji"):
		if scope, err = b.openEmoji(e); err != nil {
			return nil, err
		}
	case e.kind.numbered && e.has("email") && !e.has("uid") && !b.knows(e.attr("email")):
		return func() {}, nil // it becomes a link, which shows what it holds
	case e.kind.numbered:
		scope = jsontree.NewObject()
	default:
		return func() {}, nil
	}
	b.scopes = append(b.scopes, scope)
	return func() { b.scopes = b.scopes[:len(b.scopes)-1] }, nil
}
