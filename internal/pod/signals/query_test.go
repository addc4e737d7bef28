package signals_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"podium/internal/pod/signals"
)

// A query that was parsed is parsed again from its own text, which then stays the same.
func TestQueriesAreAnsweredInOneForm(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		term := rapid.Custom(func(t *rapid.T) string {
			field := rapid.SampledFrom([]string{"hashtag", "HASHTAG", "Cashtag", " cashTAG "}).Draw(t, "field")
			value := rapid.StringMatching(`[#$]?[a-zé*_ -]{1,12}`).Draw(t, "value")
			return field + ":x" + value
		})
		text := term.Draw(t, "first")
		for range rapid.IntRange(0, 6).Draw(t, "more") {
			text += rapid.SampledFrom([]string{" AND ", " OR ", "  AND\t"}).Draw(t, "operator") + term.Draw(t, "next")
		}
		q, err := signals.ParseQuery(strings.ReplaceAll(text, "\t", " "))
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		again, err := signals.ParseQuery(q.String())
		if err != nil || again.String() != q.String() {
			t.Fatalf("%q becomes %q and then %q: %v", text, q, again, err)
		}
	})
}

func TestQueriesHaveLimits(t *testing.T) {
	t.Parallel()
	for text, ok := range map[string]bool{
		"hashtag:" + strings.Repeat("x", 256):              true,
		"hashtag:" + strings.Repeat("x", 257):              false,
		strings.Repeat("hashtag:x AND ", 49) + "hashtag:x": true,
		strings.Repeat("hashtag:x OR ", 50) + "hashtag:x":  false,
		"author:1 OR author:2 AND cashtag:ibm":             true,
		"author:1 AND author:01 AND cashtag:ibm":           true,
		"author:-1 AND cashtag:ibm":                        false,
		"author:99999999999999999999 AND cashtag:ibm":      false,
		"cashtag:$":               false,
		"cashtag:a AND":           false,
		"cashtag:a\x00":           false,
		"cashtag:a\u202eb":        false,
		"AND cashtag:a":           false,
		"cashtag:a and hashtag:b": false,
		"hashtag:research and development OR hashtag:rock'n'roll": true,
	} {
		if _, err := signals.ParseQuery(text); (err == nil) != ok {
			t.Errorf("%.80q: %v", text, err)
		}
	}
}
