package messageml

import "strconv"

var selectField = &kind{name: "select", class: "select", bit: inOther, presentedTag: true,
	attributes: texts("name", "data-placeholder", "required", "formnovalidate", "multiple", "min", "max", "auto-submit", "disabled",
		"readonly", "id").with(labels),
	presented: texts("name", "data-placeholder", "required", "formnovalidate", "multiple", "min", "max", "auto-submit", "disabled",
		"readonly", "id").with(labels).with(attributes{"data-min": kept("min"), "data-max": kept("max"),
		"data-auto-submit": kept("auto-submit"), "data-formnovalidate": kept("formnovalidate")}),
	check: checkSelect,
	write: func(w *writer, e *element) {
		w.labelled(e, "dropdown", func(id string) {
			w.open("select")
			for _, a := range []value{
				{"auto-submit", "data-auto-submit"}, {"data-placeholder", "data-placeholder"}, {"disabled", "disabled"},
				{"formnovalidate", "data-formnovalidate"}, {"max", "data-max"}, {"min", "data-min"}, {"multiple", "multiple"},
				{"name", "name"}, {"readonly", "readonly"}, {"required", "required"},
			} {
				w.given(e, a.name, a.text)
			}
			w.id(id)
			w.end()
			w.children(e)
			w.close("select")
		})
	},
}

func checkSelect(b *builder, e *element) error {
	if err := checkField(e); err != nil {
		return err
	}
	if err := e.only(inOption); err != nil {
		return err
	}
	if err := e.atLeastOne("option"); err != nil {
		return err
	}
	if err := e.booleans("required", "multiple", "disabled", "readonly", "formnovalidate"); err != nil {
		return err
	}
	if err := e.oneOf("auto-submit", "data-auto-submit", "true", "false"); err != nil {
		return err
	}
	if err := e.requireText("name"); err != nil {
		return err
	}
	if err := checkChoices(e); err != nil {
		return err
	}
	selected := 0
	for _, c := range e.children {
		if !c.isText() && c.isTrue("selected") {
			selected++
		}
	}
	if selected > 1 && !e.isTrue("multiple") {
		return refuse(`Element "select" can only have one selected "option"`)
	}
	return b.tieLabels(e)
}

// checkChoices checks how many options may be chosen.
func checkChoices(e *element) error {
	bounds := map[string]int64{}
	for _, bound := range []struct {
		name  string
		least int64
	}{{"min", 0}, {"max", 1}} {
		text, ok := e.get(bound.name)
		if !ok {
			continue
		}
		if !e.isTrue("multiple") {
			return refuse(`Attribute "%s" is not allowed. Attribute "multiple" missing`, bound.name)
		}
		n, err := strconv.ParseInt(text, 10, 32)
		if err != nil || n < bound.least {
			return refuse(`Attribute "%s" is not valid, it must be >= %d`, bound.name, bound.least)
		}
		bounds[bound.name] = n
	}
	min, hasMin := bounds["min"]
	max, hasMax := bounds["max"]
	if hasMin && hasMax && min > max {
		return refuse(`Attribute "min" is greater than attribute "max"`)
	}
	if hasMin && min == 0 && e.isTrue("required") {
		return refuse(`Attribute "min" cannot be 0 if "required" is true`)
	}
	return nil
}

var option = &kind{name: "option", class: "option", bit: inOption, attributes: texts("value", "selected"),
	check: func(_ *builder, e *element) error {
		if err := e.require("value"); err != nil {
			return err
		}
		if err := e.childOf("select"); err != nil {
			return err
		}
		if err := e.booleans("selected"); err != nil {
			return err
		}
		if err := e.only(inText); err != nil {
			return err
		}
		return e.withText()
	},
	write: func(w *writer, e *element) {
		w.open("option")
		w.given(e, "selected", "selected")
		w.given(e, "value", "value")
		w.end()
		w.children(e)
		w.close("option")
	},
}
