// Package portable rewrites the SQL that chapters write, with parameters $1, $2 … and IN ($n) for a
// list, into that of SQLite or PostgreSQL.
//
// Not inside: what the two databases do differently beyond parameters (package engine).
package portable

import (
	"reflect"
	"strconv"
	"strings"
)

// Postgres rewrites IN ($2) to = ANY ($2) if the argument is a list, so that a statement stays the
// same, and prepared, whatever the list's length.
func Postgres(sql string, args []any) string {
	for i, arg := range args {
		if isList(arg) {
			n := strconv.Itoa(i + 1)
			sql = strings.ReplaceAll(sql, "IN ($"+n+")", "= ANY ($"+n+")")
		}
	}
	return sql
}

// isList reports whether an argument is a slice of values. Bytes are one value.
func isList(arg any) bool {
	switch arg.(type) {
	case nil, string, int, int64, bool, []byte, float64:
		return false
	}
	return reflect.TypeOf(arg).Kind() == reflect.Slice && reflect.TypeOf(arg).Elem().Kind() != reflect.Uint8
}
