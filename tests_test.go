package podium_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// maxTranscript is the length of a transcript in lines. A longer one has several scenarios, which
// belong in files of their own: then each is read at once, and they run in parallel.
const maxTranscript = 200

func TestTranscriptsAreShort(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("internal/pod/*/testdata/*.http")
	if err != nil {
		t.Fatal(err)
	}
	deeper, err := filepath.Glob("internal/pod/*/*/testdata/*.http")
	if err != nil {
		t.Fatal(err)
	}
	files = append(files, deeper...)
	if len(files) < 100 {
		t.Fatalf("only %d transcripts are found", len(files))
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if lines := bytes.Count(text, []byte("\n")); lines > maxTranscript {
			t.Errorf("%s has %d lines, more than %d", file, lines, maxTranscript)
		}
	}
}

// The binary has no code that is only for tests: package testing adds flags, and code imports it
// only for tests.
func TestTheBinaryHasNoTests(t *testing.T) {
	t.Parallel()
	packages := list(t, "-deps", "./cmd/podium")
	if !slices.Contains(packages, "podium/internal/pod") {
		t.Fatalf("go list names %d packages, and not podium/internal/pod", len(packages))
	}
	for _, one := range []string{"testing", "podium/podtest", "podium/internal/db/dbtest", "podium/internal/notify/natstest", "podium/internal/transcript"} {
		if slices.Contains(packages, one) {
			t.Errorf("the binary contains package %s", one)
		}
	}
}
