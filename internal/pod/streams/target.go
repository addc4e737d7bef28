package streams

import (
	"podium/internal/db"
	"podium/internal/wire"
)

// Target is a stream that messages are sent to, with the memberships of their authors.
type Target struct {
	Stream
	LastMessage wire.Time // 0 before the first message
	authors     map[wire.UserID]Member
}

// Seen returns the stream with the membership of one of the authors.
func (t Target) Seen(author wire.UserID) Seen {
	m, in := t.authors[author]
	return Seen{Stream: t.Stream, Self: m, In: in}
}

// Targets returns the streams with the given ids, of any company, with the memberships of authors.
// Unknown ids are missing in it.
func Targets(tx *db.Tx, ids []wire.StreamID, authors []wire.UserID) (map[wire.StreamID]Target, error) {
	keys := make([]string, len(ids))
	for i, id := range ids {
		keys[i] = indexed(id)
	}
	var last *wire.Time
	scan := ScanStreams(&last)
	found, err := db.All(tx, func(row db.Row) (t Target, err error) {
		if t.Stream, err = scan(row); err == nil && last != nil {
			t.LastMessage = *last
		}
		return t, err
	}, `
		SELECT `+Columns+`, (SELECT MAX(at) FROM stream_messages sent WHERE sent.stream = s.number)
		FROM streams s
		WHERE `+indexedID+` IN ($1)`, keys)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	numbers := make([]int64, len(found))
	for i, t := range found {
		numbers[i] = t.Number
	}
	members, err := membershipsOf(tx, numbers, authors)
	targets := make(map[wire.StreamID]Target, len(found))
	for _, t := range found {
		t.authors = members[t.Number]
		targets[t.ID] = t
	}
	return targets, err
}

// membershipsOf returns the memberships that some users have in some streams, by the streams'
// numbers.
func membershipsOf(tx *db.Tx, streams []int64, list []wire.UserID) (map[int64]map[wire.UserID]Member, error) {
	type membership struct {
		stream int64
		Member
	}
	rows, err := db.All(tx, func(row db.Row) (m membership, err error) {
		return m, row.Scan(&m.stream, &m.User, &m.Owner, &m.Joined)
	}, `
		SELECT stream, user_id, owner, joined
		FROM stream_members
		WHERE user_id IN ($1) AND stream IN ($2)`, list, streams)
	by := make(map[int64]map[wire.UserID]Member)
	for _, m := range rows {
		if by[m.stream] == nil {
			by[m.stream] = make(map[wire.UserID]Member)
		}
		by[m.stream][m.User] = m.Member
	}
	return by, err
}

// LastMessages returns when the last message was sent to each of some streams, by the streams'
// numbers. Streams without messages are missing in it.
func LastMessages(tx *db.Tx, list ...Stream) (map[int64]wire.Time, error) {
	numbers := make([]int64, len(list))
	for i, s := range list {
		numbers[i] = s.Number
	}
	last := make(map[int64]wire.Time)
	if len(numbers) == 0 {
		return last, nil
	}
	_, err := db.All(tx, func(row db.Row) (number int64, err error) {
		var at *wire.Time
		if err = row.Scan(&number, &at); err == nil && at != nil {
			last[number] = *at
		}
		return number, err
	}, `
		SELECT s.number, (SELECT MAX(at) FROM stream_messages sent WHERE sent.stream = s.number)
		FROM streams s
		WHERE s.number IN ($1)`, numbers)
	return last, err
}
