package op_test

import (
	"bytes"
	"compress/gzip"
	"strings"
	"testing"

	"podium/internal/db/dbtest"
)

func TestContentEncoding(t *testing.T) {
	t.Parallel()
	s := newStage(t, dbtest.Open(t, dbtest.SQLite))
	row := packed(`{"id": 1, "name": "x"}`)
	for _, c := range []struct {
		name, coding, body string
		status             int
		words              string
	}{
		{"gzip", "gzip", row, 200, "true"},
		{"its old name", "X-GZip", packed(`{"id": 2, "name": "x"}`), 200, "true"},
		{"none, said", "identity", `{"id": 3, "name": "x"}`, 200, "true"},
		{"nothing", "gzip", "", 400, "needs a JSON body"},
		{"not packed", "gzip", `{"id": 4, "name": "x"}`, 400, "not valid gzip"},
		{"broken off", "gzip", row[:len(row)-9], 400, "not valid gzip"},
		{"another text behind it", "gzip", row + "x", 400, "not valid gzip"},
		{"no JSON", "gzip", packed("{"), 400, "not valid JSON"},
		{"twice", "gzip, gzip", packed(row), 415, "gzip, gzip"},
		{"br", "br", "x", 415, "br"},
		{"deflate", "deflate", "x", 415, "deflate"},
		{"exactly as much as may be", "gzip", packed(`{"id": 5, "name": "x"}` + strings.Repeat(" ", 10_000-22)), 200, "true"},
		{"one byte more", "gzip", packed(`{"id": 6, "name": "x"}` + strings.Repeat(" ", 10_001-22)), 413, "larger than"},
		{"a bomb", "gzip", packed(strings.Repeat(" ", 8<<20)), 413, "larger than"},
	} {
		a := s.ask("POST", "/play/rows", c.body, "Content-Encoding: "+c.coding)
		if a.status != c.status || !strings.Contains(a.body, c.words) {
			t.Errorf("%s: %d %s", c.name, a.status, a.body)
		}
		if accepts := a.header.Get("Accept-Encoding"); (accepts == "gzip") != (c.status == 415) {
			t.Errorf("%s: Accept-Encoding %q", c.name, accepts)
		}
	}
	if n := s.rows(); n != 4 {
		t.Errorf("%d rows, not 4", n)
	}
}

func packed(text string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write([]byte(text)) // writing to memory cannot fail
	_ = z.Close()
	return b.String()
}
