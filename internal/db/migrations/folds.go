package migrations

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"unicode"

	"podium/internal/wording"
)

// foldRules is the number of the rules by which this binary folds names (package wording).
const foldRules = 1

// FoldsVersion is the migration that makes the table folds.
const FoldsVersion = 55

// folded is a column that holds names as they are compared. The key is a whole number.
type folded struct {
	table, key, column string
	spaceless          bool // white space does not count
}

var foldedColumns = []folded{
	{table: "users", key: "id", column: "username_folded"}, {table: "users", key: "id", column: "email_folded"},
	{table: "groups", key: "id", column: "name_folded"}, {table: "barrier_groups", key: "number", column: "name_folded"},
	{table: "streams", key: "number", column: "name_key", spaceless: true},
}

// FoldNames folds names anew, once, after migration 55. Since then characters that cannot be seen
// make no difference between names. Where two names have become one, the later row keeps its old
// fold: both go on, and a third of the name is refused. Nodes that start at once wait for one
// another.
func FoldNames(ctx context.Context, db *sql.DB, kind Kind) error {
	unusual := func(column string) string { return column + ` GLOB '*[^ -~]*'` } // any but printable ASCII
	if kind == Postgres {
		unusual = func(column string) string { return column + ` ~ '[^ -~]'` }
	}
	var rules int64
	if err := db.QueryRowContext(ctx, `SELECT rules FROM folds WHERE one = 1`).Scan(&rules); err != nil || rules >= foldRules {
		return err
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	noted, err := tx.ExecContext(ctx, `UPDATE folds SET rules = $1 WHERE one = 1 AND rules < $1`, foldRules)
	if err != nil {
		return err
	}
	if n, err := noted.RowsAffected(); err != nil || n == 0 {
		return err
	}
	for _, f := range foldedColumns {
		if err := f.foldAll(ctx, tx, unusual(f.column)); err != nil {
			return fmt.Errorf("folding %s.%s: %w", f.table, f.column, err)
		}
	}
	if err := foldAppIDs(ctx, tx, unusual("id_folded")); err != nil {
		return err
	}
	return tx.Commit()
}

// foldPage is how many rows are read at once.
const foldPage = 1000

func (f folded) foldAll(ctx context.Context, tx *sql.Tx, unusual string) error {
	for last := int64(-1); ; {
		page, err := f.page(ctx, tx, unusual, last)
		if err != nil || len(page) == 0 {
			return err
		}
		for _, row := range page {
			last = row.key
			if again := f.fold(row.text); again != row.text {
				if err := f.store(ctx, tx, row.key, again); err != nil {
					return err
				}
			}
		}
	}
}

type foldedRow struct {
	key  int64
	text string
}

func (f folded) page(ctx context.Context, tx *sql.Tx, unusual string, after int64) ([]foldedRow, error) {
	rows, err := tx.QueryContext(ctx, fmt.Sprintf(`
		SELECT %[2]s, %[3]s
		FROM %[1]s
		WHERE %[2]s > $1 AND %[4]s
		ORDER BY %[2]s
		LIMIT %[5]d`, f.table, f.key, f.column, unusual, foldPage), after)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var page []foldedRow
	for rows.Next() {
		var row foldedRow
		if err := rows.Scan(&row.key, &row.text); err != nil {
			return nil, err
		}
		page = append(page, row)
	}
	return page, rows.Err()
}

func (f folded) fold(value string) string {
	value = wording.Fold(value)
	if f.spaceless {
		value = strings.Map(func(r rune) rune {
			if unicode.IsSpace(r) {
				return -1
			}
			return r
		}, value)
	}
	return value
}

// store writes a fold, unless another row has it.
func (f folded) store(ctx context.Context, tx *sql.Tx, key int64, value string) error {
	if value == "" {
		return nil // nothing of the name can be seen: it stays as it is
	}
	if _, err := tx.ExecContext(ctx, `SAVEPOINT fold`); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, fmt.Sprintf(`UPDATE %s SET %s = $1 WHERE %s = $2`, f.table, f.column, f.key), value, key)
	if err == nil {
		_, err = tx.ExecContext(ctx, `RELEASE SAVEPOINT fold`)
		return err
	}
	if _, undone := tx.ExecContext(ctx, `ROLLBACK TO SAVEPOINT fold`); undone != nil {
		return err
	}
	var others int
	counted := tx.QueryRowContext(ctx, fmt.Sprintf(`
		SELECT COUNT(*)
		FROM %[1]s
		WHERE %[2]s = $1 AND company = (SELECT company FROM %[1]s WHERE %[3]s = $2)`, f.table, f.column, f.key), value, key).Scan(&others)
	if counted != nil || others == 0 {
		return err
	}
	_, err = tx.ExecContext(ctx, `RELEASE SAVEPOINT fold`)
	return err
}

// foldAppIDs folds the ids of applications, of which there are few. The table does not refuse two
// of one fold.
func foldAppIDs(ctx context.Context, tx *sql.Tx, unusual string) error {
	type id struct {
		company    int64
		id, folded string
	}
	rows, err := tx.QueryContext(ctx, `SELECT company, id, id_folded FROM apps WHERE `+unusual)
	if err != nil {
		return err
	}
	defer rows.Close()
	var ids []id
	for rows.Next() {
		var a id
		if err := rows.Scan(&a.company, &a.id, &a.folded); err != nil {
			return err
		}
		ids = append(ids, a)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for _, a := range ids {
		if again := wording.Fold(a.folded); again != a.folded {
			if _, err := tx.ExecContext(ctx, `UPDATE apps SET id_folded = $1 WHERE company = $2 AND id = $3`, again, a.company, a.id); err != nil {
				return err
			}
		}
	}
	return nil
}
