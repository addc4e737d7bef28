package messageml

import (
	"fmt"

	"podium/internal/messageml/jsontree"
)

var (
	personSelector = selectorKind("person-selector", "user ids", false)
	roomSelector   = selectorKind("room-selector", "room ids", true)
	dateSelector   = selectorKind("date-selector", "", false)
)

// selectorKind returns a field that a client fills from a directory. ids is what its value lists;
// empty: it has no value. With texts the ids are strings, else numbers.
func selectorKind(name, ids string, strings bool) *kind {
	k := &kind{name: name, class: fmt.Sprintf("%sselector", name[:len(name)-len("-selector")]), bit: inOther,
		attributes: texts("name", "placeholder", "required"),
		presented: attributes{"class": dropped, "id": anyText, "data-name": kept("name"), "data-placeholder": kept("placeholder"),
			"data-required": kept("required"), "required": anyText},
	}
	if ids != "" {
		k.attributes = k.attributes.with(texts("value", "formnovalidate")).with(labels)
		k.presented = k.presented.with(attributes{"data-value": kept("value"), "data-formnovalidate": kept("formnovalidate"), "label": labels["label"]})
	}
	k.check = func(b *builder, e *element) error {
		if err := checkField(e); err != nil {
			return err
		}
		if err := e.booleans("required", "formnovalidate"); err != nil {
			return err
		}
		if list, ok := e.get("value"); ok && !isList(list, strings) {
			return refuse(`Attribute "value" contains an unsupported format, should be an array of %s`, ids)
		}
		if err := e.empty(); err != nil {
			return err
		}
		return b.tieLabels(e)
	}
	k.write = func(w *writer, e *element) {
		w.labelled(e, name, func(id string) {
			w.open("div")
			w.attr("class", name)
			w.given(e, "name", "data-name")
			w.given(e, "placeholder", "data-placeholder")
			w.given(e, "required", "data-required")
			w.given(e, "value", "data-value")
			w.given(e, "formnovalidate", "data-formnovalidate")
			w.id(id)
			w.end()
			w.close("div")
		})
	}
	return k
}

// isList reports whether the text is a JSON array of strings, or of numbers.
func isList(text string, strings bool) bool {
	v, err := jsontree.Parse(text)
	list, ok := v.(*jsontree.Array)
	if err != nil || !ok {
		return false
	}
	for _, item := range list.Items {
		if _, isString := item.(string); isString != strings {
			return false
		}
		if _, isNumber := item.(jsontree.Number); !strings && !isNumber {
			return false
		}
	}
	return true
}
