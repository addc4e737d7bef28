package apps

import (
	"podium/internal/db"
	"podium/internal/wire"
	"podium/internal/wording"
)

// Named returns those of the names, folded, that are ids of applications of the company, whatever
// their case, Unicode form or width. No account may have one as its name.
func Named(tx *db.Tx, company wire.CompanyID, names []string) ([]string, error) {
	folded := make([]string, len(names))
	for i, name := range names {
		folded[i] = wording.Fold(name)
	}
	return db.All(tx, db.ScanValue[string], `
		SELECT id_folded
		FROM apps
		WHERE company = $1 AND id_folded IN ($2)`, company, folded)
}
