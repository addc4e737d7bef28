package messageml

import (
	"slices"
	"strings"
)

// mask is a set of kinds; each kind that a content model names has a bit.
type mask uint64

const (
	inText mask = 1 << iota
	inLink
	inChime
	inBold
	inItalic
	inImage
	inBreak
	inSpan
	inEmoji
	inHash
	inCash
	inMention
	inSub
	inSup
	inPre
	inItem
	inHead
	inRow
	inCell
	inOption
	inOther
)

// phrasing is what may stand within a line.
const phrasing = inText | inLink | inChime | inBold | inItalic | inImage | inBreak | inSpan | inEmoji | inHash | inCash |
	inMention | inSub | inSup

// only refuses children that are not of the set. White space may stand everywhere.
func (e *element) only(allowed mask) error {
	for _, c := range e.children {
		switch {
		case c.isText():
			if allowed&inText == 0 && !c.isBlank() {
				return refuse(`Element "null" is not allowed in "%s"`, e.kind.name)
			}
		case allowed&c.kind.bit == 0:
			return refuse(`Element "%s" is not allowed in "%s"`, c.kind.name, e.kind.name)
		}
	}
	return nil
}

// noText refuses text other than white space.
func (e *element) noText() error {
	for _, c := range e.children {
		if c.isText() && !c.isBlank() {
			return refuse(`Element "%s" may not have text content`, e.kind.name)
		}
	}
	return nil
}

// empty refuses children of any kind, white space too.
func (e *element) empty() error {
	if len(e.children) > 0 {
		return refuse(`Element "%s" may not have child elements or text content`, e.kind.name)
	}
	return nil
}

// atLeastOne refuses an element that has no child of one of the classes.
func (e *element) atLeastOne(classes ...string) error {
	for _, c := range e.children {
		if !c.isText() && slices.Contains(classes, c.kind.class) {
			return nil
		}
	}
	return e.lacks(strings.Join(classes, ", "))
}

// withText refuses an element that has no text, not even white space.
func (e *element) withText() error {
	if slices.ContainsFunc(e.children, (*element).isText) {
		return nil
	}
	return e.lacks("text content")
}

func (e *element) lacks(what string) error {
	return refuse(`The "%s" element must have at least one child that is any of the following elements: [%s].`, e.kind.name, what)
}

// childOf refuses an element whose parent is of none of the classes.
func (e *element) childOf(classes ...string) error {
	if slices.Contains(classes, e.parent.kind.class) {
		return nil
	}
	return refuse(`Element "%s" can only be a child of the following elements: [%s]`, e.kind.name, strings.Join(classes, ", "))
}

// innerChildOf refuses an element that has no ancestor of one of the classes.
func (e *element) innerChildOf(classes ...string) error {
	if e.inside(classes...) != nil {
		return nil
	}
	return refuse(`Element "%s" can only be a inner child of the following elements: [%s]`, e.kind.name, strings.Join(classes, ", "))
}
