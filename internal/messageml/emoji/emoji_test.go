package emoji_test

import (
	"testing"

	"podium/internal/messageml/emoji"
)

func TestUnicode(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]string{
		"smiley": "😃", "+1": "👍", "thumbsup": "👍", "zap": "⚡", "flag_us": "🇺🇸", "man_in_tuxedo": "🤵", // as the Agent has them
		"SMILEY": "", "flag-us": "", "": "", "nope": "",
	} {
		if got := emoji.Unicode(code); got != want {
			t.Errorf("%s is %q, not %q", code, got, want)
		}
	}
}
