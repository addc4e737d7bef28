package freemarker

import "strings"

// directive reads a directive whose name has been read. The tags that only mean something within
// another directive are handed back.
func (p *parser) directive(name string, at position) (node, tag, error) {
	switch name {
	case "else", "recover", "default", "/if", "/list", "/sep", "/items", "/assign", "/switch", "/attempt":
		return nil, tag{name, at}, p.close()
	case "elseif", "elseIf", "case":
		return nil, tag{name, at}, nil
	}
	var n node
	var err error
	switch name {
	case "if":
		n, err = p.branch(at)
	case "list":
		n, err = p.list(at)
	case "sep":
		n, err = p.sep()
	case "items":
		n, err = p.items(at)
	case "break":
		n, err = &breaking{}, p.close()
	case "assign":
		n, err = p.assign(at)
	case "switch":
		n, err = p.choice(at)
	case "attempt":
		n, err = p.attempt(at)
	case "noparse":
		n, err = p.noparse(at)
	case "include", "import", "stop":
		end := strings.IndexByte(p.text[p.i:], '>')
		if end < 0 {
			return nil, tag{}, syntax(at, "Unexpected end of file reached.")
		}
		p.i += end + 1
		n = &refused{at}
	default:
		return nil, tag{}, syntax(at, "Unknown directive: #%s.", strings.TrimPrefix(name, "/"))
	}
	return n, tag{}, err
}

// refused is a directive that reaches outside of the message.
type refused struct{ position }

func (n *refused) write(*run) error { return invalid(n.position) }

// until reads nodes up to one of the tags.
func (p *parser) until(at position, of string, ends ...string) ([]node, tag, error) {
	nodes, end, err := p.nodes()
	if err != nil {
		return nil, end, err
	}
	for _, want := range ends {
		if end.name == want {
			return nodes, end, nil
		}
	}
	if end.name == "" {
		return nil, end, syntax(at, "Unclosed directive: #%s.", of)
	}
	return nil, end, syntax(end.at, "Unexpected directive <%s>.", end.name)
}

func (p *parser) branch(at position) (node, error) {
	n := &branch{}
	condition, err := p.expr(true)
	for {
		if err != nil {
			return nil, err
		}
		if condition != nil {
			if err := p.close(); err != nil {
				return nil, err
			}
		}
		ends := []string{"else", "elseif", "elseIf", "/if"}
		if condition == nil {
			ends = []string{"/if"}
		}
		body, end, err2 := p.until(at, "if", ends...)
		if err2 != nil {
			return nil, err2
		}
		n.conditions, n.bodies = append(n.conditions, condition), append(n.bodies, body)
		switch end.name {
		case "/if":
			return n, nil
		case "else":
			condition = nil
		default:
			condition, err = p.expr(true)
		}
	}
}

func (p *parser) list(at position) (node, error) {
	n := &loop{}
	var err error
	if n.of, err = p.expr(true); err != nil {
		return nil, err
	}
	p.reader.i = p.i
	if _, ok := p.reader.take("as"); ok {
		p.i = p.reader.i
		if n.as, err = p.word(); err != nil {
			return nil, err
		}
	}
	if err := p.close(); err != nil {
		return nil, err
	}
	body, end, err := p.until(at, "list", "else", "/list")
	if err != nil {
		return nil, err
	}
	n.body = body
	if end.name == "else" {
		n.none, _, err = p.until(at, "list", "/list")
	}
	return n, err
}

// sep reads up to its own end, or to that of the directive around it.
func (p *parser) sep() (node, error) {
	if err := p.close(); err != nil {
		return nil, err
	}
	start := p.i
	body, end, err := p.nodes()
	if err != nil {
		return nil, err
	}
	if end.name != "/sep" && end.name != "" { // the enclosing list ends it
		p.i = strings.LastIndexByte(p.text[:p.i], '<')
		if p.i < start {
			p.i = start
		}
	}
	return &separator{body}, nil
}

func (p *parser) items(at position) (node, error) {
	p.reader.i = p.i
	if _, ok := p.reader.take("as"); !ok {
		return nil, syntax(at, "Expected \"as\".")
	}
	p.i = p.reader.i
	as, err := p.word()
	if err != nil {
		return nil, err
	}
	if err := p.close(); err != nil {
		return nil, err
	}
	body, _, err := p.until(at, "items", "/items")
	return &items{as, body}, err
}

func (p *parser) assign(at position) (node, error) {
	var all several
	for {
		word, err := p.word()
		if err != nil {
			return nil, err
		}
		p.reader.i = p.i
		operator, ok := p.reader.take("==", "=", "+=", "-=", "*=", "/=", "%=")
		p.i = p.reader.i
		if !ok {
			if err := p.close(); err != nil {
				return nil, err
			}
			body, _, err := p.until(at, "assign", "/assign")
			return &assign{name: word, operator: "=", body: body}, err
		}
		of, err := p.expr(true)
		if err != nil {
			return nil, err
		}
		all = append(all, &assign{name: word, operator: operator, of: of})
		p.reader.i = p.i
		p.reader.take(",")
		if _, ended := p.reader.take("/>", ">"); ended {
			p.i = p.reader.i
			return all, nil
		}
		p.i = p.reader.i
		if p.i == len(p.text) {
			return nil, syntax(at, "Unexpected end of file reached.")
		}
	}
}

// several are nodes one after another.
type several []node

func (n several) write(r *run) error { return r.all(n) }

func (p *parser) choice(at position) (node, error) {
	n := &choice{}
	var err error
	if n.of, err = p.expr(true); err != nil {
		return nil, err
	}
	if err := p.close(); err != nil {
		return nil, err
	}
	_, end, err := p.until(at, "switch", "case", "default", "/switch")
	for err == nil && end.name != "/switch" {
		var value expression
		if end.name == "case" {
			if value, err = p.expr(true); err != nil {
				return nil, err
			}
			if err := p.close(); err != nil {
				return nil, err
			}
		}
		var body []node
		if body, end, err = p.until(at, "switch", "case", "default", "/switch"); err == nil {
			n.cases, n.bodies = append(n.cases, value), append(n.bodies, body)
		}
	}
	return n, err
}

func (p *parser) attempt(at position) (node, error) {
	if err := p.close(); err != nil {
		return nil, err
	}
	n := &attempt{}
	var err error
	if n.body, _, err = p.until(at, "attempt", "recover"); err != nil {
		return nil, err
	}
	n.recover, _, err = p.until(at, "attempt", "/attempt")
	return n, err
}

func (p *parser) noparse(at position) (node, error) {
	if err := p.close(); err != nil {
		return nil, err
	}
	end := strings.Index(p.text[p.i:], "</#noparse>")
	if end < 0 {
		return nil, syntax(at, "Unclosed directive: #noparse.")
	}
	n := &plain{p.text[p.i : p.i+end]}
	p.i += end + len("</#noparse>")
	return n, nil
}
