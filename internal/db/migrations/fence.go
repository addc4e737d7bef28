package migrations

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// A migration either expands or contracts (docs/decisions/0023-upgrades.md). One that expands
// leaves room for a podium that does not know it: it adds, and takes nothing away. One that
// contracts takes away what an older podium uses, and names in its first line the migration that a
// podium must know to go on writing:
//
//	-- podium: contract, for those who know 0052
//
// A file without that line expands; a test refuses it if it does more than add.
var contractMark = regexp.MustCompile(`(?m)^-- podium: contract, for those who know (\d{4})$`)

// contractsBefore is those that contracted before there was the rule: copies of tables, which were
// dropped and came back by their old name.
var contractsBefore = map[int64]bool{22: true, 23: true, 25: true}

// compatibilityVersion is the migration that makes the table compatibility.
const compatibilityVersion = 45

// contracts returns the migration that a podium must know to write once this one is applied, 0 if
// that changes nothing.
func contracts(version int64, text string) (oldest int64, err error) {
	if contractsBefore[version] {
		return version, nil
	}
	mark := contractMark.FindStringSubmatch(text)
	if mark == nil {
		return 0, nil
	}
	if oldest, err = strconv.ParseInt(mark[1], 10, 64); err == nil && oldest > version {
		err = fmt.Errorf("migration %d contracts for those who know %d, which comes later", version, oldest)
	}
	return oldest, err
}

func versionOf(name string) (int64, error) {
	number, _, _ := strings.Cut(name, "_")
	return strconv.ParseInt(number, 10, 64)
}

// fence adds to a migration that it is noted in the table compatibility, and, where others may use
// the tables (fenced), that they are kept out: a migration that contracts waits on PostgreSQL for
// all who write, lets nobody write until it is done, and refuses from then on the writes of all who
// do not know enough, by a trigger on each table. So those are refused as well that were made
// before there was the rule. On SQLite there is one writer, who looks at the table compatibility.
func fence(kind Kind, base, text string, fenced bool) (string, error) {
	version, err := versionOf(base)
	if err != nil {
		return "", err
	}
	oldest, err := contracts(version, text)
	if err != nil {
		return "", fmt.Errorf("%s: %w", base, err)
	}
	before, after := "", ""
	if kind == SQLite {
		before = once(version)
	}
	if fenced && kind == Postgres {
		before = limitWaiting
		if oldest > 0 {
			before += refusal + refuse(oldest)
			after = refuse(oldest) // tables that the migration has made
		}
	}
	if version > compatibilityVersion {
		after += fmt.Sprintf("\nUPDATE compatibility SET newest = %d WHERE newest < %d;\n", version, version)
		if oldest > 0 {
			after += fmt.Sprintf("UPDATE compatibility SET oldest = %d WHERE oldest < %d;\n", oldest, oldest)
		}
	}
	const up = "-- +goose Up\n"
	if !strings.Contains(text, up) {
		return "", fmt.Errorf("%s does not say %q", base, strings.TrimSpace(up))
	}
	return strings.Replace(text, up, up+before, 1) + after, nil
}

// once fails a migration that is applied already. Two processes that start at once on SQLite may
// both begin the same one; the statement that makes a table lets one go first, and the other then
// sees what the first has done.
func once(version int64) string {
	return fmt.Sprintf(`
CREATE TABLE podium_once (applied INTEGER CHECK (applied = 0));
INSERT INTO podium_once SELECT COUNT(*) FROM goose_db_version WHERE version_id = %d;
DROP TABLE podium_once;
`, version)
}

// limitWaiting keeps a migration from making everybody wait behind it while it waits for a
// transaction that is long: it is undone and tried again.
const limitWaiting = "SET LOCAL lock_timeout = '1s';\n"

// TooOldCode is the SQLSTATE of a write that a trigger refuses. Its class is that of an operator's
// intervention: every version of Podium answers it with 503.
const TooOldCode = "57OLD"

const refusal = `
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION podium_too_old() RETURNS trigger LANGUAGE plpgsql AS $podium$
BEGIN
	RAISE EXCEPTION 'this podium is too old for the tables: it must know migration %', TG_ARGV[0] USING ERRCODE = '` + TooOldCode + `',
		HINT = 'By hand, write after: SET ` + KnowsSetting + ` = ' || TG_ARGV[0];
END
$podium$;
-- +goose StatementEnd
`

// KnowsSetting is the setting of a connection that says which migration its podium knows.
const KnowsSetting = "podium.knows"

// refuse puts the trigger on each table, which waits for all who write to the table and keeps them
// waiting until commit.
func refuse(oldest int64) string {
	return fmt.Sprintf(`
-- +goose StatementBegin
DO $podium$
DECLARE one regclass;
BEGIN
	FOR one IN
		SELECT oid FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' AND relname NOT LIKE 'goose%%' ORDER BY relname
	LOOP
		EXECUTE format('CREATE OR REPLACE TRIGGER podium_too_old BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON %%s FOR EACH STATEMENT '
			'WHEN (COALESCE(NULLIF(current_setting(''%s'', TRUE), ''''), ''0'')::bigint < %d) EXECUTE FUNCTION podium_too_old(%d)', one);
	END LOOP;
END
$podium$;
-- +goose StatementEnd
`, KnowsSetting, oldest, oldest)
}
