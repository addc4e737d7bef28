package freemarker

import (
	"errors"
	"math/big"
	"strings"
)

// run is one run of a template: what it has written, its variables, what it has spent.
type run struct {
	out       strings.Builder
	variables map[string]value
	loops     []*turn
	steps     int
	bytes     int
	depth     int
}

// turn is the present turn of a loop.
type turn struct {
	as    string
	value value
	index int
	last  bool
	of    list // of a list without a variable: what items goes through
}

// errBreak ends the innermost loop or switch.
var errBreak = errors.New("break")

// spend takes a step and bytes off the budget.
func (r *run) spend(at position, bytes int) error {
	r.steps++
	r.bytes += bytes
	if r.steps > maxSteps || r.bytes > maxBytes {
		return invalid(at)
	}
	return nil
}

func (r *run) print(at position, text string) error {
	if r.out.Len()+len(text) > maxOutput {
		return invalid(at)
	}
	r.out.WriteString(text)
	return nil
}

func (r *run) all(nodes []node) error {
	if r.depth++; r.depth > 2*maxDepth {
		return invalid(position{1, 1})
	}
	defer func() { r.depth-- }()
	for _, n := range nodes {
		if err := r.spend(position{1, 1}, 0); err != nil {
			return err
		}
		if err := n.write(r); err != nil {
			return err
		}
	}
	return nil
}

// captured writes nodes into a text of their own.
func (r *run) captured(nodes []node) (string, error) {
	outer := r.out
	r.out = strings.Builder{}
	err := r.all(nodes)
	text := r.out.String()
	r.out = outer
	if err != nil {
		return "", err
	}
	return text, r.spend(position{1, 1}, len(text))
}

func (n *plain) write(r *run) error { return r.print(position{1, 1}, n.text) }

func (n *shown) write(r *run) error {
	v, err := n.of.eval(r)
	if err != nil {
		return err
	}
	if n.numeric {
		number, ok := v.(*big.Rat)
		if !ok {
			return invalid(n.blame())
		}
		text := human(number)
		if n.max >= 0 {
			text = format(number, 1, n.min, n.max, true)
		}
		return r.print(n.position, text)
	}
	text, ok := asText(v)
	if !ok {
		return invalid(n.blame())
	}
	return r.print(n.position, text)
}

// blame returns the position that is told of a value which cannot be written: of the expression,
// but of the interpolation if the expression begins with a literal.
func (n *shown) blame() position {
	e := n.of
	for {
		switch of := e.(type) {
		case *binary:
			e = of.left
		case *builtin:
			e = of.of
		case *literal, *listLiteral, *hashLiteral, *unary, *interpolated:
			return n.position
		default:
			return n.of.at()
		}
	}
}

// asText returns what ${…} writes for a text or a number. Other values cannot be written.
func asText(v value) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case *big.Rat:
		return human(v), true
	}
	return "", false
}

func (n *branch) write(r *run) error {
	for i, condition := range n.conditions {
		if condition != nil {
			yes, err := r.truth(condition)
			if err != nil {
				return err
			}
			if !yes {
				continue
			}
		}
		return r.all(n.bodies[i])
	}
	return nil
}

// truth evaluates what must be true or false.
func (r *run) truth(e expression) (bool, error) {
	v, err := e.eval(r)
	if err != nil {
		return false, err
	}
	b, ok := v.(bool)
	if !ok {
		return false, invalid(e.at())
	}
	return b, nil
}

func (n *loop) write(r *run) error {
	v, err := n.of.eval(r)
	if err != nil {
		return err
	}
	items, ok := v.(list)
	if !ok {
		return invalid(n.of.at())
	}
	if len(items) == 0 {
		return r.all(n.none)
	}
	if n.as == "" {
		r.loops = append(r.loops, &turn{of: items})
		defer func() { r.loops = r.loops[:len(r.loops)-1] }()
		return r.all(n.body)
	}
	return r.each(items, n.as, n.body)
}

// each writes the body once for each item.
func (r *run) each(items list, as string, body []node) error {
	t := &turn{as: as}
	r.loops = append(r.loops, t)
	defer func() { r.loops = r.loops[:len(r.loops)-1] }()
	for i, item := range items {
		t.value, t.index, t.last = item, i, i == len(items)-1
		err := r.all(body)
		if err == errBreak {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (n *items) write(r *run) error {
	for i := len(r.loops) - 1; i >= 0; i-- {
		if r.loops[i].of != nil {
			return r.each(r.loops[i].of, n.as, n.body)
		}
	}
	return invalid(position{1, 1})
}

func (n *separator) write(r *run) error {
	for i := len(r.loops) - 1; i >= 0; i-- {
		if r.loops[i].as != "" {
			if r.loops[i].last {
				return nil
			}
			return r.all(n.body)
		}
	}
	return invalid(position{1, 1})
}

func (*breaking) write(*run) error { return errBreak }

func (n *assign) write(r *run) error {
	if n.of == nil {
		text, err := r.captured(n.body)
		if err != nil {
			return err
		}
		r.variables[n.name] = text
		return nil
	}
	v, err := n.of.eval(r)
	if err != nil {
		return err
	}
	if v == nil {
		return invalid(n.of.at())
	}
	if n.operator != "=" && n.operator != "==" {
		was := r.variable(n.name)
		if was == nil {
			return invalid(n.of.at())
		}
		if v, err = r.reckon(n.of.at(), strings.TrimSuffix(n.operator, "="), was, v); err != nil {
			return err
		}
	}
	r.variables[n.name] = v
	return nil
}

func (n *choice) write(r *run) error {
	v, err := n.of.eval(r)
	if err != nil {
		return err
	}
	start := -1
	for i, c := range n.cases {
		if c == nil {
			if start < 0 {
				start = i
			}
			continue
		}
		of, err := c.eval(r)
		if err != nil {
			return err
		}
		same, ok := equal(v, of)
		if !ok {
			return invalid(c.at())
		}
		if same {
			start = i
			break
		}
	}
	if start < 0 {
		return nil
	}
	for _, body := range n.bodies[start:] {
		if err := r.all(body); err == errBreak {
			return nil
		} else if err != nil {
			return err
		}
	}
	return nil
}

func (n *attempt) write(r *run) error {
	text, err := r.captured(n.body)
	if err == nil || err == errBreak {
		return errors.Join(r.print(position{1, 1}, text), err)
	}
	if r.steps > maxSteps || r.bytes > maxBytes {
		return err
	}
	return r.all(n.recover)
}

// variable returns a loop's variable, else one that was assigned or that the data has.
func (r *run) variable(name string) value {
	for i := len(r.loops) - 1; i >= 0; i-- {
		t := r.loops[i]
		if t.as == "" {
			continue
		}
		switch name {
		case t.as:
			return t.value
		case t.as + "_index":
			return number(t.index)
		case t.as + "_has_next":
			return !t.last
		}
	}
	return r.variables[name]
}
