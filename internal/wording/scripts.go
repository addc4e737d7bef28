package wording

import (
	"slices"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// together lists the scripts that are written together in one word, as in Unicode ("Highly
// Restrictive" of UTS 39, section 5.2).
var together = [][]string{
	{"Latin", "Han", "Hiragana", "Katakana"},
	{"Latin", "Han", "Bopomofo"},
	{"Latin", "Han", "Hangul"},
}

// MixedScripts returns the scripts of a text, sorted, if they are several that are not written
// together, and nil otherwise. It ignores digits, signs and other characters common to scripts.
// Letters of full or half width count as the letters they represent.
func MixedScripts(text string) []string {
	if isASCII(text) {
		return nil
	}
	var scripts []string
	for _, r := range norm.NFKC.String(text) {
		if name := script(r); name != "" && !slices.Contains(scripts, name) {
			scripts = append(scripts, name)
		}
	}
	if len(scripts) < 2 {
		return nil
	}
	for _, set := range together {
		if !slices.ContainsFunc(scripts, func(name string) bool { return !slices.Contains(set, name) }) {
			return nil
		}
	}
	slices.Sort(scripts)
	return scripts
}

// script returns the script of a character; empty if several scripts share it.
func script(r rune) string {
	switch {
	case unicode.Is(unicode.Latin, r):
		return "Latin"
	case r < unicode.MaxASCII || unicode.In(r, unicode.Common, unicode.Inherited):
		return ""
	}
	for _, name := range frequent {
		if unicode.Is(unicode.Scripts[name], r) {
			return name
		}
	}
	for name, table := range unicode.Scripts {
		if unicode.Is(table, r) {
			return name
		}
	}
	return ""
}

// frequent lists the scripts to check first, of more than 170.
var frequent = []string{"Cyrillic", "Greek", "Han", "Hangul", "Arabic", "Hebrew", "Hiragana", "Katakana", "Devanagari", "Thai"}
