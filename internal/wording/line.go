package wording

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxMarks is the most marks on one letter. Vietnamese, Hebrew and Tibetan need up to five; more
// would cover the lines above and below.
const maxMarks = 8

// wrongInLine returns why a text is not a line; empty if it is one.
func wrongInLine(value string) reason {
	if plainASCII(value) {
		return ""
	}
	if !utf8.ValidString(value) {
		return broken
	}
	text := []rune(value)
	marks, marked := 0, false
	for i := 0; i < len(text); i++ {
		r := text[i]
		if unicode.In(r, unicode.Mn, unicode.Me) && !Ignorable(r) {
			marks++
		} else {
			marks = 0
		}
		switch {
		case marks > maxMarks:
			return "it has too many marks on one letter"
		case lineBreak(r), unicode.Is(unicode.Cc, r):
			return control(r)
		case override(r):
			return because("a character that changes the direction of writing", r)
		case noncharacter(r):
			return broken
		case !Ignorable(r):
		case directionMark(r):
			if marked = marked || hasRightToLeft(text); !marked {
				return invisible(r)
			}
		case r == zwj && joinsEmoji(text, i), r == zwj && joinsLetters(text, i), r == zwnj && joinsLetters(text, i):
		case selects(text, i):
		case flag(text, i) > 0:
			i += flag(text, i) - 1
		default:
			return invisible(r)
		}
	}
	if strings.TrimSpace(value) != "" && !Visible(value) {
		return unseen
	}
	return ""
}

// plainASCII reports whether a text has printable ASCII characters alone, as most have.
// plainASCII reports whether a text has only printable ASCII characters, as most texts do.
func plainASCII(value string) bool {
	for i := range len(value) {
		if value[i] < ' ' || value[i] > '~' {
			return false
		}
	}
	return true
}

// wrongInProse returns why a text is not prose.
// wrongInProse returns why a text is not prose; empty if it is.
func wrongInProse(value string) reason {
	if !utf8.ValidString(value) {
		return broken
	}
	for _, r := range value {
		switch {
		case r == '\n', r == '\r', r == '\t', r == 0x2028, r == 0x2029:
		case unicode.Is(unicode.Cc, r):
			return because("a control character", r)
		case override(r):
			return because("a character that changes the direction of writing", r)
		case noncharacter(r):
			return broken
		}
	}
	return ""
}
