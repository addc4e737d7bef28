package migrations

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
)

// Every migration leaves room for a podium that does not know it, unless it says that it contracts
// (docs/decisions/0023-upgrades.md).
func TestMigrationsExpand(t *testing.T) {
	t.Parallel()
	for name, text := range files(t) {
		if name < "0028" { // before there was the rule
			continue
		}
		if strings.Contains(text, "-- podium: contract") {
			if !regexp.MustCompile(`(?m)^-- podium: contract, for those who know \d{4}$`).MatchString(text) {
				t.Errorf("%s: the line reads -- podium: contract, for those who know 0052", name)
			}
			if taken := namesTakenAgain(text); taken != "" {
				t.Errorf("%s: %s is the name of a table that was dropped: an older podium would go on writing to it", name, taken)
			}
			continue
		}
		for _, problem := range destructive(text) {
			t.Errorf("%s: %s", name, problem)
		}
	}
}

// files returns the texts of the migrations, by name.
func files(t *testing.T) map[string]string {
	t.Helper()
	texts := make(map[string]string)
	entries, err := own.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		data, err := own.ReadFile(entry.Name())
		if err != nil {
			t.Fatal(err)
		}
		texts[entry.Name()] = string(data)
	}
	return texts
}

// The rule itself is tried on what it must refuse and what it must allow.
func TestWhatAMigrationMayDo(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`DROP TABLE users;`, `drop index users_by_name;`, `ALTER TABLE users DROP COLUMN name;`, `ALTER TABLE users RENAME TO accounts;`,
		`ALTER TABLE users RENAME COLUMN a TO b;`, `DELETE FROM users;`, `TRUNCATE users;`, `UPDATE users SET name = '';`,
		`ALTER TABLE users ALTER COLUMN name TYPE BIGINT;`, `ALTER TABLE users ALTER COLUMN name SET NOT NULL;`,
		`ALTER TABLE users ADD COLUMN a TEXT NOT NULL;`, `ALTER TABLE users ADD COLUMN a TEXT UNIQUE;`,
		`ALTER TABLE users ADD CONSTRAINT c CHECK (a > 0);`, `ALTER TABLE users ADD PRIMARY KEY (a);`,
		`ALTER TABLE users ADD COLUMN a TEXT NOT NULL DEFAULT '', DROP COLUMN b;`, `CREATE UNIQUE INDEX i ON users (name);`,
		`CREATE TRIGGER t BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION f();`, `ALTER TABLE users ADD COLUMN a BIGINT NOT NULL DEFAULT 0 CHECK (a > 0);`,
		`ALTER TABLE users ADD COLUMN a BIGINT REFERENCES b (c);`, `CREATE TABLE a (b BIGINT); DROP TABLE users;`, `/* x */ DROP VIEW v;`,
		`ALTER TABLE users ADD COLUMN a BIGINT NOT NULL DEFAULT 0; UPDATE users SET a = 1, b = 2;`, `LOCK TABLE users;`, `REINDEX TABLE users;`,
		`SELECT 1; WITH gone AS (DELETE FROM users RETURNING 1) SELECT 1;`, `CREATE TABLE a AS SELECT * FROM users; ALTER TABLE users SET UNLOGGED;`,
		`INSERT OR REPLACE INTO users (id) VALUES (1);`, `INSERT INTO users (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET id = 2;`,
	} {
		if len(destructive(text)) == 0 {
			t.Errorf("allowed: %s", text)
		}
	}
	for _, text := range []string{
		`CREATE TABLE a (b BIGINT PRIMARY KEY, c TEXT UNIQUE); CREATE UNIQUE INDEX i ON a (c);`, `CREATE INDEX i ON users (name) WHERE name <> '';`,
		"-- DROP TABLE users;\nSELECT 1;", `INSERT INTO a (b) VALUES ('DROP TABLE users; DELETE FROM users');`, `CREATE SEQUENCE s CACHE 1;`,
		`ALTER TABLE users ADD COLUMN a TEXT NOT NULL DEFAULT '';`, `ALTER TABLE users ADD COLUMN a BIGINT;`,
		`ALTER TABLE users ADD COLUMN a BIGINT NOT NULL DEFAULT 0; UPDATE users SET a = (SELECT COUNT(*) FROM b WHERE c = users.id);`,
		`CREATE TABLE a (b BIGINT); UPDATE a SET b = 1; DELETE FROM a;`,
	} {
		if problems := destructive(text); len(problems) > 0 {
			t.Errorf("refused: %s: %v", text, problems)
		}
	}
}

