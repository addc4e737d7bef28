package profiles

import (
	"podium/internal/db"
	"podium/internal/wire"
)

// Grow counts a new follower of a user, in stretches of at most full.
func Grow(tx *db.Tx, followed wire.UserID, place, full int64) error {
	return grow(tx, followList{followed, followersSide}, place, full)
}

// Shrink counts that a follower of a user left.
func Shrink(tx *db.Tx, followed wire.UserID, place int64) error {
	return shrink(tx, followList{followed, followersSide}, place)
}

// Members returns a page of the followers of a user, and their number.
func Members(tx *db.Tx, followed wire.UserID, skip, limit int64) ([]wire.UserID, int64, error) {
	return members(tx, followList{followed, followersSide}, skip, limit)
}
