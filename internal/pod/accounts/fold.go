package accounts

import (
	"strings"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"podium/internal/wording"
)

// fold returns the form in which names are compared.
func fold(value string) string { return wording.Fold(value) }

// sameForm returns a text without differences of case, Unicode form, and full or half width.
func sameForm(text string) string {
	if isASCII(text) {
		return strings.ToLower(text) // the same result in a tenth of the time
	}
	return norm.NFKC.String(cases.Fold().String(norm.NFKC.String(text)))
}

// Fold returns the form in which names are compared: names with the same fold are the same name
// (package wording).
func Fold(value string) string { return fold(value) }

// SearchFold returns the form in which searches compare a text: without differences of case, form,
// width and accents, with single spaces.
func SearchFold(text string) string { return searchFold(text) }

// AfterPrefix returns the lowest text above all those that begin with a folded prefix.
func AfterPrefix(prefix string) string { return afterPrefix(prefix) }
