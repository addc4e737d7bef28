package streams

import (
	"podium/internal/db"
	"podium/internal/follow"
	"podium/internal/wire"
)

// Came stores the place in the log of happenings at which users have become members of a stream.
// Times cannot decide what feeds tell them: several things happen within a millisecond.
func Came(tx *db.Tx, stream int64, users []wire.UserID, at follow.Cursor) error {
	return tx.Queue(`
		UPDATE stream_members
		SET joined_position = $3, joined_seq = $4
		WHERE user_id IN ($2) AND stream = $1`, stream, users, at.Position, at.Seq)
}

// Went stores the place in the log of happenings at which users have left a stream, in this
// transaction.
func Went(tx *db.Tx, stream int64, users []wire.UserID, at follow.Cursor) error {
	return tx.Queue(`
		UPDATE stream_leavers
		SET left_position = $3, left_seq = $4
		WHERE stream = $1 AND user_id IN ($2) AND left_at = $5`, stream, users, at.Position, at.Seq, tx.Now())
}
