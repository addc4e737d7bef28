package apps

import (
	"errors"

	"podium/internal/db"
	"podium/internal/wire"
)

// Named tells whether an application of the company bears an id: no account may bear it as its
// name.
func Named(tx *db.Tx, company wire.CompanyID, id string) (bool, error) {
	_, err := db.Value[string](tx, `SELECT id FROM apps WHERE company = $1 AND id = $2`, company, id)
	if errors.Is(err, db.ErrNoRow) {
		return false, nil
	}
	return err == nil, err
}
