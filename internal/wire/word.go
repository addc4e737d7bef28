package wire

import "strings"

// OneOf returns the one of some published words that a text is, without regard to case.
func OneOf(text string, words []string) (string, bool) {
	for _, w := range words {
		if strings.EqualFold(w, text) {
			return w, true
		}
	}
	return "", false
}
