package users

import (
	"strings"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"podium/internal/wording"
)

// fold returns a text as names are compared.
func fold(value string) string { return wording.Fold(value) }

// sameForm returns a text without regard to case, to Unicode's forms of the same character, and to full and half
// width.
func sameForm(text string) string {
	if isASCII(text) {
		return strings.ToLower(text) // the same, for a tenth of the work
	}
	return norm.NFKC.String(cases.Fold().String(norm.NFKC.String(text)))
}

// Fold returns a text as names are compared: names with the same fold are the same name (package wording).
func Fold(value string) string { return fold(value) }

// SearchFold returns a text as searches compare it: without regard to case, form, width and accents, with single spaces.
func SearchFold(text string) string { return searchFold(text) }

// AfterPrefix is the lowest text above all those that begin with a folded prefix.
func AfterPrefix(prefix string) string { return afterPrefix(prefix) }
