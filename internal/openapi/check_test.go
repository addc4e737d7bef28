package openapi_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"podium/internal/openapi"
)

func TestOperationsText(t *testing.T) {
	t.Parallel()
	want := strings.Join([]string{
		"# id\tmethod\tpath\tright\tchapter",
		"forgetNote\tDELETE\t/agent/v1/user/{uid}/note\tAnApp\topenapi_test",
		"writeNote\tPOST\t/agent/v1/user/{uid}/note\tself|VIEW_USER_DETAIL\topenapi_test",
		"health\tGET\t/health\tAnyone\topenapi_test",
		"login\tPOST\t/login/guest\tAnyone\topenapi_test",
		"listBooks\tGET\t/pod/v1/books\tAnyUser\topenapi_test",
		"changeBook\tPUT\t/pod/v1/books/{id}\tCREATE_APPS+MONITOR_ROOMS\topenapi_test",
		"",
	}, "\n")
	if got := openapi.OperationsText(operations()); got != want {
		t.Errorf("is\n%s\nshould be\n%s", got, want)
	}
}

// failures is a reporter that records failures.
type failures struct{ said []string }

func (f *failures) Helper()             {}
func (f *failures) Logf(string, ...any) {}
func (f *failures) Fatalf(format string, args ...any) {
	f.said = append(f.said, fmt.Sprintf(format, args...))
}

// TestCheck is not parallel, because the environment decides whether files are rewritten.
func TestCheck(t *testing.T) {
	t.Setenv(openapi.Update, "")
	file := filepath.Join(t.TempDir(), "docs", "table.txt")
	check := func(want string) string {
		var f failures
		openapi.Check(&f, file, want)
		return strings.Join(f.said, "\n")
	}
	if said := check("a\n"); !strings.Contains(said, "make update") {
		t.Errorf("a missing file: %q", said)
	}
	t.Setenv(openapi.Update, "1")
	if said := check("a\nb\n"); said != "" {
		t.Errorf("writing a new file: %q", said)
	}
	if said := check("a\nc\n"); said != "" {
		t.Errorf("rewriting it: %q", said)
	}
	if data, err := os.ReadFile(file); err != nil || string(data) != "a\nc\n" {
		t.Errorf("the file holds %q (%v)", data, err)
	}
	t.Setenv(openapi.Update, "")
	if said := check("a\nc\n"); said != "" {
		t.Errorf("the same: %q", said)
	}
	if said := check("a\nd\n"); !strings.Contains(said, "table.txt:2 ") || !strings.Contains(said, "it says:   c") {
		t.Errorf("another: %q", said)
	}
	if said := check("a\nc\nd\n"); !strings.Contains(said, "should be: d") {
		t.Errorf("a longer one: %q", said)
	}
	if said := check("a\n"); !strings.Contains(said, "it says:   c") {
		t.Errorf("a shorter one: %q", said)
	}
}
