package wording

import (
	"strings"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Fold returns a text as names are compared: without regard to case, to Unicode's forms of the same
// character, to full and half width, and to characters that cannot be seen. Names with the same fold are
// the same name. It is Unicode's NFKC_Casefold, but that the flags of England, Scotland and Wales differ
// from one another and from the black flag, and that blanks become spaces.
func Fold(value string) string {
	if plainASCII(value) {
		return strings.ToLower(value) // the same, for a tenth of the work
	}
	// What cannot be seen goes first: it keeps apart what combines.
	folded := cases.Fold().String(norm.NFKC.String(withoutIgnorable(value)))
	return norm.NFKC.String(strings.Map(cherokee, folded))
}

// cherokee returns the capital letter of a small one of Cherokee, which Unicode folds so, since the capital ones are older.
// Package cases turns each into the other.
func cherokee(r rune) rune {
	switch {
	case r >= 0xab70 && r <= 0xabbf:
		return r - 0xab70 + 0x13a0
	case r >= 0x13f8 && r <= 0x13fd:
		return r - 8
	}
	return r
}

// withoutIgnorable drops what cannot be seen.
func withoutIgnorable(value string) string {
	if !strings.ContainsFunc(value, func(r rune) bool { return Ignorable(r) || blank(r) }) {
		return value
	}
	text := []rune(value)
	kept := text[:0:0]
	for i := 0; i < len(text); i++ {
		r := text[i]
		switch n := flag(text, i); {
		case n > 0 && drawnFlag(text, i, n):
			kept = append(kept, text[i:i+n]...)
			i += n - 1
		case blank(r), r == '\t', lineBreak(r):
			kept = append(kept, ' ')
		case !Ignorable(r):
			kept = append(kept, r)
		}
	}
	return string(kept)
}
