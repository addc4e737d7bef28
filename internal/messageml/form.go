package messageml

import (
	"strings"
)

// maxBoxes is how many checkboxes a form may have, and how many radio buttons.
const maxBoxes = 50

var form = &kind{name: "form", class: "form", bit: inOther, presentedTag: true, attributes: texts("id", "multi-submit"),
	presented: texts("id", "multi-submit").with(attributes{"data-multi-submit": kept("multi-submit")}),
	check:     checkForm,
	write: func(w *writer, e *element) {
		w.open("form")
		w.given(e, "id", "id")
		w.given(e, "multi-submit", "data-multi-submit")
		w.end()
		w.children(e)
		w.close("form")
	},
}

func checkForm(b *builder, e *element) error {
	if err := e.requireText("id"); err != nil {
		return err
	}
	if e.inside("form") != nil {
		return refuse(`Element "form" cannot be an inner child of the following elements: [form]`)
	}
	boxes := map[string]int{}
	action := false
	e.walk(func(inner *element) {
		if inner.is("checkbox") || inner.is("radio") {
			boxes[inner.kind.name]++
		}
		action = action || inner.is("button") && inner.attr("type") == "action"
	})
	if boxes["checkbox"] > maxBoxes || boxes["radio"] > maxBoxes {
		return refuse(`Element "form" cannot have more than %d children of the following elements: [checkbox, radio].`, maxBoxes)
	}
	if !action && !e.parent.is("dialog") {
		return refuse("The form with id '%s' should have at least one action button", e.attr("id"))
	}
	if err := e.oneOf("multi-submit", "multi-submit", "reset", "no-reset"); err != nil {
		return err
	}
	return b.unique(e.attr("id"))
}

// unique refuses an id that another form or dialog has.
func (b *builder) unique(id string) error {
	if b.ids[id] {
		return refuse("Elements must have unique ids. The following value is not unique: [%s].", id)
	}
	if b.ids == nil {
		b.ids = make(map[string]bool)
	}
	b.ids[id] = true
	return nil
}

// Form is a form of a message: what a submission is checked against.
type Form struct {
	ID      string
	Fields  []Field
	Buttons []string // names of the buttons that submit it
}

// Field is one field of a form.
type Field struct {
	Name      string
	Kind      string // as its tag is called: "text-field", "checkbox" …
	Required  bool
	Multiple  bool
	MinLength int
	MaxLength int // 0: not bounded
	Values    []string
}

// forms collects the forms of a message.
func forms(root *element) []Form {
	var all []Form
	root.walk(func(e *element) {
		if !e.is("form") {
			return
		}
		f := Form{ID: e.attr("id")}
		e.walk(func(inner *element) {
			if inner.is("button") && inner.attr("type") == "action" {
				f.Buttons = append(f.Buttons, inner.attr("name"))
			} else if inner.kind != nil && inner.has("name") {
				f.Fields = append(f.Fields, field(inner))
			}
		})
		all = append(all, f)
	})
	return all
}

func field(e *element) Field {
	f := Field{Name: e.attr("name"), Kind: e.kind.name, Required: e.isTrue("required"), Multiple: e.isTrue("multiple")}
	for _, bound := range []struct {
		name string
		at   *int
	}{{"minlength", &f.MinLength}, {"maxlength", &f.MaxLength}} {
		if n, err := parseLong(e.attr(bound.name)); err == nil {
			*bound.at = int(n)
		}
	}
	switch {
	case e.is("checkbox"), e.is("radio"):
		f.Values = []string{e.attr("value")}
	case e.is("select"):
		for _, c := range e.children {
			if c.is("option") {
				f.Values = append(f.Values, c.attr("value"))
			}
		}
	}
	return f
}

// isSpaceless reports whether an id has no white space.
func isSpaceless(id string) bool { return id != "" && !strings.ContainsAny(id, " \t\n\v\f\r") }
