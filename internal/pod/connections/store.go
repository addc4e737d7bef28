package connections

import (
	"errors"

	"podium/internal/db"
	"podium/internal/db/lock"
	"podium/internal/wire"
)

// record is the state between two users of different companies.
type record struct {
	low, high wire.UserID
	requester wire.UserID
	status    status
	requested wire.Time // the first request
	updated   wire.Time
	requests  int64
}

const selectRecords = `
	SELECT low, high, requester, status, requested, updated, requests
	FROM connections`

func scanRecord(row db.Row) (r record, err error) {
	return r, row.Scan(&r.low, &r.high, &r.requester, &r.status, &r.requested, &r.updated, &r.requests)
}

// between returns the record of two users. Its status is none if there is none.
func between(tx *db.Tx, a, b wire.UserID) (record, error) {
	low, high := min(a, b), max(a, b)
	r, err := db.One(tx, scanRecord, selectRecords+` WHERE low = $1 AND high = $2`, low, high)
	if errors.Is(err, db.ErrNoRow) {
		return record{low: low, high: high}, nil
	}
	return r, err
}

// locked locks the record of two users until commit and returns it as between does.
func locked(tx *db.Tx, a, b wire.UserID) (record, error) {
	if err := tx.Lock(lock.Connection(a, b)); err != nil {
		return record{}, err
	}
	return between(tx, a, b)
}

func save(tx *db.Tx, r record) error {
	return tx.Exec(`
		INSERT INTO connections (low, high, requester, status, requested, updated, requests)
		VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (low, high) DO UPDATE
		SET requester = excluded.requester, status = excluded.status, updated = excluded.updated, requests = excluded.requests`,
		r.low, r.high, r.requester, r.status, r.requested, r.updated, r.requests)
}

func remove(tx *db.Tx, r record) error {
	return tx.Change(`DELETE FROM connections WHERE low = $1 AND high = $2`, r.low, r.high)
}

// of returns a user's records with one of the statuses, in no order.
func of(tx *db.Tx, user wire.UserID, statuses []status) ([]record, error) {
	return db.All(tx, scanRecord, selectRecords+` WHERE low = $1 AND status IN ($2)
		UNION ALL`+selectRecords+` WHERE high = $1 AND status IN ($2)`, user, statuses)
}

// among returns a user's records with one of the statuses and with certain others, in no order.
func among(tx *db.Tx, user wire.UserID, statuses []status, others []wire.UserID) ([]record, error) {
	return db.All(tx, scanRecord, selectRecords+` WHERE low = $1 AND high IN ($3) AND status IN ($2)
		UNION ALL`+selectRecords+` WHERE high = $1 AND low IN ($3) AND status IN ($2)`, user, statuses, others)
}

// Connected reports whether two users are connected: they are of one company, or a request was
// accepted. It ignores information barriers.
func Connected(tx *db.Tx, a, b wire.UserID) (bool, error) {
	if a.Company() == b.Company() {
		return true, nil
	}
	r, err := between(tx, a, b)
	return r.status == accepted, err
}

// With returns the users of other companies who are connected with a user, in no order.
func With(tx *db.Tx, user wire.UserID) ([]wire.UserID, error) {
	records, err := of(tx, user, []status{accepted})
	return others(records, user), err
}

// Among returns those of the given users who are connected with a user, including those of the
// user's company, in no order.
func Among(tx *db.Tx, user wire.UserID, list []wire.UserID) ([]wire.UserID, error) {
	var local, foreign []wire.UserID
	for _, id := range list {
		if id.Company() == user.Company() {
			local = append(local, id)
		} else {
			foreign = append(foreign, id)
		}
	}
	if len(foreign) == 0 {
		return local, nil
	}
	records, err := among(tx, user, []status{accepted}, foreign)
	return append(local, others(records, user)...), err
}

// others returns the other users of a user's records.
func others(records []record, user wire.UserID) []wire.UserID {
	ids := make([]wire.UserID, len(records))
	for i, r := range records {
		ids[i] = r.seenBy(user).UserID
	}
	return ids
}
