package podium_test

import (
	"cmp"
	"context"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"podium/internal/db"
	"podium/internal/db/dbtest"
	"podium/internal/openapi"
)

// table describes a table as docs/tables.md shows it.
type table struct {
	name    string
	view    bool
	about   string // the comment above its CREATE TABLE
	columns []column
	key     []string
	indexes []string // as Markdown
	only    string   // the database that has it, if the other one has not
	dropped bool
}

// column is a column of a table, with the comment beside it.
type column struct{ name, kind, about string }

// ofGoose holds the tables that goose makes, for which there is no migration.
var ofGoose = map[string]table{
	"goose_db_version": {about: "The migrations that were applied; goose writes it."},
	"goose_lock":       {about: "The lock of the node that applies migrations; goose writes it.", only: "PostgreSQL"},
}

// docs/tables.md is generated (make update) from the migrated database and from the comments of the
// migrations. Each table needs a comment above its CREATE TABLE that says what it holds.
func TestTablesAreDescribed(t *testing.T) {
	t.Parallel()
	onSQLite, onPostgres := tablesOfMigrations(t, "sqlite"), tablesOfMigrations(t, "postgres")
	all := migratedTables(t)
	for name, found := range all {
		told, also := onSQLite[name], onPostgres[name]
		found.describe(told)
		if also == nil {
			found.only = "SQLite"
			continue
		}
		if told.about != also.about {
			t.Errorf("the migrations describe table %s in two ways: %q and %q", name, told.about, also.about)
		}
		for _, c := range also.columns {
			if found.column(c.name).name == "" {
				c.about += " (only on PostgreSQL)"
				found.columns = append(found.columns, c)
			}
		}
	}
	for name, told := range onPostgres {
		if all[name] == nil && !told.dropped {
			told.only = "PostgreSQL"
			all[name] = told
		}
	}
	for name, told := range ofGoose {
		told.name = name
		all[name] = &told
	}
	for name, one := range all {
		if one.about == "" || !strings.HasSuffix(one.about, ".") {
			t.Errorf("table %s has no sentence above its CREATE TABLE in internal/db/migrations", name)
		}
	}
	openapi.Check(t, "docs/tables.md", textOfTables(t, all))
}

