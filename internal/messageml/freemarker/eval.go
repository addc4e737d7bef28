package freemarker

import (
	"math/big"
	"strings"
)

func (e *literal) eval(r *run) (value, error) { return e.value, r.spend(e.position, 0) }

func (e *interpolated) eval(r *run) (value, error) { return r.captured(e.nodes) }

func (e *name) eval(r *run) (value, error) { return r.variable(e.name), r.spend(e.position, 0) }

func (e *special) eval(*run) (value, error) { return nil, invalid(e.position) }

func (e *group) eval(r *run) (value, error) { return e.of.eval(r) }

func (e *member) eval(r *run) (value, error) {
	if b, ok := e.of.(*builtin); ok && b.name == "string" && !b.called { // ?string.percent
		called := &builtin{position: b.position, of: b.of, name: "string", called: true, arguments: []expression{&literal{b.position, e.name}}}
		return called.eval(r)
	}
	of, err := r.present(e.of)
	if err != nil {
		return nil, err
	}
	h, ok := of.(hash)
	if !ok {
		return nil, invalid(e.of.at())
	}
	return h.get(e.name), r.spend(e.position, 0)
}

// present evaluates what must not be missing.
func (r *run) present(e expression) (value, error) {
	v, err := e.eval(r)
	if err == nil && v == nil {
		err = invalid(e.at())
	}
	return v, err
}

func (e *index) eval(r *run) (value, error) {
	of, err := r.present(e.of)
	if err != nil {
		return nil, err
	}
	if b, isRange := e.by.(*binary); isRange && (b.operator == ".." || b.operator == "..<" || b.operator == "..*") {
		return r.slice(e, of, b)
	}
	by, err := r.present(e.by)
	if err != nil {
		return nil, err
	}
	if err := r.spend(e.position, 0); err != nil {
		return nil, err
	}
	switch of := of.(type) {
	case hash:
		if key, ok := by.(string); ok {
			return of.get(key), nil
		}
	case list:
		if n, ok := whole(by); ok {
			if n < 0 || n >= len(of) {
				return nil, nil
			}
			return of[n], nil
		}
	case string:
		if n, ok := whole(by); ok {
			runes := []rune(of)
			if n < 0 || n >= len(runes) {
				return nil, invalid(e.position)
			}
			return string(runes[n]), r.spend(e.position, len(of))
		}
	}
	return nil, invalid(e.of.at())
}

// slice returns a part of a list or text.
func (r *run) slice(e *index, of value, by *binary) (value, error) {
	length := 0
	text, isText := of.(string)
	items, isList := of.(list)
	runes := []rune(text)
	switch {
	case isText:
		length = len(runes)
	case isList:
		length = len(items)
	default:
		return nil, invalid(e.of.at())
	}
	from, to, err := r.bounds(by, length)
	if err != nil {
		return nil, err
	}
	if from < 0 || from > length || to > length || to < from {
		return nil, invalid(e.position)
	}
	if err := r.spend(e.position, len(text)+8*(to-from)); err != nil {
		return nil, err
	}
	if isText {
		return string(runes[from:to]), nil
	}
	return items[from:to:to], nil
}

// bounds returns the first index of a range and the one behind its last. length is the end of a
// range without one.
func (r *run) bounds(b *binary, length int) (from, to int, err error) {
	left, err := r.present(b.left)
	if err != nil {
		return 0, 0, err
	}
	from, ok := whole(left)
	if !ok {
		return 0, 0, invalid(b.left.at())
	}
	if b.right == nil {
		return from, length, nil
	}
	right, err := r.present(b.right)
	if err != nil {
		return 0, 0, err
	}
	to, ok = whole(right)
	if !ok {
		return 0, 0, invalid(b.right.at())
	}
	switch b.operator {
	case "..":
		to++
	case "..*":
		to = min(from+to, max(length, from))
	}
	return from, to, nil
}

func (e *unary) eval(r *run) (value, error) {
	if err := r.spend(e.position, 0); err != nil {
		return nil, err
	}
	if e.operator == "!" {
		yes, err := r.truth(e.of)
		return !yes, err
	}
	v, err := e.of.eval(r)
	if err != nil {
		return nil, err
	}
	n, ok := v.(*big.Rat)
	if !ok {
		return nil, invalid(e.of.at())
	}
	if e.operator == "-" {
		n = new(big.Rat).Neg(n)
	}
	return n, nil
}

// missing reports whether an error came of a value that is missing, as opposed to a spent budget.
func (r *run) missing(err error) bool {
	return err != nil && r.steps <= maxSteps && r.bytes <= maxBytes
}

func (e *orDefault) eval(r *run) (value, error) {
	v, err := e.of.eval(r)
	if _, grouped := e.of.(*group); grouped && r.missing(err) {
		v, err = nil, nil
	}
	if err != nil || v != nil {
		return v, err
	}
	if e.otherwise == nil {
		return "", nil
	}
	return e.otherwise.eval(r)
}

