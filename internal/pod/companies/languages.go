package companies

import (
	"slices"

	"golang.org/x/text/language"

	"podium/internal/apierr"
)

// checkLanguages returns an error that names the first language that is not a two-letter code of
// ISO 639-1, or that is out of order.
func checkLanguages(codes []string) error {
	for _, code := range codes {
		if base, err := language.ParseBase(code); err != nil || len(code) != 2 || base.String() != code {
			return apierr.Invalid("language %q: a code of two small letters is expected, such as en (ISO 639-1)", code)
		}
	}
	switch {
	case !slices.Contains(codes, "en"):
		return apierr.Invalid("language: en is always among them")
	case !slices.IsSorted(codes) || len(slices.Compact(slices.Clone(codes))) < len(codes):
		return apierr.Invalid("language: they stand in the order of the alphabet, each once")
	}
	return nil
}
