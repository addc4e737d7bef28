package freemarker

import (
	"math/big"
	"strings"
)

// expression is what can be evaluated.
type expression interface {
	at() position
	// eval returns the value, nil for what is missing.
	eval(r *run) (value, error)
}

type (
	literal struct {
		position
		value value
	}
	interpolated struct { // a text literal with interpolations in it
		position
		nodes []node
	}
	name struct {
		position
		name string
	}
	special struct { // .name: a variable of the engine, none of which a message may read
		position
		name string
	}
	member struct { // of.name
		position
		of   expression
		name string
	}
	index struct { // of[by]
		position
		of, by expression
	}
	unary struct {
		position
		operator string
		of       expression
	}
	binary struct {
		position
		operator    string
		left, right expression
	}
	orDefault struct { // of!otherwise
		position
		of, otherwise expression
	}
	exists struct { // of??
		position
		of expression
	}
	group struct { // ( of ): what is missing anywhere in it is missing as a whole for ! and ??
		position
		of expression
	}
	builtin struct { // of?name(arguments)
		position
		of        expression
		name      string
		called    bool
		arguments []expression
	}
	listLiteral struct {
		position
		items []expression
	}
	hashLiteral struct {
		position
		keys, values []expression
	}
)

func (p position) at() position { return p }

// expression reads a whole expression.
func (r *reader) expression() (expression, error) {
	if r.depth++; r.depth > maxDepth {
		return nil, syntax(r.place(), "The expression is nested more than %d deep.", maxDepth)
	}
	defer func() { r.depth-- }()
	return r.binary(0)
}

// levels are the operators with two sides, those that bind least first.
var levels = [][]string{
	{"||"}, {"&&"}, {"==", "=", "!="}, {"lte", "lt", "gte", "gt", "&lt;=", "&lt;", "&gt;=", "&gt;", "<=", "<", ">=", ">"}, {"..<", "..!", "..*", ".."}, {"+", "-"}, {"*", "/", "%"},
}

var meaning = map[string]string{
	"=": "==", "lt": "<", "lte": "<=", "gt": ">", "gte": ">=", "&lt;": "<", "&lt;=": "<=", "&gt;": ">", "&gt;=": ">=", "..!": "..<",
}

func (r *reader) binary(level int) (expression, error) {
	if level == len(levels) {
		return r.unary()
	}
	left, err := r.binary(level + 1)
	if err != nil {
		return nil, err
	}
	for {
		r.space()
		if r.directive && r.open == 0 && level == 3 && strings.HasPrefix(r.text[r.i:], ">") {
			return left, nil // it ends the tag
		}
		if r.directive && r.open == 0 && level == 6 && strings.HasPrefix(r.text[r.i:], "/>") {
			return left, nil
		}
		operator, ok := r.take(levels[level]...)
		if !ok {
			return left, nil
		}
		if m, ok := meaning[operator]; ok {
			operator = m
		}
		if operator == ".." && r.atEnd() { // a list without end
			left = &binary{left.at(), "..", left, nil}
			continue
		}
		right, err := r.binary(level + 1)
		if err != nil {
			return nil, err
		}
		left = &binary{left.at(), operator, left, right}
	}
}

// atEnd reports whether nothing follows that an expression could begin with.
func (r *reader) atEnd() bool {
	r.space()
	return r.i == len(r.text) || strings.IndexByte(")]}>,;", r.text[r.i]) >= 0
}

func (r *reader) unary() (expression, error) {
	if err := r.part(); err != nil {
		return nil, err
	}
	r.space()
	at := r.place()
	if strings.HasPrefix(r.text[r.i:], "!=") {
		return nil, syntax(at, "Unexpected \"!=\".")
	}
	if operator, ok := r.take("!", "-", "+"); ok {
		if r.depth++; r.depth > maxDepth {
			return nil, syntax(at, "The expression is nested more than %d deep.", maxDepth)
		}
		defer func() { r.depth-- }()
		of, err := r.unary()
		return &unary{at, operator, of}, err
	}
	e, err := r.primary()
	if err != nil {
		return nil, err
	}
	return r.postfix(e)
}

func (r *reader) primary() (expression, error) {
	r.space()
	at := r.place()
	if r.i == len(r.text) {
		return nil, syntax(at, "Unexpected end of file reached.")
	}
	switch c := r.text[r.i]; {
	case c == '(':
		r.i++
		e, err := r.inner()
		if err != nil {
			return nil, err
		}
		return &group{at, e}, r.want(")")
	case c == '[':
		r.i++
		items, err := r.items("]")
		return &listLiteral{at, items}, err
	case c == '{':
		return r.hash(at)
	case c == '"' || c == '\'' || c == 'r' && r.i+1 < len(r.text) && (r.text[r.i+1] == '"' || r.text[r.i+1] == '\''):
		return r.string(at)
	case '0' <= c && c <= '9':
		return r.number(at)
	}
	if c := r.text[r.i]; c == '.' {
		r.i++
		if word, ok := r.word(); ok {
			return &special{at, word}, nil
		}
		r.i--
	}
	word, ok := r.word()
	switch {
	case !ok:
		return nil, syntax(at, "Unexpected %q.", r.text[r.i:min(len(r.text), r.i+1)])
	case word == "true":
		return &literal{at, true}, nil
	case word == "false":
		return &literal{at, false}, nil
	}
	return &name{at, word}, nil
}

