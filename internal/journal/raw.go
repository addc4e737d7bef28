package journal

import (
	"slices"
	"strings"

	"podium/internal/db"
	"podium/internal/follow"
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

// settled is the log of a company, with its rows as the database holds them.
var settled = follow.NewTable(follow.Rows[Raw]{
	Columns: strings.Join(columns, ", "), Table: "events", Condition: "company = $1",
	Scan: scanRaw, Place: func(r Raw) Cursor { return r.Cursor },
}, 1)

var selectRaw = `SELECT ` + strings.Join(columns, ", ") + ` FROM events`

// Settled returns at most limit facts of a company after a cursor, in the log's order. Like After,
// it stops at the horizon.
func Settled(tx *db.Tx, company wire.CompanyID, c Cursor, limit int) ([]Raw, error) {
	return settled.After(tx, c, limit, company)
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
