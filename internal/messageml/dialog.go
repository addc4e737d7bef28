package messageml

const maxDialogID = 64

var dialog = &kind{name: "dialog", class: "dialog", bit: inOther, presentedTag: true, attributes: dialogAttributes,
	presented: dialogAttributes.with(attributes{"data-width": kept("width"), "data-state": kept("state"), "open": dropped}),
	check:     checkDialog,
	write: func(w *writer, e *element) {
		w.open("dialog")
		w.attr("data-width", e.attr("width"))
		w.attr("data-state", e.attr("state"))
		w.attr("id", e.id+"-"+e.attr("id"))
		w.attr("open", "")
		w.end()
		w.children(e)
		w.close("dialog")
	},
}

var dialogAttributes = texts("id", "width", "state")

func checkDialog(b *builder, e *element) error {
	if !isSpaceless(e.attr("id")) {
		return refuse(`The attribute "id" is required and must not contain any whitespace`)
	}
	if err := e.atMost("id", maxDialogID); err != nil {
		return err
	}
	if err := e.oneOf("width", "width", "small", "medium", "large", "full-width"); err != nil {
		return err
	}
	if err := e.oneOf("state", "state", "open", "close"); err != nil {
		return err
	}
	if err := checkDialogContent(e); err != nil {
		return err
	}
	for name, usual := range map[string]string{"width": "medium", "state": "close"} {
		if !e.has(name) {
			e.set(name, usual)
		}
	}
	if err := b.unique(e.attr("id")); err != nil {
		return err
	}
	e.id = b.newID()
	return nil
}

// checkDialogContent refuses a dialog that has anything but title, body and footer, or one form
// with these.
func checkDialogContent(e *element) error {
	forms, others := 0, 0
	for _, c := range e.children {
		switch {
		case c.is("form"):
			forms++
		case !c.isBlank():
			others++
		}
	}
	if forms > 1 {
		return refuse(`A "dialog" element can contain only one "form" element`)
	}
	if forms == 1 && others > 0 {
		return refuse(`A "dialog" element can't contain a "form" element and any other element.`)
	}
	holder := e
	if forms == 1 {
		for _, c := range e.children {
			if c.is("form") {
				holder = c
			}
		}
	}
	if err := holder.atLeastOne("title"); err != nil {
		return err
	}
	if err := holder.atLeastOne("body"); err != nil {
		return err
	}
	for _, c := range holder.children {
		switch {
		case c.isBlank(), c.is("title"), c.is("body"), c.is("footer"):
		case c.isText():
			return refuse(`Element "null" is not allowed in "%s"`, holder.kind.name)
		default:
			return refuse(`Element "%s" is not allowed in "%s"`, c.kind.name, holder.kind.name)
		}
	}
	return nil
}

var (
	dialogTitle  = dialogPart("title")
	dialogBody   = dialogPart("body")
	dialogFooter = dialogPart("footer")
)

func dialogPart(name string) *kind {
	return &kind{name: name, class: name, bit: inOther, attributes: attributes{}, presented: attributes{"class": dropped},
		check: func(_ *builder, e *element) error {
			if e.parent.kind.class != "dialog" && (e.parent.kind.class != "form" || e.parent.parent.kind.class != "dialog") {
				return refuse(`Element "%s" can only be a child of the following elements: [dialog]`, name)
			}
			for _, c := range e.children {
				if !c.isText() && c.kind.class == "dialog" {
					return refuse("%s should not contain a dialog", name)
				}
			}
			return nil
		},
		write: func(w *writer, e *element) {
			w.open("div")
			w.attr("class", "dialog-"+name)
			w.end()
			w.children(e)
			w.close("div")
		},
	}
}
