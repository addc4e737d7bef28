package messageml

import "strings"

const maxDateLabel = 64

var datePicker = &kind{name: "date-picker", class: "datepicker", bit: inOther,
	attributes: texts("name", "value", "placeholder", "min", "max", "required", "disabled-date", "highlighted-date", "format", "disabled",
		"readonly", "formnovalidate").with(labels),
	presented: texts("name", "value", "placeholder", "min", "max", "required", "disabled", "readonly").with(attributes{
		"type": dropped, "id": anyText, "label": anyText, "data-disabled-date": kept("disabled-date"), "data-highlighted-date": kept("highlighted-date"),
		"data-format": kept("format"), "data-formnovalidate": kept("formnovalidate"),
	}),
	check: func(b *builder, e *element) error {
		if err := checkField(e); err != nil {
			return err
		}
		if err := e.requireText("name"); err != nil {
			return err
		}
		e.children = nil
		for _, name := range []string{"name", "placeholder", "format"} {
			if err := e.atMost(name, maxName); err != nil {
				return err
			}
		}
		if err := checkDay(e, "value"); err != nil {
			return err
		}
		if err := e.booleans("required", "disabled", "readonly", "formnovalidate"); err != nil {
			return err
		}
		for _, name := range []string{"min", "max"} {
			if err := checkDay(e, name); err != nil {
				return err
			}
		}
		for _, name := range []string{"disabled-date", "highlighted-date"} {
			if err := dateInterval.read(e, name); err != nil {
				return err
			}
		}
		if err := checkDateFormat(e); err != nil {
			return err
		}
		return b.tieLabels(e)
	},
	write: func(w *writer, e *element) {
		w.labelled(e, "date-picker", func(id string) {
			w.open("input")
			w.attr("type", "date")
			for _, name := range []string{"name", "value", "placeholder", "min", "max", "required"} {
				w.given(e, name, name)
			}
			w.list(e, "disabled-date", "data-disabled-date")
			w.list(e, "highlighted-date", "data-highlighted-date")
			w.given(e, "format", "data-format")
			w.given(e, "disabled", "disabled")
			w.given(e, "readonly", "readonly")
			w.given(e, "formnovalidate", "data-formnovalidate")
			w.id(id)
			w.end()
			w.close("input")
		})
	},
}

func checkDay(e *element, name string) error {
	if day, ok := e.get(name); ok && !isDate(day) {
		return refuse(`Attribute "%s" has invalid date format`, name)
	}
	return nil
}

// checkDateFormat refuses a pattern of days that has other letters than M, d and y, or that Java's
// DateTimeFormatter does not know.
func checkDateFormat(e *element) error {
	format, ok := e.get("format")
	if !ok {
		return nil
	}
	if strings.Trim(format, "Mdy .-/:") != "" {
		return refuse(`Attribute "format" contains an unsupported date format, only 'M', 'd' and 'y' are supported with a space or '.','-','/',':' as separator`)
	}
	if !knownLetters(format, map[rune]int{'M': 5, 'd': 2, 'y': 19}) {
		return refuse(`Attribute "format" contains an invalid date format`)
	}
	return nil
}

// knownLetters reports whether no letter of the pattern is repeated more often than is known.
func knownLetters(pattern string, most map[rune]int) bool {
	var last rune
	run := 0
	for _, r := range pattern {
		if r != last {
			last, run = r, 0
		}
		run++
		if max, ok := most[r]; ok && run > max {
			return false
		}
	}
	return true
}
