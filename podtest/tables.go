package podtest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"podium/internal/db"
)

// Tables holds every row of the pod's tables at one time: by table, the rows as texts, with
// betweenRows between them. Tables without rows are left out.
type Tables map[string]string

// betweenRows is between the rows of a table.
const betweenRows = "\x1e"

// Change is the difference of one table between two times.
type Change struct {
	Table string
	Gone  []string // rows that were removed or changed
	Come  []string // rows that were added or changed
}

// String returns the table's name and its rows: removed ones with a minus, added ones with a plus.
func (c Change) String() string {
	var b strings.Builder
	b.WriteString(c.Table)
	for _, row := range c.Gone {
		b.WriteString("\n  - " + row)
	}
	for _, row := range c.Come {
		b.WriteString("\n  + " + row)
	}
	return b.String()
}

// Tables reads every table of the pod's database in one transaction, except those that except
// names. It fails the test if except names a table that does not exist.
func (p *Pod) Tables(except ...string) Tables {
	p.t.Helper()
	statement := p.selectTables(except)
	if !p.postgres {
		return p.lookAt(statement)
	}
	type table struct{ name, rows string }
	scan := func(r db.Row) (f table, err error) { return f, r.Scan(&f.name, &f.rows) }
	all, err := db.Read(context.Background(), p.Inner.DB, func(tx *db.Tx) ([]table, error) { return db.All(tx, scan, statement) })
	if err != nil {
		p.t.Fatal(err)
	}
	tables := Tables{}
	for _, f := range all {
		if f.rows != "" {
			tables[f.name] = f.rows
		}
	}
	return tables
}

// Changed returns the tables whose rows differ at a later time, sorted by name, with the rows
// sorted by their text.
func (t Tables) Changed(later Tables) []Change {
	names := maps.Clone(t)
	maps.Copy(names, later)
	var changes []Change
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if t[name] == later[name] {
			continue
		}
		before, after := rowsOf(t[name]), rowsOf(later[name])
		c := Change{Table: name, Gone: beyond(before, after), Come: beyond(after, before)}
		if len(c.Gone)+len(c.Come) > 0 {
			changes = append(changes, c)
		}
	}
	return changes
}

// WantSame fails the test for each table that has changed since, with the changed rows.
func (t Tables) WantSame(tb testing.TB, later Tables) {
	tb.Helper()
	for _, c := range t.Changed(later) {
		tb.Errorf("changed: %s", c)
	}
}

// everyRow is the beginning of statements that may read whole tables: their plans are not checked.
const everyRow = "/* every row */ "

// rowsOf returns a table's rows, each with its number of occurrences.
func rowsOf(table string) map[string]int {
	rows := map[string]int{}
	if table != "" {
		for row := range strings.SplitSeq(table, betweenRows) {
			rows[row]++
		}
	}
	return rows
}

// beyond returns the rows that occur more often in one table than in another.
func beyond(rows, other map[string]int) []string {
	var list []string
	for row, n := range rows {
		for range n - other[row] {
			list = append(list, row)
		}
	}
	slices.Sort(list)
	return list
}

// selectTables returns the statement that reads all tables: for each its name and its rows, each
// row with all columns as one text.
func (p *Pod) selectTables(except []string) string {
	p.t.Helper()
	p.columnsOnce.Do(func() { p.columns = p.readColumns() })
	columns := maps.Clone(p.columns)
	for _, name := range except {
		if columns[name] == nil {
			p.t.Fatalf("there is no table %s", name)
		}
		delete(columns, name)
	}
	var parts []string
	for _, table := range slices.Sorted(maps.Keys(columns)) {
		rows := "string_agg(CAST(row_to_json(" + table + ") AS TEXT), chr(30))"
		if !p.postgres {
			var members []string
			for _, c := range columns[table] {
				members = append(members, fmt.Sprintf(`'"%s":' || quote("%s")`, c, c))
			}
			rows = "group_concat('{' || " + strings.Join(members, " || ',' || ") + " || '}', char(30))"
		}
		parts = append(parts, fmt.Sprintf("SELECT '%s', COALESCE(%s, '') FROM %s", table, rows, table))
	}
	return everyRow + strings.Join(parts, "\nUNION ALL\n")
}

// readColumns returns the columns of every table, in order.
func (p *Pod) readColumns() map[string][]string {
	p.t.Helper()
	statement := everyRow + `
		SELECT tables.name, columns.name
		FROM sqlite_master AS tables JOIN pragma_table_info(tables.name) AS columns
		WHERE tables.type = 'table' AND tables.name NOT LIKE 'sqlite_%'
		ORDER BY tables.name, columns.cid`
	if p.postgres {
		statement = `
			SELECT table_name, column_name
			FROM information_schema.columns
			WHERE table_schema = current_schema()
			ORDER BY table_name, ordinal_position`
	}
	type row struct{ table, column string }
	scan := func(r db.Row) (f row, err error) { return f, r.Scan(&f.table, &f.column) }
	rows, err := db.Read(context.Background(), p.Inner.DB, func(tx *db.Tx) ([]row, error) { return db.All(tx, scan, statement) })
	if err != nil {
		p.t.Fatal(err)
	}
	columns := map[string][]string{}
	for _, r := range rows {
		columns[r.table] = append(columns[r.table], r.column)
	}
	return columns
}
