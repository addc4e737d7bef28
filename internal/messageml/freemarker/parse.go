package freemarker

import (
	"regexp"
	"strings"
)

// node is a part of a template.
type node interface {
	write(r *run) error
}

type (
	plain struct{ text string }
	shown struct { // ${of} or #{of}
		position
		of       expression
		numeric  bool
		min, max int // digits behind the point, of #{of; m1M2}; max -1: as usual
	}
	branch struct { // if, elseif, else
		conditions []expression // nil: else
		bodies     [][]node
	}
	loop struct { // list
		of         expression
		as         string
		body, none []node
	}
	separator struct{ body []node } // sep: all but the last time
	breaking  struct{}
	items     struct { // items, within a list that has no variable
		as   string
		body []node
	}
	assign struct {
		name     string
		operator string // = or += and so on
		of       expression
		body     []node // in place of of
	}
	choice struct { // switch
		of     expression
		cases  []expression // nil: default
		bodies [][]node
	}
	attempt struct{ body, recover []node }
)

// parser makes nodes of a template.
type parser struct {
	text   string
	base   position
	i      int
	reader *reader
	depth  int
	strip  []span // white space that is not written
}

func parse(text string) ([]node, error) {
	return (&parser{text: text, base: position{1, 1}, strip: stripped(text)}).whole()
}

// parseAt parses a text within a template, which begins at the position.

func parseAt(text string, base position, depth int) ([]node, error) {
	return (&parser{text: text, base: base, depth: depth}).whole()
}

func (p *parser) whole() ([]node, error) {
	p.reader = &reader{text: p.text, base: p.base, depth: p.depth}
	nodes, end, err := p.nodes()
	if err != nil {
		return nil, err
	}
	if end.name != "" {
		return nil, syntax(end.at, "Unexpected directive <%s>.", end.name)
	}
	return nodes, nil
}

// tag is a directive's start or end that the caller of nodes takes care of.
type tag struct {
	name string // "else", "/list" …
	at   position
}

var directive = regexp.MustCompile(`^</?[#@][a-zA-Z_]*`)

// nodes reads until the end or until a tag that belongs to an enclosing directive.
func (p *parser) nodes() ([]node, tag, error) {
	if p.depth++; p.depth > maxDepth {
		return nil, tag{}, syntax(p.place(), "Directives are nested more than %d deep.", maxDepth)
	}
	defer func() { p.depth-- }()
	var nodes []node
	for p.i < len(p.text) {
		next := p.next()
		if next > p.i {
			nodes = append(nodes, &plain{p.written(span{p.i, next})})
			p.i = next
			continue
		}
		rest := p.text[p.i:]
		at := p.place()
		switch {
		case strings.HasPrefix(rest, "<#--"):
			end := strings.Index(rest, "-->")
			if end < 0 {
				return nil, tag{}, syntax(at, "Unclosed comment.")
			}
			p.i += end + 3
		case strings.HasPrefix(rest, "${"), strings.HasPrefix(rest, "#{"):
			n, err := p.interpolation()
			if err != nil {
				return nil, tag{}, err
			}
			nodes = append(nodes, n)
		default:
			name := directive.FindString(rest)
			p.i += len(name)
			n, end, err := p.directive(strings.TrimPrefix(strings.Replace(name, "#", "", 1), "<"), at)
			if err != nil || end.name != "" {
				return nodes, end, err
			}
			if n != nil {
				nodes = append(nodes, n)
			}
		}
	}
	return nodes, tag{}, nil
}

// written returns the part of the text without the white space that is not written. Parts come in
// order, so that what is behind them is dropped.
func (p *parser) written(part span) string {
	for len(p.strip) > 0 && p.strip[0].to <= part.from {
		p.strip = p.strip[1:]
	}
	n := 0
	for n < len(p.strip) && p.strip[n].from < part.to {
		n++
	}
	return without(p.text, part, p.strip[:n])
}

// next returns where the next directive, comment or interpolation begins.
func (p *parser) next() int {
	for i := p.i; i+1 < len(p.text); i++ {
		switch c, d := p.text[i], p.text[i+1]; {
		case (c == '$' || c == '#') && d == '{':
			return i
		case c == '<' && (d == '#' || d == '@'):
			return i
		case c == '<' && d == '/' && i+2 < len(p.text) && (p.text[i+2] == '#' || p.text[i+2] == '@'):
			return i
		}
	}
	return len(p.text)
}

func (p *parser) place() position {
	p.reader.i = p.i
	return p.reader.place()
}

// expr reads an expression at the present place. In a directive a > ends it.
func (p *parser) expr(inDirective bool) (expression, error) {
	p.reader.i, p.reader.directive, p.reader.open = p.i, inDirective, 0
	e, err := p.reader.expression()
	p.i = p.reader.i
	return e, err
}

func (p *parser) interpolation() (node, error) {
	n := &shown{position: p.place(), numeric: p.text[p.i] == '#', max: -1}
	p.i += 2
	var err error
	if n.of, err = p.expr(false); err != nil {
		return nil, err
	}
	p.reader.space()
	p.i = p.reader.i
	if n.numeric && p.i < len(p.text) && p.text[p.i] == ';' {
		end := strings.IndexByte(p.text[p.i:], '}')
		if end < 0 || !p.digits(n, strings.TrimSpace(p.text[p.i+1:p.i+end])) {
			return nil, syntax(p.place(), "Invalid number format.")
		}
		p.i += end
	}
	if p.i == len(p.text) || p.text[p.i] != '}' {
		return nil, syntax(p.place(), "Expected \"}\".")
	}
	p.i++
	return n, nil
}

var numberFormat = regexp.MustCompile(`^(?:m(\d{1,2}))?(?:M(\d{1,2}))?$`)

func (p *parser) digits(n *shown, text string) bool {
	m := numberFormat.FindStringSubmatch(text)
	if m == nil || text == "" {
		return false
	}
	n.min, n.max = atoi(m[1]), atoi(m[2])
	if m[2] == "" {
		n.max = max(n.min, 50)
	}
	return n.min <= n.max
}

func atoi(text string) int {
	n := 0
	for i := range len(text) {
		n = n*10 + int(text[i]-'0')
	}
	return n
}

// close ends a directive's tag.
func (p *parser) close() error {
	p.reader.i = p.i
	if _, ok := p.reader.take("/>", ">"); !ok {
		return syntax(p.place(), "Expected \">\".")
	}
	p.i = p.reader.i
	return nil
}

// word reads a name in a directive's tag.
func (p *parser) word() (string, error) {
	p.reader.i = p.i
	word, ok := p.reader.word()
	if !ok {
		if e, err := p.expr(true); err == nil { // a name in quotes
			if l, isLiteral := e.(*literal); isLiteral {
				if text, isText := l.value.(string); isText {
					return text, nil
				}
			}
		}
		return "", syntax(p.place(), "Expected a name.")
	}
	p.i = p.reader.i
	return word, nil
}
