package xmltree

import (
	"fmt"
	"strings"
)

// Parse reads one document. Errors are of type *Error. The time is linear in len(text).
func Parse(text string) (*Node, error) {
	p := &parser{text: strings.TrimPrefix(text, "\ufeff")}
	root, err := p.document()
	if err != nil {
		return nil, err
	}
	return root, nil
}

type parser struct {
	text  string
	at    int
	open  []*Node
	nodes int
}

func fail(format string, args ...any) error {
	return &Error{Message: fmt.Sprintf(format, args...)}
}

const (
	errEnd       = "XML document structures must start and end within the same entity."
	errProlog    = "Content is not allowed in prolog."
	errTrailing  = "Content is not allowed in trailing section."
	errSecond    = "The markup in the document following the root element must be well-formed."
	errFirst     = "The markup in the document preceding the root element must be well-formed."
	errPremature = "Premature end of file."
	errMarkup    = "The content of elements must consist of well-formed character data or markup."
	errDoctype   = `DOCTYPE is disallowed when the feature "http://apache.org/xml/features/disallow-doctype-decl" set to true.`
	errTarget    = `The processing instruction target matching "[xX][mM][lL]" is not allowed.`
	errCDATAEnd  = `The character sequence "]]>" must not appear in content unless used to mark the end of a CDATA section.`
)

func (p *parser) has(prefix string) bool { return strings.HasPrefix(p.text[p.at:], prefix) }

