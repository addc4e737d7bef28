package messageml

import (
	"strings"
)

// messageML is the root, in either form.
var messageML = &kind{name: "messageML", class: "messageml", bit: inOther,
	attributes: attributes{"xmlns": dropped, "beta": dropped},
	presented:  attributes{"data-format": anyText, "data-version": anyText, "class": dropped, "style": {as: "-", read: readStyle}},
	write: func(w *writer, e *element) {
		w.open("div")
		w.attr("data-format", "PresentationML")
		w.attr("data-version", e.attr("data-version"))
		w.end()
		w.children(e)
		w.close("div")
	},
}

// finish checks what concerns the message as a whole.
func (b *builder) finish(root *element) error {
	if b.presented {
		if !root.has("data-version") || !strings.EqualFold(root.attr("data-format"), "PresentationML") {
			return refuse(`Malformed PresentationML. The attributes "data-format" and "data-version" are required.`)
		}
	} else {
		version := b.options.Version
		if version == "" {
			version = "2.0"
		}
		root.set("data-version", version)
	}
	for _, c := range root.children {
		if c.is("chime") && len(root.children) > 1 {
			return refuse("Chime messages may not have any other content")
		}
	}
	if err := linkDialogs(root); err != nil {
		return err
	}
	if b.count > MaxEntities {
		return refuse("Error processing EntityJSON: the message has more than %d entities", MaxEntities)
	}
	return b.late
}
