package journal

import (
	"slices"

	"podium/internal/db"
	"podium/internal/wire"
)

// Raw is a row of the log just as the database holds it: every column, whatever it is.
type Raw struct {
	Cursor
	Values []any // in the order of Columns; int64 and string, unless somebody has tampered with them
}

// Columns names every column of the log. New ones may come at the end, with the next format of seals.
func Columns() []string { return slices.Clone(columns) }

var columns = []string{
	"position", "seq", "company", "kind", "at", "actor", "actor_name", "actor_email", "app", "roles",
	"subject", "subject_name", "subject_email", "data", "allowed_by",
}

// Where in Raw.Values some columns are.
const (
	ColumnAt        = 4
	ColumnAllowedBy = 14
)

const selectRaw = `
	SELECT position, seq, company, kind, at, actor, actor_name, actor_email, app, roles,
		subject, subject_name, subject_email, data, allowed_by
	FROM events`

// Settled is the facts of a company behind a cursor, in the log's order, at most limit of them; like
// After it stops before what may still have others appear in front of it.
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

// Stored is the facts of a company behind a cursor, in the log's order, at most limit of them: all
// that can be seen, settled or not.
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

// Compare tells which of two cursors comes first in the log.
func (c Cursor) Compare(other Cursor) int {
	switch {
	case c == other:
		return 0
	case c.Position < other.Position, c.Position == other.Position && c.Seq < other.Seq:
		return -1
	}
	return 1
}
