package journal

import (
	"slices"

	"podium/internal/db"
	"podium/internal/wire"
)

// Raw is a row of the log as the database holds it, with every column.
type Raw struct {
	Cursor
	Values []any // in the order of Columns; int64 and string, unless the row was tampered with
}

// Columns returns the names of all columns of the log. A new format of seals may append some.
func Columns() []string { return slices.Clone(columns) }

var columns = []string{
	"position", "seq", "company", "kind", "at", "actor", "actor_name", "actor_email", "app", "roles",
	"subject", "subject_name", "subject_email", "data", "allowed_by",
}

// The indexes of some columns in Raw.Values.
const (
	ColumnAt        = 4
	ColumnAllowedBy = 14
)

const selectRaw = `
	SELECT position, seq, company, kind, at, actor, actor_name, actor_email, app, roles,
		subject, subject_name, subject_email, data, allowed_by
	FROM events`

// Settled returns at most limit facts of a company after a cursor, in the log's order. Like After,
// it stops at the horizon.
func Settled(tx *db.Tx, company wire.CompanyID, c Cursor, limit int) ([]Raw, error) {
	horizon, err := tx.Horizon()
	if err != nil {
		return nil, err
	}
	return db.All(tx, scanRaw, selectRaw+`
		WHERE company = $1 AND (position, seq) > ($2, $3) AND position < $4
		ORDER BY position, seq
		LIMIT $5`, company, c.Position, c.Seq, horizon, limit)
}

// Stored returns at most limit facts of a company after a cursor, in the log's order: all that are
// visible, also above the horizon.
func Stored(tx *db.Tx, company wire.CompanyID, c Cursor, limit int) ([]Raw, error) {
	return db.All(tx, scanRaw, selectRaw+`
		WHERE company = $1 AND (position, seq) > ($2, $3)
		ORDER BY position, seq
		LIMIT $4`, company, c.Position, c.Seq, limit)
}

func scanRaw(row db.Row) (Raw, error) {
	r := Raw{Values: make([]any, len(columns))}
	into := make([]any, len(columns))
	for i := range into {
		into[i] = &r.Values[i]
	}
	if err := row.Scan(into...); err != nil {
		return r, err
	}
	r.Position, _ = r.Values[0].(int64)
	r.Seq, _ = r.Values[1].(int64)
	return r, nil
}

// Compare returns the order of two cursors in the log, like cmp.Compare.
func (c Cursor) Compare(other Cursor) int {
	switch {
	case c == other:
		return 0
	case c.Position < other.Position, c.Position == other.Position && c.Seq < other.Seq:
		return -1
	}
	return 1
}
