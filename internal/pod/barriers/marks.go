package barriers

import (
	"podium/internal/db"
	"podium/internal/wire"
)

// marks holds a byte for each id from first on: 1 for a member of some groups, 0 for any other
// account. A statement reads one byte with a function that both databases have, as fast as reading
// a column.
type marks struct {
	first  wire.UserID
	marked []byte
}

// maxMarks is the largest range of ids that marks cover. Accounts are numbered consecutively, so
// only a pod with more accounts exceeds it.
const maxMarks = 16 << 20

// marksOf returns the marks of the members of groups. They are empty if the ids exceed maxMarks, or
// there is no member.
func marksOf(groups map[int64]packed) marks {
	first, last := span(groups)
	if last == 0 || last-first >= maxMarks {
		return marks{}
	}
	m := marks{first: first, marked: make([]byte, last-first+1)}
	for _, members := range groups {
		members.each(func(id wire.UserID) { m.marked[id-first] = 1 })
	}
	return m
}

// span returns the lowest and the highest id of the members of groups; 0 if there are none.
func span(groups map[int64]packed) (first, last wire.UserID) {
	for _, members := range groups {
		if members.last != 0 && (last == 0 || members.first < first) {
			first = members.first
		}
		last = max(last, members.last)
	}
	return first, last
}

// clear removes a user's mark.
func (m marks) clear(user wire.UserID) {
	if at := user - m.first; at >= 0 && at < wire.UserID(len(m.marked)) {
		m.marked[at] = 0
	}
}

// condition returns a SQL condition: the account in column is marked. It uses CASE, because
// elsewhere PostgreSQL may evaluate an expression although a condition before it is false, and the
// difference of ids of two companies exceeds an INTEGER.
func (m marks) condition(tx *db.Tx, column string, add func(any) string) string {
	before, last := add(m.first-1), add(m.first+wire.UserID(len(m.marked))-1)
	return `CASE WHEN ` + column + ` > ` + before + ` AND ` + column + ` <= ` + last + `
		THEN substr(` + tx.Bytes(add(m.marked)) + `, CAST(` + column + ` - ` + before + ` AS INTEGER), 1) = ` + tx.Bytes(add([]byte{1})) + `
		ELSE FALSE END`
}
