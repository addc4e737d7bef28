package portable

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// SQLite rewrites statements for SQLite. It caches those without lists: as many as the program has.
type SQLite struct {
	known sync.Map // string → string
}

// Rewrite returns a statement and its arguments for SQLite. A list gets a power of two of
// parameters, with its last value repeated, so that lists of many lengths give few statements.
func (t *SQLite) Rewrite(sql string, args []any) (string, []any) {
	if slices.ContainsFunc(args, isList) {
		return rewriteLists(sql, args)
	}
	if known, ok := t.known.Load(sql); ok {
		return known.(string), args
	}
	text := number(sql, nil)
	t.known.Store(sql, text)
	return text, args
}

func rewriteLists(sql string, args []any) (string, []any) {
	flat := make([]any, 0, len(args)+16)
	lists := make(map[int][2]int) // the parameter → its first number and how many
	for i, arg := range args {
		if !isList(arg) {
			lists[i+1] = [2]int{len(flat) + 1, 1}
			flat = append(flat, arg)
			continue
		}
		list := reflect.ValueOf(arg)
		n := 1
		for n < list.Len() {
			n *= 2
		}
		lists[i+1] = [2]int{len(flat) + 1, n}
		for j := range n {
			if list.Len() == 0 {
				flat = append(flat, nil) // IN (NULL) matches nothing
				continue
			}
			flat = append(flat, list.Index(min(j, list.Len()-1)).Interface())
		}
	}
	return number(sql, lists), flat
}

// number writes each $n as a parameter of SQLite. spans has the numbers of parameters that are
// lists; all others keep their own.
//
// A parameter that occurs once and in order gets no number. A number is a name to SQLite, which it
// searches for each value from the first on, so binding many would take quadratic time.
func number(sql string, spans map[int][2]int) string {
	var b strings.Builder
	b.Grow(len(sql) + 32)
	var few [64]uint8
	times := timesNamed(sql, few[:])
	highest := 0 // the highest number so far: SQLite takes the next for a parameter without one
	for i := 0; i < len(sql); i++ {
		if sql[i] != '$' {
			b.WriteByte(sql[i])
			continue
		}
		n, end := parameter(sql, i)
		span, ok := spans[n]
		if !ok {
			span = [2]int{n, 1}
		}
		for j := range span[1] {
			if j > 0 {
				b.WriteString(", ")
			}
			b.WriteByte('?')
			next := span[0] + j
			if times[n] > 1 || next != highest+1 {
				b.WriteString(strconv.Itoa(next))
			}
			highest = max(highest, next)
		}
		i = end - 1
	}
	return b.String()
}

// timesNamed returns how often a statement names each parameter, by number: never, once (1) or more
// often (2). It reuses times, which must be all zeros and is large enough for most statements.
func timesNamed(sql string, times []uint8) []uint8 {
	for i := range len(sql) {
		if sql[i] != '$' {
			continue
		}
		n, _ := parameter(sql, i)
		for n >= len(times) {
			times = append(times, 0)
		}
		times[n] = min(times[n]+1, 2)
	}
	return times
}

// parameter returns the number of the parameter at a place of a statement, and where it ends.
func parameter(sql string, at int) (n, end int) {
	for end = at + 1; end < len(sql) && sql[end] >= '0' && sql[end] <= '9'; end++ {
		n = n*10 + int(sql[end]-'0')
	}
	return n, end
}
