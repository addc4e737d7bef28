package streams

import (
	"slices"

	"podium/internal/db"
	"podium/internal/pod/groups"
	"podium/internal/wire"
)

// atOnce is the most users in one statement.
const atOnce = 1000

// GroupItem is a distribution list in a room: the published GroupItem.
type GroupItem struct {
	ID      wire.UserID `json:"id" doc:"The list's id."`
	AddedBy wire.UserID `json:"addedBy" doc:"The user who added it."`
}

// GroupsIn returns the lists in each of some streams, in the order of their ids.
func GroupsIn(tx *db.Tx, streams ...Stream) (map[int64][]GroupItem, error) {
	var numbers []int64
	for _, s := range streams {
		if s.Type == Room {
			numbers = append(numbers, s.Number)
		}
	}
	if len(numbers) == 0 {
		return nil, nil
	}
	found := map[int64][]GroupItem{}
	_, err := db.All(tx, func(row db.Row) (none struct{}, err error) {
		var stream int64
		var g GroupItem
		if err = row.Scan(&stream, &g.ID, &g.AddedBy); err == nil {
			found[stream] = append(found[stream], g)
		}
		return none, err
	}, `
		SELECT stream, group_id, added_by
		FROM stream_groups
		WHERE stream IN ($1)
		ORDER BY stream, group_id`, numbers)
	return found, err
}

// Through returns, for each of some members, the lists through which they are in a room. It leaves
// out those who are in it on their own account.
func Through(tx *db.Tx, s Stream, members []Member) (map[wire.UserID][]wire.UserID, error) {
	found, err := GroupsIn(tx, s)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	var lists []wire.UserID
	for _, g := range found[s.Number] {
		lists = append(lists, g.ID)
	}
	origin := map[wire.UserID][]wire.UserID{}
	for page := range slices.Chunk(members, atOnce) {
		ids := make([]wire.UserID, len(page))
		for i, m := range page {
			ids[i] = m.User
		}
		guests, err := db.All(tx, db.ScanValue[wire.UserID], `
			SELECT user_id
			FROM stream_members
			WHERE stream = $1 AND user_id IN ($2) AND NOT direct`, s.Number, ids)
		if err != nil {
			return nil, err
		}
		on, err := groups.Among(tx, lists, guests)
		if err != nil {
			return nil, err
		}
		for user, list := range on {
			origin[user] = list
		}
	}
	return origin, nil
}
