package messageml

import "strings"

// writer writes PresentationML.
type writer struct {
	b []byte
	// verbatim counts the open elements that keep the line breaks of all texts in them.
	verbatim int
}

// children writes what the element holds.
func (w *writer) children(e *element) {
	for _, c := range e.children {
		w.element(c)
	}
}

func (w *writer) element(e *element) {
	if e.isText() {
		w.text(e.text, w.verbatim > 0 || e.parent.kind.keepsLines)
		return
	}
	e.kind.write(w, e)
}

// open begins a start tag; more attributes may follow.
func (w *writer) open(tag string) {
	w.b = append(w.b, '<')
	w.b = append(w.b, tag...)
}

// attr writes an attribute in double quotes.
func (w *writer) attr(name, text string) {
	w.b = append(w.b, ' ')
	w.b = append(w.b, name...)
	w.b = append(w.b, '=', '"')
	w.escape(text)
	w.b = append(w.b, '"')
}

// json writes an attribute whose value is JSON in single quotes, so that it reads well.
func (w *writer) json(name, text string) {
	w.b = append(w.b, ' ')
	w.b = append(w.b, name...)
	w.b = append(w.b, '=', '\'')
	w.b = append(w.b, strings.ReplaceAll(text, "'", "&apos;")...)
	w.b = append(w.b, '\'')
}

// given writes an attribute if the element has it. as is its name in the output.
func (w *writer) given(e *element, name, as string) {
	if text, ok := e.get(name); ok {
		w.attr(as, text)
	}
}

// all writes all of the element's attributes in the order of their names.
func (w *writer) all(e *element) {
	for _, v := range e.values {
		w.attr(v.name, v.text)
	}
}

// end ends a start tag.
func (w *writer) end() { w.b = append(w.b, '>') }

// closed ends the tag of an element that has no content.
func (w *writer) closed() { w.b = append(w.b, '/', '>') }

func (w *writer) close(tag string) {
	w.b = append(w.b, '<', '/')
	w.b = append(w.b, tag...)
	w.b = append(w.b, '>')
}

// raw writes what is markup already.
func (w *writer) raw(markup string) { w.b = append(w.b, markup...) }

// text writes a text. Unless line breaks are kept, a run of them becomes one space.
func (w *writer) text(text string, keep bool) {
	if keep {
		w.escape(text)
		return
	}
	for {
		i := strings.IndexByte(text, '\n')
		if i < 0 {
			w.escape(text)
			return
		}
		w.escape(text[:i])
		w.b = append(w.b, ' ')
		text = strings.TrimLeft(text[i:], "\n")
	}
}

func (w *writer) escape(text string) {
	from := 0
	for i := range len(text) {
		var as string
		switch text[i] {
		case '<':
			as = "&lt;"
		case '>':
			as = "&gt;"
		case '&':
			as = "&amp;"
		case '"':
			as = "&quot;"
		default:
			continue
		}
		w.b = append(w.b, text[from:i]...)
		w.b = append(w.b, as...)
		from = i + 1
	}
	w.b = append(w.b, text[from:]...)
}

// same writes the element as it was: its tag, its attributes in the order of their names, what
// it holds.
func same(tag string) func(*writer, *element) {
	return func(w *writer, e *element) {
		w.open(tag)
		w.all(e)
		w.end()
		w.children(e)
		w.close(tag)
	}
}
