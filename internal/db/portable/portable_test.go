package portable

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// rewriters returns the rewriting for each database, by its name.
func rewriters() map[string]func(sql string, args []any) (string, []any) {
	return map[string]func(sql string, args []any) (string, []any){
		"sqlite":   new(SQLite).Rewrite,
		"postgres": func(sql string, args []any) (string, []any) { return Postgres(sql, args), args },
	}
}

// TestRewritingKeepsTheMeaning checks that in any rewritten statement each parameter has the value,
// or the values, of the original.
func TestRewritingKeepsTheMeaning(t *testing.T) {
	if testing.Short() {
		t.Skip("slow: make test runs it")
	}
	t.Parallel()
	for name, rewrite := range rewriters() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				s := drawStatement(t)
				for range 2 { // the second time from the cache
					sql, args := rewrite(s.sql, s.args)
					if got := meaning(sql, args); got != s.meaning {
						t.Fatalf("%s with %v\nbecomes %s with %v\nwhich means %s\nand not    %s", s.sql, s.args, sql, args, got, s.meaning)
					}
					if name == "postgres" && !slices.EqualFunc(args, s.args, reflect.DeepEqual) {
						t.Fatalf("the arguments %v became %v", s.args, args)
					}
				}
			})
		})
	}
}

// TestListsMakeFewStatements checks that lists of similar length give the same statement, so that
// few are prepared.
func TestListsMakeFewStatements(t *testing.T) {
	t.Parallel()
	var d SQLite
	seen := map[string]bool{}
	for n := range 1000 {
		sql, args := d.Rewrite(`SELECT id FROM things WHERE id IN ($1)`, []any{make([]int64, n)})
		seen[sql] = true
		if len(args) < n || len(args) >= 2*max(n, 1) {
			t.Errorf("a list of %d takes %d parameters", n, len(args))
		}
	}
	if len(seen) != 11 { // 1, 2, 4 … 1024
		t.Errorf("%d statements", len(seen))
	}
}

// TestBytesAreNoList checks that bytes of any type are one value.
func TestBytesAreNoList(t *testing.T) {
	t.Parallel()
	type digest []byte
	for _, arg := range []any{[]byte{1, 2}, digest{1, 2}, "text", nil, 1.5, (*string)(nil)} {
		for _, rewrite := range rewriters() {
			sql, args := rewrite(`SELECT id FROM things WHERE data IN ($1)`, []any{arg})
			if len(args) != 1 || strings.Contains(sql, "ANY") {
				t.Errorf("%T becomes %s with %v", arg, sql, args)
			}
		}
	}
}

// statement is a statement with its meaning in the model: its text with the values in place of the
// parameters.
type statement struct {
	sql     string
	args    []any
	meaning string
}

func drawStatement(t *rapid.T) statement {
	args := rapid.SliceOfN(rapid.OneOf(
		rapid.Map(rapid.Int64(), func(n int64) any { return n }),
		rapid.Map(rapid.StringMatching(`[a-z?$0-9 ]{0,6}`), func(s string) any { return s }),
		rapid.Just[any](nil),
		rapid.Map(rapid.Bool(), func(b bool) any { return &b }),
		rapid.Map(rapid.SliceOfN(rapid.Int64Range(0, 9), 0, 20), func(list []int64) any { return list }),
		rapid.Map(rapid.SliceOfN(rapid.StringMatching(`[a-z]{1,3}`), 0, 20), func(list []string) any { return list }),
	), 1, 14).Draw(t, "args")
	s := statement{args: args}
	words := rapid.SliceOfN(rapid.OneOf(
		rapid.StringMatching(`[a-zA-Z(),<>= ]{0,8}`).Filter(func(w string) bool { return !strings.Contains(w, "IN (") }),
		rapid.Map(rapid.IntRange(1, len(args)), func(n int) string { return "$" + strconv.Itoa(n) }),
	), 1, 20).Draw(t, "words")
	var sql, means strings.Builder
	for _, word := range words {
		number, ok := strings.CutPrefix(word, "$")
		if !ok {
			sql.WriteString(word)
			means.WriteString(word)
			continue
		}
		n, _ := strconv.Atoi(number)
		if isList(args[n-1]) {
			fmt.Fprintf(&sql, " x IN ($%d) ", n)
			fmt.Fprintf(&means, " x IN {%s} ", values(args[n-1]))
			continue
		}
		fmt.Fprintf(&sql, " $%d ", n)
		fmt.Fprintf(&means, " {%s} ", values(args[n-1]))
	}
	s.sql, s.meaning = sql.String(), means.String()
	return s
}

// place matches a parameter of a rewritten statement: a list of PostgreSQL, a list of SQLite, or a
// single one.
var place = regexp.MustCompile(`= ANY \(\$(\d+)\)|IN \((\?\d+(?:, \?\d+)*)\)|[?$](\d+)`)

// question matches a parameter of SQLite, with its number or without.
var question = regexp.MustCompile(`\?(\d*)`)

// meaning replaces the parameters of a rewritten statement by their values.
func meaning(sql string, args []any) string {
	value := func(number string) any {
		n, err := strconv.Atoi(number)
		if err != nil || n < 1 || n > len(args) {
			return "no such parameter: " + number
		}
		return args[n-1]
	}
	highest := 0
	sql = question.ReplaceAllStringFunc(sql, func(s string) string {
		n, err := strconv.Atoi(s[1:])
		if err != nil { // without a number: the next one
			n = highest + 1
		}
		highest = max(highest, n)
		return "?" + strconv.Itoa(n)
	})
	return place.ReplaceAllStringFunc(sql, func(s string) string {
		groups := place.FindStringSubmatch(s)
		switch {
		case groups[1] != "":
			return "IN {" + values(value(groups[1])) + "}"
		case groups[2] != "":
			var all []any
			for number := range strings.SplitSeq(groups[2], ", ") {
				all = append(all, value(number[1:]))
			}
			return "IN {" + values(all) + "}"
		}
		return "{" + values(value(groups[3])) + "}"
	})
}

// values formats a value, or a list's values without order, duplicates and NULL, which IN never
// matches.
func values(v any) string {
	list := reflect.ValueOf(v)
	if v == nil || list.Kind() != reflect.Slice {
		return fmt.Sprintf("%#v", v)
	}
	var all []string
	for i := range list.Len() {
		if element := list.Index(i).Interface(); element != nil {
			all = append(all, fmt.Sprintf("%#v", element))
		}
	}
	slices.Sort(all)
	return strings.Join(slices.Compact(all), " ")
}
