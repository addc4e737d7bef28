package sqlite

import (
	"bytes"
	"context"
	"database/sql/driver"
	"fmt"
	"reflect"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"

	"podium/internal/wire"
)

// readRows is a cursor of a reader.
type readRows struct {
	c      *reader
	s      *readStmt
	ctx    context.Context
	err    error
	ended  bool
	closed bool
	before []string // of each column, the last text
}

func (r *readRows) Next() bool {
	if r.err != nil || r.ended {
		return false
	}
	if r.err = r.ctx.Err(); r.err != nil {
		return false
	}
	switch rc := sqlite3.Xsqlite3_step(r.c.tls, r.s.handle); rc {
	case sqlite3.SQLITE_ROW:
		return true
	case sqlite3.SQLITE_DONE:
		r.ended = true
	default:
		if r.err = r.ctx.Err(); r.err == nil {
			r.err = r.c.failure(rc)
		}
	}
	return false
}

func (r *readRows) Err() error { return explained(r.err) }

// Close resets the statement for its next use.
func (r *readRows) Close() error {
	if !r.closed {
		r.closed = true
		sqlite3.Xsqlite3_reset(r.c.tls, r.s.handle)
		sqlite3.Xsqlite3_clear_bindings(r.c.tls, r.s.handle)
	}
	return nil
}

// Scan reads the row into variables, like assign.
func (r *readRows) Scan(dest ...any) error {
	if len(dest) != r.s.columns {
		return fmt.Errorf("a row of %d columns is read into %d variables", r.s.columns, len(dest))
	}
	for i, d := range dest {
		if err := r.column(i, d); err != nil {
			name := libc.GoString(sqlite3.Xsqlite3_column_name(r.c.tls, r.s.handle, int32(i)))
			return fmt.Errorf("column %d (%s): %w", i+1, name, err)
		}
	}
	return nil
}

// column reads a column. Columns of the usual kinds are read without a value between. The column is
// looked up once: each of SQLite's functions sqlite3_column_… would look it up again.
func (r *readRows) column(i int, dest any) error {
	tls := r.c.tls
	value := sqlite3.Xsqlite3_column_value(tls, r.s.handle, int32(i))
	switch sqlite3.Xsqlite3_value_type(tls, value) {
	case sqlite3.SQLITE_INTEGER:
		n := sqlite3.Xsqlite3_value_int64(tls, value)
		switch d := dest.(type) {
		case *int64:
			*d = n
			return nil
		case *wire.UserID:
			*d = wire.UserID(n)
			return nil
		case *wire.Time:
			*d = wire.Time(n)
			return nil
		case *bool:
			*d = n != 0
			return nil
		}
		if v := reflect.ValueOf(dest); v.Kind() == reflect.Pointer && v.Elem().Kind() == reflect.Int64 && plain(dest) {
			v.Elem().SetInt(n)
			return nil
		}
		return assign(dest, n)
	case sqlite3.SQLITE_TEXT:
		text := r.text(i, value)
		switch d := dest.(type) {
		case *string:
			*d = text
			return nil
		}
		if v := reflect.ValueOf(dest); v.Kind() == reflect.Pointer && v.Elem().Kind() == reflect.String && plain(dest) {
			v.Elem().SetString(text)
			return nil
		}
		return assign(dest, text)
	case sqlite3.SQLITE_FLOAT:
		return assign(dest, sqlite3.Xsqlite3_value_double(tls, value))
	case sqlite3.SQLITE_BLOB:
		return assign(dest, r.blob(value))
	}
	return assign(dest, driver.Value(nil))
}

// plain reports whether a variable has no Scan method of its own.
func plain(dest any) bool {
	_, own := dest.(interface{ Scan(any) error })
	return !own
}

// text reads a text. Rows often repeat the text of the row before: a status, a company's name. Such
// a text is not copied again.
func (r *readRows) text(i int, value uintptr) string {
	p := sqlite3.Xsqlite3_value_text(r.c.tls, value)
	n := int(sqlite3.Xsqlite3_value_bytes(r.c.tls, value))
	if p == 0 || n == 0 {
		return ""
	}
	if r.before == nil {
		r.before = make([]string, r.s.columns)
	}
	if now := memory(p, n); string(now) != r.before[i] {
		r.before[i] = string(now)
	}
	return r.before[i]
}

func (r *readRows) blob(value uintptr) []byte {
	p := sqlite3.Xsqlite3_value_blob(r.c.tls, value)
	n := int(sqlite3.Xsqlite3_value_bytes(r.c.tls, value))
	if p == 0 || n == 0 {
		return nil // like the driver
	}
	return bytes.Clone(memory(p, n))
}
