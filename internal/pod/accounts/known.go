package accounts

import (
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/wire"
)

// Known returns those of the ids that are people or service accounts of a company, enabled or not,
// in order and without duplicates.
func Known(tx *db.Tx, company wire.CompanyID, ids []wire.UserID) ([]wire.UserID, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return db.All(tx, db.ScanValue[wire.UserID], `SELECT id FROM users WHERE id IN ($2) AND company = $1 AND account_type <> $3 ORDER BY id`, company, ids, auth.SDL)
}
