package podtest

import (
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"podium/internal/db"
)

// noScans returns Plans that fail the test if SQLite reads a whole table for a statement of the
// pod: the statement, or a foreign key that it checks, then lacks an index. PostgreSQL has the same
// tables and indexes, but reports that less clearly.
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

// explained holds the statements that were checked already.
var explained sync.Map

// small lists what may be read completely: tables with few rows, partial indexes of exactly the
// rows that are searched, and the names of subqueries in statements.
var small = map[string]bool{
	"companies": true, "company_secrets": true,
	"room_words_new": true, "streams_barred": true,
	"found": true, "counted": true, "page": true, "CONSTANT": true,
}

// scanned returns the table, index or subquery that a step of a plan reads completely, and whether
// it reads one.
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

// ofTest reports whether a test itself runs the statement that is being prepared: the last caller
// of package db is a test.
func ofTest() bool {
	var callers [64]uintptr
	frames := runtime.CallersFrames(callers[:runtime.Callers(2, callers[:])])
	for {
		frame, more := frames.Next()
		folder := filepath.ToSlash(filepath.Dir(frame.File))
		if !strings.Contains(folder+"/", "/internal/db/") && !strings.HasSuffix(folder, "/podtest") {
			return strings.HasSuffix(frame.File, "_test.go")
		}
		if !more {
			return false
		}
	}
}
