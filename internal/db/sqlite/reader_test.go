package sqlite

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"reflect"
	"testing"

	"modernc.org/sqlite"
	"pgregory.net/rapid"

	"podium/internal/db/engine"
)

// openBoth opens a connection with the driver and a reader on one file.
func openBoth(t *testing.T) (*connection, *reader) {
	file := "file:" + filepath.Join(t.TempDir(), "podium.db")
	plain, err := openConnection(&sqlite.Driver{}, file+"?_pragma=journal_mode(WAL)", nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(plain.close)
	must(t, plain, `CREATE TABLE things (id INTEGER PRIMARY KEY, number BIGINT, word TEXT, yes BOOLEAN, raw BLOB, some DOUBLE)`)
	reader, err := openReader(file, []string{"query_only(1)"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(reader.close)
	return plain, reader
}

func must(t *testing.T, c rawConn, query string, args ...any) {
	t.Helper()
	if _, err := c.exec(context.Background(), query, args); err != nil {
		t.Fatal(err)
	}
}

type (
	aNumber int64
	aWord   string
)

// answer returns the rows of a query, formatted, or the error.
func answer(c rawConn, query string, args []any, variables func() []any) (answers []string, err error) {
	r, err := c.query(context.Background(), query, args)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	for r.Next() {
		row := variables()
		if err := r.Scan(row...); err != nil {
			return answers, err
		}
		for _, v := range row {
			value := reflect.ValueOf(v).Elem()
			if value.Kind() == reflect.Pointer && !value.IsNil() {
				value = value.Elem()
			}
			answers = append(answers, fmt.Sprintf("%s %#v", value.Type(), value))
		}
	}
	return answers, r.Err()
}

// TestAReaderReadsWhatTheDriverReads compares the answers of the two.
func TestAReaderReadsWhatTheDriverReads(t *testing.T) {
	if testing.Short() {
		t.Skip("slow: make test runs it")
	}
	t.Parallel()
	plain, reader := openBoth(t)
	word := rapid.OneOf(rapid.String(), rapid.StringOfN(rapid.Rune(), 200, 600, -1), rapid.SampledFrom([]string{"", "a\x00b", "é", "ﷺ"}))
	kinds := []func() []any{
		func() []any { return []any{new(int64), new(int64), new(string), new(bool), new([]byte), new(float64)} },
		func() []any { return []any{new(any), new(any), new(any), new(any), new(any), new(any)} },
		func() []any {
			return []any{new(aNumber), new(*int64), new(aWord), new(*bool), new(*[]byte), new(*float64)}
		},
		func() []any { return []any{new(int), new(string), new(int64), new(string), new(string), new(int64)} },
		func() []any {
			return []any{new(int32), new(*aNumber), new(*aWord), new(int8), new([]byte), new(float64)}
		},
		func() []any { return []any{new(int64)} },
	}
	rapid.Check(t, func(rt *rapid.T) {
		must(t, plain, `DELETE FROM things`)
		for i := range rapid.IntRange(0, 4).Draw(rt, "rows") {
			orNot := func(name string, v any) any {
				if rapid.Bool().Draw(rt, name) {
					return nil
				}
				return v
			}
			must(t, plain, `INSERT INTO things VALUES (?, ?, ?, ?, ?, ?)`, int64(i),
				orNot("no number", rapid.Int64().Draw(rt, "number")), orNot("no word", word.Draw(rt, "word")),
				orNot("neither", rapid.Bool().Draw(rt, "yes")), orNot("nothing", rapid.SliceOf(rapid.Byte()).Draw(rt, "raw")),
				orNot("none", rapid.Float64().Draw(rt, "some")))
		}
		query, args := `SELECT id, number, word, yes, raw, some FROM things ORDER BY id`, []any(nil)
		if rapid.Bool().Draw(rt, "bound") {
			query = `SELECT ?1, ?2, ?3, ?4, ?5, ?6`
			args = []any{
				rapid.Int64().Draw(rt, "1"), aNumber(rapid.Int64().Draw(rt, "2")), word.Draw(rt, "3"), rapid.Bool().Draw(rt, "4"),
				rapid.SliceOf(rapid.Byte()).Draw(rt, "5"), rapid.Float64().Draw(rt, "6"),
			}
		}
		for i, variables := range kinds {
			want, wantErr := answer(plain, query, args, variables)
			got, gotErr := answer(reader, query, args, variables)
			if !reflect.DeepEqual(got, want) || (gotErr == nil) != (wantErr == nil) || gotErr != nil && gotErr.Error() != wantErr.Error() {
				rt.Fatalf("kind %d:\n%q, %v, not\n%q, %v", i, got, gotErr, want, wantErr)
			}
		}
	})
}

// TestAReadersErrorsAreTheDrivers compares the kinds of errors of the two.
func TestAReadersErrorsAreTheDrivers(t *testing.T) {
	t.Parallel()
	plain, reader := openBoth(t)
	for _, query := range []string{`SELECT`, `SELECT nothing FROM things`, `SELECT 1 FROM nowhere`, `SELECT abs(-9223372036854775808)`} {
		_, want := answer(plain, query, nil, func() []any { return []any{new(int64)} })
		_, got := answer(reader, query, nil, func() []any { return []any{new(int64)} })
		var driver, ours coded
		if !errors.As(want, &driver) || !errors.As(got, &ours) || driver.Code() != ours.Code() {
			t.Errorf("%s: %v, not %v", query, got, want)
		}
	}
	if _, err := reader.exec(context.Background(), `DELETE FROM things`, nil); err == nil || !errors.Is(explained(err), engine.ErrUnavailable) {
		t.Errorf("a reader writes: %v", err)
	}
}

// TestAReaderIsInterrupted checks that a statement is interrupted when the client goes, and that
// the connection stays usable.
func TestAReaderIsInterrupted(t *testing.T) {
	t.Parallel()
	_, reader := openBoth(t)
	const endless = `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n`
	for range 3 {
		ctx, cancel := context.WithCancel(context.Background())
		stop := reader.watch(ctx)
		began := make(chan struct{})
		go func() {
			<-began
			cancel()
		}()
		r, err := reader.query(ctx, endless, nil)
		if err != nil {
			t.Fatal(err)
		}
		close(began)
		if r.Next() || !errors.Is(r.Err(), context.Canceled) {
			t.Errorf("an endless statement ended with %v", r.Err())
		}
		r.Close()
		stop()
		if got, err := answer(reader, `SELECT 1`, nil, func() []any { return []any{new(int64)} }); err != nil || len(got) != 1 {
			t.Errorf("the next statement answers %v, %v", got, err)
		}
	}
}
