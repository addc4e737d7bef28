package db

import (
	"reflect"
	"strconv"
	"strings"
	"sync"
)

// dialect is all in which the two databases differ within a statement; what differs in
// connections and transactions stands in sqlite.go and postgres.go.
type dialect struct {
	placeholder string // before a parameter's number: "?" or "$"
	spread      bool   // a slice becomes many parameters (SQLite) or one array (PostgreSQL)
	orFail      bool   // INSERT OR FAIL keeps no copies of pages for the case that a later row of it fails (SQLite)
	sizes       string // a statement for DB.Sizes
	writer      string // behind a table's name for the id of the transaction that wrote a row (Tx.Writer)
	bytes       string // behind a parameter for bytes (Tx.Bytes)
	explain     func(error) error
	lock        func(tx *Tx, buckets []int64) error
	position    func(tx *Tx) (int64, error)
	horizon     func(tx *Tx) (int64, error)
	next        func(tx *Tx, sequence string, n int) ([]int64, error)
	reserve     func(tx *Tx, sequence string, n int)                         // nil: numbers cost no round trip
	places      func(tx *Tx, sequence string, n int) (int64, []int64, error) // nil: Position and next

	plain sync.Map // statements without slices, rewritten once
}

// rewrite puts a statement, with parameters written $1, $2 …, into the dialect. A slice
// is given for a parameter that stands as IN ($n).
func (d *dialect) rewrite(sql string, args []any) (string, []any) {
	for i, arg := range args {
		if isList(arg) {
			return d.rewriteLists(sql, args, i)
		}
	}
	if d.placeholder == "$" {
		return sql, args
	}
	if known, ok := d.plain.Load(sql); ok {
		return known.(string), args
	}
	rewritten := d.number(sql, nil)
	d.plain.Store(sql, rewritten)
	return rewritten, args
}

func isList(arg any) bool {
	switch arg.(type) {
	case nil, string, int, int64, bool, []byte, float64:
		return false
	}
	return reflect.TypeOf(arg).Kind() == reflect.Slice && reflect.TypeOf(arg).Elem().Kind() != reflect.Uint8
}

// rewriteLists spreads slices. On PostgreSQL IN ($2) becomes = ANY($2), so that a
// statement stays the same, and stays prepared, whatever a list's length. On SQLite each
// list takes a power of two of parameters, its last value repeated, for the same reason.
func (d *dialect) rewriteLists(sql string, args []any, first int) (string, []any) {
	if !d.spread {
		for i := first; i < len(args); i++ {
			if isList(args[i]) {
				sql = strings.ReplaceAll(sql, "IN ($"+strconv.Itoa(i+1)+")", "= ANY ($"+strconv.Itoa(i+1)+")")
			}
		}
		return sql, args
	}
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
				flat = append(flat, nil) // IN (NULL) is true of nothing
				continue
			}
			flat = append(flat, list.Index(min(j, list.Len()-1)).Interface())
		}
	}
	return d.number(sql, lists), flat
}

// number writes each $n in the dialect's way; spans says which numbers it now has, nil
// for its own.
//
// SQLite is given no number for what stands once and in order: a number is a name to it, which it looks up
// for each value, from the first on, so that binding many would take the square of their number.
func (d *dialect) number(sql string, spans map[int][2]int) string {
	var b strings.Builder
	b.Grow(len(sql) + 32)
	var few [64]uint8
	times := timesNamed(sql, few[:])
	highest := 0 // number so far: SQLite takes the next for a parameter without one
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
			b.WriteString(d.placeholder)
			number := span[0] + j
			if d.placeholder != "?" || times[n] > 1 || number != highest+1 {
				b.WriteString(strconv.Itoa(number))
			}
			highest = max(highest, number)
		}
		i = end - 1
	}
	return b.String()
}

// timesNamed is how often a statement names each of its parameters, by number: never, once (1) or more often (2). It is told in the place
// of times, which is all zeros and large enough for the usual statement.
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

// parameter is the number of the parameter that a statement names at a place, and where the name ends.
func parameter(sql string, at int) (n, end int) {
	for end = at + 1; end < len(sql) && sql[end] >= '0' && sql[end] <= '9'; end++ {
		n = n*10 + int(sql[end]-'0')
	}
	return n, end
}

// Next is a new number of a named sequence, higher than every number a committed
// transaction got before this one began. Numbers may be left out.
func (tx *Tx) Next(sequence string) (int64, error) {
	numbers, err := tx.dialect.next(tx, sequence, 1)
	if err != nil {
		return 0, err
	}
	return numbers[0], nil
}

// NextMany is n new numbers of a named sequence, as n calls of Next would give, rising.
func (tx *Tx) NextMany(sequence string, n int) ([]int64, error) {
	if n == 0 {
		return nil, nil
	}
	return tx.dialect.next(tx, sequence, n)
}

// Position is this transaction's place in the order in which its rows may be followed:
// rows that bear it, and a number from Next, are read in order of both, up to Horizon.
// On SQLite, with one writer, it is always 0 and the number alone tells the order.
func (tx *Tx) Position() (int64, error) { return tx.dialect.position(tx) }

// Horizon is the first position at which a transaction may still be running. Whoever
// follows rows reads those below it only: nothing will ever appear among them again.
func (tx *Tx) Horizon() (int64, error) { return tx.dialect.horizon(tx) }

// Writer returns a SQL expression for the id of the transaction that last wrote a table's row, its low 32 bits; empty on
// SQLite, which does not keep it.
func (tx *Tx) Writer(table string) string {
	if tx.dialect.writer == "" {
		return ""
	}
	return table + tx.dialect.writer
}
