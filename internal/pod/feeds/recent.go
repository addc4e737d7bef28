package feeds

import (
	"encoding/binary"
	"slices"

	"podium/internal/db"
	"podium/internal/follow"
	"podium/internal/pod/happenings"
	"podium/internal/wire"
)

const (
	recentMost  = 64 // happenings that are compared in memory
	recentLeast = 4  // feeds for which that is worth it
)

// recent is the end of the log, with the memberships of the owners of some feeds in its streams.
// What feeds deliver is found in it without a query for each feed, by the rules of forOwner.
type recent struct {
	from    follow.Cursor // it has all happenings after this place
	list    []happenings.Happening
	members map[membership]follow.Cursor // where they joined
	leavers map[membership][]stay
}

// membership is a user in a stream.
type membership struct {
	stream int64
	user   wire.UserID
}

// stay is a time as a member that has ended.
type stay struct {
	joined wire.Time
	left   follow.Cursor
}

// lookAhead reads the end of the log, if several feeds want it and are not far behind.
func (t *taking) lookAhead(outcomes []outcome, wanting []*feed) error {
	var owners []wire.UserID
	var places []follow.Cursor
	for i, f := range wanting {
		if f != nil && f.kind != datahose && len(f.open) < rangesMost {
			owners = append(owners, f.owner)
			places = append(places, later(outcomes[i].taken.look.at, f.read))
		}
	}
	if len(owners) < recentLeast {
		return nil
	}
	slices.SortFunc(places, follow.Cursor.Compare)
	end, err := t.logEnd()
	if err != nil {
		return err
	}
	// If the feed that is farthest behind is too far, perhaps most others are not.
	for _, from := range []follow.Cursor{places[0], places[len(places)/4]} {
		list, err := db.All(t.tx, happenings.Scan, `
			SELECT `+happenings.Columns+`
			FROM happenings h
			WHERE (h.position, h.seq) > ($1, $2) AND h.position < $3
			ORDER BY h.position, h.seq
			LIMIT $4`, from.Position, from.Seq, end.Horizon, recentMost+1)
		if err != nil {
			return err
		}
		if len(list) <= recentMost {
			t.recent = &recent{from: from, list: list, members: make(map[membership]follow.Cursor), leavers: make(map[membership][]stay)}
			slices.Sort(owners)
			return t.recent.load(t.tx, slices.Compact(owners))
		}
	}
	return nil
}

// load reads the memberships of users in the streams of the happenings.
func (r *recent) load(tx *db.Tx, users []wire.UserID) error {
	var streams []int64
	for _, h := range r.list {
		if h.Stream != 0 && h.About == 0 {
			streams = append(streams, h.Stream)
		}
	}
	if len(streams) == 0 {
		return nil
	}
	slices.Sort(streams)
	streams = slices.Compact(streams)
	_, err := db.All(tx, func(row db.Row) (m membership, err error) {
		var joined follow.Cursor
		if err = row.Scan(&m.stream, &m.user, &joined.Position, &joined.Seq); err == nil {
			r.members[m] = joined
		}
		return m, err
	}, `
		SELECT stream, user_id, joined_position, joined_seq
		FROM stream_members
		WHERE user_id IN ($1) AND stream IN ($2)`, users, streams)
	if err != nil {
		return err
	}
	_, err = db.All(tx, func(row db.Row) (m membership, err error) {
		var s stay
		if err = row.Scan(&m.stream, &m.user, &s.joined, &s.left.Position, &s.left.Seq); err == nil {
			r.leavers[m] = append(r.leavers[m], s)
		}
		return m, err
	}, `
		SELECT stream, user_id, joined, left_position, left_seq
		FROM stream_leavers
		WHERE stream IN ($1) AND user_id IN ($2)`, streams, users)
	return err
}

// visible returns at most pageMost happenings that a feed delivers after a place. known is false if
// it must be asked from the database.
func (r *recent) visible(f *feed, from follow.Cursor) (list []happenings.Happening, known bool) {
	if r == nil || f.kind == datahose || from.Compare(r.from) < 0 {
		return nil, false
	}
	for _, h := range r.list {
		if h.Cursor.Compare(from) > 0 && r.tells(f, h) && !slices.Contains(f.skipped, h.Cursor) {
			list = append(list, h)
		}
	}
	return list, true
}

// tells reports whether a feed delivers a happening.
func (r *recent) tells(f *feed, h happenings.Happening) bool {
	if h.Company != 0 && h.Company != f.company {
		return false
	}
	if h.About != 0 {
		return h.About == f.owner
	}
	in := membership{h.Stream, f.owner}
	if joined, ok := r.members[in]; ok && joined.Compare(h.Cursor) <= 0 {
		return true
	}
	return slices.ContainsFunc(r.leavers[in], func(s stay) bool { return s.joined <= h.At && s.left.Compare(h.Cursor) >= 0 })
}

// keyOf returns a key that is the same for the same happenings in the same company.
func keyOf(company wire.CompanyID, list []happenings.Happening) string {
	key := make([]byte, 0, 8+16*len(list))
	key = binary.BigEndian.AppendUint64(key, uint64(company))
	for _, h := range list {
		key = binary.BigEndian.AppendUint64(key, uint64(h.Position))
		key = binary.BigEndian.AppendUint64(key, uint64(h.Seq))
	}
	return string(key)
}
