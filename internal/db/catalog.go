package db

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Table is a table of the pod's as a backup needs it.
type Table struct {
	Name    string
	Columns []string
	Kinds   []string // of the columns: int, text, bool, bytes
	Key     []string // the columns of its primary key
}

// ownTables are tables of this package: each database has its own.
var ownTables = []string{"goose_db_version", "goose_lock", "locks", "positions", "followed", "compatibility", "commits", "commits_cleared", "sequences", "write_tries"}

const (
	selectSQLiteColumns = `
		SELECT m.name, c.name, c.type, c.pk FROM sqlite_master m, pragma_table_info(m.name) c
		WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' ORDER BY m.name, c.cid`
	selectPostgresColumns = `
		SELECT t.relname::text, a.attname::text, format_type(a.atttypid, a.atttypmod),
			COALESCE(array_position(i.indkey[0:i.indnkeyatts - 1], a.attnum) + 1, 0)::bigint
		FROM pg_class t
		JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
		LEFT JOIN pg_index i ON i.indrelid = t.oid AND i.indisprimary
		WHERE t.relkind = 'r' AND t.relnamespace = current_schema()::regnamespace ORDER BY t.relname, a.attnum`
	selectSQLiteReferences   = `SELECT m.name, f."table" FROM sqlite_master m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table'`
	selectPostgresReferences = `
		SELECT t.relname::text, r.relname::text FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_class r ON r.oid = c.confrelid
		WHERE c.contype = 'f' AND t.relnamespace = current_schema()::regnamespace`
)

// Tables returns the tables that hold the pod's data, each behind those that it refers to; by names of columns, whatever their order.
func (tx *Tx) Tables() ([]Table, error) {
	columns, references := selectPostgresColumns, selectPostgresReferences
	if tx.dialect.spread {
		columns, references = selectSQLiteColumns, selectSQLiteReferences
	}
	type column struct {
		table, name, kind string
		key               int64
	}
	found, err := All(tx, func(row Row) (c column, err error) { return c, row.Scan(&c.table, &c.name, &c.kind, &c.key) }, columns)
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
	refers, err := All(tx, func(row Row) (pair [2]string, err error) { return pair, row.Scan(&pair[0], &pair[1]) }, references)
	if err != nil {
		return nil, err
	}
	return inOrder(names, tables, refers)
}

var kinds = map[string]string{
	"BIGINT": "int", "INTEGER": "int", "TEXT": "text", "BOOLEAN": "bool", "BYTEA": "bytes", "BLOB": "bytes",
}

// inOrder puts each table behind those that it refers to.
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

// Alone keeps everybody else from writing to the tables until commit. On SQLite a Write is alone anyway.
func (tx *Tx) Alone(tables []Table) error {
	if tx.dialect.spread {
		return nil
	}
	names := make([]string, len(tables))
	for i, t := range tables {
		names[i] = t.Name
	}
	return tx.Exec(`LOCK TABLE ` + strings.Join(names, ", ") + ` IN EXCLUSIVE MODE`)
}

// Version returns the newest migration of the tables.
func (tx *Tx) Version() (int64, error) {
	return Value[int64](tx, `SELECT MAX(version_id) FROM goose_db_version`)
}

// Sequences returns the number that each sequence gave last.
func (tx *Tx) Sequences() (map[string]int64, error) {
	last := make(map[string]int64)
	type pair struct {
		name string
		last int64
	}
	scan := func(row Row) (p pair, err error) { return p, row.Scan(&p.name, &p.last) }
	query := `SELECT name, last FROM sequences`
	if !tx.dialect.spread {
		query = `SELECT substr(sequencename, 10), COALESCE(last_value, 0) FROM pg_sequences WHERE schemaname = current_schema() AND sequencename LIKE 'sequence\_%'`
	}
	pairs, err := All(tx, scan, query)
	for _, p := range pairs {
		if p.last > 0 {
			last[p.name] = p.last
		}
	}
	return last, err
}

// Continue has a sequence go on behind a number, and positions behind the highest that there is.
func (tx *Tx) Continue(sequences map[string]int64, highest int64) error {
	for name, last := range sequences {
		var err error
		if tx.dialect.spread {
			err = tx.Exec(`INSERT INTO sequences (name, last) VALUES ($1, $2)`, name, last)
		} else {
			_, err = Value[int64](tx, `SELECT setval('sequence_'||$1::text, $2::bigint)`, name, last)
		}
		if err != nil {
			return err
		}
	}
	if tx.dialect.spread {
		return tx.Exec(`UPDATE positions SET ahead = $1`, highest)
	}
	// What comes next has a higher id than this transaction, and a position behind all that were restored.
	return tx.Exec(`UPDATE positions SET ahead = GREATEST(ahead, $1 + 1 - pg_current_xact_id()::text::bigint)`, highest)
}

// Rows reads a table by its key, a page at a time, and calls fn for each row. The values are int64, string, bool, []byte or nil.
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
