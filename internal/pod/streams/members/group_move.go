package members

import (
	"errors"
	"slices"

	"podium/internal/apierr"
	"podium/internal/auth"
	"podium/internal/db"
	"podium/internal/journal"
	"podium/internal/pod/accounts"
	"podium/internal/pod/groups"
	"podium/internal/pod/streams"
	"podium/internal/pod/streams/facts"
	"podium/internal/wire"
)

// Many memberships of one room are changed at once, in few statements each.

// pageOfUsers is the most users in one statement.
const pageOfUsers = 1000

// addByList adds users of one company to a room through a list and returns those who joined. It
// skips members, and users whom entitlements or a barrier exclude.
func (s *Service) addByList(tx *db.Tx, caller auth.Caller, room *streams.Stream, list []wire.UserID) ([]accounts.User, error) {
	if err := accounts.HoldAll(tx, list); err != nil { // so that none is disabled meanwhile
		return nil, err
	}
	var brought []accounts.User
	for page := range slices.Chunk(list, pageOfUsers) {
		fresh, err := newcomers(tx, *room, page)
		if err != nil {
			return nil, err
		}
		crowd, err := newCrowd(tx, fresh)
		if err != nil {
			return nil, err
		}
		var rows [][]any
		for _, u := range fresh {
			switch err := crowd.mayCome(tx, caller, *room, u); {
			case forbidden(err):
				continue
			case err != nil:
				return nil, err
			}
			room.Members++
			rows = append(rows, streams.MemberRow(*room, streams.Member{User: u.ID, Joined: tx.Now(), Guest: true}))
			brought = append(brought, u)
		}
		if err := streams.InsertMemberships(tx, rows); err != nil {
			return nil, err
		}
	}
	if len(brought) == 0 {
		return nil, nil
	}
	room.Modified = tx.Now()
	if err := streams.SaveCounts(tx, *room); err != nil {
		return nil, err
	}
	return brought, s.companyCame(tx, *room, brought[0].Company, int64(len(brought)))
}

// newcomers returns those of the accounts that are enabled and not in a room, in the order of their
// ids.
func newcomers(tx *db.Tx, room streams.Stream, list []wire.UserID) ([]accounts.User, error) {
	present, err := db.All(tx, db.ScanValue[wire.UserID], `
		SELECT user_id
		FROM stream_members
		WHERE stream = $1 AND user_id IN ($2)
		ORDER BY user_id`, room.Number, list)
	if err != nil {
		return nil, err
	}
	people, err := accounts.GetAll(tx, list)
	people = slices.DeleteFunc(people, func(u accounts.User) bool {
		_, in := slices.BinarySearch(present, u.ID)
		return in || u.Status != accounts.Enabled
	})
	slices.SortFunc(people, func(a, b accounts.User) int { return int(a.ID - b.ID) })
	return people, err
}

func forbidden(err error) bool {
	var refused *apierr.Error
	return errors.As(err, &refused) && refused.Kind == apierr.KindForbidden
}

// companyCame counts n new members of a company. If they are its first, the room's search terms are
// added for it.
func (s *Service) companyCame(tx *db.Tx, room streams.Stream, company wire.CompanyID, n int64) error {
	present, err := streams.HasCompany(tx, room, company)
	if err != nil {
		return err
	}
	if err := streams.CountCompany(tx, room, company, n); err != nil || present || company == room.Company {
		return err
	}
	return s.Index.Add(tx, room, company)
}

// removeByList ends the memberships of those users who are in a room only through lists and are on
// none of its lists any longer. It returns them. No owner is among them.
func (s *Service) removeByList(tx *db.Tx, room *streams.Stream, list []wire.UserID) ([]accounts.User, error) {
	if err := accounts.HoldAll(tx, list); err != nil {
		return nil, err
	}
	found, err := streams.GroupsIn(tx, *room)
	if err != nil {
		return nil, err
	}
	var lists []wire.UserID
	for _, g := range found[room.Number] {
		lists = append(lists, g.ID)
	}
	var taken []accounts.User
	for page := range slices.Chunk(list, pageOfUsers) {
		going, err := leavingMembers(tx, *room, lists, page)
		if err != nil {
			return nil, err
		}
		if len(going) == 0 {
			continue
		}
		gone, err := s.end(tx, room, going)
		if err != nil {
			return nil, err
		}
		taken = append(taken, gone...)
	}
	if len(taken) == 0 {
		return nil, nil
	}
	room.Modified = tx.Now()
	if err := streams.SaveCounts(tx, *room); err != nil {
		return nil, err
	}
	return taken, s.companyWent(tx, *room, taken[0].Company, int64(len(taken)))
}