// TestTablesOfPostgres checks that the description has every table of PostgreSQL.
func TestTablesOfPostgres(t *testing.T) {
	t.Parallel()
	dbtest.NeedPostgres(t)
	document := text(t, "docs/tables.md")
	names, err := db.Read(context.Background(), dbtest.Open(t, dbtest.Postgres), func(tx *db.Tx) ([]string, error) {
		return db.All(tx, db.ScanValue[string], `SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()`)
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if !strings.Contains(document, "\n## "+name+"\n") {
			t.Errorf("docs/tables.md lacks table %s of PostgreSQL", name)
		}
	}
}

// describe adds to a table of the database what the migrations say of it.
func (one *table) describe(told *table) {
	if told == nil {
		return
	}
	one.about = told.about
	for i, c := range one.columns {
		one.columns[i].about = told.column(c.name).about
	}
}

// column returns a column, or an empty one.
func (one *table) column(name string) column {
	for _, c := range one.columns {
		if c.name == name {
			return c
		}
	}
	return column{}
}

// migratedTables returns the tables and views of a migrated SQLite database, without those of
// goose.
func migratedTables(t *testing.T) map[string]*table {
	t.Helper()
	all := make(map[string]*table)
	_, err := db.Read(context.Background(), dbtest.Open(t, dbtest.SQLite), func(tx *db.Tx) (none struct{}, err error) {
		_, err = db.All(tx, func(row db.Row) (none struct{}, err error) {
			var name, kind string
			var c column
			var key int64
			if err = row.Scan(&name, &kind, &c.name, &c.kind, &key); err != nil {
				return none, err
			}
			one := all[name]
			if one == nil {
				one = &table{name: name, view: kind == "view"}
				all[name] = one
			}
			one.columns = append(one.columns, c)
			if key > 0 {
				one.key = append(one.key, strings.Repeat(" ", int(key))+c.name) // sorted below
			}
			return none, nil
		}, `
			SELECT m.name, m.type, c.name, c.type, c.pk
			FROM sqlite_master m JOIN pragma_table_info(m.name) c
			WHERE m.type IN ('table', 'view') AND m.name NOT LIKE 'sqlite_%' AND m.name NOT LIKE 'goose_%'
			ORDER BY m.name, c.cid`)
		if err != nil {
			return none, err
		}
		_, err = db.All(tx, func(row db.Row) (none struct{}, err error) {
			var name, index, columns, definition string
			var unique bool
			if err = row.Scan(&name, &index, &unique, &columns, &definition); err != nil {
				return none, err
			}
			all[name].indexes = append(all[name].indexes, textOfIndex(index, unique, columns, definition))
			return none, nil
		}, `
			SELECT m.name, l.name, l."unique", COALESCE((SELECT group_concat(i.name, ', ') FROM pragma_index_info(l.name) i), ''), COALESCE(s.sql, '')
			FROM sqlite_master m
			JOIN pragma_index_list(m.name) l
			LEFT JOIN sqlite_master s ON s.name = l.name
			WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name NOT LIKE 'goose_%' AND l.origin <> 'pk'
			ORDER BY m.name, l.name`)
		return none, err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range all {
		slices.SortFunc(one.key, func(a, b string) int { return cmp.Compare(strings.Count(a, " "), strings.Count(b, " ")) })
		for i, k := range one.key {
			one.key[i] = strings.TrimSpace(k)
		}
		slices.Sort(one.indexes)
	}
	return all
}

// textOfIndex describes an index. One that a UNIQUE of the table makes has no name of its own.
func textOfIndex(name string, unique bool, columns, definition string) string {
	if definition == "" {
		return "unique `" + columns + "`"
	}
	_, on, _ := strings.Cut(definition, " ON ")
	_, on, _ = strings.Cut(on, "(")
	end := strings.LastIndex(on, ")")
	if where := strings.Index(on, ") WHERE "); where >= 0 {
		end = where
	}
	text := "`" + name + "`: `" + on[:end] + "`"
	if _, where, partial := strings.Cut(on, ") WHERE "); partial {
		text += " where `" + where + "`"
	}
	if unique {
		text = "unique " + text
	}
	return text
}

var (
	createTable = regexp.MustCompile(`^CREATE (TABLE|VIEW) ([a-z_]+)`)
	addColumn   = regexp.MustCompile(`^ALTER TABLE ([a-z_]+) ADD COLUMN ([a-z_]+) ([A-Z]+)`)
	renameTable = regexp.MustCompile(`^ALTER TABLE ([a-z_]+) RENAME TO ([a-z_]+);`)
	dropTable   = regexp.MustCompile(`^DROP TABLE ([a-z_]+);`)
	columnLine  = regexp.MustCompile(`^\s+([a-z_]+) +([A-Z]+)`)
	keyLine     = regexp.MustCompile(`^\s+PRIMARY KEY \(([a-z_, ]+)\)`)
)

// tablesOfMigrations returns the tables as the migrations of one kind of database describe them: a
// table by the comment above it, a column by the comment beside it, or above the ALTER TABLE that
// adds it.
func tablesOfMigrations(t *testing.T, kind string) map[string]*table {
	t.Helper()
	paths, err := filepath.Glob("internal/db/migrations/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	all := make(map[string]*table)
	for _, path := range paths { // in order
		if parts := strings.Split(filepath.Base(path), "."); len(parts) == 3 && parts[1] != kind {
			continue
		}
		readMigration(text(t, path), all)
	}
	return all
}

// readMigration adds to all what one migration says.
func readMigration(migration string, all map[string]*table) {
	var above []string // the lines of the comment above, until a blank line or another comment
	var open *table
	spoken := true // a statement has followed the comment above
	for line := range strings.Lines(migration) {
		statement, comment, commented := strings.Cut(strings.TrimRight(line, "\n"), "--")
		comment = strings.TrimSpace(comment)
		switch {
		case open != nil && strings.HasPrefix(statement, ")"):
			open = nil
		case open != nil:
			if m := columnLine.FindStringSubmatch(statement); m != nil {
				open.columns = append(open.columns, column{m[1], m[2], comment})
				if strings.Contains(statement, "PRIMARY KEY") {
					open.key = []string{m[1]}
				}
			} else if m := keyLine.FindStringSubmatch(statement); m != nil {
				open.key = strings.Split(m[1], ", ")
			}
		case statement == "" && commented:
			if spoken {
				above = nil
			}
			above, spoken = append(above, comment), false
		case statement == "":
			above = nil
		default:
			spoken = true
			open = readStatement(statement, strings.Join(above, " "), all)
		}
	}
}

// readStatement adds to all what a statement says under a comment. It returns the table whose
// columns follow.
func readStatement(statement, about string, all map[string]*table) *table {
	if m := createTable.FindStringSubmatch(statement); m != nil {
		one := &table{name: m[2], about: about, view: m[1] == "VIEW"}
		all[one.name] = one
		if !one.view {
			return one
		}
	}
	if m := addColumn.FindStringSubmatch(statement); m != nil {
		all[m[1]].columns = append(all[m[1]].columns, column{m[2], m[3], about})
	}
	if m := dropTable.FindStringSubmatch(statement); m != nil {
		all[m[1]].dropped = true
	}
	if m := renameTable.FindStringSubmatch(statement); m != nil {
		one, before := all[m[1]], all[m[2]]
		delete(all, m[1])
		one.name, one.about = m[2], cmp.Or(before.about, one.about)
		for i, c := range one.columns {
			one.columns[i].about = cmp.Or(c.about, before.column(c.name).about)
		}
		all[one.name] = one
	}
	return nil
}

// writes matches a statement that changes a table.
var writes = regexp.MustCompile(`\b(?:INSERT INTO|UPDATE|DELETE FROM)\s+([a-z_]+)`)

// writersOfTables returns the packages that change each table, found by the SQL in their sources.
func writersOfTables(t *testing.T) map[string][]string {
	t.Helper()
	writers := make(map[string][]string)
	for _, path := range tracked(t) {
		if !strings.HasPrefix(path, "internal/") || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			continue
		}
		source, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, source, 0)
		if err != nil {
			t.Fatal(err)
		}
		owner := strings.TrimPrefix(filepath.ToSlash(filepath.Dir(path)), "internal/")
		ast.Inspect(file, func(n ast.Node) bool {
			literal, ok := n.(*ast.BasicLit)
			if !ok || literal.Kind != token.STRING {
				return true
			}
			value, _ := strconv.Unquote(literal.Value)
			for _, m := range writes.FindAllStringSubmatch(value, -1) {
				if !slices.Contains(writers[m[1]], owner) {
					writers[m[1]] = append(writers[m[1]], owner)
				}
			}
			return true
		})
	}
	for _, list := range writers {
		slices.Sort(list)
	}
	return writers
}

// textOfTables returns the page.
func textOfTables(t *testing.T, all map[string]*table) string {
	t.Helper()
	writers := writersOfTables(t)
	var b strings.Builder
	b.WriteString("# Tables\n\n" +
		"Generated from a migrated database and the comments of `internal/db/migrations` (`make update`).\n" +
		"The sentence of a table is the comment above its `CREATE TABLE`. Columns, keys and indexes are\n" +
		"those of SQLite; where PostgreSQL has other keys and indexes, a file `*.postgres.sql` says so.\n" +
		"Times are in milliseconds. \"Written by\" lists the packages whose SQL changes the table.\n\n" +
		"| table | what it holds | written by |\n|---|---|---|\n")
	names := slices.Sorted(maps.Keys(all))
	for _, name := range names {
		fmt.Fprintf(&b, "| [`%s`](#%s) | %s | %s |\n", name, name, all[name].about, quoted(writers[name]))
	}
	for _, name := range names {
		b.WriteString("\n")
		all[name].write(&b, writers[name])
	}
	return b.String()
}

// write writes the section of a table.
func (one *table) write(b *strings.Builder, writers []string) {
	fmt.Fprintf(b, "## %s\n\n", one.name)
	about := one.about
	if one.view {
		about += " A view."
	}
	if one.only != "" {
		about += " Only on " + one.only + "."
	}
	b.WriteString(wrapped(about))
	if len(one.columns) == 0 {
		return
	}
	b.WriteString("\n| | |\n|---|---|\n")
	if len(writers) > 0 {
		fmt.Fprintf(b, "| written by | %s |\n", quoted(writers))
	}
	if len(one.key) > 0 {
		fmt.Fprintf(b, "| key | `%s` |\n", strings.Join(one.key, ", "))
	}
	for _, index := range one.indexes {
		fmt.Fprintf(b, "| index | %s |\n", strings.ReplaceAll(index, "|", `\|`))
	}
	for _, c := range one.columns {
		fmt.Fprintf(b, "| `%s` %s | %s |\n", c.name, strings.ToLower(c.kind), strings.ReplaceAll(c.about, "|", `\|`))
	}
}

// quoted returns names in a list, each between backticks.
func quoted(names []string) string {
	list := make([]string, len(names))
	for i, name := range names {
		list[i] = "`" + name + "`"
	}
	return strings.Join(list, ", ")
}

// wrapped returns a paragraph with lines of at most 100 characters.
func wrapped(paragraph string) string {
	var b strings.Builder
	width := 0
	for word := range strings.FieldsSeq(paragraph) {
		if width > 0 && width+1+len(word) > 100 {
			b.WriteString("\n")
			width = 0
		}
		if width > 0 {
			b.WriteString(" ")
			width++
		}
		b.WriteString(word)
		width += len(word)
	}
	return b.String() + "\n"
}
