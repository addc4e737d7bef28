package wording

import (
	"fmt"
	"slices"
	"unicode"
)

// Ignorable reports whether a character alone shows nothing on the screen: control and format
// characters, line separators, and what Unicode calls ignorable by default.
func Ignorable(r rune) bool {
	if r < 0x80 {
		return r < ' ' || r == 0x7f
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector) &&
		!unicode.Is(unicode.Prepended_Concatenation_Mark, r)
}

// blank reports whether a character takes space and shows nothing, although Unicode does not call
// it white space.
func blank(r rune) bool {
	switch r {
	case 0x2800, // the Braille pattern without dots
		0xfffc,  // the placeholder of an embedded object
		0x1d159, // a note without a head
		0x16fe4: // a filler of Khitan
		return true
	}
	return false
}

// lineBreak reports whether a character begins a new line.
func lineBreak(r rune) bool {
	return r == '\n' || r == '\r' || r == 0x85 || r == 0x2028 || r == 0x2029
}

// override reports whether a character changes the writing direction of what follows: embeddings,
// overrides and isolates. They make a text read differently from how it is stored.
func override(r rune) bool {
	return r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069
}

// directionMark reports whether a character is an invisible mark of direction. Such marks are
// accepted in texts with right-to-left letters.
func directionMark(r rune) bool { return r == 0x200e || r == 0x200f || r == 0x61c }

// rightToLeft lists the right-to-left scripts in use.
var rightToLeft = []*unicode.RangeTable{
	unicode.Hebrew, unicode.Arabic, unicode.Syriac, unicode.Thaana, unicode.Nko, unicode.Samaritan, unicode.Mandaic, unicode.Adlam,
	unicode.Hanifi_Rohingya, unicode.Yezidi,
}

func hasRightToLeft(text []rune) bool {
	return slices.ContainsFunc(text, func(r rune) bool { return unicode.IsLetter(r) && unicode.In(r, rightToLeft...) })
}

// noncharacter reports whether a code point is one that Unicode will never assign.
func noncharacter(r rune) bool { return r >= 0xfdd0 && r <= 0xfdef || r&0xfffe == 0xfffe }

// reason is why a text is refused; empty if it is accepted.
type reason string

// broken is the reason for bytes that are not UTF-8.
const (
	broken reason = "it is not valid text"
	unseen reason = "nothing in it can be seen"
)

func control(r rune) reason {
	if lineBreak(r) {
		return "it has a line break"
	}
	return because("a control character", r)
}

func invisible(r rune) reason { return because("an invisible character", r) }

func because(what string, r rune) reason { return reason(fmt.Sprintf("it has %s (U+%04X)", what, r)) }
