package messageml

import (
	"podium/internal/messageml/jsontree"
)

// maxActionUsers is how many users an open-im may name.
const maxActionUsers = 15

var uiAction = &kind{name: "ui-action", class: "uiaction", bit: inOther,
	attributes: texts("action", "trigger", "user-ids", "stream-id", "side-by-side", "target-id").with(attributes{
		"class": dropped, "data-action": kept("action"), "data-trigger": kept("trigger"), "data-user-ids": kept("user-ids"),
		"data-stream-id": kept("stream-id"), "data-side-by-side": kept("side-by-side"), "data-target-id": kept("target-id"),
	}),
	check: checkAction,
	write: func(w *writer, e *element) {
		w.open("div")
		w.attr("class", "ui-action")
		w.given(e, "action", "data-action")
		w.given(e, "trigger", "data-trigger")
		w.given(e, "user-ids", "data-user-ids")
		w.given(e, "stream-id", "data-stream-id")
		w.given(e, "side-by-side", "data-side-by-side")
		if target, ok := e.get("target-id"); ok {
			if e.id != "" {
				target = e.id + "-" + target
			}
			w.attr("data-target-id", target)
		}
		w.end()
		w.children(e)
		w.close("div")
	},
}

func checkAction(_ *builder, e *element) error {
	for _, c := range e.children {
		if !c.isBlank() && (c.isText() || c.kind.class != "button" && c.kind.class != "uiaction") {
			name := "null"
			if !c.isText() {
				name = c.kind.name
			}
			return refuse(`Element "%s" is not allowed in "ui-action"`, name)
		}
	}
	if err := e.atLeastOne("button", "uiaction"); err != nil {
		return err
	}
	if err := e.require("action"); err != nil {
		return err
	}
	if err := e.oneOf("action", "action", "open-im", "open-dialog"); err != nil {
		return err
	}
	if !e.has("trigger") {
		e.set("trigger", "click")
	}
	switch e.attr("action") {
	case "open-im":
		if err := checkOpenIM(e); err != nil {
			return err
		}
	case "open-dialog":
		if !isSpaceless(e.attr("target-id")) {
			return refuse(`The attribute "target-id" is required and must not contain any whitespace`)
		}
		if err := e.atMost("target-id", maxDialogID); err != nil {
			return err
		}
	}
	return e.oneOf("trigger", "trigger", "click")
}

func checkOpenIM(e *element) error {
	if err := e.booleans("side-by-side"); err != nil {
		return err
	}
	users, hasUsers := e.get("user-ids")
	hasStream := e.has("stream-id")
	switch {
	case hasUsers && hasStream:
		return refuse(`Only one between "stream-id" and "user-ids" is allowed`)
	case !hasUsers && !hasStream:
		return refuse(`At least one between "stream-id" and "user-ids" should be present`)
	case !hasUsers:
		return nil
	}
	v, err := jsontree.Parse(users)
	list, ok := v.(*jsontree.Array)
	if err != nil || !ok {
		return refuse(`Attribute "user-ids" contains an unsupported format, should be an array of user ids`)
	}
	if len(list.Items) > maxActionUsers {
		return refuse(`Attribute "user-ids" contains more values than allowed. Max value is %d`, maxActionUsers)
	}
	return nil
}

// linkDialogs gives each ui-action that names a dialog the id that the dialog will have. The dialog
// is its sibling.
func linkDialogs(root *element) error {
	var err error
	root.walk(func(parent *element) {
		var dialogs map[string]*element // of the parent, made when an action asks
		for _, e := range parent.children {
			if err != nil || !e.is("uiaction") || !e.has("target-id") {
				continue
			}
			if dialogs == nil {
				dialogs = make(map[string]*element)
				for _, c := range parent.children {
					if c.is("dialog") {
						dialogs[c.attr("id")] = c // ids are unique
					}
				}
			}
			d, ok := dialogs[e.attr("target-id")]
			if !ok {
				err = refuse("ui-action with a target-id must have only one dialog sibling with a matching id")
				return
			}
			e.id = d.id
		}
	})
	return err
}
