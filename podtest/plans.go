package podtest

import (
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"podium/internal/db"
)

// noScans fails the test where SQLite reads a whole table for a statement of the pod's: then the statement, or a
// foreign key that it checks, lacks an index. PostgreSQL has the same tables and indexes, and tells it less plainly.
func noScans(t testing.TB) db.Plans {
	return func(sql string) func([]string) {
		if ofTest() {
			return nil
		}
		if _, known := explained.LoadOrStore(sql, true); known {
			return nil
		}
		return func(steps []string) {
			for _, step := range steps {
				if table, whole := scanned(step); whole && !small[table] {
					t.Errorf("%s: %s", step, strings.Join(strings.Fields(sql), " "))
				}
			}
		}
	}
}

// explained is the statements of which it is known already.
var explained sync.Map

// small is what may be read as a whole: tables that a pod has a handful of rows in, indexes of just those rows that are
// looked for, and what statements have in brackets, by the names that they give it.
var small = map[string]bool{
	"companies": true, "company_secrets": true,
	"room_words_new": true, "streams_barred": true,
	"found": true, "counted": true, "page": true, "CONSTANT": true,
}

// scanned returns which table, index or subquery a step of a plan reads as a whole, if it does.
func scanned(step string) (name string, whole bool) {
	rest, ok := strings.CutPrefix(strings.TrimSpace(step), "SCAN ")
	if !ok || strings.HasSuffix(rest, "VALUES CLAUSE") {
		return "", false
	}
	for _, by := range []string{" USING INDEX ", " USING COVERING INDEX "} {
		if _, index, ok := strings.Cut(rest, by); ok {
			return index, true
		}
	}
	name, _, _ = strings.Cut(rest, " ")
	return name, true
}

// ofTest reports whether a test itself runs the statement that is being prepared: who calls package db last.
func ofTest() bool {
	var callers [64]uintptr
	frames := runtime.CallersFrames(callers[:runtime.Callers(2, callers[:])])
	for {
		frame, more := frames.Next()
		folder := filepath.Base(filepath.Dir(frame.File))
		if folder != "db" && folder != "podtest" {
			return strings.HasSuffix(frame.File, "_test.go")
		}
		if !more {
			return false
		}
	}
}
