package barriers

import (
	"podium/internal/db"
	"podium/internal/wire"
)

// marks is a byte for each of the ids from the first on: 1 for a member of some groups, 0 for another. A statement looks at one of them by one
// function that both databases have, and that takes as long as reading a column.
type marks struct {
	first  wire.UserID
	marked []byte
}

// maxMarks is how many ids marks may span. Accounts are numbered one after another, so only a server with more accounts than that has people further apart.
const maxMarks = 16 << 20

// marksOf marks the members of groups. They are none where the ids lie too far apart, or there is no member.
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

// span returns the lowest and the highest id of the members of groups; nobody's: 0.
func span(groups map[int64]packed) (first, last wire.UserID) {
	for _, members := range groups {
		if members.last != 0 && (last == 0 || members.first < first) {
			first = members.first
		}
		last = max(last, members.last)
	}
	return first, last
}

// clear has a user not be marked.
func (m marks) clear(user wire.UserID) {
	if at := user - m.first; at >= 0 && at < wire.UserID(len(m.marked)) {
		m.marked[at] = 0
	}
}

// condition returns the condition that the user of a column is marked. (CASE, since elsewhere PostgreSQL may compute what stands behind a condition that does not
// hold, and the difference of two companies' ids is no INTEGER.)
func (m marks) condition(tx *db.Tx, column string, add func(any) string) string {
	before, last := add(m.first-1), add(m.first+wire.UserID(len(m.marked))-1)
	return `CASE WHEN ` + column + ` > ` + before + ` AND ` + column + ` <= ` + last + `
		THEN substr(` + tx.Bytes(add(m.marked)) + `, CAST(` + column + ` - ` + before + ` AS INTEGER), 1) = ` + tx.Bytes(add([]byte{1})) + `
		ELSE FALSE END`
}
