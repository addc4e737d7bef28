package presence

import (
	"errors"
	"math"

	"podium/internal/db"
	"podium/internal/journal"
	"podium/internal/pod/barriers"
	"podium/internal/wire"
)

// Followers of presence keep the number of the last change that they know. They read changes below
// the horizon only: changes of transactions that may still run, and all above them, are read later
// (docs/decisions/0003-following-the-log.md). A row's number only grows, so a later change may
// replace one that was not read yet, but none is lost.

// change is a user's presence with the number of its last change.
type change struct {
	Presence
	number  journal.Cursor
	version int64 // the company's barrier version when this was read
}

// changesAfter returns the presences of a company's users that changed after a cursor, in the order
// of the changes, at most limit.
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

// outlook is where following begins now, and whether changes wait above the horizon.
type outlook struct {
	last    journal.Cursor // the last change below the horizon
	newest  int64          // the position of the last change of all
	horizon int64
}

// more reports whether there are changes above the horizon, which soon moves on.
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

// lastChange returns the number of a company's last change before a position; zero if there is
// none.
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

// Retell gives new numbers to all presences of a company, so that followers receive them again. It
// returns how many there are.
func Retell(tx *db.Tx, company wire.CompanyID) (int64, error) {
	position, err := tx.Position()
	if err != nil {
		return 0, err
	}
	return tx.Count(`UPDATE presence SET position = $2 WHERE company = $1`, company, position)
}
