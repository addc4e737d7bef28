package wording

import (
	"testing"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

// TestFoldOfASCII checks that the fast path for ASCII gives the general result.
func TestFoldOfASCII(t *testing.T) {
	if testing.Short() {
		t.Skip("slow: make test runs it")
	}
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := string(rapid.SliceOf(rapid.ByteRange(0, 127)).Draw(t, "text"))
		if got, want := sameForm(text), norm.NFKC.String(cases.Fold().String(norm.NFKC.String(text))); got != want {
			t.Fatalf("%q: %q, not %q", text, got, want)
		}
	})
}
