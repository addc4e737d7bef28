package openapi

import (
	"os"
	"path/filepath"
	"strings"
)

// Update is the environment variable that makes Check rewrite files.
const Update = "PODIUM_UPDATE"

// reporter holds the methods of *testing.T that Check calls. So the binary does not link package
// testing.
type reporter interface {
	Helper()
	Logf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// Check fails a test unless a checked-in file contains exactly this text. With PODIUM_UPDATE=1 it
// writes the file instead.
func Check(t reporter, file, want string) {
	t.Helper()
	data, err := os.ReadFile(file)
	switch {
	case err == nil && string(data) == want:
	case os.Getenv(Update) == "1":
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatalf("%v", err)
		}
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatalf("%v", err)
		}
		t.Logf("%s is rewritten", file)
	case err != nil:
		t.Fatalf("%v\n`make update` writes this file", err)
	default:
		line, is, should := firstDifference(string(data), want)
		t.Fatalf("%s:%d is not up to date; `make update` rewrites it\n  it says:   %s\n  should be: %s", file, line, is, should)
	}
}

// firstDifference returns the first line, counted from one, in which two texts differ.
func firstDifference(a, b string) (line int, inA, inB string) {
	as, bs := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := 0; ; i++ {
		inA, inB = "(the end)", "(the end)"
		if i < len(as) {
			inA = as[i]
		}
		if i < len(bs) {
			inB = bs[i]
		}
		if inA != inB || i >= len(as) && i >= len(bs) {
			return i + 1, inA, inB
		}
	}
}
