package apps

import (
	"podium/internal/db"
	"podium/internal/pod/users"
	"podium/internal/wire"
)

// Named returns which of the names applications of the company bear as their ids, whatever their case,
// Unicode form or width, folded: no account may bear one as its name.
func Named(tx *db.Tx, company wire.CompanyID, names []string) ([]string, error) {
	folded := make([]string, len(names))
	for i, name := range names {
		folded[i] = users.Fold(name)
	}
	return db.All(tx, db.ScanValue[string], `
		SELECT id_folded
		FROM apps
		WHERE company = $1 AND id_folded IN ($2)`, company, folded)
}
