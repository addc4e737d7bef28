package bulk

import (
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/pod/accounts"
	"podium/internal/wire"
)

// Account is an account with its roles and its key.
type Account struct {
	accounts.User
	Roles []auth.Role
	Key   string // the current public RSA key, in PEM; empty: none
}

// Page returns at most limit accounts of a company with ids above id, in the order of their ids.
func Page(tx *db.Tx, company wire.CompanyID, id wire.UserID, limit int) ([]Account, error) {
	list, err := accounts.From(tx, company, id+1, limit)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	ids := make([]wire.UserID, len(list))
	for i, u := range list {
		ids[i] = u.ID
	}
	roles, err := db.All(tx, scanHeld, `
		SELECT user_id, role
		FROM user_roles
		WHERE user_id IN ($1)
		ORDER BY user_id, place, role`, ids)
	if err != nil {
		return nil, err
	}
	keys, err := db.All(tx, scanHeld, `
		SELECT user_id, pem
		FROM user_keys
		WHERE user_id IN ($1) AND slot = $2`, ids, accounts.Current)
	if err != nil {
		return nil, err
	}
	page := make([]Account, len(list))
	place := make(map[wire.UserID]int, len(list))
	for i, u := range list {
		page[i], place[u.ID] = Account{User: u}, i
	}
	for _, r := range roles {
		a := &page[place[r.by]]
		a.Roles = append(a.Roles, auth.Role(r.text))
	}
	for _, k := range keys {
		page[place[k.by]].Key = k.text
	}
	return page, nil
}

// held is a role or a key of an account.
type held struct {
	by   wire.UserID
	text string
}

func scanHeld(row db.Row) (h held, err error) { return h, row.Scan(&h.by, &h.text) }
