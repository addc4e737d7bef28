package directory

import (
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/pod/accounts"
	"podium/internal/wire"
)

// The accounts of other companies that an operation may name (docs/decisions/0008-search.md). An
// account that is disabled, is a distribution list or may not talk to other companies is answered
// like an unknown id.

// Visible returns the Brief of the account with an id, if the caller may know of it. Of the
// caller's company that is every account, including distribution lists. It fails with db.ErrNoRow.
func Visible(tx *db.Tx, caller auth.Caller, id wire.UserID) (accounts.User, error) {
	u, err := accounts.Brief(tx, id)
	if err != nil || u.Company == caller.Company {
		return u, err
	}
	open, err := external(tx, []wire.UserID{id, caller.User})
	if err == nil && !(u.Approachable() && open[id] && open[caller.User]) {
		err = db.ErrNoRow
	}
	return u, err
}

// Open returns the account of another company with an id, if users of other companies may know of
// it. It fails with db.ErrNoRow.
func Open(tx *db.Tx, id wire.UserID) (accounts.User, error) {
	u, err := accounts.Brief(tx, id)
	if err != nil {
		return u, err
	}
	open, err := external(tx, []wire.UserID{id})
	if err == nil && !(u.Approachable() && open[id]) {
		err = db.ErrNoRow
	}
	return u, err
}

// AllVisible returns which of the ids are accounts that the caller may know of, except distribution
// lists.
func AllVisible(tx *db.Tx, caller auth.Caller, ids []wire.UserID) (map[wire.UserID]bool, error) {
	list, err := db.All(tx, func(row db.Row) (u accounts.User, err error) {
		return u, row.Scan(&u.ID, &u.Company, &u.AccountType, &u.Status)
	}, `
		SELECT id, company, account_type, status
		FROM users
		WHERE id IN ($1)`, ids)
	if err != nil {
		return nil, err
	}
	seen, err := reach{caller: caller}.visible(tx, list)
	known := make(map[wire.UserID]bool, len(seen))
	for _, u := range seen {
		known[u.ID] = true
	}
	return known, err
}