// leavingMembers returns those of page who are in the room only through distribution lists and are
// no longer on any list attached to it.
func leavingMembers(tx *db.Tx, room streams.Stream, lists, page []wire.UserID) ([]streams.Member, error) {
	guests, err := db.All(tx, streams.ScanMember, `
		SELECT user_id, owner, joined
		FROM stream_members
		WHERE stream = $1 AND user_id IN ($2) AND NOT direct
		ORDER BY user_id`, room.Number, page)
	if err != nil {
		return nil, err
	}
	still, err := groups.Among(tx, lists, page)
	return slices.DeleteFunc(guests, func(m streams.Member) bool { return len(still[m.User]) > 0 }), err
}

// end ends memberships, but leaves the room's counts to the caller.
func (s *Service) end(tx *db.Tx, room *streams.Stream, going []streams.Member) ([]accounts.User, error) {
	ids, rows := make([]wire.UserID, len(going)), make([][]any, len(going))
	for i, m := range going {
		ids[i], rows[i] = m.User, []any{room.Number, m.User, m.Joined, tx.Now()}
	}
	people, err := accounts.GetAll(tx, ids)
	if err != nil {
		return nil, err
	}
	room.Members -= int64(len(going))
	for _, u := range people {
		if u.Status != accounts.Enabled {
			room.Away--
		}
	}
	slices.SortFunc(people, func(a, b accounts.User) int { return int(a.ID - b.ID) })
	if err := tx.Exec(`DELETE FROM stream_members WHERE stream = $1 AND user_id IN ($2)`, room.Number, ids); err != nil {
		return nil, err
	}
	return people, tx.InsertAll(`
		INSERT INTO stream_leavers (stream, user_id, joined, left_at)
		VALUES`, rows, "ON CONFLICT (stream, user_id, joined) DO UPDATE SET left_at = excluded.left_at")
}

// companyWent subtracts n members of a company. If they were its last, the room's search terms are
// removed for it.
func (s *Service) companyWent(tx *db.Tx, room streams.Stream, company wire.CompanyID, n int64) error {
	if err := streams.CountCompany(tx, room, company, -n); err != nil || company == room.Company {
		return err
	}
	present, err := streams.HasCompany(tx, room, company)
	if err != nil || present {
		return err
	}
	return s.Index.Remove(tx, room, company)
}

// factOf is the most users in one fact.
const factOf = 100

func (s *Service) recordBrought(tx *db.Tx, grant auth.Grant, room streams.Stream, group wire.UserID, brought []accounts.User) error {
	place, err := facts.PlaceOf(tx, room)
	if err != nil {
		return err
	}
	var happened []journal.Happened
	for part := range slices.Chunk(brought, factOf) {
		happened = append(happened, journal.Happened{Subject: room.Subject(), Fact: facts.GroupMembersAdded{Stream: place, Group: group, Users: peopleNamed(part)}})
	}
	return s.Journal.RecordAll(tx, grant, happened)
}

// recordTaken records who left, and updates the room's state.
func (s *Service) recordTaken(tx *db.Tx, grant auth.Grant, room streams.Stream, group wire.UserID, taken []accounts.User) error {
	if len(taken) == 0 {
		return nil
	}
	place, err := facts.PlaceOf(tx, room)
	if err != nil {
		return err
	}
	var happened []journal.Happened
	for part := range slices.Chunk(taken, factOf) {
		happened = append(happened, journal.Happened{Subject: room.Subject(), Fact: facts.GroupMembersRemoved{Stream: place, Group: group, Users: peopleNamed(part)}})
	}
	if err := s.Journal.RecordAll(tx, grant, happened); err != nil {
		return err
	}
	return s.vacated(tx, grant, room)
}

func peopleNamed(list []accounts.User) []facts.Person {
	named := make([]facts.Person, len(list))
	for i, u := range list {
		named[i] = facts.PersonOf(u)
	}
	return named
}