func (e *exists) eval(r *run) (value, error) {
	v, err := e.of.eval(r)
	if _, grouped := e.of.(*group); grouped && r.missing(err) {
		return false, nil
	}
	return v != nil, err
}

func (e *listLiteral) eval(r *run) (value, error) {
	items := make(list, 0, len(e.items))
	for _, item := range e.items {
		v, err := r.present(item)
		if err != nil {
			return nil, err
		}
		items = append(items, v)
	}
	return items, r.spend(e.position, 8*len(items))
}

func (e *hashLiteral) eval(r *run) (value, error) {
	h := newHash()
	for i := range e.keys {
		key, err := r.present(e.keys[i])
		if err != nil {
			return nil, err
		}
		text, ok := key.(string)
		if !ok {
			return nil, invalid(e.keys[i].at())
		}
		v, err := r.present(e.values[i])
		if err != nil {
			return nil, err
		}
		h.object.Set(text, &wrapped{v})
	}
	return h, r.spend(e.position, 16*len(e.keys))
}

func (e *binary) eval(r *run) (value, error) {
	if err := r.spend(e.position, 0); err != nil {
		return nil, err
	}
	switch e.operator {
	case "&&", "||":
		yes, err := r.truth(e.left)
		if err != nil || yes == (e.operator == "||") {
			return yes, err
		}
		return r.truth(e.right)
	case "..", "..<", "..*":
		return r.makeRange(e)
	}
	left, err := r.present(e.left)
	if err != nil {
		return nil, err
	}
	right, err := r.present(e.right)
	if err != nil {
		return nil, err
	}
	switch e.operator {
	case "==", "!=":
		same, ok := equal(left, right)
		if !ok {
			return nil, invalid(e.left.at())
		}
		return same == (e.operator == "=="), nil
	case "<", "<=", ">", ">=":
		a, ok := left.(*big.Rat)
		b, ok2 := right.(*big.Rat)
		if !ok || !ok2 {
			return nil, invalid(e.left.at())
		}
		c := a.Cmp(b)
		return c < 0 && e.operator[0] == '<' || c > 0 && e.operator[0] == '>' || c == 0 && len(e.operator) == 2, nil
	}
	return r.reckon(e.left.at(), e.operator, left, right)
}

// makeRange makes the list of a range.
func (r *run) makeRange(e *binary) (value, error) {
	if e.right == nil {
		return nil, invalid(e.position) // a range without end cannot be gone through
	}
	from, to, err := r.bounds(e, 1<<31)
	if err != nil {
		return nil, err
	}
	step, count := 1, to-from
	if count < 0 && e.operator == ".." || count == 0 && e.operator == ".." { // 3..1 goes down
		step, count = -1, from-to+2
	} else if count < 0 && e.operator == "..<" {
		step, count = -1, from-to
	}
	if count < 0 {
		count = 0
	}
	if err := r.spend(e.position, 64*count); err != nil {
		return nil, err
	}
	items := make(list, count)
	for i := range items {
		items[i] = number(from + i*step)
	}
	return items, nil
}

// reckon applies + - * / %.
func (r *run) reckon(at position, operator string, left, right value) (value, error) {
	a, ok := left.(*big.Rat)
	b, ok2 := right.(*big.Rat)
	if operator == "+" && (!ok || !ok2) {
		return r.add(at, left, right)
	}
	if !ok || !ok2 {
		return nil, invalid(at)
	}
	result := new(big.Rat)
	switch operator {
	case "+":
		result.Add(a, b)
	case "-":
		result.Sub(a, b)
	case "*":
		result.Mul(a, b)
	case "/", "%":
		if b.Sign() == 0 {
			return nil, invalid(at)
		}
		if operator == "/" {
			result.Quo(a, b)
			break
		}
		x, y := truncated(a), truncated(b)
		if y.Sign() == 0 {
			return nil, invalid(at)
		}
		result.SetInt(new(big.Int).Rem(x, y))
	}
	if !small(result) {
		return nil, invalid(at)
	}
	return result, nil
}

func truncated(n *big.Rat) *big.Int { return new(big.Int).Quo(n.Num(), n.Denom()) }

// add puts lists, hashes or texts together.
func (r *run) add(at position, left, right value) (value, error) {
	switch left := left.(type) {
	case list:
		if right, ok := right.(list); ok {
			sum := append(left[:len(left):len(left)], right...)
			return sum, r.spend(at, 8*len(sum))
		}
	case hash:
		if right, ok := right.(hash); ok {
			return left.plus(right), r.spend(at, 16*(left.object.Len()+right.object.Len()))
		}
	}
	a, ok := asText(left)
	b, ok2 := asText(right)
	if !ok || !ok2 {
		return nil, invalid(at)
	}
	var sum strings.Builder
	if err := r.spend(at, len(a)+len(b)); err != nil {
		return nil, err
	}
	sum.WriteString(a)
	sum.WriteString(b)
	return sum.String(), nil
}
