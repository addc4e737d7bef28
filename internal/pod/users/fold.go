package users

import (
	"strings"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// fold is a text as names are compared: without regard to case, to Unicode's forms of the
// same character, and to full and half width.
func fold(text string) string {
	if isASCII(text) {
		return strings.ToLower(text) // the same, for a tenth of the work
	}
	return norm.NFKC.String(cases.Fold().String(norm.NFKC.String(text)))
}

// Fold is a text as names are compared: without regard to case, to Unicode's forms of the same
// character, and to full and half width.
func Fold(text string) string { return fold(text) }

// SearchFold is a text as searches compare it: as Fold has it, without accents, with single spaces.
func SearchFold(text string) string { return searchFold(text) }

// AfterPrefix is the lowest text above all those that begin with a folded prefix.
func AfterPrefix(prefix string) string { return afterPrefix(prefix) }
