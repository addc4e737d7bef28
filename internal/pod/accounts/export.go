package accounts

import (
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/wire"
)

// Account is an account with its roles and its key.
type Account struct {
	User
	Roles []auth.Role
	Key   string // the current public RSA key, in PEM; empty: none
}

// AccountsAfter returns at most limit accounts of a company with ids above id, in the order of
// their ids.
func AccountsAfter(tx *db.Tx, company wire.CompanyID, id wire.UserID, limit int) ([]Account, error) {
	list, err := from(tx, company, id+1, limit)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	ids := make([]wire.UserID, len(list))
	for i, u := range list {
		ids[i] = u.ID
	}
	roles, err := db.All(tx, scanHolder, `
		SELECT user_id, role
		FROM user_roles
		WHERE user_id IN ($1)
		ORDER BY user_id, place, role`, ids)
	if err != nil {
		return nil, err
	}
	keys, err := db.All(tx, scanHolder, `
		SELECT user_id, pem
		FROM user_keys
		WHERE user_id IN ($1) AND slot = $2`, ids, Current)
	if err != nil {
		return nil, err
	}
	accounts := make([]Account, len(list))
	place := make(map[wire.UserID]int, len(list))
	for i, u := range list {
		accounts[i], place[u.ID] = Account{User: u}, i
	}
	for _, r := range roles {
		a := &accounts[place[r.id]]
		a.Roles = append(a.Roles, auth.Role(r.text))
	}
	for _, k := range keys {
		accounts[place[k.id]].Key = k.text
	}
	return accounts, nil
}
