// Package wording holds the rules for texts that people read: what a name, a title or a description may
// consist of, when two names are the same name, and which links may be shown. Every chapter uses these
// rules, so that a text is refused everywhere or nowhere.
//
// Which texts there are, and how long they may be, is not here.
package wording

import (
	"strings"
	"unicode"

	"podium/internal/apierr"
)

// Line refuses a text that does not stand on one line as it was typed. It may not have line breaks, other
// control characters, characters that override the direction of writing, or characters that cannot be
// seen. Joiners and variation selectors are taken where writing needs them: in emoji, in Persian, in Indic
// scripts, after Han characters. A text that consists of nothing visible is refused; one without any
// character, or of spaces alone, is not: whether it is required is the caller's business.
//
// field names the text in the error.
func Line(field, value string) error {
	return refuse(field, wrongInLine(value))
}

// Prose refuses a longer text for control characters and for characters that override the direction of
// writing. Line breaks and tabs are taken.
func Prose(field, value string) error {
	return refuse(field, wrongInProse(value))
}

// Identifier refuses a text as Line does, and joiners and selectors wherever they stand: two identifiers
// that look alike differ in no hidden character.
func Identifier(field, value string) error {
	if err := Line(field, value); err != nil {
		return err
	}
	for _, r := range value {
		if Ignorable(r) || blank(r) {
			return refuse(field, invisible(r))
		}
	}
	return nil
}

func refuse(field string, why reason) error {
	if why == "" {
		return nil
	}
	return apierr.Invalid("%s: %s", field, string(why))
}

// Visible reports whether a text has a character that leaves a trace on the screen by itself. Characters of a newer
// Unicode than this program's do: an emoji of next year is seen.
func Visible(value string) bool {
	return strings.ContainsFunc(value, func(r rune) bool {
		return !unicode.IsSpace(r) && !unicode.IsMark(r) && !Ignorable(r) && !blank(r)
	})
}
