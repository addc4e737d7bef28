package journal

import (
	"podium/internal/db"
	"podium/internal/wire"
)

// MoveToEnd moves a fact, with its rows of the trail's index, to the position of this transaction:
// it is then followed and sealed after all others. It fails with db.ErrNoRow if there is no such
// fact. A sealed fact must not be moved.
func MoveToEnd(tx *db.Tx, company wire.CompanyID, c Cursor) error {
	position, err := tx.Position()
	if err != nil {
		return err
	}
	err = tx.Change(`UPDATE events SET position = $4 WHERE company = $1 AND position = $2 AND seq = $3`, company, c.Position, c.Seq, position)
	if err != nil {
		return err
	}
	return tx.Exec(`
		UPDATE audit_trail SET position = $4
		WHERE company = $1 AND position = $2 AND seq = $3
			AND at = (SELECT at FROM events WHERE position = $4 AND seq = $3)`, company, c.Position, c.Seq, position)
}
