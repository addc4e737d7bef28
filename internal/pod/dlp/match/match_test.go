package match_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"podium/internal/pod/dlp/match"
)

// TestWords checks which entries are found in which texts.
func TestWords(t *testing.T) {
	t.Parallel()
	d := match.NewWords([]string{"bake", "Credit Card", "facebook-IPO", "facebook", "C++", "機密", "straße", "dlp_test"})
	for text, want := range map[string][]string{
		"Let us BAKE a cake":            {"bake"},
		"baked":                         nil,
		"ba\u200bke":                    {"bake"},
		"ＢＡＫＥ":                          {"bake"},
		"my credit-card, please":        {"Credit Card"},
		"credit \n  card":               {"Credit Card"},
		"credit the card":               nil,
		"There is facebook-IPO":         {"facebook", "facebook-IPO"},
		"C is a language":               nil,
		"I write C++.":                  {"C++"},
		"これは機密です":                       {"機密"},
		"STRASSE":                       {"straße"},
		"see dlp_test":                  {"dlp_test"},
		"":                              nil,
		"bake bake bake credit card !!": {"bake", "Credit Card"},
	} {
		if got := d.Find(match.NewText(text), 10); !slices.Equal(got, want) {
			t.Errorf("%q: %q, not %q", text, got, want)
		}
	}
	if got := d.Find(match.NewText("bake facebook"), 1); len(got) != 1 {
		t.Errorf("more than one entry is found: %q", got)
	}
}

// TestExpressions checks what regular expressions find, and which are refused.
func TestExpressions(t *testing.T) {
	t.Parallel()
	entries, err := match.Entries("\\d{3,4}-\\d{2},(?i)secret\n [a,b]x , a\\,b,,\\d{3,4}-\\d{2}", true)
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{`\d{3,4}-\d{2}`, `(?i)secret`, `[a,b]x`, `a\,b`}; !slices.Equal(entries, want) {
		t.Errorf("the entries are %q", entries)
	}
	d, err := match.NewExpressions(entries)
	if err != nil {
		t.Fatal(err)
	}
	if got := d.Find(match.NewText("1234-56 and 123-45, SEC\u200dRET"), 10); !slices.Equal(got, []string{"1234-56", "123-45", "SECRET"}) {
		t.Errorf("found %q", got)
	}
	for _, wrong := range []string{"(", "a*", "(?:)", "x{1000}{1000}", "(a{500}){500}", "((a{100}){100}){100}", `(\pL{900}){3}`, `a\`} {
		if _, err := match.NewExpressions([]string{wrong}); err == nil || !strings.HasPrefix(err.Error(), "Invalid regular expression: "+wrong) {
			t.Errorf("%q: %v", wrong, err)
		}
	}
}

// TestEntries checks which contents are refused.
func TestEntries(t *testing.T) {
	t.Parallel()
	for _, wrong := range []string{"a\x00b", "\xff", strings.Repeat("x", 257), "\u200b", strings.Repeat("w,", 5) + manyWords(match.MaxWords)} {
		if _, err := match.Entries(wrong, false); err == nil {
			t.Errorf("%.20q is accepted", wrong)
		}
	}
	if list, err := match.Entries("\ufeffa, b ,,\r\nc,a\n", false); err != nil || !slices.Equal(list, []string{"a", "b", "c"}) {
		t.Errorf("%q, %v", list, err)
	}
}

func manyWords(n int) string {
	var list strings.Builder
	for i := range n {
		list.WriteString(strings.Repeat("y", i%200+1) + string(rune('a'+i%26)) + string(rune('a'+i/26%26)) + ",")
	}
	return list.String() + "z"
}

// TestFindLikeAModel compares what is found with a search that tries each entry at each word.
func TestFindLikeAModel(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c"}), 1, 3)
		entries := rapid.SliceOfNDistinct(rapid.Map(words, func(w []string) string { return strings.Join(w, " ") }), 1, 6, rapid.ID).Draw(t, "entries")
		text := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c", "d"}), 0, 12).Draw(t, "text")
		var want []string
		for _, entry := range entries {
			if strings.Contains(" "+strings.Join(text, " ")+" ", " "+entry+" ") {
				want = append(want, entry)
			}
		}
		got := match.NewWords(entries).Find(match.NewText(strings.Join(text, " ")), 100)
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%q in %q: %q, not %q", entries, text, got, want)
		}
	})
}
