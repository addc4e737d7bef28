package db

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"podium/internal/db/migrations"
)

// Table is a table of the pod's as a backup describes it.
type Table struct {
	Name    string
	Columns []string
	Kinds   []string // of the columns: int, text, bool, bytes
	Key     []string // the columns of its primary key
}

// ownTables lists the tables of this package, which differ in each database.
var ownTables = []string{"goose_db_version", "goose_lock", "locks", "positions", "followed", "compatibility", "commits", "commits_cleared", "sequences", "write_tries"}

// Tables returns the tables that hold the pod's data, each after those that it refers to. Columns
// are sorted by name.
func (tx *Tx) Tables() ([]Table, error) {
	type column struct {
		table, name, kind string
		key               int64
	}
	found, err := All(tx, func(row Row) (c column, err error) { return c, row.Scan(&c.table, &c.name, &c.kind, &c.key) }, tx.dialect.Columns)
	if err != nil {
		return nil, err
	}
	tables := make(map[string]*Table)
	keys := make(map[string][]column)
	var names []string
	for _, c := range found {
		if slices.Contains(ownTables, c.table) {
			continue
		}
		t := tables[c.table]
		if t == nil {
			t = &Table{Name: c.table}
			tables[c.table] = t
			names = append(names, c.table)
		}
		kind := kinds[strings.ToUpper(c.kind)]
		if kind == "" {
			return nil, fmt.Errorf("column %s of %s is of a type that no backup holds: %s", c.name, c.table, c.kind)
		}
		t.Columns, t.Kinds = append(t.Columns, c.name), append(t.Kinds, kind)
		if c.key > 0 {
			keys[c.table] = append(keys[c.table], c)
		}
	}
	for name, key := range keys {
		slices.SortFunc(key, func(a, b column) int { return int(a.key - b.key) })
		for _, c := range key {
			tables[name].Key = append(tables[name].Key, c.name)
		}
	}
	refers, err := All(tx, func(row Row) (pair [2]string, err error) { return pair, row.Scan(&pair[0], &pair[1]) }, tx.dialect.References)
	if err != nil {
		return nil, err
	}
	return inOrder(names, tables, refers)
}

var kinds = map[string]string{
	"BIGINT": "int", "INTEGER": "int", "TEXT": "text", "BOOLEAN": "bool", "BYTEA": "bytes", "BLOB": "bytes",
}

// inOrder returns the tables, each after those that it refers to.
func inOrder(names []string, tables map[string]*Table, refers [][2]string) ([]Table, error) {
	var list []Table
	done := make(map[string]bool)
	for len(list) < len(names) {
		before := len(list)
		for _, name := range names {
			ready := !done[name] && !slices.ContainsFunc(refers, func(r [2]string) bool { return r[0] == name && r[1] != name && !done[r[1]] })
			if ready {
				done[name] = true
				list = append(list, *tables[name])
			}
		}
		if len(list) == before {
			return nil, errors.New("tables refer to one another in a circle")
		}
	}
	return list, nil
}

// Alone locks the tables against other writers until commit. On SQLite a Write is alone anyway.
func (tx *Tx) Alone(tables []Table) error {
	if tx.dialect.LockTables == "" {
		return nil
	}
	names := make([]string, len(tables))
	for i, t := range tables {
		names[i] = t.Name
	}
	return tx.Exec(fmt.Sprintf(tx.dialect.LockTables, strings.Join(names, ", ")))
}

// Version returns the newest migration of the tables.
func (tx *Tx) Version() (int64, error) {
	return Value[int64](tx, `SELECT MAX(version_id) FROM goose_db_version`)
}

// Sequences returns the last number of each sequence.
func (tx *Tx) Sequences() (map[string]int64, error) {
	last := make(map[string]int64)
	type pair struct {
		name string
		last int64
	}
	scan := func(row Row) (p pair, err error) { return p, row.Scan(&p.name, &p.last) }
	pairs, err := All(tx, scan, tx.dialect.Sequences)
	for _, p := range pairs {
		if p.last > 0 {
			last[p.name] = p.last
		}
	}
	return last, err
}

// Continue makes the sequences continue after the given numbers, and positions after the highest
// one.
func (tx *Tx) Continue(sequences map[string]int64, highest int64) error {
	for name, last := range sequences {
		if err := tx.Exec(tx.dialect.SetSequence, name, last); err != nil {
			return err
		}
	}
	return tx.Exec(tx.dialect.Continue, highest)
}

// Rows reads a table by its key, a page at a time, and calls fn for each row. The values are int64,
// string, bool, []byte or nil.
func (tx *Tx) Rows(t Table, fn func(row []any) error) error {
	const page = 2000
	key := t.Key
	if len(key) == 0 {
		return fmt.Errorf("table %s has no key", t.Name)
	}
	places := make([]int, len(key))
	marks := make([]string, len(key))
	for i, k := range key {
		places[i], marks[i] = slices.Index(t.Columns, k), fmt.Sprintf("$%d", i+1)
	}
	from := ` FROM ` + t.Name
	order := ` ORDER BY ` + strings.Join(key, ", ") + fmt.Sprintf(` LIMIT %d`, page)
	query, behind := `SELECT `+strings.Join(t.Columns, ", ")+from+order,
		`SELECT `+strings.Join(t.Columns, ", ")+from+` WHERE (`+strings.Join(key, ", ")+`) > (`+strings.Join(marks, ", ")+`)`+order
	scan := func(row Row) ([]any, error) {
		values := make([]any, len(t.Columns))
		into := make([]any, len(values))
		for i := range values {
			into[i] = &values[i]
		}
		if err := row.Scan(into...); err != nil {
			return nil, err
		}
		for i, kind := range t.Kinds {
			if n, ok := values[i].(int64); ok && kind == "bool" {
				values[i] = n != 0
			}
		}
		return values, nil
	}
	var args []any
	for {
		rows, err := All(tx, scan, query, args...)
		if err != nil {
			return err
		}
		for _, row := range rows {
			if err := fn(row); err != nil {
				return err
			}
		}
		if len(rows) < page {
			return nil
		}
		args = args[:0]
		for _, place := range places {
			args = append(args, rows[len(rows)-1][place])
		}
		query = behind
	}
}

// Sizes is how much a database holds.
type Sizes struct {
	Bytes int64 // of all data
	// of the log of facts, with its index and its seals; 0 on SQLite, which cannot tell
	LogBytes int64
	Facts    int64 // recorded so far
}

// Sizes returns how much the database holds.
func (d *DB) Sizes(ctx context.Context) (Sizes, error) {
	return Read(ctx, d, func(tx *Tx) (Sizes, error) {
		return One(tx, func(row Row) (s Sizes, err error) { return s, row.Scan(&s.Bytes, &s.LogBytes, &s.Facts) }, tx.dialect.Sizes)
	})
}

// MigrationsDigest returns a digest that differs for any two sets of migrations. Tests use it in
// the names of databases with the tables in place.
func MigrationsDigest() string { return migrations.Digest() }
