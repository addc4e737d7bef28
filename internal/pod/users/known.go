package users

import (
	"podium/internal/db"
	"podium/internal/wire"
)

// Known is which of the ids are accounts of a company, enabled or not, in order and each once.
func Known(tx *db.Tx, company wire.CompanyID, ids []wire.UserID) ([]wire.UserID, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return db.All(tx, db.ScanValue[wire.UserID], `SELECT id FROM users WHERE id IN ($2) AND company = $1 ORDER BY id`, company, ids)
}

// KnownAnywhere is as Known, of every company.
func KnownAnywhere(tx *db.Tx, ids []wire.UserID) ([]wire.UserID, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return db.All(tx, db.ScanValue[wire.UserID], `SELECT id FROM users WHERE id IN ($1) ORDER BY id`, ids)
}