var (
	notCode      = regexp.MustCompile(`(?s)--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'`)
	space        = regexp.MustCompile(`\s+`)
	createTable  = regexp.MustCompile(`^CREATE TABLE (?:IF NOT EXISTS )?(\w+)`)
	createIndex  = regexp.MustCompile(`^CREATE INDEX `)
	uniqueIndex  = regexp.MustCompile(`^CREATE UNIQUE INDEX (?:IF NOT EXISTS )?\w+ ON (\w+)`)
	addColumn    = regexp.MustCompile(`^ALTER TABLE (\w+) ADD COLUMN (\w+) (.*)$`)
	harmless     = regexp.MustCompile(`^(SELECT|INSERT INTO|CREATE SEQUENCE|CREATE VIEW) `)
	changes      = regexp.MustCompile(`\b(DELETE|UPDATE|REPLACE|TRUNCATE|DROP|ALTER)\b`)
	changesTable = regexp.MustCompile(`^(?:UPDATE|DELETE FROM|ALTER TABLE|DROP TABLE) (\w+)`)
	updates      = regexp.MustCompile(`^UPDATE (\w+) SET (.*)$`)
	assigns      = regexp.MustCompile(`(\w+) = `)
	renames      = regexp.MustCompile(`RENAME TO (\w+)`)
	drops        = regexp.MustCompile(`DROP TABLE (\w+)`)
)

func statements(text string) []string {
	var list []string
	for _, s := range strings.Split(notCode.ReplaceAllStringFunc(text, func(part string) string {
		if part[0] == '\'' {
			return "''"
		}
		return " "
	}), ";") {
		if s = strings.TrimSpace(space.ReplaceAllString(s, " ")); s != "" {
			list = append(list, upperWords(s))
		}
	}
	return list
}

// upperWords writes SQL in capitals: names are compared in capitals, too.
func upperWords(s string) string { return strings.ToUpper(s) }

// destructive returns what of a migration an older podium would suffer from: all that does not only
// add.
func destructive(text string) (problems []string) {
	made := make(map[string]bool) // tables, and table.column, of this migration
	for _, s := range statements(text) {
		table := changesTable.FindStringSubmatch(s)
		created := createTable.FindStringSubmatch(s)
		unique := uniqueIndex.FindStringSubmatch(s)
		column := addColumn.FindStringSubmatch(s)
		update := updates.FindStringSubmatch(s)
		switch {
		case created != nil:
			made[created[1]] = true
		case createIndex.MatchString(s), table != nil && made[table[1]], unique != nil && made[unique[1]]:
		case column != nil && addsOnly(column[3]):
			made[column[1]+"."+column[2]] = true
		case update != nil && setsOnly(made, update[1], update[2]):
		case harmless.MatchString(s) && !changes.MatchString(s):
		default:
			problems = append(problems, fmt.Sprintf("it does more than add, and does not say that it contracts: %.80s", s))
		}
	}
	return problems
}

// addsOnly reports whether rows that say nothing of a new column, and any values of it, are as good
// as ever.
func addsOnly(column string) bool {
	for _, word := range []string{",", "UNIQUE", "PRIMARY", "CHECK", "REFERENCES", "CONSTRAINT"} {
		if strings.Contains(column, word) {
			return false
		}
	}
	return !strings.Contains(column, "NOT NULL") || strings.Contains(column, "DEFAULT")
}

// setsOnly reports whether an UPDATE sets only columns that the migration has added.
func setsOnly(made map[string]bool, table, set string) bool {
	depth := 0
	flat := strings.Map(func(r rune) rune { // without what stands in parentheses
		switch r {
		case '(':
			depth++
		case ')':
			depth--
		}
		if depth > 0 {
			return -1
		}
		return r
	}, set)
	flat, _, _ = strings.Cut(flat, " WHERE ")
	set1 := assigns.FindAllStringSubmatch(flat, -1)
	for _, a := range set1 {
		if !made[table+"."+a[1]] {
			return false
		}
	}
	return len(set1) > 0
}

// namesTakenAgain returns the name of a table that a migration drops and gives to another one.
func namesTakenAgain(text string) string {
	dropped := make(map[string]bool)
	for _, s := range statements(text) {
		if d := drops.FindStringSubmatch(s); d != nil {
			dropped[d[1]] = true
		}
	}
	for _, s := range statements(text) {
		for _, r := range append(renames.FindAllStringSubmatch(s, -1), createTable.FindAllStringSubmatch(s, -1)...) {
			if dropped[r[1]] {
				return r[1]
			}
		}
	}
	return ""
}
