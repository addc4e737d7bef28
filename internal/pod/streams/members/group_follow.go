package members

import (
	"podium/internal/apierr"
	"podium/internal/db"
	"podium/internal/pod/groups"
	"podium/internal/pod/streams"
	"podium/internal/wire"
)

// maxMoved is the most memberships that one change of a list may move. A larger change would block
// other writers, and must be made in steps. The limit is our choice.
const maxMoved = 20000

// Joined handles users who joined a list: they join the rooms of the list.
func (s *Service) Joined(tx *db.Tx, n groups.Joined) error {
	return s.eachRoomOf(tx, n.Group, len(n.Users), func(room streams.Stream) error {
		brought, err := s.addByList(tx, n.By, &room, n.Users)
		if err != nil {
			return err
		}
		return s.recordBrought(tx, n.By.Granted(), room, n.Group, brought)
	})
}

// Left handles users who left a list: they leave the rooms in which they are only through it.
func (s *Service) Left(tx *db.Tx, n groups.Left) error {
	return s.eachRoomOf(tx, n.Group, len(n.Users), func(room streams.Stream) error {
		taken, err := s.removeByList(tx, &room, n.Users)
		if err != nil {
			return err
		}
		return s.recordTaken(tx, n.By.Granted(), room, n.Group, taken)
	})
}

// eachRoomOf locks every room of a list until commit and calls fn for it. It fails if n users in
// each room exceed maxMoved.
func (s *Service) eachRoomOf(tx *db.Tx, group wire.UserID, n int, fn func(streams.Stream) error) error {
	ids, err := db.All(tx, db.ScanValue[wire.StreamID], `
		SELECT s.id
		FROM stream_groups g JOIN streams s ON s.number = g.stream
		WHERE g.group_id = $1
		ORDER BY s.id
		LIMIT $2`, group, maxMoved/max(1, n)+1)
	if err != nil {
		return err
	}
	if len(ids)*n > maxMoved {
		return apierr.Invalid("members: the group is in so many rooms that more than %d memberships would change at once: change it in steps", maxMoved)
	}
	if err := streams.LockAll(tx, ids); err != nil {
		return err
	}
	for _, id := range ids {
		room, err := streams.Find(tx, id)
		if err != nil {
			return err
		}
		if err := fn(room); err != nil {
			return err
		}
	}
	return nil
}
