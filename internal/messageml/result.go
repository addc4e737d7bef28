package messageml

import (
	"slices"
	"strings"
	"unicode/utf8"

	"podium/internal/messageml/jsontree"
)

// message writes what a checked document became.
func (b *builder) message(root *element) (*Message, error) {
	w := &writer{}
	w.element(root)
	m := &Message{PresentationML: string(w.b), Data: jsontree.Text(b.data), Forms: forms(root)}
	var text, words strings.Builder
	root.walk(func(e *element) { m.collect(e) })
	writeText(root, &text, false)
	writeText(root, &words, true)
	m.Text, m.Words = text.String(), strings.TrimSpace(words.String())
	if utf8.RuneCountInString(m.Text) > MaxText {
		return nil, refuse("Error parsing message: the text has more than %d characters", MaxText)
	}
	return m, nil
}

// collect notes whom and what an element names.
func (m *Message) collect(e *element) {
	if e.entity == nil {
		return
	}
	switch {
	case e.is("mention"):
		if e.entity.user != 0 && !slices.Contains(m.Mentions, e.entity.user) {
			m.Mentions = append(m.Mentions, e.entity.user)
		}
	case e.is("hashtag"):
		m.Hashtags = append(m.Hashtags, e.entity.tag)
	case e.is("cashtag"), e.is("tag"):
		m.Cashtags = append(m.Cashtags, e.entity.tag)
	}
}

// writeText writes the texts of an element in the order of the document. With apart, it adds a
// space where a block begins or ends.
func writeText(e *element, b *strings.Builder, apart bool) {
	switch {
	case e.isText():
		b.WriteString(strings.ReplaceAll(e.text, "\n", " "))
		return
	case e.entity != nil && len(e.children) == 0:
		b.WriteString(e.entity.text)
		return
	}
	inline := e.kind.bit&phrasing != 0 && !e.is("linebreak")
	if apart && !inline {
		b.WriteByte(' ')
	}
	if label, ok := e.get("label"); ok && e.id != "" {
		b.WriteString(label)
	}
	for _, c := range e.children {
		writeText(c, b, apart)
	}
	if apart && !inline {
		b.WriteByte(' ')
	}
}
