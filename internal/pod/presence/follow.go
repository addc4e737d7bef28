package presence

import (
	"errors"
	"math"

	"podium/internal/db"
	"podium/internal/journal"
	"podium/internal/pod/barriers"
	"podium/internal/wire"
)

// Whoever follows presence keeps the number of the last change that it knows. Changes are
// followed below the horizon only: those of transactions that may still be running, and all behind
// them, are left for later (docs/decisions/0003-following-the-log.md). A row's number only grows, so
// what is left for later is never lost, only superseded.

// change is a user's presence with the number of its last change.
type change struct {
	Presence
	number  journal.Cursor
	version int64 // of the company's barriers, when this was read
}

// changesAfter is who of a company changed behind a cursor, in the order of changes, at most limit.
func changesAfter(tx *db.Tx, company wire.CompanyID, c journal.Cursor, limit int) ([]change, error) {
	horizon, err := tx.Horizon()
	if err != nil {
		return nil, err
	}
	return db.All(tx, scanChange, `
		SELECT user_id, category, at, position, seq, `+barriers.Version("$1")+`
		FROM presence
		WHERE company = $1 AND (position, seq) > ($2, $3) AND position < $4
		ORDER BY position, seq
		LIMIT $5`, company, c.Position, c.Seq, horizon, limit)
}

func scanChange(row db.Row) (c change, err error) {
	return c, row.Scan(&c.UserID, &c.Category, &c.Timestamp, &c.number.Position, &c.number.Seq, &c.version)
}

// outlook is where following begins now, and whether it is too early to tell.
type outlook struct {
	last    journal.Cursor // the last change below the horizon
	newest  int64          // the position of the last change of all
	horizon int64
}

// more reports whether there are changes behind the horizon, which soon moves on.
func (o outlook) more() bool { return o.newest >= o.horizon }

func lookOut(tx *db.Tx, company wire.CompanyID) (o outlook, err error) {
	if o.horizon, err = tx.Horizon(); err != nil {
		return o, err
	}
	if o.last, err = lastChange(tx, company, math.MaxInt64); err != nil {
		return o, err
	}
	if o.newest = o.last.Position; o.more() {
		o.last, err = lastChange(tx, company, o.horizon)
	}
	return o, err
}

// lastChange returns the number of a company's last change before a position; the zero number where there is none.
func lastChange(tx *db.Tx, company wire.CompanyID, before int64) (journal.Cursor, error) {
	c, err := db.One(tx, scanCursor, `
		SELECT position, seq
		FROM presence
		WHERE company = $1 AND position < $2
		ORDER BY position DESC, seq DESC
		LIMIT 1`, company, before)
	if errors.Is(err, db.ErrNoRow) {
		return journal.Cursor{}, nil
	}
	return c, err
}

func scanCursor(row db.Row) (c journal.Cursor, err error) { return c, row.Scan(&c.Position, &c.Seq) }

// Retell has those who follow a company hear of everybody's presence again. It returns how many users that are.
func Retell(tx *db.Tx, company wire.CompanyID) (int64, error) {
	position, err := tx.Position()
	if err != nil {
		return 0, err
	}
	return tx.Count(`UPDATE presence SET position = $2 WHERE company = $1`, company, position)
}
