package podium_test

import (
	"os"
	"strings"
	"testing"

	"podium/internal/openapi"
	"podium/internal/openapi/published"
	"podium/internal/pod"
)

// Where our description differs from the published one, docs/differences.txt says so, with the
// reason: a line a difference, a tab, the reason.
func TestDifferencesAreMeant(t *testing.T) {
	t.Parallel()
	spec := published.Load(t)
	if spec == nil {
		return // Load has said that there is nothing to compare with
	}
	text, err := os.ReadFile("docs/differences.txt")
	if err != nil {
		t.Fatal(err)
	}
	meant := make(map[string]bool)
	for line := range strings.Lines(string(text)) {
		difference, reason, _ := strings.Cut(strings.TrimSpace(line), "\t")
		if strings.HasPrefix(difference, "#") || difference == "" {
			continue
		}
		if reason == "" {
			t.Errorf("docs/differences.txt gives no reason for: %s", difference)
		}
		meant[difference] = false
	}
	for _, d := range spec.Compare(openapi.Describe(pod.Catalogue(), pod.Info())) {
		if _, ok := meant[string(d)]; !ok {
			t.Errorf("a difference that docs/differences.txt does not have: %s", d)
		}
		meant[string(d)] = true
	}
	for difference, found := range meant {
		if !found {
			t.Errorf("docs/differences.txt has what is no difference: %s", difference)
		}
	}
}
