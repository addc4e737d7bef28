package lifecycle

import (
	"errors"
	"slices"

	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/pod/accounts"
	"podium/internal/pod/groups"
	"podium/internal/pod/streams"
	"podium/internal/wire"
)

// FirstSession creates the wall of an account at its first session. Most imported accounts never
// log in, and creating a wall costs a third as much as creating an account.
func (s *Service) FirstSession(tx *db.Tx, n accounts.FirstSession) error {
	u := n.User
	set := streams.DigestOf([]wire.UserID{u.ID})
	_, err := db.Value[int64](tx, `SELECT number FROM streams WHERE member_set = $1`, set)
	if !errors.Is(err, db.ErrNoRow) {
		return err
	}
	number, err := tx.Next("streams")
	if err != nil {
		return err
	}
	wall := streams.Stream{
		Number: number, ID: wire.NewStreamID(tx.Now()), Type: streams.Post, Company: u.Company, Creator: u.ID,
		Created: tx.Now(), Modified: tx.Now(), Active: true, Members: 1,
	}
	if err := streams.InsertStream(tx, wall, set, ""); err != nil {
		return err
	}
	return streams.InsertMemberships(tx, [][]any{streams.MemberRow(wall, streams.Member{User: u.ID, Joined: tx.Now()})})
}

// StatusSet handles the disabling and enabling of an account.
func (s *Service) StatusSet(tx *db.Tx, n accounts.StatusSet) error {
	if n.Status == accounts.Disabled {
		return s.disabled(tx, n.By, n.User)
	}
	return s.enabled(tx, n.User)
}

// disabled handles the disabling of an account. IMs and MIMs with it become inactive. It loses its
// rooms: in a room without another owner, the member who joined first becomes the owner. A room
// that no member may own is deactivated. The memberships stay.
func (s *Service) disabled(tx *db.Tx, caller auth.Caller, user wire.UserID) error {
	rooms, err := holdRoomsOf(tx, user)
	if err != nil {
		return err
	}
	err = tx.Exec(`
		UPDATE streams
		SET away = away + 1, active = FALSE
		WHERE number IN (`+fixedOf(tx)+`)`, user, streams.Room)
	if err != nil {
		return err
	}
	return eachRoom(tx, user, rooms, func(room streams.Stream, m streams.Member) error {
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

// settle stores the counts of a room in which a member's account was disabled, and hands ownership
// on or deactivates the room if necessary.
func (s *Service) settle(tx *db.Tx, grant auth.Grant, room streams.Stream) error {
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
	return streams.SaveCounts(tx, room)
}

// enabled handles the enabling of an account. IMs and MIMs become active if all their members are
// enabled. The account does not get its rooms back, and a deactivated room stays deactivated.
func (s *Service) enabled(tx *db.Tx, user wire.UserID) error {
	rooms, err := holdRoomsOf(tx, user)
	if err != nil {
		return err
	}
	err = tx.Exec(`
		UPDATE streams
		SET away = away - 1, active = (away = 1 AND barred = 0)
		WHERE number IN (`+fixedOf(tx)+`)`, user, streams.Room)
	if err != nil {
		return err
	}
	return eachRoom(tx, user, rooms, func(room streams.Stream, _ streams.Member) error {
		room.Away--
		return streams.SaveCounts(tx, room)
	})
}

// fixedOf returns a query for the numbers of the conversations of user $1, except those of type $2.
// It locks their rows in order, so that two accounts that change at the same time do not deadlock:
// these conversations are changed without a lock of the stream.
func fixedOf(tx *db.Tx) string {
	return `
			SELECT m.stream
			FROM stream_members m JOIN streams s ON s.number = m.stream
			WHERE m.user_id = $1 AND s.type <> $2
			ORDER BY m.stream ` + tx.ForUpdateOf("s")
}

// holdRoomsOf locks the rooms of a user and the rooms of the user's distribution lists, and returns
// the former. The caller must have locked the account and the lists, so that no room is added
// before the commit.
func holdRoomsOf(tx *db.Tx, user wire.UserID) ([]wire.StreamID, error) {
	own, err := db.All(tx, db.ScanValue[wire.StreamID], `
		SELECT s.id
		FROM stream_members m JOIN streams s ON s.number = m.stream
		WHERE m.user_id = $1 AND s.type = $2
		ORDER BY s.id`, user, streams.Room)
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
	return own, streams.LockAll(tx, all)
}

// eachRoom calls fn for those of the locked rooms of which a user is a member.
func eachRoom(tx *db.Tx, user wire.UserID, rooms []wire.StreamID, fn func(streams.Stream, streams.Member) error) error {
	for _, id := range rooms {
		room, err := streams.Find(tx, id)
		if err != nil {
			return err
		}
		m, in, err := streams.MemberOf(tx, room, user)
		if err != nil {
			return err
		}
		if !in {
			continue // the user left while this transaction waited for the lock
		}
		if err := fn(room, m); err != nil {
			return err
		}
	}
	return nil
}
