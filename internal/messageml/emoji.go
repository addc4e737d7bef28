package messageml

import (
	"podium/internal/messageml/emoji"
	"podium/internal/messageml/jsontree"
)

// emojiTag takes a short code under two names; of both, shortcode counts.
var emojiTag = &kind{name: "emoji", class: "emoji", bit: inEmoji, numbered: true,
	attributes: attributes{
		"annotation": kept("shortcode"), "shortcode": anyText, "size": anyText, "family": anyText,
	},
	check: func(_ *builder, e *element) error {
		code, ok := e.get("shortcode")
		if !ok {
			return refuse(`Either the attribute "shortcode" or "annotation" are required`)
		}
		if !isShortcode(code) {
			return refuse("Shortcode or Annotation parameter may only contain alphanumeric characters, underscore, plus sign and dash")
		}
		return e.only(phrasing)
	},
	write: func(w *writer, e *element) {
		if len(e.children) == 0 {
			writeEntity(w, e)
			return
		}
		w.span(e, func() { w.children(e) })
	},
}

// openEmoji makes the entry of an emoji before what the element holds is built: entities in it add
// theirs to this one.
func (b *builder) openEmoji(e *element) (*jsontree.Object, error) {
	code := e.attr("shortcode")
	unicode := emoji.Unicode(code)
	e.entity = &entity{text: unicode}
	if unicode == "" {
		e.entity.text = ":" + code + ":"
	}
	outer := b.scope()
	var err error
	e.entity.id, err = b.entry(e, "emoji", func() *jsontree.Object {
		size := "normal"
		if given, ok := e.get("size"); ok {
			size = given
		}
		data := jsontree.NewObject().With("shortcode", code).With("annotation", code).With("size", size)
		if unicode != "" {
			data.Set("unicode", unicode)
		}
		if family, ok := e.get("family"); ok {
			data.Set("family", family)
		}
		return jsontree.NewObject().With("type", emojiType).With("version", "1.0").With("data", data)
	})
	if err != nil {
		return nil, err
	}
	entry, _ := outer.Get(e.entity.id)
	return entry.(*jsontree.Object), nil
}

func isShortcode(code string) bool {
	for i := range len(code) {
		c := code[i]
		if !isASCIILetter(c) && (c < '0' || c > '9') && c != '_' && c != '+' && c != '-' {
			return false
		}
	}
	return true
}