func (p *parser) space() bool {
	start := p.at
	for p.at < len(p.text) && isSpace(p.text[p.at]) {
		p.at++
	}
	return p.at > start
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// document reads the declaration, what precedes the root, the root, and what follows it.
func (p *parser) document() (*Node, error) {
	if p.has("<?xml") && p.at+5 < len(p.text) && isSpace(p.text[p.at+5]) {
		if err := p.declaration(); err != nil {
			return nil, err
		}
	}
	var root *Node
	for {
		p.space()
		if p.at == len(p.text) {
			if root == nil {
				return nil, fail(errPremature)
			}
			return root, nil
		}
		switch {
		case p.text[p.at] != '<':
			if root == nil {
				return nil, fail(errProlog)
			}
			return nil, fail(errTrailing)
		case p.has("<!--"):
			if err := p.comment(); err != nil {
				return nil, err
			}
		case p.has("<?"):
			if _, err := p.instruction(); err != nil {
				return nil, err
			}
		case p.has("<!DOCTYPE") && root == nil:
			return nil, fail(errDoctype)
		case root != nil:
			return nil, fail(errSecond)
		case p.at+1 == len(p.text) || p.text[p.at+1] == '!' || p.text[p.at+1] == '/' || !nameStart(p.text[p.at+1:]):
			return nil, fail(errFirst)
		default:
			var err error
			if root, err = p.tree(); err != nil {
				return nil, err
			}
		}
	}
}

// tree reads an element with all that it holds. It keeps the open elements itself, so that depth
// costs no stack.
func (p *parser) tree() (*Node, error) {
	root, empty, err := p.startTag()
	if err != nil || empty {
		return root, err
	}
	p.open = append(p.open, root)
	for len(p.open) > 0 {
		if p.nodes++; p.nodes > MaxElements {
			return nil, fail("The document has more than %d elements and texts.", MaxElements)
		}
		if p.at == len(p.text) {
			return nil, fail(errEnd)
		}
		top := p.open[len(p.open)-1]
		if p.text[p.at] != '<' {
			text, err := p.characters()
			if err != nil {
				return nil, err
			}
			top.Children = append(top.Children, &Node{Kind: Text, Text: text})
			continue
		}
		if err := p.markup(top); err != nil {
			return nil, err
		}
	}
	return root, nil
}

// markup reads what begins with < inside of the element top.
func (p *parser) markup(top *Node) error {
	switch {
	case p.has("</"):
		return p.endTag(top)
	case p.has("<!--"):
		if err := p.comment(); err != nil {
			return err
		}
		top.Children = append(top.Children, &Node{Kind: Comment, Name: "#comment"})
	case p.has("<![CDATA["):
		end := strings.Index(p.text[p.at:], "]]>")
		if end < 0 {
			return fail(errEnd)
		}
		p.at += end + 3
		top.Children = append(top.Children, &Node{Kind: CDATA, Name: "#cdata-section"})
	case p.has("<?"):
		n, err := p.instruction()
		if err != nil {
			return err
		}
		top.Children = append(top.Children, n)
	case p.at+1 == len(p.text):
		return fail(errEnd)
	case !nameStart(p.text[p.at+1:]):
		return fail(errMarkup)
	default:
		n, empty, err := p.startTag()
		if err != nil {
			return err
		}
		top.Children = append(top.Children, n)
		if !empty {
			if len(p.open) >= MaxDepth {
				return fail("The elements are nested more than %d deep.", MaxDepth)
			}
			p.open = append(p.open, n)
		}
	}
	return nil
}

func (p *parser) endTag(top *Node) error {
	p.at += 2
	if !p.has(top.Name) {
		return fail(`The element type "%s" must be terminated by the matching end-tag "</%s>".`, top.Name, top.Name)
	}
	p.at += len(top.Name)
	p.space()
	switch {
	case p.at == len(p.text):
		return fail(errEnd)
	case p.text[p.at] != '>' && nameByte(p.text[p.at]):
		return fail(`The element type "%s" must be terminated by the matching end-tag "</%s>".`, top.Name, top.Name)
	case p.text[p.at] != '>':
		return fail(`The end-tag for element type "%s" must end with a '>' delimiter.`, top.Name)
	}
	p.at++
	p.open = p.open[:len(p.open)-1]
	return nil
}

// startTag reads from < to > or />.
func (p *parser) startTag() (n *Node, empty bool, err error) {
	p.at++
	n = &Node{Name: p.name()}
	for {
		spaced := p.space()
		if p.at == len(p.text) {
			return nil, false, fail(errEnd)
		}
		switch {
		case p.text[p.at] == '>':
			p.at++
			return n, false, nil
		case p.has("/>"):
			p.at += 2
			return n, true, nil
		case !spaced || !nameStart(p.text[p.at:]):
			return nil, false, fail(`Element type "%s" must be followed by either attribute specifications, ">" or "/>".`, n.Name)
		}
		if err := p.attribute(n); err != nil {
			return nil, false, err
		}
	}
}

// maxAttributes is how many attributes an element may have. It bounds the search for a double one.
const maxAttributes = 256

func (p *parser) attribute(n *Node) error {
	name := p.name()
	p.space()
	if p.at == len(p.text) || p.text[p.at] != '=' {
		return fail(`Attribute name "%s" associated with an element type "%s" must be followed by the ' = ' character.`, name, n.Name)
	}
	p.at++
	p.space()
	if p.at == len(p.text) || p.text[p.at] != '"' && p.text[p.at] != '\'' {
		return fail(`Open quote is expected for attribute "%s" associated with an  element type  "%s".`, name, n.Name)
	}
	value, err := p.quoted(name, n.Name)
	if err != nil {
		return err
	}
	for i := range n.Attributes {
		if n.Attributes[i].Name == name {
			return fail(`Attribute "%s" was already specified for element "%s".`, name, n.Name)
		}
	}
	if len(n.Attributes) == maxAttributes {
		return fail(`Element "%s" has more than %d attributes.`, n.Name, maxAttributes)
	}
	n.Attributes = append(n.Attributes, Attribute{name, value})
	return nil
}

func (p *parser) comment() error {
	p.at += len("<!--")
	end := strings.Index(p.text[p.at:], "--")
	if end < 0 {
		return fail(errEnd)
	}
	p.at += end + 2
	if p.at == len(p.text) || p.text[p.at] != '>' {
		return fail(`The string "--" is not permitted within comments.`)
	}
	p.at++
	return nil
}

// instruction reads a processing instruction.
func (p *parser) instruction() (*Node, error) {
	p.at += 2
	if p.at == len(p.text) || !nameStart(p.text[p.at:]) {
		return nil, fail("The processing instruction must begin with the name of the target.")
	}
	n := &Node{Kind: Instruction, Name: p.name()}
	if strings.EqualFold(n.Name, "xml") {
		return nil, fail(errTarget)
	}
	end := strings.Index(p.text[p.at:], "?>")
	if end < 0 {
		return nil, fail(errEnd)
	}
	if end > 0 && !isSpace(p.text[p.at]) {
		return nil, fail("White space is required between the processing instruction target and data.")
	}
	p.at += end + 2
	return n, nil
}
