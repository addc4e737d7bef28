package messageml

import (
	"strconv"
	"strings"
)

// The steps that a time picker may have, in seconds.
const (
	minStep = 600
	maxStep = 43_200
)

var timePicker = &kind{name: "time-picker", class: "timepicker", bit: inOther,
	attributes: texts("name", "value", "placeholder", "min", "max", "step", "format", "strict", "disabled-time", "required", "disabled",
		"readonly", "formnovalidate").with(labels),
	presented: texts("name", "value", "placeholder", "min", "max", "step", "strict", "required", "disabled", "readonly").with(attributes{
		"type": dropped, "id": anyText, "label": anyText, "data-format": kept("format"), "data-strict": kept("strict"),
		"data-disabled-time": kept("disabled-time"), "data-formnovalidate": kept("formnovalidate"),
	}),
	check: func(b *builder, e *element) error {
		if err := checkField(e); err != nil {
			return err
		}
		if err := e.requireText("name"); err != nil {
			return err
		}
		if err := timeInterval.read(e, "disabled-time"); err != nil {
			return err
		}
		e.children = nil
		for _, name := range []string{"name", "placeholder", "format"} {
			if err := e.atMost(name, maxName); err != nil {
				return err
			}
		}
		for _, name := range []string{"value", "min", "max"} {
			if at, ok := e.get(name); ok && !isTime(at) {
				return refuse(`Attribute "%s" has invalid time format, only HH:mm:ss format is allowed`, name)
			}
		}
		if err := checkStep(e); err != nil {
			return err
		}
		if err := checkTimeFormat(e); err != nil {
			return err
		}
		if err := e.booleans("required", "disabled", "readonly", "strict", "formnovalidate"); err != nil {
			return err
		}
		return b.tieLabels(e)
	},
	write: func(w *writer, e *element) {
		w.labelled(e, "time-picker", func(id string) {
			w.open("input")
			w.attr("type", "time")
			for _, name := range []string{"name", "value", "placeholder", "min", "max", "step"} {
				w.given(e, name, name)
			}
			w.given(e, "format", "data-format")
			w.given(e, "strict", "data-strict")
			w.list(e, "disabled-time", "data-disabled-time")
			w.given(e, "required", "required")
			w.given(e, "disabled", "disabled")
			w.given(e, "readonly", "readonly")
			w.given(e, "formnovalidate", "data-formnovalidate")
			w.id(id)
			w.closed()
		})
	},
}

func checkStep(e *element) error {
	text, ok := e.get("step")
	if !ok {
		return nil
	}
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil {
		return refuse(`Attribute "step" should be a number.`)
	}
	if n < minStep || n > maxStep {
		return refuse(`Attribute "step" must be less than "%d" and more than "%d".`, maxStep, minStep)
	}
	return nil
}

// checkTimeFormat refuses a pattern of times that has other letters than h, H, m, s and a, or that
// Java's DateTimeFormatter does not know.
func checkTimeFormat(e *element) error {
	format, ok := e.get("format")
	if !ok {
		return nil
	}
	if format == "" || strings.Trim(format, "hHmsa: ") != "" {
		return refuse(`Attribute "format" contains an unsupported time format, only 'h', 'm' 's' and 'a' are supported with ':' or space as separator`)
	}
	if !knownLetters(format, map[rune]int{'h': 2, 'H': 2, 'm': 2, 's': 2, 'a': 1}) {
		return refuse(`Attribute "format" contains an invalid time format`)
	}
	return nil
}
