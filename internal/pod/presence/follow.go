package presence

import (
	"errors"

	"podium/internal/db"
	"podium/internal/event"
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
	number  event.Cursor
	version int64 // of the company's barriers, when this was read
}

// changesAfter is who of a company changed behind a cursor, in the order of changes, at most limit.
func changesAfter(tx *db.Tx, company wire.CompanyID, c event.Cursor, limit int) ([]change, error) {
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
	last event.Cursor // the last change below the horizon
	more bool         // there are changes behind the horizon, which soon moves on
}

func lookOut(tx *db.Tx, company wire.CompanyID) (o outlook, err error) {
	horizon, err := tx.Horizon()
	if err != nil {
		return o, err
	}
	o.last, err = db.One(tx, scanCursor, `
		SELECT position, seq
		FROM presence
		WHERE company = $1 AND position < $2
		ORDER BY position DESC, seq DESC
		LIMIT 1`, company, horizon)
	if err != nil && !errors.Is(err, db.ErrNoRow) {
		return o, err
	}
	_, err = db.Value[int64](tx, `SELECT position FROM presence WHERE company = $1 AND position >= $2 LIMIT 1`, company, horizon)
	o.more = err == nil
	if errors.Is(err, db.ErrNoRow) {
		err = nil
	}
	return o, err
}

func scanCursor(row db.Row) (c event.Cursor, err error) { return c, row.Scan(&c.Position, &c.Seq) }
