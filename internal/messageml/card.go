package messageml

import "strings"

var card = &kind{name: "card", class: "card", bit: inOther,
	attributes: attributes{
		"class": anyText, "style": {as: "-", read: readStyle},
		"iconSrc": kept("icon"), "data-icon-src": kept("icon"), "accent": kept("accent"), "data-accent-color": kept("accent"),
	},
	write: func(w *writer, e *element) {
		w.open("div")
		w.attr("class", classOf("card", e))
		w.given(e, "icon", "data-icon-src")
		w.given(e, "accent", "data-accent-color")
		w.end()
		w.children(e)
		w.close("div")
	},
}

// classOf returns the class of the output: the element's own first, then what the author gave.
func classOf(own string, e *element) string {
	if given, ok := e.get("class"); ok && !e.presented {
		return own + " " + given
	}
	names := []string{own}
	for name := range strings.FieldsSeq(e.attr("class")) {
		if name != own {
			names = append(names, name)
		}
	}
	return strings.Join(names, " ")
}

var (
	cardHeader = cardPart("header", "cardheader", "cardHeader")
	cardBody   = cardPart("body", "cardbody", "cardBody")
)

// cardPart returns a header or body of a card.
func cardPart(name, className, class string) *kind {
	return &kind{name: name, class: className, bit: inOther, attributes: attributes{}, presented: attributes{"class": dropped},
		check: func(_ *builder, e *element) error { return e.childOf("card") },
		write: func(w *writer, e *element) {
			w.open("div")
			w.attr("class", class)
			w.end()
			w.children(e)
			w.close("div")
		},
	}
}

var expandableCard = &kind{name: "expandable-card", class: "expandablecard", bit: inOther,
	attributes: attributes{"class": anyText, "style": {as: "-", read: readStyle}, "state": anyText, "data-state": kept("state")},
	check: func(_ *builder, e *element) error {
		if err := e.requireText("state"); err != nil {
			return err
		}
		return e.oneOf("state", "state", "collapsed", "cropped", "expanded")
	},
	write: func(w *writer, e *element) {
		w.open("div")
		w.attr("class", classOf("expandable-card", e))
		w.given(e, "state", "data-state")
		w.end()
		w.children(e)
		w.close("div")
	},
}

var (
	expandableHeader = expandablePart("header", "expandablecardheader", "expandableCardHeader", attributes{})
	expandableBody   = expandablePart("body", "expandablecardbody", "expandableCardBody", attributes{"variant": anyText, "data-variant": kept("variant")})
)

// expandablePart returns a header or body of an expandable card.
func expandablePart(name, className, class string, known attributes) *kind {
	return &kind{name: name, class: className, bit: inOther, attributes: known, presented: known.with(attributes{"class": dropped}),
		check: func(_ *builder, e *element) error {
			if err := e.childOf("expandablecard"); err != nil {
				return err
			}
			return e.oneOf("variant", "variant", "default", "error")
		},
		write: func(w *writer, e *element) {
			w.open("div")
			w.attr("class", class)
			w.given(e, "variant", "data-variant")
			w.end()
			w.children(e)
			w.close("div")
		},
	}
}
