package wording

import "unicode"

// Characters that join, or separate, the letters beside them.
const (
	zwnj = 0x200c
	zwj  = 0x200d
)

// joining lists the scripts whose letters change with their neighbours: joiners are part of their
// spelling.
var joining = []*unicode.RangeTable{
	unicode.Arabic, unicode.Syriac, unicode.Mongolian, unicode.Nko, unicode.Mandaic, unicode.Phags_Pa, unicode.Manichaean,
	unicode.Hanifi_Rohingya, unicode.Sogdian, unicode.Adlam,
	unicode.Devanagari, unicode.Bengali, unicode.Gurmukhi, unicode.Gujarati, unicode.Oriya, unicode.Tamil, unicode.Telugu, unicode.Kannada,
	unicode.Malayalam, unicode.Sinhala, unicode.Khmer, unicode.Myanmar, unicode.Tibetan, unicode.Balinese, unicode.Javanese,
	unicode.Sundanese, unicode.Grantha, unicode.Newa, unicode.Tirhuta, unicode.Chakma, unicode.Meetei_Mayek, unicode.Limbu, unicode.Lepcha,
	unicode.Kaithi, unicode.Sharada, unicode.Takri, unicode.Khojki, unicode.Modi, unicode.Brahmi, unicode.Syloti_Nagri,
}

// joinsLetters reports whether the joiner at i is beside a letter of a joining script and beside no
// other joiner. It may end a word, as in names of older Malayalam.
func joinsLetters(text []rune, i int) bool {
	if i == 0 || joiner(text[i-1]) || i+1 < len(text) && joiner(text[i+1]) {
		return false
	}
	before := i - 1
	// vowel signs that several scripts share
	for before > 0 && unicode.In(text[before], unicode.Inherited) && !joiner(text[before]) {
		before--
	}
	return joins(text[before]) || i+1 < len(text) && joins(text[i+1])
}

func joiner(r rune) bool { return r == zwj || r == zwnj }

func joins(r rune) bool { return unicode.In(r, unicode.L, unicode.M) && unicode.In(r, joining...) }

// selects reports whether the character at i chooses a form of the character before it, and that
// character has such forms: emoji and text, Han characters of names, Mongolian letters.
func selects(text []rune, i int) bool {
	if i == 0 {
		return false
	}
	r, before := text[i], text[i-1]
	switch {
	case r == 0xfe0e || r == 0xfe0f:
		keycap := (before >= '0' && before <= '9' || before == '#' || before == '*') && i+1 < len(text) && text[i+1] == 0x20e3
		return keycap || pictographic(before)
	case r >= 0xfe00 && r <= 0xfe02, r >= 0xe0100 && r <= 0xe01ef:
		return unicode.Is(unicode.Han, before)
	case r >= 0x180b && r <= 0x180f:
		return unicode.Is(unicode.Mongolian, before) && unicode.IsLetter(before)
	}
	return false
}
