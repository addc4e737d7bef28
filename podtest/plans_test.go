package podtest

import (
	"fmt"
	"slices"
	"testing"
)

// told is a test that records its failures.
type told struct {
	testing.TB
	errors []string
}

func (t *told) Errorf(format string, args ...any) {
	t.errors = append(t.errors, fmt.Sprintf(format, args...))
}

// TestNoScans checks that exactly the plans that read a large table completely fail the test.
func TestNoScans(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		step string
		want []string
	}{
		{"SCAN users", []string{"SCAN users: SELECT 1"}},
		{"  SCAN users USING INDEX users_by_email", []string{"  SCAN users USING INDEX users_by_email: SELECT 1"}},
		{"SCAN u USING COVERING INDEX users_by_email", []string{"SCAN u USING COVERING INDEX users_by_email: SELECT 1"}},
		{"SEARCH users USING INDEX users_by_email (company=?)", nil},
		{"SCAN companies", nil},
		{"SCAN s USING INDEX streams_barred", nil},
		{"SCAN 16-ROW VALUES CLAUSE", nil},
		{"SCAN CONSTANT ROW", nil},
		{"USE TEMP B-TREE FOR ORDER BY", nil},
	} {
		heard := &told{TB: t}
		hear := noScans(heard)("SELECT 1")
		if hear == nil {
			t.Fatal("the statement is taken for a test's, or for one that is known already")
		}
		hear([]string{test.step})
		if !slices.Equal(heard.errors, test.want) {
			t.Errorf("%s: %q", test.step, heard.errors)
		}
		explained.Delete("SELECT 1")
	}
}
