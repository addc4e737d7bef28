package wording

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// SearchFold returns the form in which searches compare a text: without differences of case, width,
// accents, invisible characters and white space.
func SearchFold(text string) string {
	folded := sameForm(text)
	if !isASCII(folded) {
		folded = norm.NFC.String(strings.Map(plain, norm.NFD.String(folded)))
		folded = letters.Replace(folded)
	}
	if strings.IndexFunc(folded, unicode.IsControl) >= 0 {
		folded = strings.Map(func(r rune) rune {
			if unicode.IsControl(r) {
				return ' '
			}
			return r
		}, folded)
	}
	return strings.Join(strings.Fields(folded), " ")
}

// sameForm returns a text without differences of case, Unicode form, and full or half width.
func sameForm(text string) string {
	if isASCII(text) {
		return strings.ToLower(text) // the same result in a tenth of the time
	}
	return norm.NFKC.String(cases.Fold().String(norm.NFKC.String(text)))
}

// isASCII reports whether a text has only ASCII characters.
func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// plain removes accents of Latin, Greek and Cyrillic, the optional vowel signs of Arabic and
// Hebrew, and invisible characters. Marks of other scripts are part of the word.
func plain(r rune) rune {
	switch {
	case r >= 0x300 && r <= 0x36f, r >= 0x591 && r <= 0x5c7, r >= 0x64b && r <= 0x65f, r == 0x670, r == utf8.MaxRune, unicode.Is(unicode.Cf, r):
		return -1
	}
	return r
}

// letters replaces letters that Unicode does not decompose by what people type instead.
var letters = strings.NewReplacer("ø", "o", "ł", "l", "đ", "d", "ħ", "h", "ı", "i", "æ", "ae", "œ", "oe", "þ", "th", "ð", "d")

// AfterPrefix returns the lowest text above all those that begin with a prefix, which SearchFold or
// Fold has made.
func AfterPrefix(prefix string) string {
	last, size := utf8.DecodeLastRuneInString(prefix)
	next := last + 1 // a folded text never has the highest character
	if next == 0xd800 {
		next = 0xe000 // the code points between are no characters
	}
	return prefix[:len(prefix)-size] + string(next)
}
