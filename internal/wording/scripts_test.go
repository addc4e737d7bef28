package wording

import (
	"slices"
	"testing"
)

func TestMixedScripts(t *testing.T) {
	t.Parallel()
	for name, want := range map[string][]string{
		"alice": nil, "alice.o'hara-2@acme": nil, "Zoë": nil, "алиса": nil, "αλίκη": nil, "アリス": nil, "": nil, "42": nil,
		"Tokyo東京デスク": nil, "서울desk": nil, "ａｌｉｃｅ": nil, // of full width
		"аlice":      {"Cyrillic", "Latin"}, // the first letter is Cyrillic
		"раypal":     {"Cyrillic", "Latin"},
		"αlice":      {"Greek", "Latin"},
		"alıceа":     {"Cyrillic", "Latin"},
		"ацмеα":      {"Cyrillic", "Greek"},
		"desk서울東ア":   {"Han", "Hangul", "Katakana", "Latin"},
		"ali\u0455e": {"Cyrillic", "Latin"},
		"Ꭺlice":      {"Cherokee", "Latin"},
	} {
		if got := MixedScripts(name); !slices.Equal(got, want) {
			t.Errorf("%q: %v, not %v", name, got, want)
		}
	}
}
