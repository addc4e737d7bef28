package follow

import (
	"errors"
	"fmt"
	"math"

	"podium/internal/db"
)

// Cursor is a place in a followed table: after the row with these numbers. The zero Cursor is the
// beginning.
type Cursor struct {
	Position int64 `json:"position"`
	Seq      int64 `json:"seq"`
}

// Compare returns the order of two cursors, like cmp.Compare.
func (c Cursor) Compare(other Cursor) int {
	switch {
	case c == other:
		return 0
	case c.Position < other.Position, c.Position == other.Position && c.Seq < other.Seq:
		return -1
	}
	return 1
}

// ScanCursor reads the columns position and seq.
func ScanCursor(row db.Row) (c Cursor, err error) { return c, row.Scan(&c.Position, &c.Seq) }

// Table reads a followed table, or those of its rows that meet a condition.
type Table[T any] struct {
	scan        func(db.Row) (T, error)
	place       func(T) Cursor
	after, last string
}

// Rows says which rows of which table a Table reads.
type Rows[T any] struct {
	Columns   string // as Scan reads them; they may use the parameters of the condition
	Table     string // with the columns position and seq
	Condition string // with the parameters $1, $2 …; empty: all rows
	Scan      func(db.Row) (T, error)
	Place     func(T) Cursor // of a row
}

// NewTable returns a Table whose condition has n parameters.
func NewTable[T any](rows Rows[T], n int) Table[T] {
	condition := rows.Condition
	if condition != "" {
		condition += " AND "
	}
	from := ` FROM ` + rows.Table + ` WHERE ` + condition
	backward := ` ORDER BY position DESC, seq DESC LIMIT 1`
	return Table[T]{
		scan: rows.Scan, place: rows.Place,
		after: fmt.Sprintf(`SELECT %s%s(position, seq) > ($%d, $%d) AND position < $%d ORDER BY position, seq LIMIT $%d`,
			rows.Columns, from, n+1, n+2, n+3, n+4),
		last: fmt.Sprintf(`SELECT position, seq%sposition < $%d%s`, from, n+1, backward),
	}
}

// After returns at most limit rows after a cursor, in order. A reader that continues from the
// cursor of the last row misses none: After leaves rows of transactions that may still run, and all
// after them, for later. args are the parameters of the condition.
func (t Table[T]) After(tx *db.Tx, c Cursor, limit int, args ...any) ([]T, error) {
	horizon, err := tx.Horizon()
	if err != nil {
		return nil, err
	}
	return db.All(tx, t.scan, t.after, append(args, c.Position, c.Seq, horizon, limit)...)
}

// Page returns the rows after a cursor, as After does, and whether there are others above the
// horizon.
func (t Table[T]) Page(tx *db.Tx, c Cursor, limit int, args ...any) (Page[T], error) {
	rows, err := t.After(tx, c, limit, args...)
	if err != nil {
		return Page[T]{}, err
	}
	if len(rows) > 0 {
		return Page[T]{Rows: rows, Last: t.place(rows[len(rows)-1])}, nil
	}
	end, err := t.End(tx, args...)
	return Page[T]{More: end.More()}, err
}

// End is where a table ends for its readers.
type End struct {
	Last    Cursor // of the last row below the horizon; zero if there is none
	Newest  int64  // the position of the last row of all
	Horizon int64
}

// More reports whether there are rows above the horizon, which soon moves on.
func (e End) More() bool { return e.Newest >= e.Horizon }

// End returns where the table ends now. args are as in After.
func (t Table[T]) End(tx *db.Tx, args ...any) (e End, err error) {
	if e.Horizon, err = tx.Horizon(); err != nil {
		return e, err
	}
	if e.Last, err = t.lastBefore(tx, math.MaxInt64, args); err != nil {
		return e, err
	}
	if e.Newest = e.Last.Position; e.More() {
		e.Last, err = t.lastBefore(tx, e.Horizon, args)
	}
	return e, err
}

// lastBefore returns the cursor of the last row before a position; zero if there is none.
func (t Table[T]) lastBefore(tx *db.Tx, position int64, args []any) (Cursor, error) {
	c, err := db.One(tx, ScanCursor, t.last, append(args, position)...)
	if errors.Is(err, db.ErrNoRow) {
		return Cursor{}, nil
	}
	return c, err
}
