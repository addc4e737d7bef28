// Package wording holds the rules for texts that people read: which characters a name, a title or a
// description may contain, when two names are the same, how searches compare texts, and which links
// may be shown. Every chapter uses these rules, so that a text is refused everywhere or nowhere.
//
// Not inside: which texts there are and how long they may be.
package wording

import (
	"strings"
	"unicode"

	"podium/internal/apierr"
)

// Line returns an error for a text that is not a visible single line. It refuses line breaks, other
// control characters, characters that override the writing direction, and invisible characters. It
// accepts joiners and variation selectors where writing needs them: in emoji, in Persian, in Indic
// scripts, after Han characters. It refuses a text of invisible characters only, but accepts an
// empty text or one of spaces: the caller decides whether a text is required.
//
// field names the text in the error.
func Line(field, value string) error {
	return refuse(field, wrongInLine(value))
}

// Prose returns an error for a longer text with control characters, or characters that override the
// writing direction. It accepts line breaks and tabs.
func Prose(field, value string) error {
	return refuse(field, wrongInProse(value))
}

// Identifier returns an error where Line does, and for any joiner or selector: two identifiers that
// look alike must not differ in a hidden character.
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

// Visible reports whether a text has a character that shows something on the screen by itself.
// Characters of a newer Unicode version count as visible.
func Visible(value string) bool {
	return strings.ContainsFunc(value, func(r rune) bool {
		return !unicode.IsSpace(r) && !unicode.IsMark(r) && !Ignorable(r) && !blank(r)
	})
}
