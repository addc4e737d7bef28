package db

import (
	"strconv"
	"strings"
	"sync"
)

// maxParameters is how many parameters a statement with many rows may have: SQLite takes 32,766,
// PostgreSQL 65,535, and neither becomes faster by more than some thousands.
const maxParameters = 8192

// fewRows is how many rows are inserted by a statement of just so many.
const fewRows = 16

// InsertAll runs a statement that ends in VALUES for many rows, of as many values each, in few
// statements: into is "INSERT INTO t (a, b) VALUES", conflict what may follow the rows, such as
// "ON CONFLICT DO NOTHING". A few rows are one statement; those of many rows differ only in powers of two, so
// that few of them are ever prepared, and take a value that all their rows have once.
//
// After an error the transaction is to be given up: on SQLite, rows before the one that failed may be there.
func (tx *Tx) InsertAll(into string, rows [][]any, conflict string) error {
	return tx.insertAll(into, rows, conflict, func(sql string, args []any) error { return tx.Exec(sql, args...) })
}

// insertAll runs the statements of InsertAll by run, which may keep their arguments.
func (tx *Tx) insertAll(into string, rows [][]any, conflict string, run func(sql string, args []any) error) error {
	if len(rows) == 0 {
		return nil
	}
	width := len(rows[0])
	most := 1
	for 2*most*width <= maxParameters {
		most *= 2
	}
	for len(rows) > 0 {
		n := most
		for n > len(rows) {
			n /= 2
		}
		if len(rows) <= min(most, fewRows) {
			n = len(rows)
		}
		m := manyRows{into: into, conflict: conflict, n: n, width: width}
		if conflict == "" && n > fewRows {
			m.orFail = tx.dialect.InsertOrFail
		}
		if n > fewRows {
			m.shared = masks.of(into, sharedColumns(rows[:n]))
		}
		args := m.args(make([]any, 0, n*width), rows[:n])
		if err := run(insertOf(m), args); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

// manyRows is an INSERT of n rows of width values.
type manyRows struct {
	into, conflict string
	orFail         string // begins the statement instead of INSERT; may be empty
	n, width       int
	shared         columns // whose value all rows have
}

// args is the parameters of the statement, added to list: the first row, and of the others what they do not share with it.
func (m manyRows) args(list []any, rows [][]any) []any {
	for n, row := range rows {
		if n == 0 || m.shared == 0 {
			list = append(list, row...)
			continue
		}
		for i, value := range row {
			if !m.shared.has(i) {
				list = append(list, value)
			}
		}
	}
	return list
}

// inserts is the statements written so far: as many as the program has, times the powers of two and the masks.
var inserts sync.Map // manyRows → string

func insertOf(m manyRows) string {
	if known, ok := inserts.Load(m); ok {
		return known.(string)
	}
	text := m.write()
	inserts.Store(m, text)
	return text
}

func (m manyRows) write() string {
	var b strings.Builder
	b.Grow(len(m.into) + len(m.conflict) + m.n*m.width*6)
	into := m.into
	if m.orFail != "" {
		into = strings.Replace(into, "INSERT", m.orFail, 1)
	}
	b.WriteString(into)
	next := 1
	for row := range m.n {
		if row > 0 {
			b.WriteString("),")
		}
		for i := range m.width {
			place := i + 1 // of a value of the first row
			if row == 0 || !m.shared.has(i) {
				place = next
				next++
			}
			if i == 0 {
				b.WriteString(" (")
			} else {
				b.WriteString(", ")
			}
			b.WriteByte('$')
			b.WriteString(strconv.Itoa(place))
		}
	}
	b.WriteString(") ")
	b.WriteString(m.conflict)
	return b.String()
}
