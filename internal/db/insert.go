package db

import (
	"strconv"
	"strings"
	"sync"
)

// maxParameters is the most parameters of a statement with many rows. SQLite accepts 32,766,
// PostgreSQL 65,535, and neither becomes faster beyond some thousands.
const maxParameters = 8192

// fewRows is the number of rows up to which a statement has exactly that many.
const fewRows = 16

// InsertAll runs an INSERT for many rows of the same width, in few statements. into is "INSERT INTO
// t (a, b) VALUES"; conflict may follow the rows, such as "ON CONFLICT DO NOTHING". Up to fewRows
// rows are one statement. Larger statements have powers of two of rows, so that few are prepared,
// and pass a value that all rows share only once.
//
// After an error the transaction must be rolled back: on SQLite, rows before the failed one may
// have been inserted.
func (tx *Tx) InsertAll(into string, rows [][]any, conflict string) error {
	return tx.insertAll(into, rows, conflict, func(sql string, args []any) error { return tx.Exec(sql, args...) })
}

// insertAll runs the statements of InsertAll with run, which may keep their arguments.
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
	orFail         string // replaces INSERT at the beginning; may be empty
	n, width       int
	shared         columns // with the same value in all rows
}

// args appends the parameters of the statement to list: those of the first row, and those of the
// others that are not shared.
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

// inserts caches the statements: as many as the program has, times the powers of two and the masks.
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
