package messageml

import (
	_ "embed"
	"strings"
	"sync"

	"podium/internal/messageml/jsontree"
)

// zones.txt lists the names of time zones that Java knows, a line each. They are those of the IANA
// database (public domain).
//
//go:embed zones.txt
var zoneNames string

var zones = sync.OnceValue(func() map[string]bool {
	names := make(map[string]bool)
	for name := range strings.FieldsSeq(zoneNames) {
		names[name] = true
	}
	return names
})

var timezonePicker = &kind{name: "timezone-picker", class: "timezonepicker", bit: inOther,
	attributes: texts("name", "value", "placeholder", "disabled-timezone", "required", "formnovalidate").with(labels),
	presented: attributes{"class": dropped, "id": anyText, "label": anyText, "data-name": kept("name"), "data-value": kept("value"),
		"data-placeholder": kept("placeholder"), "data-disabled-timezone": kept("disabled-timezone"),
		"data-required": kept("required"), "data-formnovalidate": kept("formnovalidate")},
	check: func(b *builder, e *element) error {
		if err := checkField(e); err != nil {
			return err
		}
		if err := e.requireText("name"); err != nil {
			return err
		}
		if err := e.booleans("required", "formnovalidate"); err != nil {
			return err
		}
		e.children = nil
		if value := e.attr("value"); value != "" && !isZone(value) {
			return refuse(`Attribute "value" contains an invalid timezone: %s`, value)
		}
		if err := checkZones(e); err != nil {
			return err
		}
		return b.tieLabels(e)
	},
	write: func(w *writer, e *element) {
		w.labelled(e, "timezone-picker", func(id string) {
			w.open("div")
			w.attr("class", "timezone-picker")
			w.given(e, "name", "data-name")
			w.given(e, "value", "data-value")
			w.given(e, "placeholder", "data-placeholder")
			w.list(e, "disabled-timezone", "data-disabled-timezone")
			w.given(e, "required", "data-required")
			w.given(e, "formnovalidate", "data-formnovalidate")
			w.id(id)
			w.end()
			w.close("div")
		})
	},
}

func checkZones(e *element) error {
	text, ok := e.get("disabled-timezone")
	if !ok {
		return nil
	}
	if length(text) > maxJSON {
		return refuse(`Attribute "disabled-timezone" exceed maximum allowed length (%d)`, maxJSON)
	}
	v, err := jsontree.Parse(text)
	list, ok := v.(*jsontree.Array)
	if err != nil || !ok {
		return refuse(`Error parsing json in attribute "disabled-timezone". It should contain an array of Strings`)
	}
	for _, item := range list.Items {
		name, ok := item.(string)
		if !ok {
			return refuse(`Error parsing json in attribute "disabled-timezone". It should contain an array of Strings`)
		}
		if !isZone(name) {
			return refuse(`Attribute "disabled-timezone" contains an invalid timezone: %s`, name)
		}
	}
	if !e.presented {
		e.set("disabled-timezone", jsontree.Text(list))
	}
	return nil
}

// isZone reports whether Java's ZoneId.of takes the text: a name, an offset, or UTC, GMT or UT with
// an offset behind it.
func isZone(text string) bool {
	if text == "Z" || zones()[text] {
		return true
	}
	for _, prefix := range []string{"UTC", "GMT", "UT"} {
		if rest, ok := strings.CutPrefix(text, prefix); ok {
			return rest == "" || isZoneOffset(rest)
		}
	}
	return isZoneOffset(text)
}

// isZoneOffset reports whether Java's ZoneOffset.of takes the text: ±h, ±hh, ±hhmm, ±hhmmss and
// the same with colons, of at most 18 hours.
func isZoneOffset(text string) bool {
	if len(text) < 2 || text[0] != '+' && text[0] != '-' {
		return false
	}
	digits := text[1:]
	switch len(digits) {
	case 1:
		digits = "0" + digits + ":00"
	case 2:
		digits += ":00"
	case 4, 6:
		if strings.Contains(digits, ":") {
			return false
		}
		parts := digits[:2] + ":" + digits[2:4]
		if len(digits) == 6 {
			parts += ":" + digits[4:]
		}
		digits = parts
	}
	return isOffset(text[:1] + digits)
}
