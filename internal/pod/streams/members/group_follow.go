package members

import (
	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/pod/streams"
	"podium/internal/wire"
)

// maxMoved is the most memberships that one change of a list may move. A larger change would block
// other writers, and must be made in steps. The limit is our choice.
const maxMoved = 20000

// Joined handles users who joined a list: they join the rooms of the list.
func (s *Service) Joined(tx *db.Tx, caller auth.Caller, group wire.UserID, list []wire.UserID) error {
	return s.eachRoomOf(tx, group, len(list), func(room streams.Stream) error {
		brought, err := s.addByList(tx, caller, &room, list)
		if err != nil {
			return err
		}
		return s.recordBrought(tx, caller.Granted(), room, group, brought)
	})
}

// Left handles users who left a list: they leave the rooms in which they are only through it.
func (s *Service) Left(tx *db.Tx, caller auth.Caller, group wire.UserID, list []wire.UserID) error {
	return s.eachRoomOf(tx, group, len(list), func(room streams.Stream) error {
		taken, err := s.removeByList(tx, &room, list)
		if err != nil {
			return err
		}
		return s.recordTaken(tx, caller.Granted(), room, group, taken)
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
