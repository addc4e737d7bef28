package messageml

import (
	"strconv"

	"github.com/dlclark/regexp2"
)

var textField = &kind{name: "text-field", class: "textfield", bit: inOther,
	attributes: texts("name", "placeholder", "required", "masked", "minlength", "maxlength", "disabled", "readonly", "auto-submit",
		"formnovalidate", "pattern", "pattern-error-message").with(labels),
	presented: texts("name", "placeholder", "required", "minlength", "maxlength", "disabled", "readonly", "value", "pattern").with(attributes{
		"label": labels["label"],
		"type":  dropped, "id": anyText, "data-masked": kept("masked"), "data-auto-submit": kept("auto-submit"),
		"data-formnovalidate": kept("formnovalidate"), "data-pattern-error-message": kept("pattern-error-message"),
	}),
	check: func(b *builder, e *element) error {
		if err := checkPattern(e); err != nil {
			return err
		}
		if err := checkField(e); err != nil {
			return err
		}
		if err := e.booleans("required", "masked", "disabled", "readonly"); err != nil {
			return err
		}
		if err := e.oneOf("auto-submit", "data-auto-submit", "true", "false"); err != nil {
			return err
		}
		if err := e.booleans("formnovalidate"); err != nil {
			return err
		}
		if e.presented {
			if err := e.empty(); err != nil {
				return err
			}
		} else {
			if err := e.only(inText); err != nil {
				return err
			}
			if len(e.children) > 0 {
				e.set("value", e.content())
				e.children = nil
			}
		}
		if err := checkLengths(e, 1, 128, e.attr("value")); err != nil {
			return err
		}
		return b.tieLabels(e)
	},
	write: func(w *writer, e *element) {
		w.labelled(e, "textfield", func(id string) {
			w.open("input")
			w.attr("type", "text")
			for _, a := range []value{
				{"name", "name"}, {"placeholder", "placeholder"}, {"required", "required"}, {"masked", "data-masked"},
				{"minlength", "minlength"}, {"maxlength", "maxlength"}, {"disabled", "disabled"}, {"readonly", "readonly"},
				{"auto-submit", "data-auto-submit"}, {"formnovalidate", "data-formnovalidate"}, {"value", "value"},
				{"pattern", "pattern"}, {"pattern-error-message", "data-pattern-error-message"},
			} {
				w.given(e, a.name, a.text)
			}
			w.id(id)
			w.closed()
		})
	},
}

// checkLengths checks minlength and maxlength against each other and the initial value.
func checkLengths(e *element, least, most int, initial string) error {
	min, max := least, most
	for _, bound := range []struct {
		name string
		at   *int
	}{{"maxlength", &max}, {"minlength", &min}} {
		text, ok := e.get(bound.name)
		if !ok {
			continue
		}
		n, err := strconv.ParseInt(text, 10, 32)
		if err != nil {
			return refuse(`The attribute "%s" must be a valid number.`, bound.name)
		}
		if int(n) < least || int(n) > most {
			return refuse(`The attribute "%s" must be between %d and %d`, bound.name, least, most)
		}
		*bound.at = int(n)
	}
	if min > max {
		return refuse(`The attribute "minlength" must be lower than the "maxlength" attribute`)
	}
	if n := length(initial); initial != "" && (n < min || n > max) {
		return refuse("The length of this %s's initial value must be between %d and %d", e.kind.name, min, max)
	}
	return nil
}

const maxPattern = 256

// checkPattern checks that the pattern is a regular expression as browsers read it. It is never
// matched here.
func checkPattern(e *element) error {
	pattern, ok := e.get("pattern")
	for _, name := range []string{"pattern", "pattern-error-message"} {
		if length(e.attr(name)) > maxPattern {
			return refuse(`The attribute "%s" value is too long. Max length for this attribute is: %d`, name, maxPattern)
		}
	}
	if !ok {
		return nil
	}
	if !e.has("pattern-error-message") {
		return refuse(`The attribute "pattern-error-message" is mandatory when attribute "pattern" is defined`)
	}
	if _, err := regexp2.Compile(pattern, regexp2.ECMAScript); err != nil {
		return refuse(`The regex "%s" is not valid`, pattern)
	}
	return nil
}
