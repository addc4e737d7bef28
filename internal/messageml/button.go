package messageml

import "slices"

// buttonClasses are the classes that a button may have, with what they become.
var buttonClasses = map[string]string{
	"primary": "primary", "secondary": "secondary", "tertiary": "tertiary", "destructive": "destructive",
	"primary-link": "primary-link", "destructive-link": "destructive-link",
	"primary-destructive": "primary", "secondary-destructive": "secondary",
}

var button = &kind{name: "button", class: "button", bit: inOther, presentedTag: true,
	attributes: texts("type", "name", "class", "icon", "title", "formnovalidate"),
	presented: texts("type", "name", "class", "icon", "title", "formnovalidate").with(attributes{
		"data-icon": kept("icon"), "data-title": kept("title"), "data-formnovalidate": kept("formnovalidate")}),
	check: func(_ *builder, e *element) error {
		if err := e.innerChildOf("form", "uiaction"); err != nil {
			return err
		}
		if class, ok := e.get("class"); ok {
			shown, known := buttonClasses[class]
			if !known {
				return refuse(`Attribute "class" must be "primary", "secondary", "tertiary" or "destructive" ("primary-destructive" and "secondary-destructive" are deprecated)`)
			}
			e.set("class", shown)
		}
		if e.parent.is("uiaction") {
			if e.has("type") || e.has("name") {
				return refuse(`Attributes "type" and "name" are not allowed on a button inside a UIAction.`)
			}
			return e.only(inText)
		}
		if err := checkButton(e); err != nil {
			return err
		}
		if err := e.only(inText); err != nil {
			return err
		}
		return e.withText()
	},
	write: func(w *writer, e *element) {
		w.open("button")
		w.given(e, "type", "type")
		w.given(e, "class", "class")
		w.given(e, "icon", "data-icon")
		w.given(e, "name", "name")
		w.given(e, "title", "data-title")
		w.given(e, "formnovalidate", "data-formnovalidate")
		w.end()
		w.children(e)
		w.close("button")
	},
}

// checkButton checks the type of a form's button, and what that type demands.
func checkButton(e *element) error {
	if !e.has("type") {
		e.set("type", "action")
	}
	kind := e.attr("type")
	if !slices.Contains([]string{"action", "reset", "cancel"}, kind) {
		return refuse(`Attribute "type" must be "action", "reset" or "cancel"`)
	}
	named := !blank(e.attr("name"))
	switch {
	case kind != "reset" && !named:
		return refuse(`Attribute "name" is required for %s buttons`, kind)
	case kind == "reset" && named:
		return refuse(`Attribute "name" is allowed for action buttons only`)
	}
	return nil
}
