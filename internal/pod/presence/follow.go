package presence

import (
	"podium/internal/db"
	"podium/internal/follow"
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

// changes are the presences of a company's users, in the order of their last changes.
var changes = follow.NewTable(follow.Rows[change]{
	Columns: `user_id, category, at, position, seq, ` + barriers.Version("$1"), Table: "presence", Condition: "company = $1",
	Scan: scanChange, Place: func(c change) journal.Cursor { return c.number },
}, 1)

func scanChange(row db.Row) (c change, err error) {
	return c, row.Scan(&c.UserID, &c.Category, &c.Timestamp, &c.number.Position, &c.number.Seq, &c.version)
}

// Retell gives new numbers to all presences of a company, so that followers receive them again. It
// returns how many there are.
func Retell(tx *db.Tx, company wire.CompanyID) (int64, error) {
	position, err := tx.Position()
	if err != nil {
		return 0, err
	}
	return tx.Count(`UPDATE presence SET position = $2 WHERE company = $1`, company, position)
}
