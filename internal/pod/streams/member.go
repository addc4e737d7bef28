package streams

import (
	"errors"

	"podium/internal/apierr"
	"podium/internal/db"
	"podium/internal/pod/accounts"
	"podium/internal/wire"
)

// Member is an account in a stream.
type Member struct {
	User   wire.UserID
	Owner  bool
	Joined wire.Time
	Guest  bool // joined through a distribution list; set only for new members
}

// ScanMember reads the columns user_id, owner and joined.
func ScanMember(row db.Row) (m Member, err error) {
	return m, row.Scan(&m.User, &m.Owner, &m.Joined)
}

// MemberOf returns a user's membership; in is false if there is none.
func MemberOf(tx *db.Tx, s Stream, user wire.UserID) (m Member, in bool, err error) {
	m, err = db.One(tx, ScanMember, `
		SELECT user_id, owner, joined
		FROM stream_members
		WHERE stream = $1 AND user_id = $2`, s.Number, user)
	if errors.Is(err, db.ErrNoRow) {
		return m, false, nil
	}
	return m, err == nil, err
}

// MembersOf returns all members of a stream in the order in which they joined.
func MembersOf(tx *db.Tx, s Stream) ([]Member, error) {
	return db.All(tx, ScanMember, `
		SELECT user_id, owner, joined
		FROM stream_members
		WHERE stream = $1
		ORDER BY joined, user_id`, s.Number)
}

// PeopleOf returns the accounts of members.
func PeopleOf(tx *db.Tx, members []Member) (map[wire.UserID]accounts.User, error) {
	ids := make([]wire.UserID, len(members))
	for i, m := range members {
		ids[i] = m.User
	}
	people := make(map[wire.UserID]accounts.User, len(ids))
	if len(ids) == 0 {
		return people, nil
	}
	list, err := accounts.GetAll(tx, ids)
	for _, u := range list {
		people[u.ID] = u
	}
	return people, err
}

// InsertMembers adds members. A duplicate fails in the next statement or at the end of the Write.
func InsertMembers(tx *db.Tx, s Stream, members ...Member) error {
	rows := make([][]any, len(members))
	for i, m := range members {
		rows[i] = MemberRow(s, m)
	}
	return InsertMemberships(tx, rows)
}

// InsertMemberships adds members of any streams, given as rows of MemberRow.
func InsertMemberships(tx *db.Tx, rows [][]any) error {
	return tx.QueueAll(`INSERT INTO stream_members (stream, user_id, owner, joined, direct) VALUES`, rows, "", isMember)
}

// isMember turns db.ErrExists into the published refusal of a user who is a member already.
func isMember(err error) error {
	if db.Conflict(err) == "stream_members_pkey" {
		return apierr.Invalid("Member already part of the room")
	}
	return err
}

// MemberRow returns the row of a new member for InsertMemberships.
func MemberRow(s Stream, m Member) []any { return []any{s.Number, m.User, m.Owner, m.Joined, !m.Guest} }

// SaveCounts stores the number of members of a stream and whether it is active.
func SaveCounts(tx *db.Tx, s Stream) error {
	return tx.QueueChange(`
		UPDATE streams
		SET members = $2, away = $3, owners = $4, active = $5, modified = $6, barred = $7
		WHERE number = $1`, s.Number, s.Members, s.Away, s.Owners, s.Active, s.Modified, s.Separation)
}
