package clients

import (
	"slices"

	"podium/internal/db"
	"podium/internal/wire"
)

// ReadAt returns when users read a message of a stream, by user. Users who have not are left out.
func ReadAt(tx *db.Tx, stream, message int64, users []wire.UserID) (map[wire.UserID]wire.Time, error) {
	at := make(map[wire.UserID]wire.Time)
	if len(users) == 0 {
		return at, nil
	}
	_, err := db.All(tx, func(row db.Row) (none struct{}, err error) {
		var user wire.UserID
		var read wire.Time
		if err = row.Scan(&user, &read); err == nil && read != 0 {
			at[user] = read
		}
		return none, err
	}, `
		SELECT id, COALESCE((
			SELECT at
			FROM read_marks r
			WHERE r.stream = $1 AND r.user_id = users.id AND r.message >= $2
			ORDER BY r.message
			LIMIT 1), 0)
		FROM users
		WHERE id IN ($3)`, stream, message, users)
	return at, err
}

// Reader is a member of a stream, and up to which message they have read it; 0: none.
type Reader struct {
	User   wire.UserID
	Joined wire.Time
	Read   int64
}

// Readers returns the members of a stream who have read anything.
func Readers(tx *db.Tx, stream int64) ([]Reader, error) {
	list, err := db.All(tx, func(row db.Row) (r Reader, err error) { return r, row.Scan(&r.User, &r.Joined, &r.Read) }, `
		SELECT m.user_id, m.joined, COALESCE((SELECT MAX(r.message) FROM read_marks r WHERE r.stream = m.stream AND r.user_id = m.user_id), 0)
		FROM stream_members m
		WHERE m.stream = $1 AND EXISTS (SELECT 1 FROM read_marks r WHERE r.stream = $1)`, stream)
	return slices.DeleteFunc(list, func(r Reader) bool { return r.Read == 0 }), err
}
