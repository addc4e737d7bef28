package transcript

import (
	"errors"
	"slices"
	"strconv"
	"strings"
)

// edit replaces the lines from from up to, not including, to.
type edit struct {
	from, to int
	lines    []string
}

// with returns the text of the file after edits.
func (f *transcript) with(edits []edit) string {
	lines := slices.Clone(f.lines)
	// from the end, so that line numbers stay valid
	slices.SortStableFunc(edits, func(a, b edit) int { return b.from - a.from })
	for _, e := range edits {
		lines = slices.Replace(lines, e.from, e.to, e.lines...)
	}
	return strings.Join(lines, "\n")
}

// update returns the edits that make the expectation match the answer.
func (r *runner) update(x exchange, got *answer) ([]edit, error) {
	if got.text != "" && got.body == nil && (x.answer == nil || x.answer.text != "<any>") {
		return nil, errors.New("the body is not JSON and cannot be written down; `\"<any>\"` expects it")
	}
	status := strconv.Itoa(got.status)
	if !x.expects {
		lines := append([]string{"", status}, r.bodyLines(x, got)...)
		if x.crowded {
			lines = append(lines, "")
		}
		return []edit{{x.requestEnd, x.requestEnd, lines}}, nil
	}
	var edits []edit
	if x.status != got.status {
		edits = append(edits, edit{x.statusLine, x.statusLine + 1, []string{status}})
	}
	for _, h := range x.answerHeaders {
		expected, err := r.variables.expand(h.value, plain)
		values := got.header.Values(h.name)
		switch {
		case len(values) == 0:
			edits = append(edits, edit{h.line, h.line + 1, nil})
		case err != nil || !headerMatches(expected, values[0]):
			edits = append(edits, edit{h.line, h.line + 1, []string{h.name + ": " + r.text(values[0])}})
		}
	}
	if len(r.compareBody(x, got)) > 0 {
		lines := r.bodyLines(x, got)
		if x.answer == nil && len(x.answerHeaders) > 0 {
			lines = append([]string{""}, lines...)
		}
		edits = append(edits, edit{x.bodyLine, x.bodyTo, lines})
	}
	return edits, nil
}

// bodyLines returns the answer's body in the form of an expectation.
func (r *runner) bodyLines(x exchange, got *answer) []string {
	if got.body == nil {
		return nil
	}
	return layout(r.merge(x.answer, *got.body, "", x.captures))
}

// merge returns the answer's value in the form of an expectation. It keeps the parts of the old
// expectation that still match.
func (r *runner) merge(old *value, got value, path string, captures []capture) value {
	if old != nil {
		expanded, err := r.variables.value(*old)
		if err == nil && len(differences(expanded, got, path)) == 0 {
			return *old
		}
	}
	if old == nil || old.kind != got.kind {
		old = &value{}
	}
	switch got.kind {
	case object, array:
		merged := value{kind: got.kind}
		for _, m := range got.members {
			merged.members = append(merged.members,
				member{m.name, r.merge(old.member(m.name), m.value, path+"."+m.name, captures)})
		}
		for i, item := range got.items {
			var before *value
			if i < len(old.items) {
				before = &old.items[i]
			}
			merged.items = append(merged.items, r.merge(before, item, path+"["+strconv.Itoa(i)+"]", captures))
		}
		return merged
	}
	return r.single(got, path, captures)
}

// single returns a string, a number, true, false or null of an answer in the form of an
// expectation.
func (r *runner) single(got value, path string, captures []capture) value {
	if got.kind == literal {
		return got
	}
	for _, c := range captures { // a captured value differs each time
		if straight(c.from) == path {
			return value{kind: str, text: "<" + string(got.kind) + ">"}
		}
	}
	if got.kind == str {
		return value{kind: str, text: r.text(got.text)}
	}
	if name, ok := r.variables.named(got.text); ok {
		return value{kind: variable, text: name}
	}
	return got
}

// text returns a text in the form of an expectation: itself, unless it looks like a variable or a
// placeholder.
func (r *runner) text(got string) string {
	if name, ok := r.variables.named(got); ok {
		return "${" + name + "}"
	}
	if _, ok := placeholders[got]; ok || reference.MatchString(got) {
		return "<string>"
	}
	return got
}
