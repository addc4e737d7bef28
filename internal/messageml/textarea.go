package messageml

import "strconv"

var (
	textArea     = areaKind("textarea", "textarea")
	richTextArea = areaKind("richtextarea", "richtextarea")
)

func areaKind(name, prefix string) *kind {
	k := &kind{name: name, class: name, bit: inOther, presentedTag: true, keepsLines: true,
		attributes: texts("name", "placeholder", "required", "rows", "cols", "minlength", "maxlength", "disabled", "readonly",
			"formnovalidate", "pattern", "pattern-error-message").with(labels),
	}
	k.presented = k.attributes.with(attributes{
		"id": anyText, "data-richtext": dropped, "data-formnovalidate": kept("formnovalidate"),
		"data-pattern-error-message": kept("pattern-error-message"),
	})
	k.check = func(b *builder, e *element) error {
		if err := checkPattern(e); err != nil {
			return err
		}
		if err := checkField(e); err != nil {
			return err
		}
		if err := e.booleans("required", "disabled", "readonly"); err != nil {
			return err
		}
		if err := e.oneOf("formnovalidate", "data-formnovalidate", "true", "false"); err != nil {
			return err
		}
		for _, name := range []string{"rows", "cols"} {
			if text, ok := e.get(name); ok {
				if n, err := strconv.ParseInt(text, 10, 32); err != nil || n < 0 {
					return refuse(`Attribute "%s" is not valid, it must be an integer >= 0`, name)
				}
			}
		}
		if err := e.only(inText); err != nil {
			return err
		}
		if err := checkLengths(e, 0, 10_000, e.content()); err != nil {
			return err
		}
		return b.tieLabels(e)
	}
	k.write = func(w *writer, e *element) {
		w.labelled(e, prefix, func(id string) {
			w.open("textarea")
			rich := name == "richtextarea"
			for _, a := range []value{
				{"cols", "cols"}, {"disabled", "disabled"}, {"formnovalidate", "data-formnovalidate"}, {"maxlength", "maxlength"},
				{"minlength", "minlength"}, {"name", "name"}, {"placeholder", "placeholder"}, {"readonly", "readonly"},
				{"required", "required"}, {"rows", "rows"},
			} {
				if text, ok := e.get(a.name); ok {
					w.attr(a.text, text)
					if rich {
						w.attr("data-richtext", "true")
						rich = false
					}
				}
			}
			w.given(e, "pattern", "pattern")
			w.given(e, "pattern-error-message", "data-pattern-error-message")
			w.id(id)
			w.end()
			w.children(e)
			w.close("textarea")
		})
	}
	return k
}
