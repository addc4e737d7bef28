// Package match finds the entries of dictionaries in texts: words, whatever their case and form,
// and regular expressions (RE2, which takes time in proportion to the text).
package match

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"podium/internal/apierr"
	"podium/internal/wording"
)

// The limits of a dictionary. They are our choice.
const (
	MaxContent     = 1 << 20 // bytes
	MaxWords       = 10_000
	MaxExpressions = 200

	maxWord       = 256   // characters of a word
	maxExpression = 1_000 // characters of a regular expression
	maxCost       = 1_000 // steps of a regular expression for a character, at most
	maxTerm       = 100   // characters of what is told of a match
)

// Dictionary finds its entries in texts. The zero value finds nothing.
type Dictionary struct {
	words       *node // of the letters and digits alone: "credit card" finds "credit-card"
	signs       *node // with all signs: "c++" does not find "c"
	expressions []*regexp.Regexp
	cost        int
}

// Cost returns how many steps the regular expressions take for a character of a text, at most. A
// step takes about 5 ns.
func (d *Dictionary) Cost() int { return d.cost }

// node is a place in a tree of words. What follows is by the next word.
type node struct {
	next  map[string]*node
	entry string // that ends here; empty: none
}

// NewWords returns a dictionary of words. Each entry is one word or several in order.
func NewWords(entries []string) *Dictionary {
	d := &Dictionary{words: &node{}, signs: &node{}}
	for _, entry := range entries {
		all := split(entry)
		plain := slices.DeleteFunc(slices.Clone(all), sign)
		if len(plain) == len(all) {
			d.words.add(plain, entry)
		} else {
			d.signs.add(all, entry)
		}
	}
	return d
}

// NewExpressions returns a dictionary of regular expressions. It fails with Invalid for one that is
// malformed or too costly, or that finds the empty text.
func NewExpressions(entries []string) (*Dictionary, error) {
	d := &Dictionary{}
	for _, entry := range entries {
		steps, err := costOf(entry)
		if err != nil {
			return nil, refuse(entry, err)
		}
		d.cost += steps
		compiled, err := regexp.Compile(entry)
		if err != nil {
			return nil, refuse(entry, err)
		}
		if compiled.MatchString("") {
			return nil, refuse(entry, fmt.Errorf("it finds the empty text"))
		}
		d.expressions = append(d.expressions, compiled)
	}
	return d, nil
}

// refuse returns the refusal of a regular expression.
func refuse(entry string, why error) error {
	return apierr.Invalid("Invalid regular expression: %.200s: %s", entry, why)
}

func (n *node) add(words []string, entry string) {
	for _, word := range words {
		if n.next == nil {
			n.next = make(map[string]*node)
		}
		if n.next[word] == nil {
			n.next[word] = &node{}
		}
		n = n.next[word]
	}
	if len(words) > 0 && n.entry == "" {
		n.entry = entry
	}
}

// find calls found for each entry in a text, until it returns false.
func (n *node) find(words []string, found func(entry string) bool) {
	if n == nil || n.next == nil {
		return
	}
	for i := range words {
		at := n
		for _, word := range words[i:] {
			if at = at.next[word]; at == nil {
				break
			}
			if at.entry != "" && !found(at.entry) {
				return
			}
		}
	}
}

// Text is a text in which dictionaries look. It is divided into words once.
type Text struct {
	raw          string
	words, signs []string
	divided      bool
}

// NewText returns a text.
func NewText(raw string) *Text { return &Text{raw: visible(raw)} }

// visible returns a text without invisible characters, which would hide words.
func visible(raw string) string {
	if !strings.ContainsFunc(raw, hidden) {
		return raw
	}
	return strings.Map(func(r rune) rune {
		if hidden(r) {
			return -1
		}
		return r
	}, raw)
}

func hidden(r rune) bool { return wording.Ignorable(r) && !unicode.IsSpace(r) }

func (t *Text) divide() {
	if t.divided {
		return
	}
	t.divided = true
	t.signs = split(t.raw)
	t.words = slices.DeleteFunc(slices.Clone(t.signs), sign)
}

// Find returns at most limit different entries that a dictionary finds in a text: words as the
// dictionary has them, and what regular expressions match as the text has it.
func (d *Dictionary) Find(t *Text, limit int) []string {
	var terms []string
	add := func(term string) bool {
		if term = shorten(term); !slices.Contains(terms, term) {
			terms = append(terms, term)
		}
		return len(terms) < limit
	}
	if d.words != nil {
		t.divide()
		d.words.find(t.words, add)
		if len(terms) < limit {
			d.signs.find(t.signs, add)
		}
	}
	for _, expression := range d.expressions {
		for _, term := range expression.FindAllString(t.raw, limit) {
			if !add(term) {
				return terms
			}
		}
	}
	return terms
}

// shorten returns the beginning of a long term.
func shorten(term string) string {
	if runes := []rune(term); len(runes) > maxTerm {
		return string(runes[:maxTerm]) + "…"
	}
	return term
}
