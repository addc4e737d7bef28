package match

import (
	"unicode"
	"unicode/utf8"

	"podium/internal/wording"
)

// split divides a text into words, folded, and signs, each alone. Scripts that are written without
// spaces have words of one character, so that an entry is found within a sentence.
func split(text string) []string {
	folded := wording.Fold(text)
	var list []string
	begin := -1
	end := func(at int) {
		if begin >= 0 {
			list = append(list, folded[begin:at])
			begin = -1
		}
	}
	for i, r := range folded {
		switch {
		case unicode.In(r, withoutSpaces...):
			end(i)
			list = append(list, folded[i:i+utf8.RuneLen(r)])
		case inWords(r):
			if begin < 0 {
				begin = i
			}
		default:
			end(i)
			if !unicode.IsSpace(r) && r != utf8.RuneError {
				list = append(list, folded[i:i+utf8.RuneLen(r)])
			}
		}
	}
	end(len(folded))
	return list
}

var withoutSpaces = []*unicode.RangeTable{
	unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar,
}

func inWords(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }

// sign reports whether a word of split is a sign.
func sign(word string) bool {
	r, _ := utf8.DecodeRuneInString(word)
	return !inWords(r) && !unicode.In(r, withoutSpaces...)
}
