package streams

import (
	"errors"
	"slices"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/pod/groups"
	"podium/internal/pod/users"
	"podium/internal/wire"
)

// Welcome makes the wall of an account that opens its first session, if it has none yet. Most accounts that
// a directory brings never log in, and a wall would be a third of what it costs to make one.
func (s *Service) Welcome(tx *db.Tx, u users.User) error {
	set := digestOf([]wire.UserID{u.ID})
	_, err := db.Value[int64](tx, `SELECT number FROM streams WHERE member_set = $1`, set)
	if !errors.Is(err, db.ErrNoRow) {
		return err
	}
	number, err := tx.Next("streams")
	if err != nil {
		return err
	}
	wall := Stream{
		Number: number, ID: wire.NewStreamID(tx.Now()), Type: Post, Company: u.Company, Creator: u.ID,
		Created: tx.Now(), Modified: tx.Now(), Active: true, Members: 1,
	}
	if err := InsertStream(tx, wall, set, ""); err != nil {
		return err
	}
	return InsertMemberships(tx, [][]any{MemberRow(wall, Member{User: u.ID, Joined: tx.Now()})})
}

// Disabled follows when an account was disabled. IMs and MIMs with it are inactive; it owns no room
// any longer, and a room without another owner gets the member who has been in it longest; a room with
// nobody to own it is deactivated. The memberships stay.
func (s *Service) Disabled(tx *db.Tx, caller auth.Caller, user wire.UserID) error {
	rooms, err := holdRoomsOf(tx, user)
	if err != nil {
		return err
	}
	err = tx.Exec(`
		UPDATE streams
		SET away = away + 1, active = FALSE
		WHERE number IN (`+fixedOf(tx)+`)`, user, Room)
	if err != nil {
		return err
	}
	return eachRoom(tx, user, rooms, func(room Stream, m Member) error {
		room.Away++
		if m.Owner {
			room.Owners--
			if err := SetOwner(tx, room, user, false); err != nil {
				return err
			}
		}
		return s.settle(tx, caller.AsConsequence(), room)
	})
}

// settle writes the counts of a room in which somebody's account was disabled, and does what follows.
func (s *Service) settle(tx *db.Tx, grant auth.Grant, room Stream) error {
	if room.Open() && room.Owners == 0 && room.Members > room.Away {
		heir, err := HeirOf(tx, room)
		if err == nil {
			return s.Promote(tx, grant, &room, heir) // writes the counts, too
		}
		if !errors.Is(err, db.ErrNoRow) {
			return err
		}
	}
	if room.Open() && room.Owners == 0 {
		return s.Deactivate(tx, grant, &room)
	}
	return SaveCounts(tx, room)
}

// Enabled follows when an account was enabled again: IMs and MIMs in which everybody is enabled are
// active. What the account owned it does not own again, and a deactivated room stays so.
func (s *Service) Enabled(tx *db.Tx, _ auth.Caller, user wire.UserID) error {
	rooms, err := holdRoomsOf(tx, user)
	if err != nil {
		return err
	}
	err = tx.Exec(`
		UPDATE streams
		SET away = away - 1, active = (away = 1 AND barred = 0)
		WHERE number IN (`+fixedOf(tx)+`)`, user, Room)
	if err != nil {
		return err
	}
	return eachRoom(tx, user, rooms, func(room Stream, _ Member) error {
		room.Away--
		return SaveCounts(tx, room)
	})
}

// fixedOf returns a query for the numbers of the conversations that user $1 is in, but for those of type
// $2. Their rows are locked in order, so that of two accounts that change at once neither waits for the
// other in a circle: these conversations are changed without a lock of the stream.
func fixedOf(tx *db.Tx) string {
	return `
			SELECT m.stream
			FROM stream_members m JOIN streams s ON s.number = m.stream
			WHERE m.user_id = $1 AND s.type <> $2
			ORDER BY m.stream ` + tx.ForUpdateOf("s")
}

// holdRoomsOf locks the rooms that a user is in, and those that a distribution list is in which the user
// is on, and returns the former. The account is locked, and so are the lists: no room comes
// to these before the commit.
func holdRoomsOf(tx *db.Tx, user wire.UserID) ([]wire.StreamID, error) {
	own, err := db.All(tx, db.ScanValue[wire.StreamID], `
		SELECT s.id
		FROM stream_members m JOIN streams s ON s.number = m.stream
		WHERE m.user_id = $1 AND s.type = $2
		ORDER BY s.id`, user, Room)
	if err != nil {
		return nil, err
	}
	lists, err := groups.Of(tx, user)
	if err != nil {
		return nil, err
	}
	all := own
	if len(lists) > 0 {
		through, err := db.All(tx, db.ScanValue[wire.StreamID], `
			SELECT s.id
			FROM stream_groups g JOIN streams s ON s.number = g.stream
			WHERE g.group_id IN ($1)`, lists)
		if err != nil {
			return nil, err
		}
		all = slices.Concat(own, through)
	}
	return own, HoldAll(tx, all)
}

// eachRoom calls fn for every room of some, which are locked, that a user is in.
func eachRoom(tx *db.Tx, user wire.UserID, rooms []wire.StreamID, fn func(Stream, Member) error) error {
	for _, id := range rooms {
		room, err := Find(tx, id)
		if err != nil {
			return err
		}
		m, in, err := MemberOf(tx, room, user)
		if err != nil {
			return err
		}
		if !in {
			continue // the user left while the lock was waited for
		}
		if err := fn(room, m); err != nil {
			return err
		}
	}
	return nil
}
