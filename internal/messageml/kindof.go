package messageml

import (
	"strings"

	"podium/internal/messageml/xmltree"
)

// kindOf finds the kind of a node, and whether it is written as PresentationML.
func (b *builder) kindOf(n *xmltree.Node, parent *element) (k *kind, presented bool, err error) {
	switch n.Kind {
	case xmltree.Comment, xmltree.CDATA, xmltree.Instruction:
		return nil, false, refuse(`Invalid element "%s"`, n.Name)
	}
	switch n.Name {
	case "div":
		return b.divKind(n, parent)
	case "span":
		return b.spanKind(n)
	case "input":
		return inputKind(n)
	case "header", "body", "footer", "title":
		return partKind(n, parent), false, nil
	case "label":
		if blank(n.Attribute("for")) {
			return nil, false, refuse(`Invalid MessageML content at element "for": 'data-target-id' attribute missing or empty`)
		}
		return unwrapped, true, nil
	}
	k, ok := byTag[n.Name]
	if b.presented && (k == checkbox || k == radio) {
		return nil, false, refuse(`Invalid PresentationML for the "%s" element`, n.Name)
	}
	if !ok {
		return nil, false, refuse(`Invalid MessageML content at element "%s"`, n.Name)
	}
	return k, b.presented && k.presentedTag, nil
}

// byTag has the kinds whose tag alone tells.
var byTag = tags()

func tags() map[string]*kind {
	tags := map[string]*kind{
		"a": link, "img": image, "br": lineBreak, "hr": rule, "pre": pre, "code": code,
		"ul": bulletList, "ol": orderedList, "li": item,
		"table": table, "thead": tableHead, "tbody": tableBody, "tfoot": tableFoot, "tr": row, "th": headCell, "td": cell,
		"chime": chime, "audio": audio, "card": card, "expandable-card": expandableCard,
		"mention": mention, "hash": hash, "cash": cash, "tag": tag, "emoji": emojiTag, "dateTime": dateTime, "time": timeTag,
		"form": form, "button": button, "ui-action": uiAction, "dialog": dialog,
		"text-field": textField, "textarea": textArea, "richtextarea": richTextArea, "checkbox": checkbox, "radio": radio,
		"select": selectField, "option": option,
		"person-selector": personSelector, "room-selector": roomSelector, "date-selector": dateSelector,
		"date-picker": datePicker, "time-picker": timePicker, "timezone-picker": timezonePicker,
	}
	for _, k := range plain {
		tags[k.name] = k
	}
	return tags
}

// byClass has the parts of cards, which a div may be by one of its classes.
var byClass = map[string]*kind{
	"card": card, "cardHeader": cardHeader, "cardBody": cardBody,
	"expandable-card": expandableCard, "expandableCardHeader": expandableHeader, "expandableCardBody": expandableBody,
}

// divKind returns the kind that the class of a div selects.
func (b *builder) divKind(n *xmltree.Node, parent *element) (*kind, bool, error) {
	class := n.Attribute("class")
	if class == "" {
		return div, true, nil
	}
	if isEntity(class) {
		return b.entityKind(n)
	}
	for word := range strings.FieldsSeq(class) {
		if k, ok := byClass[word]; ok {
			return k, true, nil
		}
	}
	if n.Attribute("data-generated") == "true" {
		return unwrapped, true, nil
	}
	switch class {
	case "person-selector":
		return personSelector, true, nil
	case "room-selector":
		return roomSelector, true, nil
	case "date-selector":
		return dateSelector, true, nil
	case "timezone-picker":
		return timezonePicker, true, nil
	case "ui-action":
		return uiAction, true, nil
	case "checkbox-group":
		return checkbox, true, nil
	case "radio-group":
		return radio, true, nil
	}
	if parent.is("dialog") || parent.is("form") && parent.parent.is("dialog") {
		switch class {
		case "dialog-title":
			return dialogTitle, true, nil
		case "dialog-body":
			return dialogBody, true, nil
		case "dialog-footer":
			return dialogFooter, true, nil
		}
	}
	return div, true, nil
}

func (b *builder) spanKind(n *xmltree.Node) (*kind, bool, error) {
	class := n.Attribute("class")
	switch {
	case isEntity(class):
		return b.entityKind(n)
	case class == "info-hint" && n.Attribute("data-target-id") != "":
		return unwrapped, true, nil
	}
	return span, true, nil
}

// inputKind returns the kind that the type of an input selects.
func inputKind(n *xmltree.Node) (*kind, bool, error) {
	switch n.Attribute("type") {
	case "text":
		return textField, true, nil
	case "checkbox":
		return checkbox, true, nil
	case "radio":
		return radio, true, nil
	case "date":
		return datePicker, true, nil
	case "time":
		return timePicker, true, nil
	}
	return nil, false, refuse(`The input type "%s" is not allowed on PresentationML`, n.Attribute("type"))
}

// partKind tells by the parent what a header, body, footer or title belongs to.
func partKind(n *xmltree.Node, parent *element) *kind {
	inDialog := parent.is("dialog") || parent.is("form") && parent.parent.is("dialog") || parent.is("body")
	switch {
	case n.Name == "title":
		return dialogTitle
	case n.Name == "footer":
		return dialogFooter
	case n.Name == "header" && parent.is("expandablecard"):
		return expandableHeader
	case n.Name == "header":
		return cardHeader
	case inDialog:
		return dialogBody
	case parent.is("expandablecard"):
		return expandableBody
	}
	return cardBody
}