// inner reads an expression within brackets, where > is an operator.
func (r *reader) inner() (expression, error) {
	r.open++
	defer func() { r.open-- }()
	return r.expression()
}

// items reads expressions with commas up to the end mark.
func (r *reader) items(end string) ([]expression, error) {
	var items []expression
	if _, ok := r.take(end); ok {
		return nil, nil
	}
	for {
		e, err := r.inner()
		if err != nil {
			return nil, err
		}
		items = append(items, e)
		if _, ok := r.take(","); ok {
			continue
		}
		return items, r.want(end)
	}
}

func (r *reader) hash(at position) (expression, error) {
	r.i++
	h := &hashLiteral{position: at}
	if _, ok := r.take("}"); ok {
		return h, nil
	}
	for {
		key, err := r.inner()
		if err != nil {
			return nil, err
		}
		if _, ok := r.take(":", ","); !ok {
			return nil, syntax(r.place(), "Expected \":\".")
		}
		v, err := r.inner()
		if err != nil {
			return nil, err
		}
		h.keys, h.values = append(h.keys, key), append(h.values, v)
		if _, ok := r.take(","); ok {
			continue
		}
		return h, r.want("}")
	}
}

func (r *reader) number(at position) (expression, error) {
	start := r.i
	for r.i < len(r.text) && '0' <= r.text[r.i] && r.text[r.i] <= '9' {
		r.i++
	}
	if r.i+1 < len(r.text) && r.text[r.i] == '.' && '0' <= r.text[r.i+1] && r.text[r.i+1] <= '9' {
		r.i++
		for r.i < len(r.text) && '0' <= r.text[r.i] && r.text[r.i] <= '9' {
			r.i++
		}
	}
	if r.i-start > 300 {
		return nil, syntax(at, "The number is too long.")
	}
	n, ok := new(big.Rat).SetString(r.text[start:r.i])
	if !ok {
		return nil, syntax(at, "Unexpected number.")
	}
	return &literal{at, n}, nil
}

// postfix reads what may follow a value: .name [index] ?builtin !default ??
func (r *reader) postfix(e expression) (expression, error) {
	for steps := 0; ; steps++ {
		if steps > maxDepth {
			return nil, syntax(r.place(), "The expression is nested more than %d deep.", maxDepth)
		}
		r.space()
		at, rest := r.place(), r.text[r.i:]
		switch {
		case strings.HasPrefix(rest, "??"):
			r.i += 2
			e = &exists{e.at(), e}
		case strings.HasPrefix(rest, "?"):
			r.i++
			b, err := r.builtin(e)
			if err != nil {
				return nil, err
			}
			e = b
		case strings.HasPrefix(rest, "!") && !strings.HasPrefix(rest, "!="):
			r.i++
			var otherwise expression
			if !r.atEnd() && !r.operatorNext() {
				var err error
				if otherwise, err = r.expression(); err != nil {
					return nil, err
				}
			}
			e = &orDefault{e.at(), e, otherwise}
		case strings.HasPrefix(rest, ".") && !strings.HasPrefix(rest, ".."):
			r.i++
			word, ok := r.word()
			if !ok {
				return nil, syntax(at, "Expected a name.")
			}
			e = &member{e.at(), e, word}
		case strings.HasPrefix(rest, "["):
			r.i++
			by, err := r.inner()
			if err != nil {
				return nil, err
			}
			if err := r.want("]"); err != nil {
				return nil, err
			}
			e = &index{e.at(), e, by}
		default:
			return e, nil
		}
	}
}

// operatorNext reports whether an operator follows, so that a ! before it has no default.
func (r *reader) operatorNext() bool {
	rest := r.text[r.i:]
	for _, mark := range []string{"==", "=", "!=", "&&", "||", "+", "*", "/", "%", "?", ".", "!", "&gt;", "&lt;", "gt ", "gte ", "lt ", "lte ", "as "} {
		if strings.HasPrefix(rest, mark) {
			return true
		}
	}
	return false
}

func (r *reader) builtin(of expression) (expression, error) {
	at := of.at()
	word, ok := r.word()
	if !ok {
		return nil, syntax(r.place(), "Expected the name of a built-in.")
	}
	if _, known := builtins[word]; !known && !loopBuiltins[word] {
		if forbiddenBuiltins[word] {
			known = true // it fails when it runs
		}
		if !known {
			return nil, syntax(r.place(), "Unknown built-in: %q.", word)
		}
	}
	b := &builtin{position: at, of: of, name: word}
	if r.i < len(r.text) && r.text[r.i] == '(' {
		r.i++
		b.called = true
		var err error
		if b.arguments, err = r.items(")"); err != nil {
			return nil, err
		}
	}
	return b, nil
}
