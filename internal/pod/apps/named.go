package apps

import (
	"podium/internal/db"
	"podium/internal/pod/users"
	"podium/internal/wire"
)

// Named tells whether an application of the company bears a name for its id, whatever its case,
// Unicode form or width: no account may bear it as its name.
func Named(tx *db.Tx, company wire.CompanyID, name string) (bool, error) {
	n, err := db.Value[int64](tx, `
		SELECT COUNT(*)
		FROM apps
		WHERE company = $1 AND id_folded = $2`, company, users.Fold(name))
	return n > 0, err
}
