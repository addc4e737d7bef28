package lifecycle

import (
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/pod/accounts"
	"podium/internal/pod/accounts/features"
	"podium/internal/pod/streams"
	"podium/internal/pod/streams/facts"
	"podium/internal/wire"
)

// Promote makes a member an owner.
func (s *Service) Promote(tx *db.Tx, grant auth.Grant, room *streams.Stream, u accounts.User) error {
	if err := SetOwner(tx, *room, u.ID, true); err != nil {
		return err
	}
	room.Owners, room.Modified = room.Owners+1, tx.Now()
	if err := streams.SaveCounts(tx, *room); err != nil {
		return err
	}
	place, err := facts.PlaceOf(tx, *room)
	if err != nil {
		return err
	}
	promoted := facts.OwnerPromoted{Stream: place, User: facts.PersonOf(u), ByAdministrator: grant.UsesRight()}
	return s.Journal.Record(tx, grant, room.Subject(), promoted)
}

// Deactivate deactivates a room.
func (s *Service) Deactivate(tx *db.Tx, grant auth.Grant, room *streams.Stream) error {
	room.Active, room.Modified = false, tx.Now()
	if room.Separation == streams.Separated {
		room.Separation = streams.SeparatedDeactivated
	}
	if err := streams.SaveCounts(tx, *room); err != nil {
		return err
	}
	place, err := facts.PlaceOf(tx, *room)
	if err != nil {
		return err
	}
	return s.Journal.Record(tx, grant, room.Subject(), facts.RoomDeactivated{Stream: place, ByAdministrator: grant.UsesRight()})
}

// SetOwner makes a member an owner, or an ordinary member. Owners stay in the room on their own
// account.
func SetOwner(tx *db.Tx, s streams.Stream, user wire.UserID, owner bool) error {
	return tx.Change(`UPDATE stream_members SET owner = $3, direct = (direct OR $3) WHERE stream = $1 AND user_id = $2`, s.Number, user, owner)
}

// heirPage is how many members one statement reads.
const heirPage = 100

// HeirOf returns the member who becomes the owner of a room without one: of those who may own it,
// the one who joined first. It fails with db.ErrNoRow if none may.
func HeirOf(tx *db.Tx, room streams.Stream) (accounts.User, error) {
	last := streams.Member{Joined: -1}
	for {
		page, err := db.All(tx, streams.ScanMember, `
			SELECT user_id, owner, joined
			FROM stream_members
			WHERE stream = $1 AND (joined, user_id) > ($2, $3)
			ORDER BY joined, user_id
			LIMIT $4`, room.Number, last.Joined, last.User, heirPage)
		if err != nil {
			return accounts.User{}, err
		}
		for _, m := range page {
			u, may, err := mayOwn(tx, room, m.User)
			if err != nil || may {
				return u, err
			}
		}
		if len(page) < heirPage {
			return accounts.User{}, db.ErrNoRow
		}
		last = page[len(page)-1]
	}
}

// mayOwn returns a member's account and whether it may own the room.
func mayOwn(tx *db.Tx, room streams.Stream, id wire.UserID) (accounts.User, bool, error) {
	u, err := accounts.Brief(tx, id)
	if err != nil || u.Status != accounts.Enabled || !room.Public {
		return u, err == nil && u.Status == accounts.Enabled, err
	}
	may, err := features.Has(tx, id, features.CanCreatePublicRoom)
	return u, may, err
}
