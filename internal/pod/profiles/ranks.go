package profiles

import (
	"errors"

	"podium/internal/db"
	"podium/internal/wire"
)

// A list of followers has ranks: its first member is number 1, and when one leaves, all after it
// move up. To find a rank quickly, members are counted in stretches of a thousand: the stretches
// before it are summed, and only its own is read.

// followList is one of the two lists of an account.
type followList struct {
	owner wire.UserID
	side  string
}

// The sides of a follow.
const (
	followersSide = "followers" // the users who follow the owner
	followingSide = "following" // the users whom the owner follows
)

// fullStretch is how many members a full stretch has.
const fullStretch = 1000

// stretch is a part of a list: from its first place to that of the next stretch.
type stretch struct {
	first, members int64
}

func scanStretch(row db.Row) (s stretch, err error) { return s, row.Scan(&s.first, &s.members) }

// grow counts a new member at the end of a list, whose stretches have at most full members. The
// caller must have locked the list.
func grow(tx *db.Tx, l followList, place, full int64) error {
	last, err := db.One(tx, scanStretch, `
		SELECT first, members
		FROM follow_stretches
		WHERE user_id = $1 AND side = $2
		ORDER BY first DESC
		LIMIT 1`, l.owner, l.side)
	switch {
	case err == nil && last.members < full:
		place = last.first
	case err != nil && !errors.Is(err, db.ErrNoRow):
		return err
	}
	return tx.Exec(`
		INSERT INTO follow_stretches (user_id, side, first, members)
		VALUES ($1, $2, $3, 1)
		ON CONFLICT (user_id, side, first) DO UPDATE SET members = follow_stretches.members + 1`, l.owner, l.side, place)
}

// shrink subtracts a member from the stretch of its place. An empty stretch is deleted: the one
// before it then covers its places.
func shrink(tx *db.Tx, l followList, place int64) error {
	of, err := db.One(tx, scanStretch, `
		SELECT first, members
		FROM follow_stretches
		WHERE user_id = $1 AND side = $2 AND first <= $3
		ORDER BY first DESC
		LIMIT 1`, l.owner, l.side, place)
	if err != nil {
		return err
	}
	if of.members == 1 {
		return tx.Change(`DELETE FROM follow_stretches WHERE user_id = $1 AND side = $2 AND first = $3`, l.owner, l.side, of.first)
	}
	return tx.Change(`
		UPDATE follow_stretches
		SET members = members - 1
		WHERE user_id = $1 AND side = $2 AND first = $3`, l.owner, l.side, of.first)
}

// members returns up to limit members of a list after the first skip, and how many it has in all.
func members(tx *db.Tx, l followList, skip, limit int64) (ids []wire.UserID, count int64, err error) {
	stretches, err := db.All(tx, scanStretch, `
		SELECT first, members
		FROM follow_stretches
		WHERE user_id = $1 AND side = $2
		ORDER BY first`, l.owner, l.side)
	if err != nil {
		return nil, 0, err
	}
	var from, before int64 // the stretch in which the page begins, and how many members precede it
	for _, s := range stretches {
		if count <= skip {
			from, before = s.first, count
		}
		count += s.members
	}
	if skip >= count || limit <= 0 {
		return []wire.UserID{}, count, nil
	}
	query := `
		SELECT follower
		FROM follows
		WHERE followed = $1 AND place >= $2
		ORDER BY place
		LIMIT $3 OFFSET $4`
	if l.side == followingSide {
		query = `
		SELECT followed
		FROM follows
		WHERE follower = $1 AND place >= $2
		ORDER BY place
		LIMIT $3 OFFSET $4`
	}
	ids, err = db.All(tx, db.ScanValue[wire.UserID], query, l.owner, from, limit, skip-before)
	return ids, count, err
}
